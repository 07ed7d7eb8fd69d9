import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.statements import OWN, Line, mt940

pytestmark = pytest.mark.django_db


def run(capsys, *paths: Path) -> tuple[int, dict]:
    with pytest.raises(SystemExit) as ended:
        call_command("import_statement", *map(str, paths), "--json")
    return ended.value.code, json.loads(capsys.readouterr().out)


def test_the_report_counts_movements_and_names_what_is_refused(tmp_path, settings, capsys):
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=(OWN,))
    (tmp_path / "a.sta").write_bytes(mt940([Line(), Line()]))
    (tmp_path / "b.xml").write_bytes(b"<a>")
    code, report = run(capsys, tmp_path)
    assert (code, report["new"], report["parked"]) == (1, 0, 2)
    (refused,) = report["refused"]
    assert (refused["file"], refused["code"], refused["line"]) == (str(tmp_path / "b.xml"), "not_xml", None)
    code, report = run(capsys, tmp_path / "a.sta")
    assert (code, report["same"], report["parked"]) == (0, 2, 0)
    assert run(capsys, tmp_path / "b.xml")[0] == 2
