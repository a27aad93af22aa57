"""Every figure can be taken apart: the formula, filled in, gives it, and the check's text shows nothing else."""

import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import kpi_tracker
from kpi_tracker import Explanation, GoalScore, KpiScore, Scorecard, explain
from kpi_tracker.reporting.explained import write_explanation
from kpi_tracker.reporting.textreport import write_report
from tests.reporting.showcase import AS_OF, PLAN, numbers, scored

ITEMS = [item.path for item in scored().walk()]
DATES = re.compile(r"(\d{4})-(\d\d)-(\d\d) − (\d{4})-(\d\d)-(\d\d)")
SAFE = re.compile(r"[0-9.+*/()|, -]|max|min|\*\*")


def evaluated(filled: str) -> Any:
    """Return what a filled-in formula comes to, by arithmetic of the test's own."""
    if match := DATES.fullmatch(filled):
        y1, m1, d1, y2, m2, d2 = map(int, match.groups())
        return (date(y1, m1, d1) - date(y2, m2, d2)).days
    side = filled.replace("·", "*").replace("−", "-").replace("²", "**2")
    if not all(SAFE.fullmatch(part) for part in re.findall(r"max|min|\*\*|.", side)):
        return filled  # a grade
    side = re.sub(r"\|([^|]*)\|", r"abs(\1)", side)
    return eval(side, {"__builtins__": {}}, {"abs": abs, "max": max, "min": min})


def check_figures(explanation: Explanation) -> int:
    """Assert that every filled-in formula gives its figure; return how many there were."""
    filled = 0
    for figure in explanation.figures:
        if figure.value is None:
            assert figure.reason is not None, figure
            assert figure.filled_in == "", figure
        elif figure.filled_in:
            filled += 1
            assert figure.formula, figure
            got = evaluated(figure.filled_in)
            if isinstance(figure.value, str):
                assert got == figure.value
            else:
                assert got == pytest.approx(figure.value, rel=1e-7, abs=1e-8), figure
        else:
            assert figure.name == "data_date", figure
    return filled


@pytest.mark.parametrize("path", ITEMS)
def test_every_filled_in_formula_gives_its_figure(path: str) -> None:
    """What is written under "with the numbers put in" comes to the figure beside it."""
    explanation = explain(scored(), path)
    filled = check_figures(explanation)
    scored_items = explanation.score.attainment is not None
    assert (filled >= 4) == scored_items


@pytest.mark.parametrize("as_of", [date(2021, 1, 31), date(2021, 5, 17), date(2021, 7, 1), date(2022, 3, 1)])
def test_formulas_hold_at_other_dates(as_of: date) -> None:
    """In the first month, in the middle of one, and after the end."""
    scorecard = kpi_tracker.check(PLAN, as_of)
    total = sum(check_figures(explain(scorecard, item.path)) for item in scorecard.walk())
    assert total > 10


VARIANTS = """\
format: kpi-tracker/v1
id: v
title: V
period: {start: 2021-02-10, end: 2021-11-20}
time_zone: UTC
calendar: days
target_policy: {rate: {maintain: true}}
kpis:
  - {id: mean, title: T, measure: level, aggregate: mean, baseline: 10, target: {value: 20, basis: stated}}
  - {id: max, title: T, measure: level, aggregate: max, baseline: -10, target: {value: -2, basis: stated}}
  - {id: min, title: T, measure: level, aggregate: min, baseline: 10, target: {value: 2, basis: stated}}
  - {id: sunk, title: T, measure: level, direction: increase, baseline: 8, target: {maintain: true, basis: stated}}
  - {id: free, title: T, measure: level, direction: increase, target: {value: 8, basis: stated}}
  - {id: down, title: T, measure: level, direction: decrease, target: {value: 8, basis: stated}}
  - {id: zero, title: T, measure: level, direction: decrease, target: {value: 0, basis: stated}}
  - {id: spent, title: T, measure: total, direction: decrease, target: {value: 8, basis: stated}}
  - {id: newest, title: T, measure: total, aggregate: newest, direction: increase, target: {value: 8, basis: stated}}
  - {id: none, title: T, measure: total, direction: increase, target: {value: 0, basis: stated}}
  - {id: shape, title: T, measure: total, profile: baseline-year, baseline: 4, target: {value: 8, basis: stated}}
  - {id: growth, title: T, measure: level, baseline: 4, target: {value: 8, basis: stated}, thresholds: eurostat}
  - {id: still, title: T, measure: level, direction: increase, target: {value: 8, basis: stated}, thresholds: eurostat}
  - {id: many, title: T, measure: total, cadence: daily, direction: increase, target: {value: 50, basis: stated}}
  - {id: large, title: T, measure: total, direction: increase, target: {value: 98765432109876, basis: stated}}
  - {id: least, title: T, measure: limit, aggregate: min, target: {at_least: 3, basis: stated}}
  - {id: last, title: T, measure: limit, aggregate: newest, target: {at_most: 3, basis: stated}}
  - {id: grade, title: T, measure: grade, scale: [A, B], baseline: B, target: {value: A, basis: stated}}
  - id: points
    title: T
    measure: level
    baseline: 0
    target: {value: 4, basis: stated}
    profile: [{date: 2021-03-31, share: 10%}, {date: 2021-11-20, share: 100%}]
"""
ROWS = {
    "mean": (12, 15, 14), "max": (-9, -5, -7), "min": (9, 6, 7), "sunk": (9, 8, 7), "free": (1, 2, 3), "down": (9, 10, 9.5),
    "zero": (4, 2, 0), "spent": (0, 0, 0), "newest": (1, 2, 3), "none": (-1, 0, 0), "shape": (1, 1, 1), "growth": (4, 5, 6),
    "still": (4, 5, 6), "large": (12345678901.25, 2.5, 7e12), "least": (5, 3, 4), "last": (1, 5, 2), "points": (0, 0.5, 1.5),
}  # fmt: skip


def varied(folder: Path, as_of: date) -> Scorecard:
    """Return the scorecard of a plan by days that has what the showcase has not."""
    (folder / "observations").mkdir()
    (folder / "plan.yaml").write_text(VARIANTS, encoding="utf-8")
    rows = [
        f"{kpi},2021-{month:02}-28,{v}"
        for kpi, values in ROWS.items()
        for month, v in zip((3, 5, 7), values, strict=True)
    ]
    rows += [f"shape,2020-{day},1" for day in ("03-28", "05-28", "07-28", "11-20")] + ["grade,2021-07-28,A"]
    rows += [f"many,{date(2021, 2, 10) + timedelta(days=n)},0.1" for n in range(30)]
    text = "kpi,date,value\n" + "\n".join(rows) + "\n"
    (folder / "observations" / "a.csv").write_text(text, encoding="utf-8")
    scorecard = kpi_tracker.check(folder, as_of)
    assert scorecard.diagnostics == ()
    return scorecard


@pytest.mark.parametrize("as_of", [date(2021, 4, 1), date(2021, 7, 30), date(2021, 12, 1)])
def test_formulas_of_every_measure_and_aggregate_hold(as_of: date, tmp_path: Path) -> None:
    """Means, extremes, budgets, numbers below zero, very large ones, a plan that counts days."""
    scorecard = varied(tmp_path, as_of)
    for kpi in scorecard.kpis:
        explanation = explain(scorecard, kpi.id)
        for figure in explanation.figures:
            if figure.value is None:
                assert figure.reason is not None, figure
                assert figure.filled_in == ""
            elif figure.filled_in:
                got = evaluated(figure.filled_in)
                assert got == (
                    figure.value if isinstance(figure.value, str) else pytest.approx(figure.value, rel=1e-7, abs=1e-8)
                )
            else:
                assert figure.name == "data_date" or kpi.id in ("many", "shape"), figure
        write_explanation(explanation, scorecard, io.StringIO())


def test_what_must_hold_at_every_date_expects_all_of_it() -> None:
    """A level that is maintained expects 1, not the share of the year: its formula says so."""
    figure = next(f for f in explain(scored(), "satisfaction").figures if f.name == "expected")
    assert (figure.value, figure.formula, figure.filled_in) == (1.0, "e = 1", "1")


def test_a_budget_puts_its_square_in() -> None:
    """The e of e² is a number too once the formula is filled in."""
    figure = next(f for f in explain(scored(), "fund").figures if f.name == "attainment")
    assert figure.filled_in == "0.75² · 5000 / 4800"


def test_a_late_step_counts_from_its_own_day() -> None:
    """Days behind of a milestone run from the due day of its oldest open step to the day of the check."""
    scorecard = kpi_tracker.check(PLAN, date(2021, 10, 15))
    figure = next(f for f in explain(scorecard, "registers").figures if f.name == "days_behind")
    assert figure.filled_in == "2021-10-15 − 2021-06-30"


def test_observations_say_which_part_they_play() -> None:
    """Used, superseded, of the base year, not seen yet, outside the KPI's own dates."""
    scorecard = kpi_tracker.check(PLAN, date(2021, 9, 15), datetime(2021, 9, 10))
    roles = {
        (s.observation.date.isoformat(), s.observation.value): s.role
        for s in explain(scorecard, "permits").observations
    }
    assert roles["2021-08-31", 600.0] == "used"
    assert roles["2021-08-31", 650.0] == "later"
    assert roles["2021-09-30", 720.0] == "later"
    later = {
        (s.observation.date.isoformat(), s.observation.value): s.role for s in explain(scored(), "permits").observations
    }
    assert later["2021-08-31", 600.0] == "superseded"
    assert {s.role for s in explain(scored(), "patents").observations} == {"used", "other year"}


def test_observations_after_a_kpi_is_due_are_outside(tmp_path: Path) -> None:
    """A row after the KPI's own due date is shown, and said not to count."""
    (tmp_path / "observations").mkdir()
    (tmp_path / "plan.yaml").write_text(
        "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: 2021\ntime_zone: UTC\nkpis:\n"
        "  - {id: k, title: K, measure: total, direction: increase, due: 2021-06-30, target: {value: 5, basis: stated}}\n",
        encoding="utf-8",
    )
    text = "kpi,date,value\nk,2021-06-30,3\nk,2021-07-31,2\n"
    (tmp_path / "observations" / "a.csv").write_text(text, encoding="utf-8")
    explanation = explain(kpi_tracker.check(tmp_path, AS_OF), "k")
    assert [seen.role for seen in explanation.observations] == ["used", "outside"]


def test_every_number_knows_where_it_was_written() -> None:
    """The KPI, its baseline and its target stand where the explanation says."""
    written = explain(scored(), "permits").written
    assert set(written) == {"kpi", "baseline", "target"}
    for place in written.values():
        assert 0 < place.line <= len(Path(place.file).read_text(encoding="utf-8").splitlines())
    assert explain(scored(), "service").written["goal"].line > 0
    assert explain(scored(), "").written["goal"].file.endswith("plan.yaml")
    assert "baseline" not in explain(scored(), "fund").written
    assert set(explain(scored(), "registers").written) == {"kpi"}


def test_what_the_plan_does_not_have_cannot_be_explained() -> None:
    """An unknown reference is a KeyError."""
    with pytest.raises(KeyError, match="nothing"):
        explain(scored(), "nothing")


def known_numbers(explanation: Explanation) -> list[float]:
    """Return every figure of an explanation, as it stands and as a percentage, with the target and the counts."""
    found = [figure.value for figure in explanation.figures if isinstance(figure.value, int | float)]
    score = explanation.score
    if isinstance(score, KpiScore):
        target = score.kpi.target
        found += [float(target.value)] if target and not isinstance(target.value, str) else []
        found += [float(len(score.kpi.steps))]
    else:
        counts = {status.value: n for status, n in score.counts.items()}
        found += [*counts.values(), sum(counts.values())]
        found.append(sum(counts.get(name, 0) for name in ("breached", "missed", "regressing", "lagging")))
        found.append(
            sum(n for name, n in counts.items() if name not in ("pending", "no_data", "stale", "unknown", "exempt"))
        )
    return [*map(float, found), *(100.0 * value for value in found)]


def assert_explained(text: str, explanation: Explanation) -> int:
    """Assert that every number of `text` is a figure of the explanation, rounded as shown; return how many."""
    known, shown = known_numbers(explanation), numbers(text)
    for value, places in shown:
        assert any(abs(abs(figure) - abs(value)) <= 0.5000001 * 10**-places for figure in known), (value, text)
    return len(shown)


def test_every_number_of_the_check_is_found_in_an_explanation(monkeypatch: pytest.MonkeyPatch) -> None:
    """D4: one scorer feeds every output; the text shows nothing that cannot be taken apart."""
    monkeypatch.setenv("COLUMNS", "119")  # branches as a table, what lags as a list
    file = io.StringIO()
    write_report(scored(), file, "en")
    head, branches, lagging, *_ = file.getvalue().split("\n\n")
    seen = assert_explained("\n".join(head.splitlines()[2:]), explain(scored(), ""))
    for row, goal in zip(branches.splitlines()[2:], [g for g in scored().goals if "/" not in g.path], strict=True):
        seen += assert_explained(row, explain(scored(), goal.path))
    entries = re.split(r"\n(?=\S)", lagging.partition("\n")[2])
    for entry, kpi in zip(entries, scored().lagging, strict=True):
        text = re.sub(r"\(\d+ min.*?\)|CNY 10,000", "", entry.partition("\n")[2].replace(kpi.path, ""))
        seen += assert_explained(text, explain(scored(), kpi.path))
    assert seen > 80


def test_goals_are_explained_by_their_shares() -> None:
    """The parts of a node's children add up to one, and what supports it is marked."""
    explanation = explain(scored(), "safety")
    assert isinstance(explanation.score, GoalScore)
    assert sum(share.part or 0.0 for share in explanation.score.shares) == pytest.approx(1)
    assert [share.path for share in explanation.score.shares if share.support] == ["service/permits"]
    file = io.StringIO()
    write_explanation(explanation, scored(), file)
    assert "supports it" in file.getvalue()
    assert "Breached veto KPIs: safety/accidents" in file.getvalue()


TORN = """\
format: kpi-tracker/v1
id: p
title: P
period: 2021
time_zone: UTC
goals:
  - id: g
    title: G
    kpis:
      - {id: good, title: K, weight: 2, measure: total, direction: increase, target: {value: 5, basis: stated}}
      - {id: silent, title: K, measure: total, direction: increase, target: {value: 5, basis: stated}}
      - {id: torn, title: K, weight: 4, measure: wrong}
      - {id: autumn, title: K, measure: total, direction: increase, start: 2021-12-01, target: {value: 5, basis: stated}}
      - {id: out, title: K, measure: total, direction: increase, target: {value: 5, basis: stated},
         exempt: {kind: cancelled, reason: R, date: 2021-01-01}}
      - {id: light, title: K, weight: 0, measure: total, direction: increase, target: {value: 5, basis: stated}}
  - id: h
    title: H
    kpis:
      - {id: helper, title: K, measure: total, direction: increase, target: {value: 5, basis: stated},
         supports: [{to: g, weight: 3}]}
  - {id: i, title: I, exempt: {kind: cancelled, reason: R, date: 2021-01-01}, kpis: [{id: bad, title: K, measure: wrong},
     {id: fine, title: K, measure: total, direction: increase, target: {value: 5, basis: stated}}]}
"""


@pytest.fixture
def torn(tmp_path: Path) -> Scorecard:
    """Return a plan with what is scored, silent, unreadable, pending, exempt, without weight, and a supporter."""
    (tmp_path / "observations").mkdir()
    (tmp_path / "plan.yaml").write_text(TORN, encoding="utf-8")
    rows = "kpi,date,value\ngood,2021-08-31,3\nhelper,2021-08-31,3\nlight,2021-08-31,3\n"
    (tmp_path / "observations" / "a.csv").write_text(rows, encoding="utf-8")
    return kpi_tracker.check(tmp_path, date(2021, 9, 15))


def test_the_coverage_of_a_node_follows_from_its_children(torn: Scorecard) -> None:
    """Each has its own: 1, 0, that of a goal, or none; their weighted mean is the node's, and the numbers put in say so."""
    goal = torn.find("g")
    assert isinstance(goal, GoalScore)
    assert {share.path: (share.weight, share.coverage, share.support) for share in goal.shares} == {
        "g/good": (2, 1, False), "g/silent": (1, 0, False), "g/torn": (4, 0, False), "g/autumn": (1, None, False),
        "g/out": (1, None, False), "g/light": (0, 1, False), "h/helper": (3, 1, True),
    }  # fmt: skip
    figure = next(one for one in explain(torn, "g").figures if one.name == "coverage")
    assert (figure.value, figure.filled_in) == (0.5, "(2 · 1 + 1 · 0 + 4 · 0 + 3 · 1) / (2 + 1 + 4 + 3)")
    whole = next(one for one in explain(torn, "").figures if one.name == "coverage")  # without what supports it
    assert whole.filled_in == "(1 · 0.2857142857 + 1 · 1) / (1 + 1)"
    for item in ("", "g", "h", "i"):
        check_figures(explain(torn, item))
    out = next(one for one in explain(torn, "i").figures if one.name == "coverage")
    assert (out.value, out.filled_in) == (None, "")


def mean_of(cells: list[list[str]]) -> float:
    """Return the weighted mean of the coverage that the lines of a table of children show."""
    counting = [(float(weight), float(c)) for _, weight, c, _ in cells if c != "–"]
    return sum(weight * c for weight, c in counting) / sum(weight for weight, _ in counting)


def test_the_coverage_can_be_worked_out_from_what_is_printed(torn: Scorecard) -> None:
    """The table of children has all that the coverage of a goal and of the plan rests on, what could not be read too."""
    for item in ("", "g"):
        file = io.StringIO()
        write_explanation(explain(torn, item), torn, file)
        lines = file.getvalue().partition("Child ")[2].partition("\n\n")[0].splitlines()[2:]
        cells = [[parts[i] for i in (0, 2, 6, 7)] for line in lines if (parts := re.split(r"\s{2,}", line.strip()))]
        score = torn.find(item)
        assert isinstance(score, GoalScore)
        assert mean_of(cells) == pytest.approx(score.coverage, abs=1e-6)
        assert {path: role for path, *_, role in cells if role != "stands in it"} == (
            {"g/torn": "left out because of faults", "h/helper": "supports it"} if item else {}
        )


@pytest.mark.parametrize("path", [item.path for item in scored().walk() if isinstance(item, GoalScore)])
def test_the_coverage_of_every_node_is_the_mean_of_its_shares(path: str) -> None:
    """In Python and in JSON: the shares say what they are and what they count for."""
    whole = kpi_tracker.to_dict(scored())
    node = next(one for one in whole["goals"] if one["path"] == path)
    counting = [(s["weight"], s["coverage"]) for s in node["shares"] if s["coverage"] is not None]
    weights = sum(weight for weight, _ in counting)
    assert node["coverage"] == (pytest.approx(sum(w * c for w, c in counting) / weights) if counting else None)


@pytest.mark.parametrize(
    ("day", "filled"), [("05-31", "0 + (1 − 0) · (0.4166666667 − 0) / (0.5 − 0)"), ("06-30", None), ("08-31", "1")]
)
def test_points_that_end_early_expect_everything_after(day: str, filled: str | None, tmp_path: Path) -> None:
    """After the last declared point all of it is expected: there is no line to divide by."""
    (tmp_path / "observations").mkdir()
    (tmp_path / "plan.yaml").write_text(
        "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: 2021\ntime_zone: UTC\nkpis:\n"
        "  - {id: k, title: K, measure: total, direction: increase, target: {value: 5, basis: stated},"
        " profile: [{date: 2021-06-30, share: 100%}]}\n",
        encoding="utf-8",
    )
    (tmp_path / "observations" / "a.csv").write_text(f"kpi,date,value\nk,2021-{day},3\n", encoding="utf-8")
    explanation = explain(kpi_tracker.check(tmp_path, AS_OF), "k")
    assert check_figures(explanation) > 4
    figure = next(figure for figure in explanation.figures if figure.name == "expected")
    assert figure.filled_in == filled or filled is None
