"""Where settings come from: files of secrets, else the environment, else `ebok.toml`, else the demo's own file."""

import os
import secrets
import tomllib
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

DEFAULT_DATA: Final = "var"
DEFAULT_FILE: Final = "ebok.toml"
SECRETS: Final = (
    "EBOK_SECRET_KEY", "EBOK_HMAC_KEY", "EBOK_FIELD_KEYS", "EBOK_EMAIL_URL", "EBOK_SEAL_PASSWORD", "DATABASE_URL",
)  # fmt: skip
KEYS: Final = ("EBOK_SECRET_KEY", "EBOK_HMAC_KEY")
SECRET_BYTES: Final = 48
NO: Final = frozenset({"", "0", "false", "no", "off", "n", "f"})

Environment = MutableMapping[str, str]


def load(environ: Environment = os.environ) -> None:
    """Fill the environment: secrets from the files it or `ebok.toml` names, the rest with what it does not say itself.

    :raises ImproperlyConfigured: when a file cannot be read; the text is a Polish sentence.
    """
    _load_secret_files(environ)
    _load_toml(environ)
    _load_secret_files(environ)
    load_demo(environ)


def data_folder(environ: Environment = os.environ) -> Path:
    """Return the folder of everything the product writes."""
    return Path(environ.get("EBOK_DATA") or DEFAULT_DATA).resolve()


def load_demo(environ: Environment = os.environ) -> None:
    """Read the demo's settings, unless the environment says how to run."""
    file = data_folder(environ) / "demo.env"
    if says_how_to_run(environ) or not file.is_file():
        return
    for line in _read(file).splitlines():
        name, equals, value = line.partition("=")
        if equals:
            environ.setdefault(name.strip(), value.strip())


def make_demo(environ: Environment = os.environ) -> None:
    """Write the demo's settings with new secrets, readable by their owner only, unless they are there."""
    file = data_folder(environ) / "demo.env"
    if says_how_to_run(environ) or file.exists():
        return
    lines = ["EBOK_DEMO=1", *(f"{key}={secrets.token_urlsafe(SECRET_BYTES)}" for key in KEYS)]
    draft = file.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write("\n".join(lines) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(file)


def says_how_to_run(environ: Environment) -> bool:
    """Say whether the environment forbids the demo or brings secrets of its own."""
    return environ.get("EBOK_DEMO", "1").lower() in NO or any(environ.get(key) for key in KEYS)


def expect_some(environ: Environment = os.environ) -> None:
    """Make sure that somebody said how to run: the environment, a settings file, or the demo's own.

    :raises ImproperlyConfigured: when nobody did, mostly because the command runs in another folder than the product.
    """
    if not says_how_to_run(environ):
        raise ImproperlyConfigured(
            f"Nie ma ustawień: ani środowisko, ani plik {data_folder(environ) / 'demo.env'} ich nie podaje. "
            "Uruchom polecenie w folderze programu i z tym samym EBOK_DATA co make run, "
            "a poza wersją pokazową ustaw EBOK_SECRET_KEY i EBOK_HMAC_KEY."
        )


def forget(environ: Environment = os.environ) -> None:
    """Put settings in place that lead nowhere: telling about a command must not depend on this installation."""
    for name in [name for name in environ if name.startswith(("EBOK_", "DATABASE_"))]:
        del environ[name]
    environ.update(EBOK_DEMO="1", EBOK_CONFIG=os.devnull, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    environ.update({key: secrets.token_urlsafe(SECRET_BYTES) for key in KEYS})


def _load_secret_files(environ: Environment) -> None:
    for name in SECRETS:
        path = environ.get(f"{name}_FILE")
        if path:
            environ[name] = _read(Path(path)).strip()


def _load_toml(environ: Environment) -> None:
    file = Path(environ.get("EBOK_CONFIG") or DEFAULT_FILE)
    if not file.exists():
        if environ.get("EBOK_CONFIG"):
            raise ImproperlyConfigured(f"Nie ma pliku ustawień {file}, na który wskazuje EBOK_CONFIG. Popraw ścieżkę.")
        return
    try:
        values = tomllib.loads(_read(file))
    except tomllib.TOMLDecodeError as error:
        raise ImproperlyConfigured(
            f"Pliku {file} nie da się odczytać: {error}. Popraw go i uruchom ponownie."
        ) from error
    for name, value in values.items():
        environ.setdefault(_known(name, file), _text(value))


def _known(name: str, file: Path) -> str:
    if not (name.startswith("EBOK_") or name == "DATABASE_URL") or name.upper() != name:
        raise ImproperlyConfigured(
            f"Plik {file} ma nieznane ustawienie „{name}”. "
            "Użyj nazw z tabeli ustawień w README, na przykład EBOK_PUBLIC_URL."
        )
    return name


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"Nie można odczytać pliku {file}. Sprawdź, czy istnieje i czy masz do niego prawa."
        ) from error
