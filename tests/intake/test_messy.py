"""Tables as people send them, in four kinds of files."""

from pathlib import Path

import pytest

from tests.intake.made import converted, plan_in, refused, taken, taken_values, workbook
from tests.intake.messy import MESSY, Messy


def expected(one: Messy, path: Path, plan: Path) -> None:
    """Compare what a dry run finds with what must be found."""
    done = taken(plan, path, dry_run=True)
    assert taken_values(done) == dict(one.values)
    assert dict(refused(done)) == dict(one.refused)
    assert tuple(str(remark.cell) for remark in done.draft.left_out if one.refused != {"": ""}) == one.left_out
    assert tuple(str(remark.cell) for remark in done.draft.odd) == one.odd


@pytest.mark.parametrize("one", MESSY, ids=[one.name for one in MESSY])
def test_each_messy_workbook_gives_exactly_what_it_should(one: Messy, tmp_path: Path) -> None:
    """Nothing is lost, nothing is guessed, and every refusal names its cell."""
    expected(one, workbook(tmp_path / "t.xlsx", (one.sheet, one.rows)), plan_in(tmp_path))


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_libreoffice_files_give_the_same(kind: str, tmp_path: Path) -> None:
    """Every messy table, saved by LibreOffice as .xls and .ods, gives what it gave as .xlsx."""
    plan = plan_in(tmp_path)
    files = [workbook(tmp_path / f"{i}.xlsx", (one.sheet, one.rows)) for i, one in enumerate(MESSY)]
    for one, file in zip(MESSY, converted(kind, *files), strict=True):
        expected(one, file, plan)
