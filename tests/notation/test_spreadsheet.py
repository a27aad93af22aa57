"""Nothing that we write for a spreadsheet runs what somebody wrote into a plan or a note."""

import csv
import re
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.intake.ledger import safe
from kpi_tracker.intake.transaction import Terms, record_value
from kpi_tracker.notation.spreadsheet import LIVE, harmless, is_live
from tests.cli.running import ROOT, run
from tests.many.parquet import DAY, write

WRITERS = {
    "forms/workbook.py": "xlsxwriter",
    "history/table.py": "csv.writer",
    "intake/ledger.py": "csv.writer",
    "reporting/csvfile.py": "csv.writer",
    "reporting/leaguecsv.py": "csv.writer",
}
"""Every module that writes CSV or Excel, each of which is tried below."""
PLAN = """\
format: kpi-tracker/v1
id: p
title: "{sign}1+1"
period: 2021
time_zone: UTC
owner: "{sign}SUM(1)"
kpis:
  - {{id: a, title: "{sign}HYPERLINK(1)", owner: "{sign}cmd", tags: ["{sign}x"], measure: level, unit: "{sign}u",
     direction: increase, target: {{value: 9, basis: stated}}, notes: "{sign}note"}}
"""
SIGNS = [sign for sign in LIVE if sign.isprintable()]  # YAML's own escapes bring the others in


def plan_with(folder: Path, sign: str) -> Path:
    """Write a plan all of whose texts begin with a sign."""
    (folder / "observations").mkdir()
    (folder / "plan.yaml").write_text(PLAN.format(sign=sign), encoding="utf-8")
    (folder / "observations" / "a.csv").write_text(
        f"kpi,date,value,note,source\na,2021-01-31,-5,{sign}n,{sign}s\n", encoding="utf-8"
    )
    return folder


def cells(text: str) -> list[str]:
    """Return the cells of a CSV text that are no numbers."""
    found = [cell for row in csv.reader(StringIO(text.removeprefix("\ufeff"))) for cell in row]
    return [cell for cell in found if not re.fullmatch(r"-?[0-9.e-]+", cell)]


def test_these_are_all_that_write_for_spreadsheets() -> None:
    """A new writer has to be tried here."""
    found = {}
    for path in sorted((ROOT / "src" / "kpi_tracker").rglob("*.py")):
        text = path.read_text("utf-8")
        for means in ("csv.writer", "csv.DictWriter", "import Workbook", "write_csv", "write_excel", "openpyxl"):
            if means in text:
                found[path.relative_to(ROOT / "src" / "kpi_tracker").as_posix()] = means
    assert found.keys() == WRITERS.keys()


@pytest.mark.parametrize("sign", SIGNS)
def test_no_writer_writes_a_live_formula(sign: str, tmp_path: Path) -> None:
    """The check's CSV, a league's, the export of history, the ledger and the form, of a plan that is full of them."""
    plan = plan_with(tmp_path, sign)
    memory = str(tmp_path / "h.sqlite3")
    checked = run("check", str(plan), "--as-of", "2021-02-01", "--format", "csv", "--history", memory)
    assert run("history", "export", str(plan), "--history", memory, "-o", str(tmp_path / "h.csv")).code == 0
    terms = Terms(f"{sign}Li", ("all",))
    done = record_value(str(plan), "a", "6", date(2021, 2, 28), datetime(2021, 3, 1, tzinfo=UTC), terms, f"{sign}1+1")
    assert done.written
    write(tmp_path / "many" / "x.parquet", county=[f"{sign}A"] * 2, kpi=["a", "a"], date=[DAY, date(2021, 7, 31)])
    asked = ("--template", str(plan), "--observations", str(tmp_path / "many"), "--group", "county")
    league = run("check-many", *asked, "--as-of", "2021-08-01", "--format", "csv")
    texts = [
        checked.out,
        league.out,
        *((tmp_path / name).read_text("utf-8") for name in ("h.csv", "observations/ledger.csv")),
    ]
    for text in texts:
        assert f"'{sign}" in text
        assert not [cell for cell in cells(text) if is_live(cell)]
    assert run("form", str(plan), "--period", "2021-03", "-o", str(tmp_path / "form.xlsx")).code == 0
    with ZipFile(tmp_path / "form.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert b"HYPERLINK" in book.read("xl/sharedStrings.xml")
        assert b'quotePrefix="1"' in book.read("xl/styles.xml")
    assert not [sheet for sheet in sheets if re.search(r"<f[ >]", sheet)]


@given(st.text(), st.sampled_from(LIVE))
def test_law_nothing_that_comes_out_is_live_and_what_was_harmless_stays(text: str, sign: str) -> None:
    """Also where the sign stands behind blanks that are taken away."""
    assert not is_live(harmless(sign + text))
    assert not is_live(safe(sign + text))
    assert not is_live(safe(f" {sign}{text}"))
    assert harmless(text) == (text if not is_live(text) else f"'{text}")
