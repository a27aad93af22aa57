"""Derived KPIs: which values there are, when they were known, how firm they are, and where there is none."""

from datetime import date, datetime
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.derived.derivation import derive
from kpi_tracker.derived.dimension import shown
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.language import Phrase
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Formula, Kpi
from kpi_tracker.model.measure import Aggregate, Measure, Status
from kpi_tracker.model.observation import Observation, ObservationBasis, Observations
from kpi_tracker.model.unit import Unit
from kpi_tracker.notation.number import unit_of
from kpi_tracker.pipeline import PlanError, load_observations, load_plan, run
from kpi_tracker.record import changed
from tests.builders import goal, kpi, obs, plan
from tests.cli.running import run as command
from tests.loading.written import HEAD

LEVEL = Measure.LEVEL


def unit(words: str) -> Unit:
    """Return the unit that is written so."""
    return unit_of(words, words)


def derived(formula: str, name: str = "d", measure: Measure = LEVEL, **more: object) -> Kpi:
    """Return a KPI that is calculated."""
    return kpi(name, measure, b=1, t=2, formula=Formula(formula), **more)


def values(whole: Plan, *rows: Observation, name: str = "d") -> list[tuple[str, object, datetime | None]]:
    """Return date, value and time of recording of every observation of a derived KPI."""
    found, _ = derive(whole, Observations(rows))
    return [(row.date.isoformat(), row.value, row.recorded_at) for row in found[name].rows] if name in found else []


def days(whole: Plan, *rows: Observation, name: str = "d") -> dict[str, object]:
    """Return the value of each date."""
    return {day: value for day, value, _ in values(whole, *rows, name=name)}


def faults(whole: Plan, *rows: Observation) -> tuple[Diagnostic, ...]:
    """Return what is said about a derivation."""
    return derive(whole, Observations(rows))[1]


def test_totals_count_with_their_sum_and_others_with_the_figure_of_the_day() -> None:
    """A total is added up from the start of its year; a level is not carried forward to a date without a figure."""
    whole = plan(kpi("cases"), kpi("staff", LEVEL), derived("cases / staff"))
    rows = [obs("cases", "2020-12-31", 8), obs("cases", "2021-01-31", 2), obs("cases", "2021-02-28", 4),
            obs("cases", "2021-03-31", 6), obs("staff", "2020-12-31", 4), obs("staff", "2021-01-31", 2),
            obs("staff", "2021-03-31", 3), obs("staff", "2021-04-30", 3)]  # fmt: skip
    assert days(whole, *rows) == {"2020-12-31": 2.0, "2021-01-31": 1.0, "2021-03-31": 4.0}


def test_a_total_of_cumulative_reports_is_its_newest() -> None:
    """Where reports are cumulative nothing is added up."""
    whole = plan(kpi("cases", aggregate=Aggregate.NEWEST), derived("cases * 2"))
    assert days(whole, obs("cases", "2021-01-31", 2), obs("cases", "2021-02-28", 5)) == {
        "2021-01-31": 4.0, "2021-02-28": 10.0,
    }  # fmt: skip


def test_the_year_before_the_29th_of_february_starts_on_the_28th() -> None:
    """A KPI that starts on a leap day has a baseline year all the same."""
    whole = plan(kpi("cases", start=date(2024, 2, 29)), derived("cases * 1"))
    rows = [obs("cases", "2023-02-27", 9), obs("cases", "2023-02-28", 2), obs("cases", "2023-03-31", 3)]
    assert days(whole, *rows)["2023-03-31"] == 5.0


def test_units_are_converted_and_a_ratio_of_equals_is_a_percentage() -> None:
    """万元 over 元 is what it is, and needs no × 100 for a KPI in %."""
    parts = [kpi("big", LEVEL, unit=unit("万元")), kpi("small", LEVEL, unit=unit("元"))]
    whole = plan(*parts, derived("small / big", unit=unit("%")), derived("big + small", "both", unit=unit("万元")))
    rows = [obs("big", "2021-01-31", 2), obs("small", "2021-01-31", 5000)]
    assert days(whole, *rows) == {"2021-01-31": 25.0}
    assert days(whole, *rows, name="both") == {"2021-01-31": 2.5}


def test_a_correction_carries_through_with_the_time_at_which_it_was_known() -> None:
    """The value counts as recorded when the last input was; a correction of one input is one of the derived KPI."""
    whole = plan(kpi("a", LEVEL), kpi("b", LEVEL), derived("a / b"))
    rows = [obs("a", "2021-01-31", 6, "2021-02-03"), obs("b", "2021-01-31", 2, "2021-02-05"),
            obs("a", "2021-01-31", 6, "2021-02-06"), obs("b", "2021-01-31", 3, "2021-03-01")]  # fmt: skip
    assert values(whole, *rows) == [
        ("2021-01-31", 3.0, datetime(2021, 2, 5)),
        ("2021-01-31", 2.0, datetime(2021, 3, 1)),
    ]


def test_pitfall_b3_a_division_by_zero_is_no_value_with_a_reason() -> None:
    """B3: dividing by 0 gives no value, names the KPI, the date and why; never 0, which would look like a result."""
    whole = plan(kpi("a", LEVEL), kpi("b", LEVEL), derived("a / b"))
    rows = [obs("a", "2021-01-31", 6), obs("b", "2021-01-31", 0), obs("a", "2021-02-28", 6), obs("b", "2021-02-28", 2)]
    assert days(whole, *rows) == {"2021-02-28": 3.0}
    (fault,) = faults(whole, *rows)
    assert (fault.code, fault.path) == ("KT431", "d")
    assert fault.message() == "d has no value on 2021-01-31: its formula divides by 0"


def test_a_correction_to_zero_leaves_no_value_of_that_date() -> None:
    """What was calculated before a correction does not stand where nothing can be calculated after it."""
    whole = plan(kpi("a", LEVEL), derived("1 / a"))
    rows = [obs("a", "2021-01-31", 2, "2021-02-01"), obs("a", "2021-01-31", 0, "2021-02-02")]
    assert (days(whole, *rows), [f.code for f in faults(whole, *rows)]) == ({}, ["KT431"])


def test_a_result_beyond_all_numbers_is_no_value() -> None:
    """A product that no number holds is named."""
    whole = plan(kpi("a", LEVEL), derived("a * a"))
    (fault,) = faults(whole, obs("a", "2021-01-31", 1e200))
    assert fault.args["reason"] == Phrase("the result is too large for a number")


def test_illustrative_inputs_make_an_illustrative_value() -> None:
    """The value is as firm as the least firm of its inputs."""
    whole = plan(kpi("a", LEVEL), kpi("b", LEVEL), derived("a / b"))
    made_up = changed(obs("a", "2021-01-31", 2), basis=ObservationBasis.ILLUSTRATIVE)
    estimated = changed(obs("b", "2021-01-31", 1), basis=ObservationBasis.ESTIMATED)
    found, _ = derive(whole, Observations([made_up, estimated]))
    assert found["d"].rows[0].basis is ObservationBasis.ILLUSTRATIVE
    assert found["d"].illustrative


def test_a_value_of_its_own_is_a_fault_and_is_not_used() -> None:
    """A derived KPI has what its formula gives, and nothing else."""
    whole = plan(kpi("a", LEVEL), derived("a + a"))
    rows = [obs("d", "2021-01-31", 9), obs("a", "2021-01-31", 2)]
    assert days(whole, *rows) == {"2021-01-31": 4.0}
    assert [fault.code for fault in faults(whole, *rows)] == ["KT430"]


def test_without_inputs_there_is_no_value() -> None:
    """A missing input, one without figures, and a formula of numbers alone give nothing."""
    whole = plan(kpi("a", LEVEL), derived("a + gone"), derived("a + 0", "e"), derived("1 + 1", "f"))
    assert derive(whole, Observations([]))[0] == {}
    assert days(whole, obs("a", "2021-01-31", 1)) == {}


@given(st.permutations(range(4)))
def test_the_order_of_kpis_does_not_matter(order: list[int]) -> None:
    """A KPI may stand before those that it is calculated from."""
    items = [kpi("a", LEVEL), derived("a * 2", "twice"), derived("x/twice + a", "d"), kpi("other", LEVEL)]
    whole = plan(goal("x", *(items[i] for i in order)))
    assert days(whole, obs("a", "2021-01-31", 2)) == {"2021-01-31": 6.0}


def test_dimensions_in_words() -> None:
    """A dimension is shown as a person would write it."""
    assert [shown({"元": 1, "人": -1}), shown({}), shown({"人": -1}), shown({"元": 2})] == [
        "元/人",
        "1",
        "1/人",
        "元·元",
    ]


PLAN = HEAD + """\
kpis:
  - {id: share, title: 占比, measure: level, unit: "%", formula: major / all, baseline: 5, target: {value: 10, basis: stated}}
  - {id: speed, title: 用时, measure: level, unit: 天, baseline: 1, target: {value: 9, basis: stated},
     formula: "-(0 - took) * 1 + max(0, min(took, took))"}
  - {id: each, title: 人均, measure: level, unit: 件/小时, formula: all / took / 1, baseline: 1, target: {value: 9, basis: stated}}
  - {id: took, title: 用时, measure: level, unit: 小时, baseline: 1, target: {value: 9, basis: stated}}
  - {id: major, title: 大案, measure: total, unit: 件, baseline: 10, target: {value: 20, basis: stated}}
  - {id: all, title: 案件, measure: total, unit: 件, baseline: 10, target: {value: 20, basis: stated}}
"""  # fmt: skip
LOST = """\
  - {id: on-broken, title: 其他, measure: level, formula: lost * 2, baseline: 1, target: {value: 9, basis: stated}}
  - {id: lost, title: 坏, measure: total, unit: 件, baseline: 10, target: {value: 10, basis: stated}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a plan with a share and its inputs."""
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "a.csv").write_text(
        "kpi,date,value\nmajor,2021-01-31,1\nall,2021-01-31,20\ntook,2021-01-31,48\n", "utf-8"
    )
    return tmp_path


def test_a_check_scores_what_was_calculated(folder: Path) -> None:
    """Derived values stand between the observations and their scores, and units are converted on the way."""
    found = run(folder, date(2021, 2, 1))
    assert found.diagnostics == ()
    assert found.scorecard is not None
    assert [found.scorecard.find(name).value for name in ("share", "speed", "each")] == [5.0, 4.0, 0.416666666666667]  # type: ignore[union-attr]
    assert load_observations(load_plan(folder))["share"].rows[0].value == 5.0


def test_what_rests_on_a_broken_kpi_has_no_value(folder: Path) -> None:
    """The broken KPI is named once; what is calculated from it is not green for want of data."""
    (folder / "plan.yaml").write_text(PLAN + LOST, "utf-8")
    found = run(folder, date(2021, 6, 1))
    assert [fault.code for fault in found.diagnostics] == ["KT307"]
    assert found.scorecard is not None
    assert found.scorecard.find("on-broken").status is Status.NO_DATA


def test_a_formula_is_text(folder: Path) -> None:
    """A list is no formula."""
    (folder / "plan.yaml").write_text(PLAN.replace("major / all", "[major]"), "utf-8")
    assert "KT203" in [fault.code for fault in run(folder, date(2021, 6, 1)).diagnostics]


def test_a_value_of_its_own_breaks_the_data(folder: Path) -> None:
    """The row is named where it was written."""
    with (folder / "observations" / "a.csv").open("a", encoding="utf-8") as file:
        file.write("share,2021-01-31,7\n")
    with pytest.raises(PlanError) as refused:
        load_observations(load_plan(folder))
    assert [(d.code, d.place.line) for d in refused.value.diagnostics] == [("KT430", 5)]


def test_explain_shows_the_numbers_put_in_and_where_they_stand(folder: Path) -> None:
    """The formula with its numbers, and the line of each input."""
    shown_text = " ".join(command("--lang", "en", "explain", str(folder), "share", "--as-of", "2021-02-01").out.split())
    assert "major / all = 1 / 20" in shown_text
    whole = shown_text.replace(" ", "")
    assert "a.csv:2:1" in whole
    assert "a.csv:3:1" in whole


def test_permutations_of_rows_do_not_matter() -> None:
    """The order of the rows in a file says nothing."""
    whole = plan(kpi("a", LEVEL), kpi("b", LEVEL), derived("a - b"))
    rows = [obs("a", "2021-01-31", 3), obs("b", "2021-01-31", 1), obs("a", "2021-01-31", 5, "2021-05-01")]
    assert len({tuple(values(whole, *order)) for order in permutations(rows)}) == 1
