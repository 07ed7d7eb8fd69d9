"""An issued invoice as JSON and back, without loss: amounts and dates as text, what is empty left out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from ebok.billing.domain.invoices import IssuedInvoice

_AS_TEXT: Final = frozenset({Decimal, date})


def to_json(invoice: IssuedInvoice) -> str:
    """Write the invoice as one JSON object."""
    return _encode(invoice)


def from_json(text: str) -> IssuedInvoice:
    """Read what `to_json` wrote."""
    return from_content(json.loads(text))


def from_content(content: Mapping[str, Any]) -> IssuedInvoice:
    """Read the same from the parsed object, as a JSONB column gives it."""
    invoice: IssuedInvoice = _decoder(IssuedInvoice)(content)
    return invoice


def _plain(value: Any) -> Any:
    if value.__class__ in _AS_TEXT:
        return str(value)
    said = ((name, getattr(value, name)) for name in _names(value.__class__))
    return {name: v for name, v in said if v is not None and v != () and v is not False}


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


_encode: Final = json.JSONEncoder(default=_plain, ensure_ascii=False, check_circular=False).encode


@cache
def _decoder(annotation: Any) -> Callable[[Any], Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _decoder(next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        item = _decoder(arguments[0])
        return lambda values: tuple(item(value) for value in values)
    if is_dataclass(annotation):
        return _dataclass_decoder(annotation)
    return _scalar(annotation)


def _scalar(annotation: Any) -> Callable[[Any], Any]:
    if annotation is date:
        return date.fromisoformat
    if annotation is Decimal or (isinstance(annotation, type) and issubclass(annotation, Enum)):
        make: Callable[[Any], Any] = annotation
        return make
    return lambda value: value


def _dataclass_decoder(cls: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(cls)
    decoders = {f.name: _decoder(hints[f.name]) for f in fields(cls)}
    empty = {f.name: _when_absent(hints[f.name]) for f in fields(cls) if f.default is MISSING}

    def decode(values: Mapping[str, Any]) -> Any:
        return cls(**(empty | {name: decoders[name](value) for name, value in values.items()}))

    return decode


def _when_absent(annotation: Any) -> Any:
    return () if get_origin(annotation) is tuple else None
