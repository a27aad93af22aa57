"""Reports of the showcase as they were looked at and found good.

`KPI_TRACKER_UPDATE_GOLDEN=1 pytest tests/reporting/test_golden.py` writes them anew and removes those that nothing
asks for any more; the difference is then read by a person.
"""

import os
from pathlib import Path

import pytest

from tests.cli.running import SHOWCASE, run
from tests.reporting.showcase import DAY

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
UPDATE = os.environ.get("KPI_TRACKER_UPDATE_GOLDEN") == "1"
CASES: dict[str, tuple[tuple[str, ...], str]] = {
    f"{name}.{lang}.{width}.txt": ((*arguments, "--as-of", DAY, "--lang", lang), width)
    for lang in ("en", "zh")
    for name, arguments, width in (
        ("check", ("check", SHOWCASE), "140"),
        ("check", ("check", SHOWCASE), "100"),
        ("check", ("check", SHOWCASE), "60"),
        ("check-quiet", ("check", SHOWCASE, "--quiet"), "140"),
        ("check-branch", ("check", SHOWCASE, "--only", "growth"), "140"),
        ("check-kpi", ("check", SHOWCASE, "--only", "permits"), "140"),
        ("check-known", ("check", SHOWCASE, "--known-at", "2021-08-31"), "140"),
        ("tree", ("show", SHOWCASE), "140"),
        ("explain-kpi", ("explain", SHOWCASE, "permits"), "140"),
        ("explain-kpi", ("explain", SHOWCASE, "permits"), "50"),
        ("explain-goal", ("explain", SHOWCASE, "safety"), "140"),
        ("explain-plan", ("explain", SHOWCASE), "60"),
    )
}
CASES |= {
    f"check.{lang}.json": (("check", SHOWCASE, "--as-of", DAY, "--format", "json", "--lang", lang), "140")
    for lang in ("en", "zh")
}


@pytest.mark.parametrize("name", list(CASES))
def test_the_report_is_the_one_that_was_found_good(name: str) -> None:
    """Byte for byte what the golden file holds."""
    arguments, width = CASES[name]
    ran = run(*arguments, env={"COLUMNS": width})
    assert ran.err == ""
    file = GOLDEN / name
    if UPDATE:
        GOLDEN.mkdir(exist_ok=True)
        file.write_bytes(ran.out.encode())
    assert file.read_bytes().decode() == ran.out


def test_no_golden_file_is_left_over() -> None:
    """A file that no case asks for is removed with the update, and is a fault without it."""
    unused = [file for file in GOLDEN.iterdir() if file.name not in CASES]
    if UPDATE:
        for file in unused:
            file.unlink()
        unused = []
    assert unused == []


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith(".txt")])
def test_no_line_is_longer_than_asked_for_or_ends_in_blanks(name: str) -> None:
    """Wide characters count as two columns; a command to copy is the only line that is not broken."""
    from rich.cells import cell_len

    width = CASES[name][1]
    for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines():
        assert line == line.rstrip()
        assert cell_len(line) <= int(width) or "kpi-tracker explain" in line


def test_columns_stand_below_each_other_in_chinese() -> None:
    """Every row of the table of branches ends in the same terminal column."""
    from rich.cells import cell_len

    text = (GOLDEN / "check.zh.140.txt").read_text(encoding="utf-8")
    table = text.split("\n\n")[1].splitlines()
    assert len(table) == 7
    assert {cell_len(row) for row in table} == {cell_len(table[1])}
