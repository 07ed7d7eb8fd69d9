"""The list of what to mend, as it stands above the heading of a page with a form."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to mend and where: `target` is the id of the field, empty for a fault of the whole form."""

    message: str
    target: str


def faults_of(*forms: BaseForm | None) -> tuple[Fault, ...]:
    """Every error of the forms, those of whole forms first, each with the id of its field."""
    return tuple(fault for form in forms if form is not None and form.is_bound for fault in _of(form))


def _of(form: BaseForm) -> Iterator[Fault]:
    for message in form.non_field_errors():
        yield Fault(message=str(message), target="")
    for field in form:
        for message in field.errors:
            yield Fault(message=str(message), target=_target(field))


def _target(field: BoundField) -> str:
    several = isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{field.auto_id}_0" if several else field.auto_id
