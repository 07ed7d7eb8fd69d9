"""What a finding means, in words, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ebok.einvoicing.domain.checks import Checked, Finding, ToCompare
from ebok.foundation.formats import NBSP, short_date, zloty

END_SHOWN: Final = 4
CALL: Final = "Zadzwoń do nas, zanim zapłacisz."
PAID: Final = "Już zapłacono? Zadzwoń od razu do swojego banku. Czasem zdąży zatrzymać przelew."
KEEP: Final = "Zachowaj fakturę i wiadomość, w której przyszła. Przyda się policji."
MISSPELLED: Final = "Ten numer nie jest nawet prawdziwym numerem konta. Sprawdź, czy dobrze go przepisano."
ABROAD: Final = "To konto w innym kraju. Nasze konta są polskie i mają 26 cyfr."
ACCOUNT_AGAIN: Final = "Zanim zatwierdzisz przelew, porównaj konto jeszcze raz w banku, cyfra po cyfrze."
BY_TYPED: Final = "Sprawdź fakturę inaczej: wróć i przepisz z niej konto, numer i kwotę."


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWords:
    """A page about one finding: its heading, one sentence, what to do; `kind` and `icon` as of a notice.

    `stops`: no money is to be sent before somebody has called.
    """

    title: str
    said: str
    steps: tuple[str, ...]
    kind: str
    icon: str
    stops: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedWords:
    """What stands on the genuine invoice. `account` is empty when it prints none, `due` when nothing is due."""

    account: str
    amount_label: str
    amount: str
    due: str


FINDINGS: Final[Mapping[Finding, FindingWords]] = {
    Finding.KNOWN_CODE: FindingWords(
        title="Taka faktura istnieje. Porównaj.",
        said="Oszust może przepisać prawdziwy kod na podrobioną fakturę. Dlatego porównaj, co na niej stoi.",
        steps=(ACCOUNT_AGAIN, "Całe konto sprawdzisz drugim sposobem: wróć i przepisz konto, numer i kwotę."),
        kind="", icon="eye",
    ),
    Finding.UNKNOWN_CODE: FindingWords(
        title="Nie znamy takiego kodu",
        said="Może jedna z liter jest przepisana inaczej. Może to nie jest nasza faktura.",
        steps=("Przepisz kod jeszcze raz: ma 26 liter i cyfr.", BY_TYPED, CALL),
        kind="soon", icon="question", stops=True,
    ),
    Finding.ALL_AGREE: FindingWords(
        title="Te dane są z naszej faktury",
        said="Konto, numer i kwota są takie jak na fakturze, którą wystawiliśmy. Porównaj jeszcze termin.",
        steps=(ACCOUNT_AGAIN,),
        kind="done", icon="check",
    ),
    Finding.NOT_OUR_ACCOUNT: FindingWords(
        title="NIE. To nie nasze konto. Nie płać.",
        said="Nie ma go na żadnej naszej fakturze. Tak wyglądają podrobione faktury.",
        steps=("Nie płać i nie odpisuj nadawcy.", "Zadzwoń: powiemy, ile i na które konto zapłacić.", KEEP, PAID),
        kind="late", icon="late", stops=True,
    ),
    Finding.ACCOUNT_DIFFERS: FindingWords(
        title="Konto się nie zgadza. Nie płać.",
        said="Mamy fakturę z tym numerem i kwotą, ale stoi na niej inne konto.",
        steps=("Przepisz konto z faktury jeszcze raz.", CALL, KEEP, PAID),
        kind="late", icon="late", stops=True,
    ),
    Finding.AMOUNT_DIFFERS: FindingWords(
        title="Kwota się nie zgadza",
        said="Mamy fakturę z tym numerem i kontem, ale stoi na niej inna kwota.",
        steps=("Przepisz kwotę z faktury jeszcze raz: do zapłaty albo brutto.", CALL),
        kind="soon", icon="info", stops=True,
    ),
    Finding.NUMBER_DIFFERS: FindingWords(
        title="Numer faktury się nie zgadza",
        said="Na to konto wystawiliśmy fakturę na tę kwotę, ale z innym numerem.",
        steps=("Przepisz numer faktury jeszcze raz, ze wszystkimi kreskami i zerami.", CALL),
        kind="soon", icon="info", stops=True,
    ),
    Finding.CANNOT_CONFIRM: FindingWords(
        title="Nie możemy potwierdzić",
        said="Te dane nie pasują do żadnej naszej faktury. To nie musi być oszustwo.",
        steps=(
            "Przepisz konto, numer i kwotę jeszcze raz.",
            "Najnowszej faktury możemy tu jeszcze nie mieć.",
            CALL,
        ),
        kind="soon", icon="question", stops=True,
    ),
    Finding.FILE_UNCHANGED: FindingWords(
        title="To nasz plik. Nikt go nie zmienił.",
        said="Ten plik wystawiliśmy właśnie taki, bajt w bajt. Porównaj go z tym, co masz przed sobą.",
        steps=(ACCOUNT_AGAIN,),
        kind="done", icon="check",
    ),
    Finding.FILE_ALTERED: FindingWords(
        title="Ten plik ktoś zmienił. Nie płać.",
        said="Jest na nim nasza pieczęć, ale plik zmieniono po jej złożeniu.",
        steps=("Nie płać według tego pliku.", CALL, KEEP, PAID),
        kind="late", icon="late", stops=True,
    ),
    Finding.FILE_UNLISTED: FindingWords(
        title="Nie możemy potwierdzić tego pliku",
        said="Pieczęć jest nasza i plik jest cały, ale nie ma go wśród faktur, które wystawiliśmy.",
        steps=(BY_TYPED, CALL),
        kind="soon", icon="question", stops=True,
    ),
    Finding.FILE_NOT_OURS: FindingWords(
        title="To nie jest nasz plik",
        said="Nie ma na nim naszej pieczęci. Nie ma jej też skan, zdjęcie ani plik zapisany na nowo.",
        steps=("Nie płać według tego pliku.", BY_TYPED, CALL, PAID),
        kind="late", icon="late", stops=True,
    ),
    Finding.FILE_UNCHECKED: FindingWords(
        title="Nie możemy teraz sprawdzić tego pliku",
        said="Tego pliku nie znamy, a pieczęci nie da się teraz odczytać.",
        steps=(BY_TYPED, CALL),
        kind="soon", icon="question", stops=True,
    ),
}  # fmt: skip


def compared(checked: Checked) -> ComparedWords | None:
    """What to compare, in words; None when there is nothing."""
    return _in_words(checked.compare) if checked.compare is not None else None


def _in_words(one: ToCompare) -> ComparedWords:
    return ComparedWords(
        account=f"…{NBSP}{one.nrb[-END_SHOWN:]}" if one.nrb else "",
        amount_label="kwota brutto" if one.is_gross else "kwota",
        amount=zloty(one.amount),
        due=short_date(one.due_on) if one.due_on else "",
    )
