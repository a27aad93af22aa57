"""Columns of dimensions in CSV files: what a row is of, and what is wrong where that cannot be told."""

from datetime import date
from pathlib import Path

import pytest

from kpi_tracker import ObservationReading, load_observations, load_plan, read_observations
from kpi_tracker.loading.dimensions import RESERVED
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.pipeline import run
from kpi_tracker.sources.table import COLUMNS
from tests.sources.rows import Found, faults

PLAN_TEXT = """\
format: kpi-tracker/v1
id: p
title: P
period: 2021
time_zone: Asia/Shanghai
dimensions:
  - id: district
    title: {zh: 镇街, en: District}
    whole: [全市]
    members:
      - {id: danghu, title: {zh: 当湖街道, en: Danghu}}
      - {id: zhapu, title: {zh: 乍浦镇, en: Zhapu Town}, formerly: [乍浦]}
  - {id: unit, title: 单位, members: [one, two]}
kpis:
  - {id: cases, title: Cases, measure: total, unit: 件, direction: increase, target: {value: 10, basis: stated},
     breakdown: [{by: district, adds: sum}, {by: unit, adds: sum}]}
  - {id: port, title: Port, measure: total, unit: 吨, direction: increase, target: {value: 10, basis: stated},
     breakdown: {by: district, adds: sum, members: [乍浦镇]}}
  - {id: plain, title: Plain, measure: total, unit: 件, direction: increase, target: {value: 10, basis: stated}}
"""


def read(folder: Path, content: str) -> ObservationReading:
    """Write the plan and a CSV file into `folder` and read it."""
    (folder / "plan.yaml").write_text(PLAN_TEXT, "utf-8")
    file = folder / "rows.csv"
    file.write_text(content, "utf-8")
    return read_observations(load_plan(folder), [file])


@pytest.mark.parametrize("heading", ["district", "镇街", "District", "DISTRICT"])
@pytest.mark.parametrize("name", ["zhapu", "乍浦镇", "Zhapu Town", "zhapu town", "乍浦"])
def test_pitfall_a_member_goes_by_id_title_and_former_name(heading: str, name: str, tmp_path: Path) -> None:
    """Renamed on the way, or written in the other language: the rows are those of one member."""
    reading = read(tmp_path, f"kpi,date,{heading},value\ncases,2021-01-31,{name},3\n")
    assert reading.diagnostics == ()
    assert len(reading.observations) == 0
    assert [row.value for row in reading.observations.parts["cases"]["district", "zhapu"].rows] == [3.0]


@pytest.mark.parametrize("name", ["", "全市"])
def test_a_row_without_a_member_is_of_the_whole(name: str, tmp_path: Path) -> None:
    """An empty field is the total, and so is the plan's word for it."""
    reading = read(tmp_path, f"kpi,date,district,value\ncases,2021-01-31,{name},3\n")
    assert reading.observations["cases"].rows[0].part == ()
    assert reading.observations.parts == {}


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("cases,2021-01-31,zhapo,,3", "KT450", 18),
        ("port,2021-01-31,danghu,,3", "KT450", 17),
        ("cases,2021-01-31,zhapu,one,3", "KT451", 24),
        ("plain,2021-01-31,zhapu,,3", "KT452", 18),
        ("port,2021-01-31,,one,3", "KT452", 18),
    ],
)
def test_a_part_that_cannot_be_is_named_where_it_stands(row: str, code: str, column: int, tmp_path: Path) -> None:
    """Code, line and column are exact, the row is left out, and its KPI says so."""
    reading = read(tmp_path, f"kpi,date,district,unit,value\n{row}\n")
    name = row.partition(",")[0]
    assert faults(reading) == [Found(code, 2, column, name)]
    assert reading.left_out == {name: 1}
    assert reading.observations.parts == {}


def test_messages_name_the_nearest_member_and_all_there_are(tmp_path: Path) -> None:
    """Whoever wrote the row can mend it."""
    reading = read(tmp_path, "kpi,date,district,value\ncases,2021-01-31,当湖街,3\nport,2021-01-31,danghu,3\n")
    assert [fault.message() for fault in reading.diagnostics] == [
        "“当湖街” is not a member of district; they are: 当湖街道 / Danghu, 乍浦镇 / Zhapu Town; did you mean “当湖街道”?",
        "“danghu” is not a member of district; they are: 乍浦镇 / Zhapu Town",
    ]


def test_pitfall_the_same_part_twice(tmp_path: Path) -> None:
    """The same figure again is a warning; another one at the same time contradicts it; another member is none of both."""
    text = "kpi,date,district,value\ncases,2021-01-31,zhapu,3\ncases,2021-01-31,乍浦,3\ncases,2021-01-31,danghu,4\n"
    assert faults(read(tmp_path, text)) == [Found("KT416", 3, 1, "cases")]
    reading = read(tmp_path, text.replace("乍浦,3", "乍浦,5"))
    assert [fault.message() for fault in reading.diagnostics] == [
        "two values for cases (乍浦镇 / Zhapu Town) on 2021-01-31, 3 and 5, recorded at the same time: neither is used; "
        "see line 2"
    ]
    assert reading.left_out == {"cases": 2}
    assert list(reading.observations.parts["cases"]) == [("district", "danghu")]


def test_a_quarter_beside_its_months_is_refused_for_one_member_only(tmp_path: Path) -> None:
    """Periods of different members do not cover each other."""
    text = "kpi,period,district,value\ncases,2021-01,zhapu,1\ncases,2021-Q1,danghu,9\ncases,2021-Q1,{},9\n"
    assert faults(read(tmp_path, text.format(""))) == []
    assert [fault.message() for fault in read(tmp_path, text.format("zhapu")).diagnostics] == [
        "2021-01-01 … 2021-03-31 covers the days of another row of cases (乍浦镇 / Zhapu Town), which would be counted "
        "twice; see line 2"
    ]


def test_an_unknown_column_is_told_with_those_of_the_plan(tmp_path: Path) -> None:
    """The columns of its dimensions are columns like any other."""
    reading = read(tmp_path, "kpi,date,distrct,value\ncases,2021-01-31,zhapu,3\n")
    (fault,) = reading.diagnostics
    assert fault.code == "KT403"
    assert fault.message().endswith("basis, note, district, unit; did you mean “district”?")
    assert faults(read(tmp_path, "kpi,date,district,镇街,value\n")) == [Found("KT417", 1, 19, "")]


def test_a_dimension_cannot_be_called_like_a_column() -> None:
    """What the loader refuses is what the reader knows."""
    assert RESERVED == COLUMNS


def test_a_check_makes_totals_and_says_what_does_not_add_up(tmp_path: Path) -> None:
    """From the files to the scorecard: KT453 at the row of the total, KT454 at a row of the date."""
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "a.csv").write_text(
        "kpi,period,district,unit,value\n"
        "cases,2021-01,zhapu,,1\ncases,2021-01,danghu,,2\n"
        "cases,2021-02,zhapu,,1\ncases,2021-02,danghu,,2\ncases,2021-02,,,4\n"
        "cases,2021-03,zhapu,,1\nport,2021-01,zhapu,,7\n", "utf-8",
    )  # fmt: skip
    (tmp_path / "plan.yaml").write_text(PLAN_TEXT, "utf-8")
    found = run(tmp_path, date(2021, 4, 5))
    assert [(fault.code, fault.place.line, fault.path) for fault in found.diagnostics] == [
        ("KT453", 6, "cases"), ("KT454", 7, "cases"),
    ]  # fmt: skip
    assert found.scorecard is not None
    assert found.scorecard.find("cases").value == 7.0  # type: ignore[union-attr]
    assert found.scorecard.find("port").value == 7.0  # type: ignore[union-attr]
    assert load_observations(load_plan(tmp_path))["cases"].rows[0].value == 3.0


def test_a_member_that_could_not_be_read_takes_nothing_else_along(tmp_path: Path) -> None:
    """The others are read; its own rows are named; and no total is made that would lack it."""
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "a.csv").write_text(
        "kpi,period,district,value\ncases,2021-01,zhapu,1\ncases,2021-01,danghu,2\n", "utf-8"
    )
    (tmp_path / "plan.yaml").write_text(PLAN_TEXT.replace("id: danghu,", "id: dang hu,"), "utf-8")
    found = run(tmp_path, date(2021, 2, 5))
    assert sorted(fault.code for fault in found.diagnostics) == ["KT210", "KT450"]
    assert found.scorecard is not None
    cases = found.scorecard.find("cases")
    assert isinstance(cases, KpiScore)
    assert (cases.value, [part.score.value for part in cases.parts]) == (None, [1.0, None, None])
