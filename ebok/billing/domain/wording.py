"""FA(3)'s codes in Polish words, as its schema explains them."""

from decimal import Decimal
from typing import Final

from ebok.billing.domain.invoices import InvoiceKind

KIND: Final = {InvoiceKind.VAT: "Faktura", InvoiceKind.KOR: "Faktura korygująca"}
PAYMENT_FORM: Final = {
    "1": "gotówka", "2": "karta", "3": "bon", "4": "czek", "5": "kredyt", "6": "przelew", "7": "płatność mobilna",
}  # fmt: skip
THIRD_PARTY_ROLE: Final = {
    "1": "Faktor",
    "2": "Odbiorca",
    "3": "Podmiot pierwotny",
    "4": "Dodatkowy nabywca",
    "5": "Wystawca faktury",
    "6": "Dokonujący płatności",
    "7": "Jednostka samorządu terytorialnego – wystawca",
    "8": "Jednostka samorządu terytorialnego – odbiorca",
    "9": "Członek grupy VAT – wystawca",
    "10": "Członek grupy VAT – odbiorca",
    "11": "Pracownik",
}
_RATE: Final = {
    "0 KR": "0\u00a0%",
    "0 WDT": "0\u00a0% WDT",
    "0 EX": "0\u00a0% eksport",
    "oo": "odwrotne obciążenie",
    "np I": "np.",
    "np II": "np. (UE)",
}
_UNIT: Final = {"m3": "m³", "m2": "m²"}


def vat_rate_words(rate: str | None) -> str:
    """Write `P_12` as people read it: "8 %", "zw", "np."; nothing when the line has none."""
    if rate is None:
        return ""
    return _RATE.get(rate, f"{rate}\u00a0%" if rate.isdigit() else rate)


def unit_words(unit: str | None) -> str:
    """Write `P_8A`: m3 as m³, everything else as printed."""
    return _UNIT.get(unit or "", unit or "")


def change_words(difference: Decimal, *, amount: str) -> str:
    """Say in words what a correction of `difference` does; `amount` is its absolute value already formatted."""
    if difference == 0:
        return "Korekta nie zmienia kwoty faktury."
    return f"Korekta {'zwiększa' if difference > 0 else 'zmniejsza'} kwotę faktury o {amount}."
