"""Every deed that is put on record has its words wherever people read the record."""

import ast
import re
from collections.abc import Iterator

from ebok.access.domain.factors import Change, Occasion
from ebok.enrolment.domain.applications import StepKind
from ebok.office.journal.words import DEEDS
from ebok.portal.access.deeds import WORDS as TO_THE_OWNER
from ebok.portal.care.viewers import WORDS as OF_STAFF
from ebok.portal.security.overview import WORDS as OF_THE_LOGIN
from tests.house.test_building import sources

NAMED_BY_ENUMS = {
    *(f"application.{step.value}" for step in StepKind),
    *(change.value[0] for change in Change),
    *(occasion.value for occasion in Occasion),
}
"""Deeds whose names are put together when they happen."""
LIKE_A_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)+")
NOT_TOLD = {
    "activation.ask": "nobody is signed in",
    "activation.try": "nobody is signed in",
    **dict.fromkeys(
        (
            "access.listed",
            "application.listed",
            "customers.data_changes_listed",
            "invoice.failures_listed",
            "letter.listed",
            "notifications.undelivered_viewed",
            "print_batch.pdf",
        ),
        "rows of lists name no account",
    ),
    "einvoicing.failed": "a job's; the panel and a message tell of it",
    "grant.give": "what led to it is told: the invitation, the request, the letter",
    "grant.revoke": "the owner's own deed, or staff's, which is told as theirs",
    "grant.end": "staff's, which is told as theirs",
    "access.decide": "the owner's own deed, or staff's, which is told as theirs",
    "invitation.send": "the owner's own deed",
    "invitation.withdraw": "the owner's own deed",
}
"""Deeds of an account that its owner is not told of as somebody else's, and why."""


def texts(node: ast.AST) -> Iterator[str]:
    """The texts below a node, all of them."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def facts(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "AuditFact":
            yield node


def given(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def handed_over(tree: ast.Module) -> set[str]:
    """What stands in a module as `action=` or a bare argument of any call, or as a constant of the module."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") != "add_argument":
            found |= set(texts(given(node, "action") or ast.Pass()))
            found |= {text for one in node.args for text in texts(one)}
        elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.value, ast.Constant):
            found |= set(texts(node.value))
        elif isinstance(node, ast.arguments):
            found |= {text for one in node.kw_defaults if one is not None for text in texts(one)}
    return {one for one in found if LIKE_A_NAME.fullmatch(one)}


def is_open(call: ast.Call) -> bool:
    """Whether the name of the deed comes from elsewhere."""
    return not isinstance(given(call, "action"), ast.Constant)


def written(*, of_accounts: bool = False) -> set[str]:
    """The names of the deeds that code puts on record; of those that name an account alone, when asked."""
    found: set[str] = set()
    for tree in sources().values():
        calls = [one for one in facts(tree) if not of_accounts or given(one, "account_id") is not None]
        found |= {text for one in calls if not is_open(one) for text in texts(given(one, "action") or ast.Pass())}
        found |= handed_over(tree) if any(is_open(one) for one in calls) else set()
    return found


def passed_on() -> set[str]:
    """Names handed by keyword to what writes them elsewhere."""
    found: set[str] = set()
    for tree in sources().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") != "add_argument":
                action = given(node, "action")
                found |= {action.value} if isinstance(action, ast.Constant) and isinstance(action.value, str) else set()
    return found


def test_each_has_words_in_the_journal_and_the_journal_none_for_nothing() -> None:
    names = written() | passed_on() | NAMED_BY_ENUMS
    assert (names - DEEDS.keys(), DEEDS.keys() - names) == (set(), set())


def test_of_an_account_each_is_told_to_its_owner_or_is_left_out_for_a_reason() -> None:
    names = written(of_accounts=True)
    told = TO_THE_OWNER.keys() | OF_STAFF.keys()
    assert names - told - NOT_TOLD.keys() == set()


def test_nobody_is_promised_a_deed_that_never_happens() -> None:
    names = written() | passed_on() | NAMED_BY_ENUMS
    promised = TO_THE_OWNER.keys() | OF_STAFF.keys() | OF_THE_LOGIN.keys() | NOT_TOLD.keys()
    assert promised - names == set()
