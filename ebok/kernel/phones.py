"""Phone numbers: read however people write them, kept as E.164, shown in groups."""

from typing import Final

import phonenumbers

_HOME: Final = "PL"
_LONGEST: Final = 32
_REACHED_BY_SMS: Final = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)


def mobile_number(typed: str) -> str | None:
    """A number that takes SMS as `+48600123456`; Polish unless it says otherwise. None when it is no such number."""
    try:
        number = phonenumbers.parse(typed[: _LONGEST + 1], _HOME)
    except phonenumbers.NumberParseException:
        return None
    fits = len(typed) <= _LONGEST and phonenumbers.is_valid_number(number) and not number.extension
    if not fits or phonenumbers.number_type(number) not in _REACHED_BY_SMS:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def shown_phone(number: str) -> str:
    """An E.164 number as people read it: `600 123 456`, abroad `+380 50 123 4567`. What is none stays as it is."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    home = phonenumbers.region_code_for_number(parsed) == _HOME
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, style))
