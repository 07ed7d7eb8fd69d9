"""An issued invoice as JSON and back, without loss: amounts and dates as text, what is empty left out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from json.encoder import encode_basestring
from operator import attrgetter
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from ebok.billing.domain.invoices import IssuedInvoice

_Encoder = Callable[[Any], str]
_TEXT: Final[_Encoder] = encode_basestring


def to_json(invoice: IssuedInvoice) -> str:
    """Write the invoice as one JSON object."""
    return _encoder(IssuedInvoice)(invoice)


def from_json(text: str) -> IssuedInvoice:
    """Read what `to_json` wrote."""
    return from_content(json.loads(text))


def from_content(content: Mapping[str, Any]) -> IssuedInvoice:
    """Read the same from the parsed object, as a JSONB column gives it."""
    invoice: IssuedInvoice = _decoder(IssuedInvoice)(content)
    return invoice


@cache
def _encoder(annotation: Any) -> _Encoder:
    """Writes values of this type; what is empty becomes no text at all."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _encoder(next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        item = _encoder(arguments[0])
        return lambda values: f"[{', '.join(map(item, values))}]" if values else ""
    if is_dataclass(annotation):
        return _dataclass_encoder(annotation)
    return _scalar_encoder(annotation)


def _scalar_encoder(annotation: Any) -> _Encoder:
    if annotation in (Decimal, date):
        return lambda value: f'"{value}"'
    if annotation is bool:
        return lambda value: "true" if value else ""
    return str if annotation is int else _TEXT


def _dataclass_encoder(cls: Any) -> _Encoder:
    hints = get_type_hints(cls)
    encoders = [(f'"{field.name}": ', _encoder(hints[field.name])) for field in fields(cls)]
    values_of = attrgetter(*(field.name for field in fields(cls)))

    def encode(value: Any) -> str:
        said = zip(encoders, values_of(value), strict=True)
        texts = [(key, write(v)) for (key, write), v in said if v is not None]
        return f"{{{', '.join([key + text for key, text in texts if text])}}}"

    return encode


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
