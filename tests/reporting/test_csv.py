"""The table for spreadsheets: every item and fault a row, every number with all its digits, no text a formula."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from kpi_tracker import to_dict
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.csvfile import COLUMNS, write
from tests.reporting.outputs import HOSTILE, NOWHERE, UNREADABLE, checked, golden, hostile, showcase, sound


def rows(*plans: Checked, lang: str = "en") -> list[dict[str, str]]:
    """Return the rows of a table by column, read as Excel does: by the mark, a line a row."""
    text = write(plans, lang, "lagging")
    assert text[0] == "\ufeff"
    lines = text[1:].split("\r\n")
    table = list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))
    assert len(lines) == len(table) + 1
    assert tuple(table[0]) == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in table[1:]]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_is_the_one_that_was_found_good(lang: str) -> None:
    """Byte for byte what the golden file holds, for one plan and one that cannot be read."""
    golden(f"table.{lang}.csv", write([showcase(), UNREADABLE], lang, "lagging"))


def cell(value: Any) -> str:
    """Return a value of the JSON as a cell."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_the_figures_are_those_of_the_json() -> None:
    """D4: one scorer feeds every output; nothing is rounded."""
    assert showcase().scorecard is not None
    document = to_dict(showcase().scorecard)  # type: ignore[arg-type]
    found = {row["path"]: row for row in rows(showcase()) if row["type"] in ("plan", "goal", "kpi")}
    items = {item["path"]: item for item in [*document["goals"], *document["kpis"]]}
    assert list(found) == list(showcase().scorecard.items)  # type: ignore[union-attr]
    same = ("status", "severity", "underlying", "attainment", "expected", "pace", "lag", "days_behind", "gap", "met", "ended",
            "next_due", "overdue", "data_date", "value", "coverage", "worst", "weight", "rows_left_out", "measure", "thresholds",
            "illustrative", "file", "line")  # fmt: skip
    for path, row in found.items():
        told = {name: cell(items[path][name]) for name in same if name in items[path]}
        assert {name: row[name] for name in told} == told
        for name, column in (
            ("needed", "needed"),
            ("so_far", "so_far"),
            ("ratio", "needed_over_so_far"),
            ("landing", "landing"),
        ):
            assert row[column] == cell(items[path].get("outlook", {}).get(name))


def test_the_plan_and_the_day_stand_in_every_row() -> None:
    """Tables of many nights can be put below each other."""
    assert {(row["source"], row["plan"], row["as_of"]) for row in rows(showcase())} == {
        ("tests/plans/showcase", "showcase", "2021-09-30")
    }


def test_a_past_night_is_told() -> None:
    """When it was known belongs to every row."""
    import kpi_tracker
    from tests.reporting.showcase import AS_OF, PLAN

    night = checked(kpi_tracker.check(PLAN, AS_OF, date(2021, 9, 20)))
    assert {row["known_at"] for row in rows(night)} == {"2021-09-20T23:59:59.999999"}
    same = checked(kpi_tracker.check(PLAN, AS_OF, AS_OF))
    assert {row["known_at"] for row in rows(same)} == {""}


def test_what_keeps_a_plan_from_being_judged_is_a_row() -> None:
    """A sound plan has none, the showcase one."""
    assert [row["message"] for row in rows(showcase()) if row["type"] == "not_judged"] == [
        "the whole could not be judged: too many figures are missing"
    ]
    assert {row["type"] for row in rows(sound())} == {"plan", "kpi"}


@pytest.mark.parametrize("one", [UNREADABLE, NOWHERE], ids=["faults", "nothing"])
def test_a_plan_that_cannot_be_read_has_rows(one: Checked) -> None:
    """An empty table would look like a plan without a problem."""
    found = rows(one)
    assert (found[0]["type"], found[0]["source"]) == ("not_judged", one.source)
    assert [row["code"] for row in found[1:]] == [fault.code for fault in one.diagnostics]


def shown(words: str) -> str:
    """Return a text as its cell has it."""
    text = plain(words)
    return f"'{text}" if text[:1] and text[0] in "=+-@＝＋－＠" else text


@settings(deadline=None)
@given(HOSTILE)
def test_hostile_text_is_no_formula(words: str) -> None:
    """Text is read as before, with its control characters visible and an apostrophe before what would be calculated."""
    found = rows(hostile(words))
    late = next(row for row in found if row["path"] == "g/late" and row["type"] == "kpi")
    assert [late[name] for name in ("title_zh", "owner_en", "unit_zh", "tags")] == [shown(words)] * 4
    assert [row["type"] for row in found] == ["not_judged", "error", "warning", "plan", "goal", "kpi", "kpi", "kpi"]
    for row in found:
        for name in ("title_zh", "title_en", "source", "message", "owner_zh", "kind"):
            assert row[name][:1] not in tuple("=+-@\t\r＝＋－＠")
    assert float(late["value"]) == pytest.approx(10)


def test_a_number_below_zero_stays_a_number() -> None:
    """An apostrophe would make text of it."""
    [rank] = [row for row in rows(showcase()) if row["id"] == "rank"]
    assert float(rank["attainment"]) == pytest.approx(-1 / 3)
