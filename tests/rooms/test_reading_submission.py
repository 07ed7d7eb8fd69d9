"""A customer's reading: recorded once, held when it stands out, reviewed by a person, exported in order."""

import io
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.customers.models import CustomerAccount, ServicePoint
from ebok.metering.domain.plausibility import Finding
from ebok.metering.domain.readings import DeclaredReason, ReadingReceipt, ReadingRow, ReadingStatus, ReadingSubmission
from ebok.metering.models import Meter, MeterInstallation, MeterReading, ReadingAcceptance
from ebok.metering.operations.readings import record_readings
from ebok.metering.operations.review import UnableToReviewReading, WhyNotReviewed, accept_reading, reject_reading
from ebok.metering.operations.submission import READINGS_A_DAY, UnableToSubmitReading, WhyNot, submit_reading
from ebok.metering.queries import (
    broken_promises,
    consumption,
    exported_after,
    history,
    installations,
    known_values,
    meters,
    status_of,
)
from ebok.notifications.models import OutgoingMessage

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ANNA = Actor(kind=ActorKind.USER, name="1")
CLERK = Actor(kind=ActorKind.COMMAND, name="review_readings")
WHOLE = CustomerScope.whole(acting="tests")


def install(serial: str = "M1", *, number: str = "K1", **changes: Any) -> tuple[CustomerScope, int]:
    """Give an account a meter that showed 100 m³ on 1 October 2026; return its scope and the installation."""
    stamps = {"registered_at": NOW, "changed_at": NOW}
    account = CustomerAccount.objects.create(
        number=number, kind="person", name="A", postal_code="05-400", city="Otwock", **stamps
    )
    point = ServicePoint.objects.create(number=f"P-{serial}", account=account, **stamps)
    meter = Meter.objects.create(serial_number=serial, dials=5, **stamps)
    place = {"installed_on": date(2026, 10, 1), "initial_value": Decimal(100), "role": "main"} | changes
    installation = MeterInstallation.objects.create(meter=meter, service_point=point, **place, **stamps)
    return CustomerScope.for_accounts(frozenset({account.id}), reason="tests"), installation.id


def submission(value: str = "110", **changes: Any) -> ReadingSubmission:
    return ReadingSubmission(**({"client_id": uuid4(), "read_on": TODAY, "value_m3": Decimal(value)} | changes))


def send(place: tuple[CustomerScope, int], what: ReadingSubmission, **changes: Any) -> ReadingReceipt:
    options = {"today": TODAY, "now": NOW, "acting": ANNA} | changes
    return submit_reading(scope=place[0], installation_id=place[1], submission=what, **options)


def refusal(place: tuple[CustomerScope, int], what: ReadingSubmission, **changes: Any) -> UnableToSubmitReading:
    with pytest.raises(UnableToSubmitReading) as unable:
        send(place, what, **changes)
    return unable.value


def test_a_plausible_reading_is_accepted_told_and_audited() -> None:
    receipt = send(install(), submission(), confirm_to="anna@example.com")
    assert (receipt.status, receipt.repeated) == (ReadingStatus.ACCEPTED, False)
    assert OutgoingMessage.objects.get().context["value"] == "110 m³"
    assert AuditRow.objects.filter(action="metering.reading_submitted").count() == 1


def test_an_address_that_cannot_be_written_to_loses_no_reading() -> None:
    assert send(install(), submission(), confirm_to="not an address").status is ReadingStatus.ACCEPTED


def test_a_resend_gives_the_same_receipt_and_no_second_message() -> None:
    place, what = install(), submission()
    first = send(place, what, confirm_to="anna@example.com")
    again = send(place, what, confirm_to="anna@example.com", now=NOW + timedelta(minutes=5))
    assert again == replace(first, repeated=True)
    assert (MeterReading.objects.count(), OutgoingMessage.objects.count()) == (1, 1)


def test_a_client_id_used_for_something_else_is_refused() -> None:
    place, what = install(), submission()
    send(place, what)
    assert refusal(place, replace(what, value_m3=Decimal(111))).reason is WhyNot.OTHER_CONTENT
    assert refusal(install("M2", number="K2"), what).reason is WhyNot.OTHER_CONTENT


def test_the_same_value_of_the_same_day_is_one_reading_and_another_replaces_it() -> None:
    place = install()
    first = send(place, submission("110"))
    assert send(place, submission("110")).reading_id == first.reading_id
    second = send(place, submission("111"))
    assert [row.id for row in MeterReading.objects.current()] == [second.reading_id]
    assert [row.value_m3 for row in exported_after(scope=WHOLE, position=0, limit=9)] == [110, 111]


def test_a_strangers_meter_does_not_exist() -> None:
    _, theirs = install()
    nobody = CustomerScope.for_accounts(frozenset(), reason="tests")
    assert refusal((nobody, theirs), submission()).reason is WhyNot.NO_SUCH_METER


@pytest.mark.parametrize(
    ("day", "reason"),
    [(TODAY + timedelta(days=1), WhyNot.FUTURE_DATE), (date(2026, 9, 30), WhyNot.BEFORE_INSTALLATION)],
)
def test_a_day_that_cannot_be_is_refused(day, reason) -> None:
    assert refusal(install(), submission(read_on=day)).reason is reason


def test_a_meter_that_was_removed_takes_no_reading() -> None:
    place = install(removed_on=date(2026, 11, 1))
    assert refusal(place, submission()).reason is WhyNot.NO_SUCH_METER


def test_ten_readings_of_a_meter_a_day_are_enough() -> None:
    place = install()
    for extra in range(READINGS_A_DAY):
        send(place, submission(str(110 + extra)))
    assert refusal(place, submission("130")).reason is WhyNot.TOO_MANY_TODAY
    tomorrow = TODAY + timedelta(days=1)
    late = {"today": tomorrow, "now": NOW + timedelta(days=1)}
    assert send(place, submission("120", read_on=tomorrow), **late).status is ReadingStatus.ACCEPTED


@pytest.mark.parametrize(("value", "finding"), [("99", Finding.LOWER), ("900", Finding.FAR_ABOVE)])
def test_what_stands_out_is_asked_about_then_held_never_refused(value, finding) -> None:
    place, what = install(), submission(value)
    unable = refusal(place, what)
    assert unable.reason is WhyNot.NEEDS_REASON
    assert unable.assessment is not None
    assert unable.assessment.finding is finding
    held = send(place, replace(what, declared_reason=DeclaredReason.GARDEN))
    assert held.status is ReadingStatus.HELD
    assert exported_after(scope=WHOLE, position=0, limit=9) == []


def held_reading() -> tuple[tuple[CustomerScope, int], int]:
    place = install()
    receipt = send(place, submission("900", declared_reason=DeclaredReason.POOL))
    return place, receipt.reading_id


def test_a_person_accepts_a_held_reading_once() -> None:
    _, reading = held_reading()
    accept_reading(reading_id=reading, acting=CLERK, now=NOW)
    assert [row.id for row in exported_after(scope=WHOLE, position=0, limit=9)] == [reading]
    with pytest.raises(UnableToReviewReading) as unable:
        accept_reading(reading_id=reading, acting=CLERK, now=NOW)
    assert unable.value.reason is WhyNotReviewed.NOT_HELD


def test_a_rejected_reading_shows_why_and_leaves_room_for_another() -> None:
    place, reading = held_reading()
    reject_reading(reading_id=reading, reason="Przepisano czerwone cyfry.", acting=CLERK, now=NOW)
    shown = history(among=installations(scope=place[0]), limit=9)[0]
    assert (shown.status, shown.rejected_because) == (ReadingStatus.REJECTED, "Przepisano czerwone cyfry.")
    again = send(place, submission("900", declared_reason=DeclaredReason.POOL))
    assert (again.reading_id != reading, again.status) == (True, ReadingStatus.HELD)
    assert broken_promises() == []


def test_the_review_command_lists_accepts_and_rejects_and_leaves_a_trace_of_each_look(capsys) -> None:
    call_command("review_readings", "--json")
    assert not AuditRow.objects.filter(action="metering.held_viewed").exists()
    capsys.readouterr()
    _, reading = held_reading()
    call_command("review_readings", "--json")
    assert [one["id"] for one in json.loads(capsys.readouterr().out)["held"]] == [reading]
    assert AuditRow.objects.get(action="metering.held_viewed").details == {"readings": [reading]}
    with pytest.raises(CommandError, match="--reason"):
        call_command("review_readings", "--reject", str(reading))
    call_command("review_readings", "--accept", str(reading))
    assert ReadingAcceptance.objects.filter(reading_id=reading).exists()


def export(**options: str) -> tuple[str, str]:
    out, errors = io.StringIO(), io.StringIO()
    call_command("export_readings", stdout=out, stderr=errors, **options)
    return out.getvalue(), errors.getvalue()


def test_the_export_gives_the_same_rows_for_the_same_cursor_and_new_ones_after_it() -> None:
    place = install()
    send(place, submission("110"))
    first = json.loads(export()[0])
    gone = {"after": 0, "up_to": int(first["cursor"])}
    assert AuditRow.objects.get(action="metering.exported").details == gone
    assert {key: first["readings"][0][key] for key in ("serial_number", "read_on", "value_m3", "source")} == {
        "serial_number": "M1",
        "read_on": "2026-11-22",
        "value_m3": "110.000",
        "source": "customer",
    }
    assert set(first["readings"][0]) == {"id", "serial_number", "read_on", "value_m3", "source", "submitted_at"}
    assert json.loads(export(cursor=first["cursor"])[0]) == {"readings": [], "cursor": first["cursor"]}
    assert AuditRow.objects.filter(action="metering.exported").count() == 1
    send(place, submission("111"))
    assert json.loads(export()[0])["readings"][0] == first["readings"][0]
    assert [one["value_m3"] for one in json.loads(export(cursor=first["cursor"])[0])["readings"]] == ["111.000"]


def test_the_export_as_csv_prints_the_cursor_aside() -> None:
    send(install(), submission("110"))
    out, errors = export(shape="csv")
    assert out.splitlines()[0] == "id,serial_number,read_on,value_m3,source,submitted_at"
    assert errors.strip() == json.loads(export()[0])["cursor"]


def test_a_cursor_that_was_never_given_is_refused() -> None:
    with pytest.raises(CommandError, match="kursora"):
        export(cursor="x1")


def test_a_stored_reading_never_changes() -> None:
    reading = send(install(), submission()).reading_id
    for change in ({"value_m3": 1}, {"read_on": TODAY - timedelta(days=1)}, {"value_m3": 1, "superseded_by": reading}):
        with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic():
            MeterReading.objects.filter(id=reading).update(**change)


def current_values() -> dict[str, str]:
    """The value of each reading that stands or waits, by what became of it."""
    rows = MeterReading.objects.current().select_related("acceptance", "rejection")
    return {status_of(row).value: f"{row.value_m3.normalize():f}" for row in rows}


def test_a_correction_that_waits_or_is_rejected_takes_nothing_from_the_reading_that_stands() -> None:
    place = install()
    stood = send(place, submission("110"))
    held = send(place, submission("9900", declared_reason=DeclaredReason.POOL))
    assert current_values() == {"accepted": "110", "held": "9900"}
    again = send(place, submission("9901", declared_reason=DeclaredReason.POOL))
    assert current_values() == {"accepted": "110", "held": "9901"}
    reject_reading(reading_id=again.reading_id, reason="Przepisano czerwone cyfry.", acting=CLERK, now=NOW)
    assert current_values() == {"accepted": "110", "rejected": "9901"}
    (meter,) = meters(scope=place[0], today=TODAY)
    assert known_values(among=[meter], today=TODAY)[meter.installation_id][-1].value_m3 == Decimal(110)
    assert send(place, submission("110")).reading_id == stood.reading_id
    assert (broken_promises(), held.status) == ([], ReadingStatus.HELD)


def test_a_correction_takes_the_place_of_the_standing_reading_when_a_person_accepts_it() -> None:
    place = install()
    send(place, submission("110"))
    for value in ("9900", "9800", "9700"):
        held = send(place, submission(value, declared_reason=DeclaredReason.POOL))
        accept_reading(reading_id=held.reading_id, acting=CLERK, now=NOW)
        assert current_values() == {"accepted": value}
    assert [row.value_m3 for row in exported_after(scope=WHOLE, position=0, limit=9)] == [110, 9900, 9800, 9700]
    assert broken_promises() == []


def test_a_plausible_reading_takes_the_place_of_the_standing_one_and_of_the_one_that_waits() -> None:
    place = install()
    send(place, submission("110"))
    send(place, submission("9900", declared_reason=DeclaredReason.POOL))
    send(place, submission("111"))
    assert current_values() == {"accepted": "111"}


def test_the_billing_systems_word_takes_the_place_of_both() -> None:
    place = install()
    send(place, submission("110"))
    send(place, submission("9900", declared_reason=DeclaredReason.POOL))
    meter = Meter.objects.get()

    def told(value: int) -> tuple[int, int, int]:
        row = ReadingRow(line=2, meter_id=meter.id, read_on=TODAY, value_m3=Decimal(value), source="customer")
        done = record_readings(rows=[row], acting=CLERK, now=NOW)
        return done.new, done.changed, done.same

    assert told(110) == (0, 0, 1)
    assert current_values() == {"accepted": "110", "held": "9900"}
    assert told(112) == (0, 1, 0)
    assert current_values() == {"accepted": "112"}


def test_nobody_learns_whether_a_guess_at_the_former_tenants_reading_is_right() -> None:
    place = install()
    moved = date(2026, 11, 10)
    sent = submission("110", read_on=moved - timedelta(days=1))
    send(place, sent)
    CustomerAccount.objects.update(opened_on=moved)
    stranger = Actor(kind=ActorKind.USER, name="2")
    for value in ("110", "111"):
        guess = submission(value, read_on=sent.read_on)
        assert refusal(place, guess, acting=stranger).reason is WhyNot.BEFORE_INSTALLATION
    assert refusal(place, sent, acting=stranger).reason is WhyNot.OTHER_CONTENT


def test_a_customer_sees_nothing_of_who_lived_there_before() -> None:
    scope, installation = install(installed_on=date(2024, 1, 1))
    MeterReading.objects.all().delete()
    send((scope, installation), submission("110", read_on=date(2024, 6, 1)))
    CustomerAccount.objects.update(opened_on=date(2026, 1, 1))
    send((scope, installation), submission("120"))
    assert [row.read_on for row in history(among=installations(scope=scope), limit=9)] == [TODAY]
    CustomerAccount.objects.update(closed_on=date(2026, 11, 1))
    assert meters(scope=scope, today=TODAY) == []


def test_consumption_counts_main_meters_over_a_change_of_meter_and_leaves_gaps() -> None:
    scope, old = install(installed_on=date(2026, 8, 1), removed_on=date(2026, 9, 1), final_value=Decimal(131))
    point = ServicePoint.objects.get()
    stamps = {"registered_at": NOW, "changed_at": NOW}
    new = Meter.objects.create(serial_number="M2", dials=5, **stamps)
    garden = Meter.objects.create(serial_number="M3", dials=5, **stamps)
    for meter, role in ((new, "main"), (garden, "subtractive")):
        MeterInstallation.objects.create(
            meter=meter, service_point=point, role=role, installed_on=date(2026, 9, 1), initial_value=0, **stamps
        )
    place = next(one for one in installations(scope=scope) if one.serial_number == "M2")
    send((scope, place.installation_id), submission("30", read_on=date(2026, 10, 1)))
    volumes = {use.month.month: use.volume_m3 for use in consumption(scope=scope, today=TODAY, count=5)}
    assert volumes == {7: None, 8: Decimal(31), 9: Decimal(30), 10: None, 11: None}
    assert old


@pytest.fixture
def emptied() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptied")
def test_fifty_parallel_posts_make_one_reading_and_give_one_receipt() -> None:
    place = install()
    what = submission(client_id=UUID(int=7))
    start = threading.Barrier(10)
    receipts: list[ReadingReceipt] = []

    def press() -> None:
        start.wait()
        try:
            receipts.extend(send(place, what, confirm_to="anna@example.com") for _ in range(5))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 50
    assert {receipt.reading_id for receipt in receipts} == {MeterReading.objects.get().id}
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert OutgoingMessage.objects.count() == 1
