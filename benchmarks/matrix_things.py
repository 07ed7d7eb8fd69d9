"""What stands in addresses: the things of one household, and the words by which a page gives it away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from benchmarks.matrix_mailing import on_their_way
from ebok.access.domain import GrantRole
from ebok.access.models import Grant, User
from ebok.access.operations import create_user, invite, take_ownership
from ebok.audit.domain import Actor, ActorKind
from ebok.billing.models import Invoice, LedgerEntry
from ebok.customers.domain import CustomerScope, DataField
from ebok.customers.operations import ask_for_data_change
from ebok.foundation import clock
from ebok.metering import queries as metering
from ebok.metering.models import MeterInstallation
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, TermsKind
from ebok.terms.operations import give_consent, publish_terms
from ebok.terms.queries import terms_in_force
from tests.enrolment import PERSON, sent

ACTING: Final = Actor(kind=ActorKind.COMMAND, name="matrix")
WHOLE: Final = CustomerScope.whole(acting="matrix")
PASSWORD: Final = "zielony traktor liczy gwiazdy"  # noqa: S105 - of people who live as long as this run
OK, FOUND = 200, 302


@dataclass(slots=True, kw_only=True)
class Household:
    """One account with its papers, and the words by which a page gives it away.

    `split` is the day on which its former owner's time ended: papers issued before it are theirs, too.
    `things` are the ids that are made for this run, by kind.
    """

    account_id: int
    number: str
    invoices: Sequence[int]
    issued: Mapping[int, date]
    entries: Sequence[int]
    installation: int
    serial: str
    split: date
    papers: Mapping[str, date]
    things: dict[str, int] = field(default_factory=dict)

    @property
    def markers(self) -> frozenset[str]:
        """Everything by which a page gives the household away."""
        return frozenset({self.number, self.serial, *self.papers})

    @property
    def later_papers(self) -> frozenset[str]:
        """The numbers of what was issued after the former owner's time."""
        return frozenset(number for number, day in self.papers.items() if day >= self.split)


def _made(kind: str) -> Callable[[Household], Sequence[int]]:
    return lambda household: [household.things[kind]]


KINDS: Final[dict[str, Callable[[Household], Sequence[int]]]] = {
    "invoice_id": lambda household: household.invoices,
    "entry_id": lambda household: household.entries,
    "installation_id": lambda household: [household.installation],
    "account_id": lambda household: [household.account_id],
    "reading_id": _made("reading"),
    "consent_id": _made("consent"),
    "run_id": _made("run"),
    "office_failure_again:invoice_id": _made("failed invoice"),
    "office_failure_paper:invoice_id": _made("failed invoice"),
    "failure_id": _made("failure"),
    "batch_id": _made("batch"),
    "report_id": _made("report"),
    "grant_id": _made("grant"),
    "office_end_owner:grant_id": _made("ownership"),
    "invitation_id": _made("invitation"),
    "request_id": _made("request"),
    "office_change:request_id": _made("data change"),
    "application_id": _made("application"),
    "mfa_edit_webauthn:pk": _made("passkey"),
    "mfa_remove_webauthn:pk": _made("passkey"),
    "end_session:pk": _made("session"),
}
"""Which ids an address takes, by the name of its part, or by `address:part` where one name means several things.

Whoever adds an address with an id of a new kind adds it here, and makes the thing in `furnish`.
"""


def ids_of(*, name: str, part: str, household: Household) -> Sequence[int]:
    """The household's ids for this part of the address `name`.

    :raises LookupError: when nobody has said what the part stands for.
    """
    found = KINDS.get(f"{name}:{part}") or KINDS.get(part)
    if found is None:
        raise LookupError(f"{name} has an id of a kind the matrix does not know: {part}")
    return found(household)


def two_accounts() -> tuple[str, str]:
    """Two accounts of different people, with several invoices and one main meter each."""
    account = "service_point__account"
    billed = Invoice.objects.values("account_id").annotate(count=Count("id")).filter(count__gte=2).order_by()
    rows = (
        MeterInstallation.objects.filter(removed_on__isnull=True, role="main")
        .filter(**{f"{account}_id__in": [row["account_id"] for row in billed]})
        .values_list(f"{account}__number", f"{account}__name")
        .annotate(meters=Count("id"))
        .filter(meters=1)
        .order_by(f"{account}__number")
    )
    first, *others = rows
    return first[0], next(number for number, name, _ in others if name != first[1])


def household_of(number: str, *, of_each: int) -> Household:
    """The account with this number: its newest papers and its oldest one, split between them."""
    papers = list(Invoice.objects.filter(account__number=number).order_by("-issue_date", "-id"))
    asked = [*papers[:of_each], papers[-1]]
    entries = LedgerEntry.objects.filter(account__number=number).order_by("-id").values_list("id", flat=True)
    installation = MeterInstallation.objects.select_related("meter").get(
        service_point__account__number=number, removed_on__isnull=True, role="main"
    )
    return Household(
        account_id=papers[0].account_id,
        number=number,
        invoices=[one.pk for one in asked],
        issued={one.pk: one.issue_date for one in asked},
        entries=list(entries[:of_each]),
        installation=installation.pk,
        serial=installation.meter.serial_number,
        split=papers[-1].issue_date + timedelta(days=1),
        papers={one.number: one.issue_date for one in papers},
    )


def furnish(household: Household, *, owner: Client, payer_id: int, now: datetime) -> None:
    """Make one of everything else that has an id: sent, given, offered, asked for, and kept by the owner."""
    owner_id, account = int(owner.session["_auth_user_id"]), household.account_id
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(pk=owner_id))
    whose = Grant.objects.filter(account_id=account, revoked_at__isnull=True)
    household.things = {
        "reading": _reading(household, owner),
        "grant": whose.get(user_id=payer_id).pk,
        "ownership": whose.get(user_id=owner_id).pk,
        "invitation": _invitation(account, owner_id, now),
        "request": _request(account, now),
        "data change": ask_for_data_change(
            scope=WHOLE, account_id=account, what=DataField.NAME, wanted="Jan Inny", why="ślub", asked_by=owner_id,
            acting=ACTING, now=now,
        ),
        "consent": _consent(account, now),
        "application": sent(PERSON).application_id,
        "passkey": Authenticator.objects.create(user_id=owner_id, type="webauthn", data={"name": "klucz"}).pk,
        "session": UserSession.objects.create(
            user_id=owner_id, session_key=elsewhere.session.session_key, ip="127.0.0.1", user_agent="matrix",
            last_seen_at=now,
        ).pk,
    }  # fmt: skip
    consent, invoice = household.things["consent"], household.invoices[0]
    household.things |= on_their_way(invoice_id=invoice, consent_id=consent, now=now)


def _consent(account: int, now: datetime) -> int:
    """A consent on a form that the office entered."""
    today, kind = clock.today(), TermsKind.NOTICES_EMAIL
    text = terms_in_force(today=today, kind=kind) or publish_terms(
        text="Zgadzam się na powiadomienia.", title="Powiadomienia", version="matrix", valid_from=today, today=today,
        acting=ACTING, now=now, kind=kind,
    )  # fmt: skip
    return give_consent(
        scope=WHOLE, account_id=account, decision=ConsentDecision.NOTICES_EMAIL, person="matrix", version_id=text.id,
        channel=ConsentChannel.PAPER, basis=ConsentBasis.SIGNED_FORM, address="matrix@example.com", given_on=today,
        evidence="matrix", today=today, acting=ACTING, now=now,
    ).id  # fmt: skip


def newcomer(now: datetime) -> str:
    """A new login; returns its name."""
    name = f"m{uuid4().hex[:12]}"
    create_user(username=name, password=PASSWORD, acting=ACTING, now=now)
    return name


def _reading(household: Household, owner: Client) -> int:
    """Send a reading, so that there is a receipt that only its sender may see."""
    today = clock.today()
    (meter,) = [m for m in metering.installations(scope=WHOLE) if m.installation_id == household.installation]
    known = metering.known_values(among=[meter], today=today)[household.installation]
    value = (known[-1].value_m3 if known else Decimal(0)) + 1
    form = {"client_id": str(uuid4()), "value": f"{value:.0f}", "read_on": today.isoformat(), "reason": ""}
    answer = owner.post(reverse("reading_submit", args=[household.installation]), form)
    if answer.status_code == OK:
        reasons = answer.context["form"].fields["reason"].choices
        answer = owner.post(answer.request["PATH_INFO"], form | {"reason": str(list(reasons)[-1][0])})
    assert answer.status_code == FOUND, answer.content.decode()[:3000]
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def _invitation(account: int, owner_id: int, now: datetime) -> int:
    return invite(
        scope=WHOLE, account_id=account, invited_by=owner_id, invitee="matrix", role=GrantRole.PAYER, channel="paper",
        recipient="", ground="matrix", until=None, today=clock.today(), acting=ACTING, now=now,
    ).invitation_id  # fmt: skip


def _request(account: int, now: datetime) -> int:
    asker = User.objects.get(username=newcomer(now)).pk
    asked = take_ownership(
        account_id=account, user_id=asker, method="invoice", ground="matrix", today=clock.today(), acting=ACTING,
        now=now,
    )  # fmt: skip
    assert asked.request_id is not None
    return asked.request_id
