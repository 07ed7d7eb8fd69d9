"""Consents come from the billing system once, go back in the order of recording, and their texts are published."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.jobs import loading, regulations
from ebok.jobs.demo.people import MINIMUM_ACCOUNTS
from ebok.terms.domain import ConsentChannel, ConsentDecision, ConsentEntry, StandingState, TermsKind, sha256_of
from ebok.terms.models import ConsentEntry as Row
from ebok.terms.operations import change_consent_address, publish_terms, withdraw_consent
from ebok.terms.queries import broken_consents, consent_history, standings, standings_on, terms_in_force
from tests.billing import an_account
from tests.concurrency import beside, until_it_waits

COLUMNS = ("consent_id", "account_number", "decision", "given_on", "withdrawn_on", "address", "wording", "evidence")
ACTING = Actor(kind=ActorKind.COMMAND, name="tests")
WHOLE = CustomerScope.whole(acting="tests")
E_INVOICE = ConsentDecision.E_INVOICE


def table(path: Path, *rows: str) -> Path:
    path.write_text("\r\n".join([";".join(COLUMNS), *rows, ""]), "utf-8")
    return path


def take(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[int, int, list[tuple[int | None, str]]]:
    """What the import reports: new, same, and each refusal's line and code."""
    with pytest.raises(SystemExit) as ended:
        call_command("import_consents", path, "--json")
    report = json.loads(capsys.readouterr().out)
    assert ended.value.code == (1 if report["refused"] else 0)
    assert all(one["reason"].endswith(".") for one in report["refused"])
    return report["new"], report["same"], [(one["line"], one["code"]) for one in report["refused"]]


def history(account: int) -> list[ConsentEntry]:
    return consent_history(scope=WHOLE, account_id=account)


def export(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, object]:
    call_command("export_consents", *args)
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def anna() -> int:
    return an_account("100001")


@pytest.mark.django_db
def test_refusals_are_told_in_the_order_of_the_rows(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["Z1;100001;e_invoice;2026-03-02;;a;T;", "Z2;9;e_invoice;2026-03-01;;a@b.example;T;",
            "Z3;100001;e_invoice;2026-03-01;;b;T;", ";100001;e_invoice;2026-03-01;;a@b.example;T;"]  # fmt: skip
    assert [line for line, _ in take(capsys, table(tmp_path / "a.csv", *rows))[2]] == [2, 3, 4, 5]


@pytest.mark.django_db
def test_a_consent_is_taken_once_and_its_withdrawal_once(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = "Z1;100001;e_invoice;2026-03-01;;Anna@Example.com;Akceptuję.;teczka 12"
    first = table(tmp_path / "a.csv", given, "Z2;100001;notices_sms;01.04.2026;;600 123 456;Zgoda na SMS;")
    assert take(capsys, first) == (2, 0, [])
    assert take(capsys, first) == (0, 2, [])
    ended = table(tmp_path / "b.csv", given.replace("03-01;;", "03-01;2026-05-02;"))
    assert take(capsys, ended) == (1, 0, [])
    assert take(capsys, ended) == (0, 1, [])
    assert take(capsys, first) == (0, 2, [])
    entries = history(anna)
    assert [(one.reference, one.deed.value, one.address) for one in entries] == [
        ("Z1", "given", "anna@example.com"), ("Z2", "given", "+48600123456"), ("Z1", "withdrawn", ""),
    ]  # fmt: skip
    assert {one.effective_from for one in entries} == {clock.today()}
    assert entries[0].wording_sha256 == sha256_of("Akceptuję.")
    assert (entries[0].wording_id, entries[0].basis.value, entries[0].evidence) == (None, "billing", "teczka 12")
    assert broken_consents() == []


@pytest.mark.django_db
def test_a_published_version_is_linked_by_its_name(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = "Z1;100001;e_invoice;2026-03-01;;anna@example.com;2026-01;"
    path = table(tmp_path / "a.csv", row)
    assert take(capsys, path) == (1, 0, [])
    text = publish_terms(
        text="Akceptuję.", title="Zgoda", version="2026-01", valid_from=date(2026, 1, 1), today=clock.today(),
        acting=ACTING, now=clock.now(), kind=TermsKind.E_INVOICE, price_effect="1,00 zł taniej",
    )  # fmt: skip
    assert take(capsys, path) == (0, 1, [])
    ewa = an_account("100002")
    assert take(capsys, table(tmp_path / "b.csv", row.replace("Z1;100001", "Z2;100002"))) == (1, 0, [])
    [entry] = history(ewa)
    assert (entry.wording_id, entry.wording_sha256, entry.price_effect) == (text.id, text.sha256, "1,00 zł taniej")


@pytest.mark.django_db
def test_another_address_changes_it_and_what_is_known_already_adds_nothing(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        "Z3;100001;e_invoice;2026-05-01;2026-06-01;b@example.com;v;",
        "Z1;100001;e_invoice;2026-03-01;;a@example.com;v;",
        "Z2;100001;e_invoice;2026-04-01;;a@example.com;v;",
    ]
    assert take(capsys, table(tmp_path / "a.csv", *rows)) == (2, 1, [])
    assert [(one.reference, one.deed.value) for one in history(anna)] == [
        ("Z1", "given"), ("Z3", "changed"), ("Z3", "withdrawn"),
    ]  # fmt: skip
    state = standings(scope=WHOLE, account_id=anna, day=clock.today())[E_INVOICE].state
    assert state is StandingState.WITHDRAWN


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Z;nikt;e_invoice;2026-03-01;;a@example.com;v;", "unknown_account"),
        ("Z;100001;faks;2026-03-01;;a@example.com;v;", "missing_value"),
        ("Z;100001;e_invoice;2026-02-30;;a@example.com;v;", "bad_date"),
        ("Z;100001;e_invoice;2199-01-01;;a@example.com;v;", "bad_date"),
        ("Z;100001;e_invoice;2026-03-02;2026-03-01;a@example.com;v;", "bad_date"),
        ("Z;100001;e_invoice;2026-03-02;2199-03-01;a@example.com;v;", "bad_date"),
        ("Z;100001;e_invoice;2026-03-01;;anna@;v;", "missing_value"),
        ("Z;100001;notices_sms;2026-03-01;;22 123 45 67;v;", "missing_value"),
        (f"Z;100001;e_invoice;2026-03-01;;{'a' * 400}@example.com;v;", "missing_value"),
        ("Z;100001;e_invoice;2026-03-01;;а@example.com;v;", "missing_value"),
        (";100001;e_invoice;2026-03-01;;a@example.com;v;", "missing_value"),
        ("Z;100001;e_invoice;;;a@example.com;v;", "missing_value"),
        ("Z;100001;e_invoice;2026-03-01;;a@example.com;;", "missing_value"),
        (f"{'Z' * 65};100001;e_invoice;2026-03-01;;a@example.com;v;", "too_large"),
        (f"Z;100001;e_invoice;2026-03-01;;a@example.com;v;{'d' * 501}", "too_large"),
        ("Z;100001;e_invoice;2026-03-01;;a@example.com;v;PESEL 44051401359", "bad_pesel"),
        ("Z;100001;e_invoice;2026-03-01;;a@example.com;v\x07;", "bad_encoding"),
        ("Z;100001;e_invoice;2026-03-01;;a@example.com;v;d;e;f", "missing_column"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_others_go_in(
    anna: int, row: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = "Z9;100001;notices_email;2026-03-01;;a@example.com;v;"
    new, same, refused = take(capsys, table(tmp_path / "a.csv", row, good))
    assert (new, same, [line for line, _ in refused]) == (1, 0, [2])
    assert refused[0][1] == code
    assert [one.reference for one in history(anna)] == ["Z9"]


@pytest.mark.django_db
def test_a_known_id_with_other_content_and_what_was_said_before_the_last_decision_are_refused(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an_account("100002")
    row = "Z1;100001;e_invoice;2026-03-01;2026-04-01;a@example.com;v;d"
    assert take(capsys, table(tmp_path / "a.csv", row)) == (1, 0, [])
    others = [
        row.replace("100001", "100002"),
        row.replace("e_invoice", "notices_email"),
        row.replace("03-01", "03-02"),
        row.replace("04-01", "04-02"),
        row.replace("a@", "b@"),
        row.replace(";v;", ";w;"),
        row.replace(";d", ";e"),
        "Z2;100001;e_invoice;2026-03-31;;a@example.com;v;",
    ]
    new, same, refused = take(capsys, table(tmp_path / "b.csv", *others))
    assert (new, same, {code for _, code in refused}) == (0, 0, {"same_number_other_bytes"})
    assert sorted(line for line, _ in refused if line) == list(range(2, len(others) + 2))
    assert len(history(anna)) == 2


@pytest.mark.django_db
def test_what_was_decided_in_ebok_since_stands(anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take(capsys, table(tmp_path / "a.csv", "Z1;100001;e_invoice;2026-03-01;;a@example.com;v;"))
    change_consent_address(
        scope=WHOLE, account_id=anna, decision=E_INVOICE, person="user:1", evidence="", address="c@example.com",
        channel=history(anna)[0].channel, basis=history(anna)[0].basis, today=clock.today(), acting=ACTING,
        now=clock.now(),
    )  # fmt: skip
    rows = ("Z1;100001;e_invoice;2026-03-01;;a@example.com;v;", "Z2;100001;e_invoice;2026-04-01;;b@example.com;v;")
    assert take(capsys, table(tmp_path / "b.csv", *rows)) == (0, 1, [(3, "same_number_other_bytes")])
    assert standings(scope=WHOLE, account_id=anna, day=clock.today())[E_INVOICE].address == "c@example.com"


@pytest.mark.django_db
def test_the_end_of_a_consent_that_was_over_leaves_the_one_given_anew(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = clock.today()
    old = "Z1;100001;e_invoice;2026-03-01;;dawny@example.com;Akceptuję.;"
    assert take(capsys, table(tmp_path / "a.csv", old)) == (1, 0, [])
    withdraw_consent(
        scope=WHOLE, account_id=anna, decision=E_INVOICE, person="nikt", channel=ConsentChannel.HANDOVER, evidence="",
        given_on=day, today=day, acting=ACTING, now=clock.now(),
    )  # fmt: skip
    anew = f"Z2;100001;e_invoice;{day};;nowy@example.com;Akceptuję.;"
    assert take(capsys, table(tmp_path / "b.csv", anew)) == (1, 0, [])
    assert take(capsys, table(tmp_path / "c.csv", old.replace("03-01;;", f"03-01;{day};"))) == (0, 1, [])
    assert standings(scope=WHOLE, account_id=anna, day=day)[E_INVOICE].address == "nowy@example.com"
    assert take(capsys, table(tmp_path / "d.csv", anew.replace(";;", f";{day};"))) == (1, 0, [])


@pytest.mark.django_db
def test_the_end_of_a_consent_that_another_id_replaced_leaves_the_one_in_force(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = clock.today()
    old = "Z1;100001;e_invoice;2026-03-01;;dawny@example.com;Akceptuję.;"
    anew = f"Z2;100001;e_invoice;{day};;nowy@example.com;Akceptuję.;"
    assert take(capsys, table(tmp_path / "a.csv", old, anew)) == (2, 0, [])
    assert take(capsys, table(tmp_path / "b.csv", old.replace("03-01;;", f"03-01;{day};"))) == (0, 1, [])
    assert standings(scope=WHOLE, account_id=anna, day=day)[E_INVOICE].address == "nowy@example.com"
    assert take(capsys, table(tmp_path / "c.csv", anew.replace(";;", f";{day};"))) == (1, 0, [])
    assert not standings(scope=WHOLE, account_id=anna, day=day)[E_INVOICE].in_force


@pytest.mark.django_db
def test_a_file_without_a_needed_column_is_refused_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("consent_id;account_number\nZ1;100001\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("import_consents", path, "--json")
    [refused] = json.loads(capsys.readouterr().out)["refused"]
    assert (ended.value.code, refused["code"], Row.objects.count()) == (2, "missing_column", 0)


@pytest.mark.django_db
def test_a_thousand_rows_go_in_with_few_queries(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], django_assert_max_num_queries: object
) -> None:
    for n in range(1_000):
        an_account(f"T{n}")
    path = table(tmp_path / "a.csv", *(f"Z{n};T{n};e_invoice;2026-03-01;;a{n}@example.com;v;" for n in range(1_000)))
    with django_assert_max_num_queries(20):
        assert take(capsys, path) == (1_000, 0, [])
    assert broken_consents() == []


@pytest.mark.django_db
def test_the_export_goes_on_from_its_cursor_and_leaves_a_trace(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(capsys) == {"consents": [], "cursor": ""}
    take(capsys, table(tmp_path / "a.csv", "Z1;100001;e_invoice;2026-03-01;;a@example.com;v;=1+1"))
    first = export(capsys)
    [row] = first["consents"]
    assert (row["consent_id"], row["account_number"], row["deed"]) == ("Z1", "100001", "given")
    assert row["sha256"] == history(anna)[0].sha256.hex()
    assert (row["given_on"], row["effective_from"]) == ("2026-03-01", clock.today().isoformat())
    take(capsys, table(tmp_path / "b.csv", "Z1;100001;e_invoice;2026-03-01;2026-04-01;a@example.com;v;=1+1"))
    second = export(capsys, "--cursor", first["cursor"])
    assert [one["deed"] for one in second["consents"]] == ["withdrawn"]
    assert export(capsys, "--cursor", second["cursor"]) == {"consents": [], "cursor": second["cursor"]}
    assert AuditRow.objects.filter(action="consent.exported").count() == 2


@pytest.mark.django_db
def test_a_spreadsheet_runs_nothing_of_the_export(
    anna: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (
        "=Z1;100001;e_invoice;2026-03-01;;=a@example.com;v;=1+1",
        "Z2;100001;notices_sms;2026-03-01;;600123456;v;@x",
    )
    assert take(capsys, table(tmp_path / "a.csv", *rows)) == (2, 0, [])
    call_command("export_consents", "--format", "csv")
    told = capsys.readouterr()
    found = list(csv.DictReader(io.StringIO(told.out)))
    assert [(one["consent_id"], one["address"], one["evidence"]) for one in found] == [
        ("'=Z1", "'=a@example.com", "'=1+1"), ("Z2", "+48600123456", "'@x"),
    ]  # fmt: skip
    assert told.err.strip() == found[-1]["id"]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "-1", "1.2", "٣", "9" * 19, "1 "])
def test_a_cursor_that_was_never_given_out_is_refused(cursor: str) -> None:
    with pytest.raises(CommandError, match="Tego kursora eBOK nie wydał"):
        call_command("export_consents", "--cursor", cursor)


@pytest.mark.django_db(transaction=True)
def test_an_entry_committed_late_is_never_behind_the_cursor(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Ids are taken under the lock, so an entry of another account waits for the open transaction before it."""
    an_account("100001"), an_account("100002")
    mine = table(tmp_path / "a.csv", "Z1;100001;e_invoice;2026-03-01;;a@example.com;v;")
    theirs = table(tmp_path / "b.csv", "Z2;100002;e_invoice;2026-03-01;;a@example.com;v;")
    with beside() as start:
        with transaction.atomic():
            assert take(capsys, mine) == (1, 0, [])
            other = start(lambda: quietly(theirs))
            until_it_waits(other)
        assert other.result() == 0
    capsys.readouterr()
    rows = export(capsys)["consents"]
    assert [one["consent_id"] for one in rows] == ["Z1", "Z2"]


def quietly(path: Path) -> int:
    try:
        call_command("import_consents", path, stdout=io.StringIO())
    except SystemExit as ended:
        return int(ended.code or 0)
    return -1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_taken_by_two_at_once_is_taken_once(tmp_path: Path) -> None:
    account = an_account("100001")
    path = table(
        tmp_path / "a.csv", *(f"Z{n};100001;e_invoice;2026-03-{n:02};;a{n}@example.com;v;" for n in range(1, 9))
    )
    with beside() as start:
        ends = [start(lambda: quietly(path)) for _ in range(3)]
        assert [one.result() for one in ends] == [0, 0, 0]
    assert [one.reference for one in history(account)] == [f"Z{n}" for n in range(1, 9)]
    assert broken_consents() == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in TermsKind if kind is not TermsKind.REGULATIONS])
def test_each_shipped_wording_is_published_with_its_price_effect(
    kind: TermsKind, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "publish_terms", regulations.SHIPPED[kind], "--fill", "--terms-version", "1", "--kind", kind.value,
        "--valid-from", clock.today().isoformat(), "--price-effect", "Abonament niższy o 1,00 zł miesięcznie.",
    )  # fmt: skip
    text = terms_in_force(today=clock.today(), kind=kind)
    assert text is not None
    assert (text.title, text.price_effect) == (regulations.TITLES[kind], "Abonament niższy o 1,00 zł miesięcznie.")
    assert "$" not in text.text
    assert {section.heading for section in text.sections} >= {"Państwa dane"}
    assert "wersja 1" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "effect"), [("regulations", "taniej"), ("e_invoice", "a" * 501), ("e_invoice", "a\nb")]
)
def test_a_price_effect_that_cannot_be_one_is_refused(kind: str, effect: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Treść.", "utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command(
            "publish_terms", path, "--terms-version", "1", "--kind", kind, "--price-effect", effect,
            "--valid-from", clock.today().isoformat(),
        )  # fmt: skip
    assert ended.value.code == 1
    assert terms_in_force(today=clock.today(), kind=TermsKind(kind)) is None


@pytest.mark.django_db
def test_the_demo_has_consents_of_each_kind_and_loading_it_again_adds_none(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    call_command("demo", folder, accounts=MINIMUM_ACCOUNTS + 12, months=1, on=clock.today())
    loading.load(folder=folder, tell=lambda _: None)
    count, today = Row.objects.count(), clock.today()
    parts = {one["login"]: one["accounts"][0] for one in json.loads((folder / "users.json").read_text("utf-8"))}
    accounts = {row.account.number: row.account_id for row in Row.objects.select_related("account")}
    month_ago, now = today - timedelta(days=30), today
    found = standings_on(wanted=[(accounts[parts[who]], day) for who in WHO for day in (month_ago, now)])
    assert {
        who: [found[accounts[parts[who]], day].state.value for day in (month_ago, now)] for who in WHO
    } == WHO  # fmt: skip
    assert {row.decision for row in Row.objects.all()} == set(ConsentDecision)
    assert Row.objects.filter(wording__isnull=True).count() == 0
    (folder / loading.LOADED).unlink()
    loading.load(folder=folder, tell=lambda _: None)
    assert Row.objects.count() == count
    assert broken_consents() == []


WHO = {
    "anna": ["in_force", "in_force"],
    "gmina": ["in_force", "in_force"],
    "jan": ["withdrawn", "withdrawn"],
    "zwrot": ["later", "in_force"],
}
"""How e-invoices stand a month before the demo's day and on it."""
