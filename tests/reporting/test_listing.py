"""Explanations on terminals of any width: tables where there is room, lists where there is not, and no line too wide."""

import re

import pytest
from rich.cells import cell_len

from tests.cli.running import SHOWCASE, run

BROKEN_DOWN = "tests/plans/positive/breakdowns"
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


def explained(plan: str, item: str, columns: int, lang: str = "en", day: str = "2021-09-30") -> str:
    """Return what `explain` writes in so many columns."""
    ran = run("explain", plan, item, "--as-of", day, "--lang", lang, env={"COLUMNS": str(columns)})
    assert ran.code == 0
    return ran.out


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [20, 50, 80, 99, 100, 119, 120, 140])
@pytest.mark.parametrize(
    ("plan", "item", "day"),
    [
        (SHOWCASE, "", "2021-09-30"), (SHOWCASE, "safety", "2021-09-30"), (SHOWCASE, "permits", "2021-09-30"),
        (BROKEN_DOWN, "cases", "2021-04-12"),
    ],
)  # fmt: skip
def test_no_line_is_wider_than_the_terminal(plan: str, item: str, day: str, columns: int, lang: str) -> None:
    """A place that is longer than a line is folded; everything else ends between two words."""
    assert max(cell_len(line) for line in explained(plan, item, columns, lang, day).splitlines()) <= columns


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [50, 80, 100, 120])
def test_a_time_is_never_broken(columns: int, lang: str) -> None:
    """When a figure was recorded stands on one line, whatever the width."""
    assert len(TIME.findall(explained(SHOWCASE, "permits", columns, lang))) == 10


def test_an_entry_of_a_list_has_what_the_row_of_the_table_has() -> None:
    """The lead stands alone; the others follow with their names, but where they speak for themselves."""
    text = explained(SHOWCASE, "permits", 80)
    assert (
        "2021-08-31  650 permits\n"
        "  As written 650 · Recorded 2021-09-20 23:59 · used\n"
        "  tests/plans/showcase/observations/2021.csv:11:1 · corrected\n"
    ) in text
    assert "attainment a  0.513636\n  a = x / t\n  = 5650 / 11000\n" in text
    assert "data date d  2021-09-30\nattainment" in text
    assert (
        "service/permits  lagging\n"
        "  Weight 1 · Share 25% · Attainment 0.513636 · Expected 0.75 · Coverage 1\n"
        "  supports it\n"
    ) in explained(SHOWCASE, "safety", 80)


def test_parts_are_listed_too() -> None:
    """How each member stands, and the observations with whose they are."""
    text = explained(BROKEN_DOWN, "cases", 80, day="2021-04-12")
    assert re.search(r"^\d{4}-\d\d-\d\d  \S.*  \d+ ", text, re.MULTILINE)
    assert "Member" not in text


def test_tables_come_back_with_their_room() -> None:
    """Figures from 100 columns on; children and observations, with their paths and places, from 120."""
    heads = ("Figure ", "Date ")
    found = {n: [head for head in heads if head in explained(SHOWCASE, "permits", n)] for n in (99, 100, 119, 120)}
    assert found == {99: [], 100: ["Figure "], 119: ["Figure "], 120: ["Figure ", "Date "]}
