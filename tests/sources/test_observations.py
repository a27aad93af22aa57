"""Rows of observations: what each field may say, what is wrong with the others, and who says so."""

from datetime import date, datetime
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker import PlanError, load_observations, load_plan, read_observations
from kpi_tracker.diagnostics.faults import FAULTS
from tests.sources.rows import Found, faults, plan_in, read

HEADER = "kpi,date,period,value,recorded_at,source,basis,note\n"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("case,2021-01-31,,3,,,,", "KT405", 1),
        (",2021-01-31,,3,,,,", "KT405", 1),
        ("h/cases,2021-01-31,,3,,,,", "KT405", 1),
        ("cases,2021-01-31,,three,,,,", "KT406", 19),
        ("cases,2021-01-31,,,,,,", "KT406", 19),
        ('cases,2021-01-31,,"1,23",,,,', "KT406", 20),
        ("cases,2021-01-31,,3秒,,,,", "KT406", 19),
        ("cases,2021-01-31,,nan,,,,", "KT406", 19),
        ("road,2021-01-31,,,,,,", "KT406", 18),
        ("cases,2021-02-30,,3,,,,", "KT407", 7),
        ("cases,,2021-Q5,3,,,,", "KT407", 8),
        ("cases,2021-01-31,,3,soon,,,", "KT408", 21),
        ("cases,2021-01-31,,3,2021-02-03 24:00,,,", "KT408", 21),
        ("cases,2021-01-31,,3,0001-01-01 00:00+14:00,,,", "KT408", 21),
        ("cases,2021-01-31,,3,,,sure,", "KT409", 23),
        ("cases,,,3,,,,", "KT410", 7),
        ("cases,2021-01-31,2021-01,3,,,,", "KT410", 7),
        ("mark,2021-01-31,,D,,,,", "KT320", 18),
        ("mark,2021-01-31,,,,,,", "KT320", 18),
        ("road,2021-01-31,,draft; aprove,,,,", "KT413", 18),
    ],
)
def test_a_bad_field_is_named_where_it_stands(row: str, code: str, column: int, tmp_path: Path) -> None:
    """Code, line and column are exact, the row is left out, and its KPI says so."""
    reading = read(tmp_path, HEADER + "\n" + row + "\n")
    name = row.partition(",")[0]
    path = "" if code == "KT405" else f"g/{name}"
    assert faults(reading) == [Found(code, 3, column, path)]
    assert reading.left_out == ({} if code == "KT405" else {name: 1})
    assert len(reading.observations) == 0


@pytest.mark.parametrize(
    ("header", "row", "column"), [("kpi,value,period", "cases,3,", 9), ("kpi,value,date", "cases,3,", 9)]
)
def test_the_date_is_missed_where_its_column_stands(header: str, row: str, column: int, tmp_path: Path) -> None:
    """A file may have only one of the two columns."""
    assert faults(read(tmp_path, f"{header}\n{row}\n")) == [Found("KT410", 2, column, "g/cases")]


def test_all_faults_of_a_row_are_named_and_it_counts_once(tmp_path: Path) -> None:
    """Reading does not stop at the first fault of a row."""
    reading = read(tmp_path, HEADER + "cases,x,,y,z,,w,\n")
    assert [fault.code for fault in reading.diagnostics] == ["KT407", "KT406", "KT408", "KT409"]
    assert {fault.path for fault in reading.diagnostics} == {"g/cases"}
    assert reading.left_out == {"cases": 1}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("case,2021-01-31,,3,,,,", "did you mean “cases”?"),
        ("g/case,2021-01-31,,3,,,,", "did you mean “cases”?"),
        ("mark,2021-01-31,,AA,,,,", "did you mean “A”?"),
        ("road,2021-01-31,,aprove,,,,", "did you mean “approve”?"),
        ("cases,2021-01-31,,3,,,reportd,", "did you mean “reported”?"),
    ],
)
def test_the_nearest_spelling_is_offered(row: str, text: str, tmp_path: Path) -> None:
    """A slip is answered with what was probably meant."""
    (fault,) = read(tmp_path, HEADER + row + "\n").diagnostics
    assert fault.message().endswith(text)


@pytest.mark.parametrize(
    ("row", "kpi", "value"),
    [
        ('cases,2021-01-31,,"1,234",,,,', "cases", 1234.0),
        ("cases,2021-01-31,,１２３,,,,", "cases", 123.0),
        ("cases,2021-01-31,,3.2万,,,,", "cases", 32_000.0),
        ("cases,2021-01-31,,5件,,,,", "cases", 5.0),
        ("cases,2021-01-31,,0,,,,", "cases", 0.0),
        ("cases,2021-01-31,,-2.5,,,,", "cases", -2.5),
        ("money,2021-01-31,,4.92亿元,,,,", "money", 49_200.0),
        ("time,2021-01-31,,3分53秒,,,,", "time", 233.0),
        ("time,2021-01-31,,3m53s,,,,", "time", 233.0),
        ("g/mark,2021-01-31,,B,,,,", "mark", "B"),
        ("road,2021-01-31,,none,,,,", "road", ()),
        ("road,2021-01-31,,无,,,,", "road", ()),
        ("road,2021-01-31,,draft;draft；approve,,,,", "road", ("draft", "approve")),
        ("road,2021-01-31,,draft、approve,,,,", "road", ("draft", "approve")),
        ('road,2021-01-31,,"draft，approve, ",,,,', "road", ("draft", "approve")),
    ],
)
def test_values_are_read_as_people_write_them(row: str, kpi: str, value: object, tmp_path: Path) -> None:
    """Scales, units, durations, grades and steps come out in the KPI's own terms."""
    reading = read(tmp_path, HEADER + row + "\n")
    assert faults(reading) == []
    assert reading.observations[kpi].rows[0].value == value


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2021-9-3", "2021-09-03"), ("2021/9/3", "2021-09-03"), ("2021年9月3日", "2021-09-03"), ("2021-06", "2021-06-30"),
        ("2021年6月", "2021-06-30"), ("2021-Q3", "2021-09-30"), ("2021年第二季度", "2021-06-30"), ("2021-H1", "2021-06-30"),
        ("2021年上半年", "2021-06-30"), ("2021", "2021-12-31"), ("2021-W05", "2021-02-07"),
    ],
)  # fmt: skip
def test_dates_and_periods_speak_for_their_last_day(written: str, day: str, tmp_path: Path) -> None:
    """Either column takes either way of writing."""
    for column in ("date", "period"):
        reading = read(tmp_path, f"kpi,{column},value\ncases,{written},3\n")
        assert [row.date.isoformat() for row in reading.observations["cases"].rows] == [day]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("", None),
        ("2021-02-03", datetime(2021, 2, 3, 23, 59, 59, 999_999)),
        ("2021-02-03 09:30", datetime(2021, 2, 3, 9, 30)),
        ("2021年2月3日 9:30:15", datetime(2021, 2, 3, 9, 30, 15)),
        ("2021-02-03T20:00Z", datetime(2021, 2, 4, 4, 0)),
        ("2021-02-03T20:00:00+08:00", datetime(2021, 2, 3, 20, 0)),
        ("2021-02-03 20:00-0500", datetime(2021, 2, 4, 9, 0)),
    ],
)
def test_times_with_an_offset_are_brought_into_the_zone_of_the_plan(
    written: str, moment: datetime | None, tmp_path: Path
) -> None:
    """recorded_at is plan time, whatever clock wrote it."""
    reading = read(tmp_path, HEADER + f"cases,2021-01-31,,3,{written},,,\n")
    assert reading.observations["cases"].rows[0].recorded_at == moment


def test_an_offset_without_a_known_zone_stays_as_it_is(tmp_path: Path) -> None:
    """A plan made by hand with a zone that is none: the local time is what remains."""
    plan = plan_in(tmp_path)
    (tmp_path / "rows.csv").write_text(HEADER + "cases,2021-01-31,,3,2021-02-03 20:00Z,,,\n", encoding="utf-8")
    values = {name: getattr(plan, name) for name in ("id", "title", "period", "baseline_year", "goals")}
    reading = read_observations(kpi_tracker.Plan(time_zone="No/Where", **values), [tmp_path / "rows.csv"])
    assert reading.observations["cases"].rows[0].recorded_at == datetime(2021, 2, 3, 20, 0)


@pytest.mark.parametrize(
    ("written", "basis"),
    [("", "reported"), ("正式", "reported"), ("Reported", "reported"), ("初步", "provisional"), ("估计", "estimated"),
     ("示意", "illustrative"), ("ILLUSTRATIVE", "illustrative")],
)  # fmt: skip
def test_the_basis_is_read_in_both_languages(written: str, basis: str, tmp_path: Path) -> None:
    """How firm a figure is may be said in either language; reported is the default."""
    reading = read(tmp_path, HEADER + f"cases,2021-01-31,,3,,,{written},\n")
    assert reading.observations["cases"].rows[0].basis.value == basis


def test_of_two_that_contradict_each_other_neither_is_used(tmp_path: Path) -> None:
    """Two values for one day recorded at the same time: both rows are lost, and the first is named."""
    rows = "cases,2021-01-31,,3,,,,\ncases,2021-02-28,,5,,,,\ncases,2021-01-31,,4,,,,\n"
    reading = read(tmp_path, HEADER + rows)
    assert faults(reading) == [Found("KT411", 4, 1, "g/cases")]
    assert "3 and 4" in reading.diagnostics[0].message()
    assert reading.diagnostics[0].message().endswith("see line 2")
    assert reading.left_out == {"cases": 2}
    assert [row.value for row in reading.observations["cases"].rows] == [5.0]


def test_a_third_value_for_the_day_is_lost_too(tmp_path: Path) -> None:
    """Every further contradiction is one more row lost."""
    reading = read(tmp_path, HEADER + "".join(f"cases,2021-01-31,,{n},,,,\n" for n in (1, 2, 3)))
    assert [fault.code for fault in reading.diagnostics] == ["KT411", "KT411"]
    assert (reading.left_out, len(reading.observations)) == ({"cases": 3}, 0)


def test_a_row_that_repeats_another_is_a_warning(tmp_path: Path) -> None:
    """Said twice is not counted twice."""
    reading = read(tmp_path, HEADER + "cases,2021-01-31,,3,,,,\ncases,,2021-01,3.0,,,,again\n")
    assert faults(reading) == [Found("KT416", 3, 1, "g/cases")]
    assert (reading.diagnostics[0].severity.value, reading.left_out) == ("warning", {})
    assert len(reading.observations["cases"].rows) == 1


def test_contradictions_across_files_name_the_other_file(tmp_path: Path) -> None:
    """The other row is named with its file."""
    plan = plan_in(tmp_path)
    for name, value in (("a.csv", 3), ("b.csv", 4)):
        (tmp_path / name).write_text(f"kpi,date,value\ncases,2021-01-31,{value}\n", encoding="utf-8")
    (fault,) = read_observations(plan, [tmp_path / "a.csv", tmp_path / "b.csv"]).diagnostics
    assert fault.message().endswith(f"see line {tmp_path.as_posix()}/a.csv:2:1")


def test_pitfall_d10_a_correction_supersedes_and_the_earlier_row_stays(tmp_path: Path) -> None:
    """D10: of two rows for one day the later recorded counts; the other is kept."""
    rows = "cases,2021-01-31,,3,2021-02-03,,,\ncases,2021-01-31,,4,2021-02-09 08:00,,,\n"
    reading = read(tmp_path, HEADER + rows)
    series = reading.observations["cases"]
    assert (faults(reading), len(series.rows), series.newest.values) == ([], 2, (4.0,))
    assert series.seen(0, date.max.toordinal(), datetime(2021, 2, 9, 7)).values == (3.0,)


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        ("2019-01-01", True),
        ("2019-12-31", True),
        ("2021-12-31", True),
        ("2018-12-31", False),
        ("2020-06-30", False),
        ("2022-01-01", False),
    ],
)
def test_rows_outside_the_period_and_its_base_year_are_a_warning(day: str, kept: bool, tmp_path: Path) -> None:
    """The base year's own series is kept; any other year is named and not used."""
    reading = read(tmp_path, HEADER + f"cases,{day},,3,,,,\n")
    assert faults(reading) == ([] if kept else [Found("KT412", 2, 1, "g/cases")])
    assert len(reading.observations) == int(kept)
    assert [fault.severity.value for fault in reading.diagnostics] == ([] if kept else ["warning"])


@pytest.mark.parametrize(
    ("row", "path", "lost"),
    [
        ("cases,2021-01-31,,1,234,,,,", "g/cases", {"cases": 1}),
        ("cases,2021-01-31", "g/cases", {"cases": 1}),
        ("what,2021-01-31", "", {}),
    ],
)
def test_a_row_of_the_wrong_width_is_lost_to_its_kpi(row: str, path: str, lost: dict[str, int], tmp_path: Path) -> None:
    """Too many fields (a comma in a number) or too few: the KPI that the row names says that it lost it."""
    reading = read(tmp_path, HEADER + row + "\n")
    assert faults(reading) == [Found("KT404", 2, 1, path)]
    assert reading.left_out == lost


def test_a_row_too_short_to_name_a_kpi_is_lost_to_none(tmp_path: Path) -> None:
    """Where the KPI's column is missing from the row there is none to tell."""
    reading = read(tmp_path, "date,value,kpi\n2021-01-31,3\n")
    assert (faults(reading), reading.left_out) == ([Found("KT404", 2, 1, "")], {})


def test_rows_of_a_kpi_that_could_not_be_read_are_passed_over(tmp_path: Path) -> None:
    """The plan's own fault is enough; its rows are not called unknown besides."""
    file = tmp_path / "plan.yaml"
    plan_in(tmp_path)
    text = file.read_text(encoding="utf-8").replace("measure: grade, scale: [A, B, C]", "measure: grade")
    file.write_text(text, encoding="utf-8")
    plan = kpi_tracker.read_plan(tmp_path).plan
    assert plan is not None
    (tmp_path / "rows.csv").write_text(HEADER + "g/mark,2021-01-31,,B,,,,\n", encoding="utf-8")
    assert read_observations(plan, [tmp_path / "rows.csv"]).diagnostics == ()


def test_the_kpi_of_a_lost_row_says_so_in_the_scorecard(tmp_path: Path) -> None:
    """The scorecard counts the rows that each KPI lost."""
    plan_in(tmp_path)
    (tmp_path / "observations").mkdir()
    rows = HEADER + "cases,2021-01-31,,3,,,,\ncases,2021-02-28,,x,,,,\nroad,2021-02-28,,y,,,,\n"
    (tmp_path / "observations" / "a.csv").write_text(rows, encoding="utf-8")
    scorecard = kpi_tracker.check(tmp_path, date(2021, 3, 5))
    lost = {kpi.id: kpi.rows_left_out for kpi in scorecard.kpis if kpi.rows_left_out}
    assert lost == {"cases": 1, "road": 1}
    assert [(fault.code, fault.path) for fault in scorecard.diagnostics] == [("KT406", "g/cases"), ("KT413", "g/road")]


def test_faults_come_in_the_order_of_places(tmp_path: Path) -> None:
    """By file, line and column, whatever was found first."""
    rows = "cases,2021-01-31,,3,,,,\ncases,2021-01-31,,4,,,,\nx,2021-01-31,,3,,,,\ncases,2021-13-31,,y,,,,\n"
    found = faults(read(tmp_path, HEADER + rows))
    assert found == sorted(found, key=lambda fault: (fault.line, fault.column))
    assert len(found) == 4


def test_a_quarter_beside_its_months_would_count_twice(tmp_path: Path) -> None:
    """C7: the row whose period holds another row's day is left out and named; a month after the quarter is fine."""
    rows = "cases,,2021-01,9,,,,\ncases,,2021-Q1,30,,,,\ncases,,2021-04,5,,,,\n"
    reading = read(tmp_path, HEADER + rows)
    assert [(fault.code, fault.place.line) for fault in reading.diagnostics] == [("KT420", 3)]
    assert [row.value for row in reading.observations["cases"].rows] == [9.0, 5.0]
    assert reading.left_out == {"cases": 1}


def test_every_fault_of_observations_occurs() -> None:
    """Every code of the 400s is asserted on by a test, here or where derived KPIs are tested."""
    folders = (Path(__file__).parent, Path(__file__).parents[1] / "derived")
    texts = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("test_*.py"))
    assert {code for code in FAULTS if code.startswith("KT4") and f'"{code}"' not in texts} == set()


def test_load_observations_returns_the_series_or_raises_all_faults(tmp_path: Path) -> None:
    """The convenient function is strict: one exception with every fault; warnings do not stop it."""
    plan = plan_in(tmp_path)
    file = tmp_path / "rows.csv"
    file.write_text(HEADER + "cases,2021-01-31,,3,,,,\ncases,2022-01-31,,3,,,,\n", encoding="utf-8")
    assert list(load_observations(plan, [file])) == ["cases"]
    file.write_text(HEADER + "cases,2021-01-31,,x,,,,\nnone,2021-01-31,,3,,,,\n", encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        load_observations(plan, [file])
    assert [fault.code for fault in caught.value.diagnostics] == ["KT406", "KT405"]
    assert "KT405" in str(caught.value)


def test_load_plan_is_strict(tmp_path: Path) -> None:
    """The convenient function raises where anything is wrong with the plan."""
    plan_in(tmp_path)
    assert load_plan(tmp_path).id == "p"
    (tmp_path / "plan.yaml").write_text("format: kpi-tracker/v1\nid: p\n", encoding="utf-8")
    with pytest.raises(PlanError, match="KT202"):
        load_plan(tmp_path)


def test_rows_of_one_report_share_its_time(tmp_path: Path) -> None:
    """The same recorded_at in many rows is read once and is the same for all; a bad one is named in every row."""
    rows = "cases,2021-01-31,,3,2021-02-03,,,\nmoney,2021-01-31,,3,2021-02-03,,,\n"
    reading = read(tmp_path, HEADER + rows)
    assert {series.rows[0].recorded_at for series in reading.observations.values()} == {
        datetime(2021, 2, 3, 23, 59, 59, 999_999)
    }
    bad = read(tmp_path, HEADER + rows.replace("2021-02-03", "soon"))
    assert faults(bad) == [Found("KT408", 2, 21, "g/cases"), Found("KT408", 3, 21, "g/money")]
