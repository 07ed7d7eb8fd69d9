"""Why something that came in was not taken: a closed list of codes, each with a Polish sentence."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    """Every reason an import can refuse a file or a row for."""

    NOT_XML = "not_xml"
    DOCTYPE = "doctype"
    SCHEMA_INVALID = "schema_invalid"
    WRONG_SELLER = "wrong_seller"
    SAME_NUMBER_OTHER_BYTES = "same_number_other_bytes"
    UNSUPPORTED_KIND = "unsupported_kind"
    CURRENCY = "currency"
    BAD_NIP = "bad_nip"
    BAD_PESEL = "bad_pesel"
    BAD_IBAN = "bad_iban"
    BAD_DATE = "bad_date"
    BAD_NUMBER = "bad_number"
    MISSING_COLUMN = "missing_column"
    MISSING_VALUE = "missing_value"
    UNKNOWN_ACCOUNT = "unknown_account"
    UNKNOWN_METER = "unknown_meter"
    CONSERVATION = "conservation"
    UNKNOWN_OWN_ACCOUNT = "unknown_own_account"
    STATEMENT_OVERLAPS = "statement_overlaps"
    BAD_ENCODING = "bad_encoding"
    TOO_LARGE = "too_large"
    NOT_A_NOTICE = "not_a_notice"
    UNKNOWN_MESSAGE = "unknown_message"
    OTHER_RECIPIENT = "other_recipient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One refused file (`line` is None) or one refused row of it."""

    code: RefusalCode
    reason: str
    line: int | None = None


class UnableToTake(Exception):
    """What was offered cannot be taken; `refusal` says why."""

    def __init__(self, code: RefusalCode, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason)
        self.refusal = Refusal(code=code, reason=reason, line=line)
