"""How to find out that the invoice is genuine: in KSeF, and on the pages of the utility."""

from itertools import pairwise
from typing import Any, Final

from ebok.adapters.typst.compiler import qr_picture
from ebok.billing.domain.visualization import InvoiceDocument
from ebok.foundation.formats import NBSP

GROUP: Final = 6
"""Most letters of the printed code that stand together, so that they can be read out and typed."""


def ksef(document: InvoiceDocument) -> dict[str, Any] | None:
    """Return the code of KSeF (KOD I) with the number below it, or `OFFLINE` while there is none."""
    url = document.verification_url
    if not url or not (document.ksef_number or document.offline):
        return None
    label = document.ksef_number or "OFFLINE"
    alt = "Kod weryfikacji faktury w KSeF, " + (f"numer {label}" if document.ksef_number else "faktura OFFLINE")
    return {"label": label, "url": url, "offline": not document.ksef_number, "qr": qr_picture(url, alt=alt)}


def check(document: InvoiceDocument) -> dict[str, Any] | None:
    """Return how to ask us whether the invoice is ours: by the printed code, or by typing what stands on it."""
    if not document.check_page:
        return None
    return {
        "page_url": document.check_page,
        "url_words": _pieces(document.check_page.rstrip("/")),
        "phone": document.office.phone.replace(" ", NBSP),
        "code": _code(document.check_url) if document.check_url else None,
    }


def _code(url: str) -> dict[str, Any]:
    place, _, code = url.rstrip("/").rpartition("/")
    qr = qr_picture(url, alt=f"Kod do sprawdzenia tej faktury: {url}")
    return {"url": url, "url_words": [*_pieces(place), "/"], "groups": _groups(code), "qr": qr}


def _groups(code: str) -> list[str]:
    """Cut the code into groups as even as can be."""
    count = -(-len(code) // GROUP)
    cuts = [place * len(code) // count for place in range(count + 1)]
    return [code[a:b] for a, b in pairwise(cuts)]


def _pieces(url: str) -> list[str]:
    """The address without its scheme, cut where a line may end."""
    first, *rest = (url.partition("://")[2] or url).split("/")
    return [first, *(f"/{part}" for part in rest)]
