"""What to type to try each way to a login: accounts of the demo that nobody has a login to."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from ebok.jobs.demo.model import DemoBill, DemoFile, Part
from ebok.jobs.demo.tables import comma

_NEWEST: Final = 2


def activations(made: Sequence[DemoFile]) -> list[dict[str, Any]]:
    """One account for each way, with what its page asks for; fewer where the demo is too small."""
    free = [file for file in made if file.account.part is Part.ORDINARY and file.account.is_person]
    found = [_first(free, _by_invoice), _first(free[::-1], _by_letter)]
    found += [_first(free[1:], _by_mail), _first(free[1:], _by_sms)]
    return [one for one in found if one is not None]


def _first(files: Iterable[DemoFile], way: Callable[[DemoFile], dict[str, Any] | None]) -> dict[str, Any] | None:
    return next((told for file in files if (told := way(file)) is not None), None)


def _by_invoice(file: DemoFile) -> dict[str, Any] | None:
    invoices = sorted((bill.issue_date, bill.number, bill) for bill in file.bills if bill.corrects is None)
    if len(invoices) < _NEWEST:
        return None
    return _told(file, "/aktywacja/faktura/", **_invoice(invoices[-1][2]))


def _invoice(bill: DemoBill) -> dict[str, str]:
    return {"invoice_number": bill.number, "gross_total": comma(bill.gross)}


def _by_letter(file: DemoFile) -> dict[str, Any] | None:
    return _told(file, "/aktywacja/list/zamow/", postal_code=file.account.postal_code)


def _by_mail(file: DemoFile) -> dict[str, Any] | None:
    account = file.account
    if not (account.pesel and account.email):
        return None
    return _told(file, "/aktywacja/dane/", pesel=account.pesel, code_goes_to=account.email)


def _by_sms(file: DemoFile) -> dict[str, Any] | None:
    account = file.account
    if account.email or not (account.pesel and account.phone):
        return None
    return _told(file, "/aktywacja/dane/", pesel=account.pesel, code_goes_to=account.phone)


def _told(file: DemoFile, page: str, **typed: str) -> dict[str, Any]:
    return {"page": page, "name": file.account.name, "account_number": file.account.number, **typed}
