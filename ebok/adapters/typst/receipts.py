"""Receipts of consents."""

from datetime import date
from typing import Any, Final

from django.utils import timezone

from ebok.adapters.typst.compiler import TypstCompiler
from ebok.einvoicing.domain.consent_words import BASIS, CHANNEL, deed_words, shown_address
from ebok.einvoicing.domain.receipts import ConsentReceipt
from ebok.foundation.formats import NBSP, long_date, moment
from ebok.terms.domain import BlockKind, ConsentChannel, ConsentDeed, ConsentEntry, Section

TITLE: Final = "Potwierdzenie"
_GROUP: Final = 8
_LEADS: Final = {
    ConsentDeed.GIVEN: "Zapisaliśmy tę zgodę w rejestrze.",
    ConsentDeed.CHANGED: "Zapisaliśmy nowy adres w rejestrze.",
    ConsentDeed.WITHDRAWN: "Zapisaliśmy w rejestrze, że ta zgoda już nie obowiązuje.",
}
_SHOWN, _ABOUT = "Treść, którą pokazaliśmy", "Treść, której to dotyczy"
_UNKNOWN: Final = "Tę treść przechowuje system rozliczeń. Jej skrót jest poniżej."

Facts = list[dict[str, str]]


class TypstConsentPapers:
    """Sets receipts with the compiler it is given, or one of its own; safe to share between threads."""

    def __init__(self, compiler: TypstCompiler | None = None) -> None:
        self.compiler = compiler or TypstCompiler()

    def receipt(self, receipt: ConsentReceipt) -> bytes:
        """Return the receipt, dated by the day its entry was recorded."""
        inputs = self.compiler.inputs(_page(receipt))
        return self.compiler.compile("receipt.typ", inputs=inputs, dated=_recorded_on(receipt.entry))


def _page(receipt: ConsentReceipt) -> dict[str, Any]:
    entry, office, day = receipt.entry, receipt.office, _recorded_on(receipt.entry)
    said = deed_words(decision=entry.decision, deed=entry.deed)
    return {
        "title": f"{TITLE}. {said}",
        "author": office.name,
        "brand": office.short_name,
        "phone": office.phone.replace(" ", NBSP),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "lead": _LEADS[entry.deed],
        "facts": _facts(receipt),
        "wording_heading": _SHOWN if _is_shown(entry) else _ABOUT,
        "wording_title": f"{receipt.wording.title}, wersja {receipt.wording.version}" if receipt.wording else "",
        "wording_note": "" if receipt.wording else _UNKNOWN,
        "wording": [_section(one) for one in receipt.wording.sections] if receipt.wording else [],
        "proofs": _proofs(entry),
        "contact": f"{office.name}, {office.address}. {office.email}, {office.website}.",
        "footer": f"Konto klienta {receipt.account_number} · wpis {entry.number}",
    }


def _facts(receipt: ConsentReceipt) -> Facts:
    entry = receipt.entry
    until = "Nie obowiązuje od" if entry.deed is ConsentDeed.WITHDRAWN else "Obowiązuje od"
    said = [
        ("Konto klienta", receipt.account_number),
        ("Odbiorca", receipt.holder),
        ("Kto zdecydował", receipt.who),
        ("Jak", CHANNEL[entry.channel]),
        ("Adres", shown_address(entry)),
        ("Adres potwierdza", BASIS[entry.basis]),
        ("Dzień decyzji", long_date(entry.given_on)),
        ("Zapisano", moment(entry.recorded_at)),
        (until, long_date(entry.effective_from)),
        ("Wpływ na cenę", entry.price_effect),
        ("Dowód", entry.evidence),
    ]
    return [{"label": label, "value": value} for label, value in said if value]


def _proofs(entry: ConsentEntry) -> Facts:
    said = [
        ("Wpis w rejestrze konta", str(entry.number)),
        ("Skrót treści zgody", _hex(entry.wording_sha256)),
        ("Skrót tego wpisu", _hex(entry.sha256)),
        ("Skrót wpisu przed nim", _hex(entry.previous_sha256) if entry.number > 1 else "to pierwszy wpis"),
        ("Skrót skanu", _hex(entry.evidence_sha256) if entry.evidence_sha256 else ""),
    ]
    return [{"label": label, "value": value} for label, value in said if value]


def _section(section: Section) -> dict[str, Any]:
    lines: list[str] = []
    for block in section.blocks:
        if block.kind is BlockKind.NUMBERED:
            lines += [f"{at}. {line}" for at, line in enumerate(block.lines, start=block.start)]
        else:
            lines += [f"• {line}" if block.kind is BlockKind.BULLETS else line for line in block.lines]
    return {"heading": section.heading, "lines": lines}


def _is_shown(entry: ConsentEntry) -> bool:
    """A form bears its own print of the text, and whoever changes an address or withdraws is shown none."""
    return entry.deed is ConsentDeed.GIVEN and entry.channel is ConsentChannel.ONLINE


def _hex(digest: bytes) -> str:
    digits = digest.hex()
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def _recorded_on(entry: ConsentEntry) -> date:
    return timezone.localdate(entry.recorded_at)
