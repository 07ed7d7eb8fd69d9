"""Papers without a typesetter, for tests of what uses them: the same promises but the looks and the accessibility."""

from collections.abc import Sequence

from ebok.access.domain import grouped
from ebok.einvoicing.domain.printing import PrintCover, PrintItem
from ebok.enrolment.domain import ActivationLetter
from ebok.enrolment.domain.application_views import ApplicationForm


class FakeEnrolmentPapers:
    """Sets each letter as one page with its code and account numbers, and keeps what it was given in `printed`."""

    def __init__(self) -> None:
        self.printed: list[ActivationLetter] = []

    def letters(self, letters: Sequence[ActivationLetter]) -> bytes:
        """Return one file of all the letters."""
        self.printed.extend(letters)
        return _pdf([f"{grouped(one.code)} {', '.join(one.account_numbers)}" for one in letters])

    def application_form(self, form: ApplicationForm) -> bytes:
        """Return one page with the number and the name of the applicant."""
        said = form.answers
        return _pdf([f"{form.number} {said.name if said else ''}"])


class FakeInvoicePrinter:
    """Sets the list and each invoice as one page with its number and recipient, and keeps what it was given."""

    def __init__(self) -> None:
        self.batches: list[tuple[PrintCover, tuple[PrintItem, ...]]] = []

    def batch(self, *, cover: PrintCover, documents: Sequence[PrintItem]) -> bytes:
        """Return one file of the list and all the invoices."""
        self.batches.append((cover, tuple(documents)))
        invoices = [f"{one.number} {one.recipient.name}" for one in documents]
        return _pdf([f"Partia {cover.batch}: {len(documents)}", *invoices])


def _pdf(pages: Sequence[str]) -> bytes:
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for at, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 60 700 Td <{text.encode('cp1252', 'replace').hex()}> Tj ET"
        fonts = "/Resources << /Font << /F1 3 0 R >> >>"
        content = f"/Contents {5 + 2 * at} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {fonts} {content} >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _file(objects)


def _file(objects: Sequence[str]) -> bytes:
    made, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return made + f"{end}startxref\n{len(made)}\n%%EOF\n".encode("ascii")
