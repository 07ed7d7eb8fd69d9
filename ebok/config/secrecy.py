"""Which secrets an installation may start with."""

from typing import Final

from django.core.exceptions import ImproperlyConfigured

MIN_CHARACTERS: Final = 50
MIN_DIFFERENT: Final = 8
DEFAULTS: Final = ("change", "default", "django-insecure", "example", "insecure", "secret", "zmien", "przyklad")


def checked(*, name: str, value: str, demo: bool) -> str:
    """Return the secret; outside the demo only one that nobody can guess.

    :raises ImproperlyConfigured: when it is missing, short, repeats itself or is a known default.
    """
    fault = None if demo and value else _fault(value)
    if fault is not None:
        raise ImproperlyConfigured(
            f"{name} {fault}. Ustaw losową wartość (co najmniej {MIN_CHARACTERS} znaków) w zmiennej {name} "
            f"albo w pliku wskazanym przez {name}_FILE."
        )
    return value


def _fault(value: str) -> str | None:
    if not value:
        return "nie jest ustawiony"
    if value.lower().startswith(DEFAULTS):
        return "ma wartość przykładową"
    if len(value) < MIN_CHARACTERS or len(set(value)) < MIN_DIFFERENT:
        return "jest za krótki albo się powtarza"
    return None
