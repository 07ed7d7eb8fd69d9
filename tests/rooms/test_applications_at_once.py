"""Two people at one application at the same moment, on two connections: one wins, the other is told."""

from concurrent.futures import Future
from uuid import uuid4

import pytest
from django.db import transaction

from ebok.audit.models import AuditRow
from ebok.enrolment.domain.applications import ApplicantKind
from ebok.enrolment.models import ActivationCode, Application
from ebok.enrolment.operations import (
    ApplicationRefusal,
    UnableToApply,
    accept_application,
    refuse_application,
    start_application,
)
from ebok.enrolment.operations.application_steps import locked
from ebok.notifications.models import OutgoingMessage
from tests.billing import an_account
from tests.concurrency import beside, until_it_waits
from tests.enrolment import ANYBODY, NOW, a_draft, clerk, decide, seen, sent, submit

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(running: Future[object]) -> object:
    """What it returned, or the reason of its refusal."""
    try:
        return running.result()
    except UnableToApply as refusal:
        return refusal.reason


def test_of_two_clerks_deciding_at_once_one_wins() -> None:
    account, application = an_account(), sent().application_id
    clerk("basia")
    clerk("celina")
    before = seen(application).seen
    with beside() as start:
        with transaction.atomic():
            locked(application)
            one = start(lambda: decide(accept_application, application, by="basia", account_ids=[account], seen=before))
            until_it_waits(one)
            other = start(lambda: decide(refuse_application, application, by="celina", reason="x", seen=before))
            until_it_waits(other, waiting=2)
        ends = [outcome(one), outcome(other)]
    assert ends.count(ApplicationRefusal.STALE) == 1
    assert (seen(application).seen, len(seen(application).steps)) == (2, 2)
    assert ActivationCode.objects.count() == (seen(application).state == "accepted")


def test_an_application_sent_by_many_at_once_is_sent_once() -> None:
    started = a_draft()
    submit(a_draft())
    with beside() as start:
        with transaction.atomic():
            locked(started.application_id)
            both = [start(lambda: submit(started)) for _ in range(3)]
            until_it_waits(both[0], waiting=3)
        assert [one.result() for one in both] == [started.number] * 3
    assert Application.objects.get(id=started.application_id).steps_taken == 1
    assert OutgoingMessage.objects.count() == 2


def test_the_same_form_sent_by_many_at_once_begins_one_application() -> None:
    client_id = uuid4()

    def begin() -> object:
        return start_application(client_id=client_id, kind=ApplicantKind.PERSON, acting=ANYBODY, now=NOW)

    with beside() as start:
        begun = {one.result() for one in [start(begin) for _ in range(8)]}
    assert len(begun) == 1
    assert Application.objects.count() == 1
    assert AuditRow.objects.filter(action="application.start").count() == 1
