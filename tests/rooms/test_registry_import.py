"""The billing system's registry: what goes in, what is refused, and that a second run changes nothing."""

import io
import json
import os
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.customers.models import CustomerAccount, HolderChange
from ebok.customers.operations import pesel_digest
from ebok.customers.queries import (
    account,
    accounts_by_nip,
    accounts_by_number,
    accounts_by_payment_nrb,
    payment_account_holders,
    payment_accounts_of,
    premises,
)
from ebok.foundation.intake import expand
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.registry import import_registry
from ebok.metering.models import Meter, MeterInstallation, MeterReading
from ebok.metering.queries import broken_promises, exported_after

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACTING = Actor(kind=ActorKind.COMMAND, name="import_registry")
WHOLE = CustomerScope.whole(acting="tests")
PESEL = "44051401359"
ACCOUNTS = "account_number;kind;name;postal_code;city"
GOOD = {
    "accounts.csv": f"{ACCOUNTS};pesel;opened_on\nK1;person;Jan Kowalski;05-400;Otwock;{PESEL};2020-01-01\n",
    "service_points.csv": "point_number;account_number;street;house\nP1;K1;ul. Polna;1\n",
    "meters.csv": "serial_number;point_number;role;dials;installed_on;initial_value\nM1;P1;main;5;1.02.2020;0\n",
    "readings.csv": 'serial_number,read_on,value_m3,source\nM1,2026-01-31,"100,5",reader\nM1,2026-02-28,109,remote\n',
}


@pytest.fixture
def take(tmp_path: Path):
    def run(files: dict[str, str | bytes], *, now: datetime = NOW) -> ImportReport:
        for old in tmp_path.iterdir():
            old.unlink()
        for name, content in files.items():
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_registry(files=expand([tmp_path], suffixes=frozenset({".csv"})), acting=ACTING, now=now)

    return run


def counts(report: ImportReport) -> tuple[int, int, int, list[str]]:
    return report.new, report.same, report.changed, [r.refusal.code.value for r in report.refused]


def table(header: str, *rows: str) -> str:
    return "\n".join([header, *rows, ""])


def test_a_registry_goes_in_and_a_second_run_changes_nothing(take) -> None:
    assert counts(take(GOOD)) == (5, 0, 0, [])
    assert counts(take(GOOD)) == (0, 5, 0, [])
    assert MeterReading.objects.count() == 2
    assert broken_promises() == []


def test_another_holder_in_a_file_is_noted_once_and_a_new_name_of_the_same_is_not(take) -> None:
    header = f"{ACCOUNTS};pesel"
    first = table(header, f"K1;person;Jan Kowalski;05-400;Otwock;{PESEL}", "K2;person;Ewa Kos;05-400;Otwock;")
    later = table(header, f"K1;person;Jan Kowal;05-400;Otwock;{PESEL}", "K2;person;Adam Lis;05-400;Otwock;")
    take({"accounts.csv": first})
    assert not HolderChange.objects.exists()
    for _ in range(2):
        take({"accounts.csv": later}, now=NOW + timedelta(days=1))
    assert list(HolderChange.objects.values_list("account__number", "at")) == [("K2", NOW + timedelta(days=1))]


def test_each_batch_leaves_an_audit_row_also_when_the_import_dies_after_it(tmp_path) -> None:
    for name, content in GOOD.items():
        (tmp_path / name).write_text(content)

    def dies(file: str, rows: int) -> None:
        if file.endswith("readings.csv"):
            raise InterruptedError

    files = list(expand([tmp_path], suffixes=frozenset({".csv"})))
    with pytest.raises(InterruptedError):
        import_registry(files=files, acting=ACTING, now=NOW, progress=dies)
    batches = AuditRow.objects.exclude(action="interchange.registry_imported").order_by("id")
    assert [(row.subject, row.details, row.actor_name) for row in batches] == [
        ("accounts", {"new": 1, "changed": 0}, "import_registry"),
        ("service_points", {"new": 1, "changed": 0}, "import_registry"),
        ("meters", {"new": 1, "changed": 0}, "import_registry"),
        ("readings", {"new": 2, "changed": 0}, "import_registry"),
    ]
    batches_before = batches.count()
    import_registry(files=files, acting=ACTING, now=NOW)
    assert batches.count() == batches_before


def test_a_file_whose_name_is_not_utf_8_goes_in(tmp_path) -> None:
    folder = os.path.join(os.fsencode(tmp_path), b"kartoteka\xb3")  # noqa: PTH118
    os.mkdir(folder)  # noqa: PTH102
    Path(os.fsdecode(folder), "accounts.csv").write_text(GOOD["accounts.csv"])
    files = expand([tmp_path], suffixes=frozenset({".csv"}))
    assert counts(import_registry(files=files, acting=ACTING, now=NOW)) == (1, 0, 0, [])


def test_rows_are_the_same_also_when_the_file_was_written_differently(take) -> None:
    take(GOOD)
    other = GOOD | {"readings.csv": "value_m3;Read_On;SERIAL NUMBER;source\n109.000;28.02.2026;M1;REMOTE\n"}
    assert counts(take(other))[:3] == (0, 4, 0)


def test_an_audit_row_tells_of_each_file(take) -> None:
    take(GOOD)
    assert AuditRow.objects.filter(action="interchange.registry_imported").count() == 4


def test_a_pesel_is_kept_only_as_its_keyed_digest(take) -> None:
    take(GOOD)
    kept = CustomerAccount.objects.get(number="K1")
    assert bytes(kept.pesel_hmac) == pesel_digest(pesel=PESEL)
    assert PESEL.encode() not in bytes(kept.pesel_hmac)


def test_an_absent_column_leaves_the_value_and_an_empty_cell_clears_it(take) -> None:
    take({"accounts.csv": table(f"{ACCOUNTS};email;tariff_group", "K1;person;Jan;05-400;Otwock;jan@example.pl;G1")})
    report = take({"accounts.csv": table(f"{ACCOUNTS};email", "K1;person;Jan;05-400;Otwock;")})
    kept = CustomerAccount.objects.get(number="K1")
    assert (report.changed, kept.email, kept.tariff_group) == (1, "", "G1")


def test_windows_1250_is_read(take) -> None:
    take({"accounts.csv": table(ACCOUNTS, "K1;person;Żółcińska;05-400;Świder").encode("cp1250")})
    assert CustomerAccount.objects.get().name == "Żółcińska"


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("nip", "1234567890", "bad_nip"),
        ("pesel", "44051401358", "bad_pesel"),
        ("payment_iban", "61109010140000071219812875", "bad_iban"),
        ("opened_on", "2026-02-30", "bad_date"),
        ("opened_on", "0026-02-03", "bad_date"),
        ("opened_on", "２０２６-02-03", "bad_date"),
        ("billing_months", "1e1", "bad_number"),
        ("tariff_group", "x" * 65, "too_large"),
    ],
)
def test_a_bad_cell_refuses_its_row_with_the_line_and_the_rest_go_in(take, column, cell, code) -> None:
    rows = ["K1;person;Jan;05-400;Otwock;", f"K2;person;Ewa;05-400;Otwock;{cell}", "K3;person;Jan;05-400;Otwock;"]
    report = take({"accounts.csv": table(f"{ACCOUNTS};{column}", *rows)})
    assert [(r.refusal.line, r.refusal.code) for r in report.refused] == [(3, code)]
    assert set(accounts_by_number(scope=WHOLE, numbers=["K1", "K2", "K3"])) == {"K1", "K3"}
    assert report.exit_code == 1


def test_contact_data_never_keeps_a_row_out(take) -> None:
    rows = [
        "K1;person;Jan;05-400;Otwock;not an address;call me",
        "K2;person;Ewa;05-400;Otwock;e@example.pl;600 123-456",
    ]
    report = take({"accounts.csv": table(f"{ACCOUNTS};email;phone", *rows)})
    kept = CustomerAccount.objects.order_by("number").values_list("email", "phone")
    assert (report.new, list(kept)) == (2, [("", ""), ("e@example.pl", "+48600123456")])


def test_required_cells_must_be_filled_and_required_columns_there(take) -> None:
    report = take({"accounts.csv": table(ACCOUNTS, "K1;person;;05-400;Otwock"), "readings.csv": "serial_number\nM1\n"})
    assert [(r.refusal.line, r.refusal.code) for r in report.refused] == [
        (2, "missing_value"),
        (None, "missing_column"),
    ]


def test_what_others_name_must_be_known(take) -> None:
    strangers = {
        "service_points.csv": table("point_number;account_number", "P1;nobody"),
        "meters.csv": table("serial_number;point_number;role;dials;installed_on", "M1;nowhere;main;5;2020-01-01"),
        "readings.csv": table("serial_number;read_on;value_m3", "nothing;2026-01-01;1"),
    }
    assert counts(take(strangers))[3] == ["unknown_account", "unknown_account", "unknown_meter"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("M1;2026-11-23;1", "bad_date"),
        ("M1;2026-01-01;-1", "bad_number"),
        ("M1;2026-01-01;1e5", "bad_number"),
        ("M1;2026-01-01;100000", "bad_number"),
        ("M1;2026-01-01;999999999", "bad_number"),
        ("M1;2020-01-31;1", "bad_date"),
    ],
)
def test_a_reading_that_cannot_be_is_refused(take, row, code) -> None:
    take(GOOD)
    assert counts(take({"readings.csv": table("serial_number;read_on;value_m3", row)}))[3] == [code]


def test_an_account_cannot_close_before_it_opened_whichever_file_says_so(take) -> None:
    take(GOOD)
    report = take({"accounts.csv": table(f"{ACCOUNTS};closed_on", "K1;person;Jan;05-400;Otwock;2019-12-31")})
    assert counts(report)[3] == ["bad_date"]


METERS = "serial_number;point_number;role;dials;installed_on;removed_on"


def test_a_reading_belongs_to_a_day_on_which_its_meter_was_somewhere(take) -> None:
    take(GOOD | {"meters.csv": table(METERS, "M1;P1;main;5;2020-02-01;2026-03-01")})
    days = ["2020-01-31", "2020-02-01", "2026-03-01", "2026-03-02"]
    report = take({"readings.csv": table("serial_number;read_on;value_m3", *(f"M1;{day};99999,999" for day in days))})
    assert [(r.refusal.line, r.refusal.code) for r in report.refused] == [(2, "bad_date"), (5, "bad_date")]
    assert report.new == 2


def test_a_reading_that_stands_is_the_same_also_when_the_meter_has_moved_on(take) -> None:
    take(GOOD)
    take({"meters.csv": table(METERS, "M1;P1;main;5;2026-02-15;")})
    again = {"readings.csv": GOOD["readings.csv"] + "M1,2026-01-30,1,reader\n"}
    report = take(again)
    assert (report.same, [(r.refusal.line, r.refusal.code) for r in report.refused]) == (2, [(4, "bad_date")])


@pytest.mark.parametrize("column", ["initial_value", "final_value"])
@pytest.mark.parametrize(("value", "codes"), [("100000", ["bad_number"]), ("99999,999", [])])
def test_a_meter_shows_no_more_digits_than_it_has(take, column, value, codes) -> None:
    take(GOOD | {"meters.csv": "", "readings.csv": ""})
    row = f"M1;P1;main;5;2020-02-01;2026-03-01;{value}"
    assert counts(take({"meters.csv": table(f"{METERS};{column}", row)}))[3] == codes


def test_a_meter_is_open_at_one_point_only(take) -> None:
    points = table("point_number;account_number", "P1;K1", "P2;K1")
    first = table(METERS, "M1;P1;main;5;2020-01-01;")
    take({"accounts.csv": GOOD["accounts.csv"], "service_points.csv": points, "meters.csv": first})
    assert counts(take({"meters.csv": table(METERS, "M1;P2;main;5;2026-01-01;")}))[3] == ["missing_value"]
    moved = table(METERS, "M1;P2;main;5;2026-01-01;", "M1;P1;main;5;2020-01-01;2026-01-01")
    assert counts(take({"meters.csv": moved})) == (1, 0, 1, [])
    assert counts(take({"meters.csv": moved})) == (0, 2, 0, [])
    assert MeterInstallation.objects.filter(removed_on__isnull=True).get().service_point.number == "P2"


def test_of_equal_keys_in_a_file_the_last_counts_and_a_second_run_changes_nothing(take) -> None:
    take(GOOD)
    doubled = {
        "accounts.csv": table(ACCOUNTS, "K9;person;Jan;05-400;Otwock", "K9;person;Ewa;05-400;Otwock"),
        "readings.csv": table("serial_number;read_on;value_m3", "M1;2026-03-01;110", "M1;2026-03-01;111"),
    }
    assert counts(take(doubled)) == (2, 0, 2, [])
    assert counts(take(doubled | {"accounts.csv": doubled["accounts.csv"] + "\n"})) == (0, 4, 0, [])
    assert CustomerAccount.objects.get(number="K9").name == "Ewa"


def test_of_equal_keys_an_identical_row_changes_nothing(take) -> None:
    take(GOOD)
    row, reading = "K9;person;Jan;05-400;Otwock", "M1;2026-03-01;110"
    twice = {
        "accounts.csv": table(ACCOUNTS, row, row),
        "readings.csv": table("serial_number;read_on;value_m3", reading, reading),
    }
    assert counts(take(twice)) == (2, 2, 0, [])


CONFLICTS = {
    "accounts.csv": (ACCOUNTS, "K1;person;{};05-400;Otwock", "K{};person;Jan;05-400;Otwock"),
    "service_points.csv": ("point_number;account_number;city", "P1;K1;{}", "P{};K1;Otwock"),
    "meters.csv": ("serial_number;point_number;role;dials;installed_on", "M1;P1;main;{};2020-02-01", None),
    "readings.csv": ("serial_number;read_on;value_m3", "M1;2026-01-31;{}", None),
}


@pytest.mark.parametrize("name", CONFLICTS)
@pytest.mark.parametrize("batch", [1, 2, 5_000])
def test_rows_of_one_key_that_differ_change_nothing_at_the_second_run_however_far_apart(
    take, monkeypatch, name, batch
) -> None:
    take(GOOD)
    monkeypatch.setattr("ebok.interchange.operations.registry.importing.BATCH_ROWS", batch)
    header, row, _ = CONFLICTS[name]
    bad = ";" * header.count(";")
    content = table(header, *(row.format(value) for value in (6, 7, 8)), "x" + bad)
    first, again = take({name: content}), take({name: content})
    assert (first.new, first.changed, first.same) == (0, 3, 0)
    assert (again.new, again.changed, again.same) == (0, 0, 3)


def test_of_new_rows_that_differ_the_last_stands_also_when_they_come_in_two_batches(take, monkeypatch) -> None:
    monkeypatch.setattr("ebok.interchange.operations.registry.importing.BATCH_ROWS", 1)
    rows = [f"K9;person;{name};05-400;Otwock" for name in ("Jan", "Ewa", "Ewa")]
    content = {"accounts.csv": table(ACCOUNTS, *rows, "x;;;;")}
    assert counts(take(content))[:3] == (1, 1, 1)
    assert counts(take(content))[:3] == (0, 3, 0)
    assert CustomerAccount.objects.get(number="K9").name == "Ewa"


def test_changes_that_are_too_many_to_wait_go_in_before_the_end_of_the_file(take, monkeypatch) -> None:
    take(GOOD)
    days = [f"M1;2026-03-{day:02d};" for day in range(1, 21)]
    header = "serial_number;read_on;value_m3"
    take({"readings.csv": table(header, *(day + "1" for day in days))})
    monkeypatch.setattr("ebok.interchange.operations.registry.importing.BATCH_ROWS", 2)
    monkeypatch.setattr("ebok.interchange.operations.registry.batches.LATER_ROWS", 5)
    assert counts(take({"readings.csv": table(header, *(day + "2" for day in days))}))[:3] == (0, 0, 20)
    assert MeterReading.objects.accepted().filter(value_m3=2).count() == 20
    assert broken_promises() == []


NRBS = ["61109010140000071219812874", "83101010230000261395100000", "12124012341111001234567890"]


def with_nrb(*rows: tuple[str, str], column: str = "payment_iban") -> dict[str, str]:
    lines = (f"{number};person;Jan;05-400;Otwock;{value}" for number, value in rows)
    return {"accounts.csv": table(f"{ACCOUNTS};{column}", *lines)}


@pytest.mark.parametrize("batch", [1, 5_000])
@pytest.mark.parametrize(("column", "value"), [("payment_iban", NRBS[0]), ("collect_id", "IPH1")])
def test_what_tells_whose_the_money_is_belongs_to_one_account(take, monkeypatch, batch, column, value) -> None:
    monkeypatch.setattr("ebok.interchange.operations.registry.importing.BATCH_ROWS", batch)
    report = take(with_nrb(("K1", value), ("K2", value), ("K3", ""), column=column))
    (refused,) = (one.refusal for one in report.refused)
    assert (report.new, refused.code, refused.line) == (2, "bad_iban", 3)
    assert value in refused.reason
    assert "K1" in refused.reason
    later = take(with_nrb(("K3", value), column=column))
    assert counts(later) == (0, 0, 0, ["bad_iban"])
    assert CustomerAccount.objects.exclude(**{"payment_nrb": "", "collect_id": ""}).count() == 1


def test_a_payment_account_that_was_replaced_is_still_known(take) -> None:
    for nrb in (NRBS[0], NRBS[1], NRBS[0], ""):
        take(with_nrb(("K1", nrb)))
    (held,) = accounts_by_number(scope=WHOLE, numbers=["K1"]).values()
    assert [payment_account_holders(nrb=nrb) for nrb in NRBS[:2]] == [{held}, {held}]
    assert payment_account_holders(nrb="10" * 13) == frozenset()
    assert set(payment_accounts_of(account_ids=[held])[held]) == set(NRBS[:2])


@pytest.mark.parametrize("batch", [1, 5_000])
@pytest.mark.parametrize("later", [[("K1", ""), ("K2", NRBS[0])], [("K2", NRBS[0]), ("K1", "")]])
def test_a_payment_account_moves_to_another_customer_within_a_file(take, monkeypatch, batch, later) -> None:
    monkeypatch.setattr("ebok.interchange.operations.registry.importing.BATCH_ROWS", batch)
    take(with_nrb(("K1", NRBS[0]), ("K2", "")))
    assert counts(take(with_nrb(*later))) == (0, 0, 2, [])
    assert CustomerAccount.objects.get(payment_nrb=NRBS[0]).number == "K2"
    assert counts(take(with_nrb(*later, ("K3", "")))) == (1, 2, 0, [])


@pytest.mark.parametrize("batch", [1, 5_000])
def test_two_customers_may_swap_their_payment_accounts_and_one_alone_may_not(take, monkeypatch, batch) -> None:
    monkeypatch.setattr("ebok.interchange.operations.registry.importing.BATCH_ROWS", batch)
    take(with_nrb(("K1", NRBS[0]), ("K2", NRBS[1]), ("K3", "")))
    assert counts(take(with_nrb(("K1", NRBS[1]), ("K2", NRBS[0])))) == (0, 0, 2, [])
    assert counts(take(with_nrb(("K1", NRBS[0]), ("K2", "")))) == (0, 0, 2, [])
    assert counts(take(with_nrb(("K1", NRBS[1]), ("K2", NRBS[0]), ("K3", NRBS[1])))) == (0, 0, 2, ["bad_iban"])


def test_who_must_keep_a_payment_account_keeps_the_next_from_it(take) -> None:
    take(with_nrb(("K1", NRBS[0]), ("K2", NRBS[1])))
    take({"accounts.csv": table(f"{ACCOUNTS};collect_id", "K3;person;Jan;05-400;Otwock;IPH3")})
    rows = [f"K1;person;Jan;05-400;Otwock;{NRBS[2]};IPH3", f"K2;person;Jan;05-400;Otwock;{NRBS[0]};"]
    report = take({"accounts.csv": table(f"{ACCOUNTS};payment_iban;collect_id", *rows)})
    assert counts(report) == (0, 0, 0, ["bad_iban", "bad_iban"])
    assert CustomerAccount.objects.get(number="K1").payment_nrb == NRBS[0]


def test_contact_data_that_is_lost_or_odd_is_told_by_column_and_line_alone(take) -> None:
    header = f"{ACCOUNTS};email;phone"
    rows = [
        "K1;person;Jan;05400;Otwock;nie-mail;zadzwoń",
        "K2;person;Jan;05-400;Otwock;jan@example.pl;600123456",
        *(f"K{n};person;Jan;05-400;Otwock;nie-mail;" for n in range(3, 15)),
    ]
    report = take({"accounts.csv": table(header, *rows)})
    assert (report.new, report.refused) == (14, [])
    assert [notice.split("accounts.csv: ")[1] for notice in report.notices] == [
        "Kolumna email: to nie są adresy e-mail (wiersze 2, 4, 5, 6, 7, 8, 9, 10, 11, 12 i 3 dalszych). "
        "Wiersze przyjęto bez nich.",
        "Kolumna phone: to nie są numery telefonu (wiersze 2). Wiersze przyjęto bez nich.",
        "Kolumna postal_code: kod pocztowy nie ma postaci 05-400 (wiersze 2). Przyjęto, jak jest. Sprawdź.",
    ]


def test_a_control_character_keeps_out_its_row_alone(take) -> None:
    rows = ["K1;person;Jan;05-400;Otwock", "K2;person;Ja\0n;05-400;Otwock", "K3;person;Ja\x07n;05-400;Otwock"]
    report = take({"accounts.csv": table(ACCOUNTS, *rows)})
    assert [(r.refusal.line, r.refusal.code) for r in report.refused] == [(3, "bad_encoding"), (4, "bad_encoding")]
    assert list(CustomerAccount.objects.values_list("number", flat=True)) == ["K1"]


def test_a_corrected_reading_is_written_anew_and_exported_again(take) -> None:
    take(GOOD)
    first = exported_after(scope=WHOLE, position=0, limit=10)
    corrected = {"readings.csv": table("serial_number;read_on;value_m3;source", "M1;2026-01-31;99;reader")}
    assert counts(take(corrected)) == (0, 0, 1, [])
    again = exported_after(scope=WHOLE, position=0, limit=10)
    assert again[:2] == first
    assert [(one.read_on, one.value_m3) for one in again[2:]] == [(date(2026, 1, 31), Decimal(99))]
    assert MeterReading.objects.current().count() == 2


def test_an_older_file_is_read_again_after_a_newer_one(take) -> None:
    older, newer = (table(ACCOUNTS, f"K1;person;{name};05-400;Otwock") for name in ("Jan", "Ewa"))
    results = [
        take({"accounts.csv": content}, now=NOW.replace(minute=i)) for i, content in enumerate((older, newer, older))
    ]
    assert [counts(report)[:3] for report in results] == [(1, 0, 0), (0, 0, 1), (0, 0, 1)]
    assert CustomerAccount.objects.get().name == "Jan"


def test_an_identifier_that_two_accounts_share_names_neither(take) -> None:
    rows = [
        f"K{i};organization;F;05-400;Otwock;{nip};" for i, nip in enumerate(("5265877635", "5265877635", "1111111111"))
    ]
    rows.append("K5;person;Jan;05-400;Otwock;;PL61109010140000071219812874")
    take({"accounts.csv": table(f"{ACCOUNTS};nip;payment_iban", *rows)})
    ids = accounts_by_number(scope=WHOLE, numbers=["K2", "K5"])
    assert accounts_by_nip(scope=WHOLE, nips=["5265877635", "1111111111", ""]) == {"1111111111": ids["K2"]}
    nrb = "61109010140000071219812874"
    assert accounts_by_payment_nrb(scope=WHOLE, nrbs=[nrb]) == {nrb: ids["K5"]}


def test_accounts_and_premises_are_seen_in_scope_only(take) -> None:
    take(GOOD | {"accounts.csv": GOOD["accounts.csv"] + "K2;person;Ewa;05-400;Otwock;;\n"})
    ids = accounts_by_number(scope=WHOLE, numbers=["K1", "K2"])
    mine = CustomerScope.for_accounts(frozenset({ids["K1"]}), reason="tests")
    assert account(scope=mine, account_id=ids["K2"]) is None
    assert [(one.number, one.address.place) for one in premises(scope=mine)] == [("K1", "ul. Polna 1")]


def test_queries_do_not_grow_with_the_rows_of_a_batch(take) -> None:
    take(GOOD)

    def queries(rows: int, day: date) -> int:
        lines = [f"M1;{day.replace(day=1 + i % 28, year=2021 + i // 28 % 5)};{i};remote" for i in range(rows)]
        with CaptureQueriesContext(connection) as captured:
            take({"readings.csv": table("serial_number;read_on;value_m3;source", *lines)})
        return len(captured)

    assert queries(3, date(2021, 3, 1)) == queries(140, date(2021, 4, 1))


def test_a_zip_is_taken_and_a_damaged_one_refused_with_a_sentence(take) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in GOOD.items():
            archive.writestr(f"eksport/{name}", content)
    assert counts(take({"registry.zip": packed.getvalue()})) == (5, 0, 0, [])
    assert counts(take({"registry.zip": packed.getvalue()[:-30]}))[3] == ["bad_encoding"]


def test_the_command_prints_the_report_as_json_and_exits_with_its_code(tmp_path, capsys) -> None:
    (tmp_path / "accounts.csv").write_text(table(ACCOUNTS, "K1;person;Jan;05-400;Otwock", "K2;cat;Ewa;05-400;Otwock"))
    with pytest.raises(SystemExit) as ended:
        call_command("import_registry", str(tmp_path), "--json")
    said = json.loads(capsys.readouterr().out)
    assert (ended.value.code, said["new"], said["refused"][0]["line"]) == (1, 1, 3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(list(GOOD)), at=st.integers(0, 400), bytes_in=st.binary(max_size=6), cut=st.integers(0, 6))
def test_damaged_files_never_crash_and_never_leave_a_reading_half_booked(take, name, at, bytes_in, cut) -> None:
    content = GOOD[name].encode()
    at = min(at, len(content))
    report = take(GOOD | {name: content[:at] + bytes_in + content[at + cut :]})
    assert all(r.refusal.reason for r in report.refused)
    assert broken_promises() == []
    assert Meter.objects.count() >= MeterInstallation.objects.values("meter").distinct().count()
