"""What holds of every plan that is carried over, whatever it measures and however much of its year is known."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import kpi_tracker
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.writing.carryover import carry_over
from kpi_tracker.writing.formatting import format_plan
from tests.writing.plans import HEAD, made, monthly

NUMBERS = st.integers(-50, 500) | st.decimals(-5, 500, places=2)
POLICIES = ["total: {improve: 10%}", "level: {maintain: true}", "rate: {change: '+1'}", "grade: {maintain: true}"]


@st.composite
def kpis(draw: st.DrawFn, name: str) -> tuple[str, list[str]]:
    """Draw a KPI as it is written, and its rows."""
    measure = draw(st.sampled_from(["total", "level", "rate", "limit", "milestone", "grade"]))
    lines = [f"id: {name}", f"title: {name}", f"measure: {measure}"]
    months = draw(st.sampled_from([0, 1, 7, 11, 12, 12, 12]))
    values: list[Any] = draw(st.lists(NUMBERS, min_size=months, max_size=months))
    unit = draw(st.sampled_from(["", "件", '"%"', "秒"]))
    if measure == "milestone":
        lines.append("steps: [{id: s, title: S, due: 2021-03-31}, {id: t, title: T, due: 2021-12-31}]")
        values = [draw(st.sampled_from(["s", "t", "s; t", "none"]))] * months
    elif measure == "grade":
        lines += ["scale: [A, B, C]", "target: {value: A, basis: stated}"]
        values = draw(st.lists(st.sampled_from("ABC"), min_size=months, max_size=months))
    elif measure == "limit":
        lines += ["aggregate: sum", f"target: {{at_most: {draw(NUMBERS)}, basis: stated}}"]
    else:
        lines += [f"unit: {unit}"] * bool(unit) + _aimed(draw, draw(NUMBERS))
    exempt = draw(st.sampled_from(["", "", "", "cancelled", "postponed"]))
    lines += [f"exempt: {{kind: {exempt}, reason: R, date: 2021-06-01}}"] * bool(exempt)
    lines += ["supports: [g]"] * draw(st.booleans())
    if draw(st.booleans()):
        return f"  - {{{', '.join(lines)}}}\n", monthly(name, *values)
    return "  - " + "\n    ".join(lines) + f"\n    # of {name}\n", monthly(name, *values)


def _aimed(draw: st.DrawFn, base: Any) -> list[str]:
    """Draw baseline, direction and target of a KPI in numbers."""
    kind = draw(st.sampled_from(["value", "alone", "maintain", "change"]))
    if kind == "alone":
        return ["direction: increase", f"target: {{value: {base}, basis: stated}}"]
    if kind == "maintain":
        return [f"baseline: {base}", "direction: decrease", "target: {maintain: true, basis: stated}"]
    if kind == "change":
        return [f"baseline: {base}", 'target: {change: "-3", basis: derived}']
    return [f"baseline: {base}", f"target: {{value: {base + 7}, basis: stated}}"]


PLANS = st.integers(1, 5).flatmap(lambda n: st.tuples(*[kpis(f"k{i}") for i in range(n)]))


@given(PLANS, st.lists(st.sampled_from(POLICIES), unique=True))
@settings(deadline=None, max_examples=60)
def test_law_a_carried_plan_is_the_same_tree_with_the_results_as_baselines(
    found: tuple[tuple[str, list[str]], ...], policies: list[str]
) -> None:
    """It reads without a fault, has the same items and links, and every baseline is the value in the scorecard."""
    policy = "target_policy: {" + ", ".join(policies) + "}\n" if policies else ""
    head = HEAD.partition("target_policy")[0] + policy
    body = "kpis:\n" + "".join(text for text, _ in found) + "goals:\n  - {id: g, title: G}\n"
    with TemporaryDirectory() as folder:
        plan = made(Path(folder), body, *[row for _, rows in found for row in rows], head=head)
        scorecard = kpi_tracker.check(plan, date(2021, 12, 31))
        carried = carry_over(plan)
        assert read_plan(carried.folder).diagnostics == ()
        again = carry_over(carried.folder)
        for new in (carried.plan, again.plan):
            assert [(path, item.supports) for path, item in new.walk()] == [
                (path, item.supports) for path, item in scorecard.plan.walk()
            ]
        assert not [one.file for one in format_plan(carried.folder, write=False) if one.changed]
        based = _baselines(carried.plan)
        known = {path: score.value for path in based if isinstance(score := scorecard.items[path], KpiScore)}
        assert based == known
        told = {remark.path for remark in carried.remarks if remark.matter.value == "no_baseline"}
        missing = {path for path, kpi in carried.plan.walk() if isinstance(kpi, Kpi) and path not in based}
        assert {path for path in missing if carried.plan.find(path)[1].measure.value != "milestone"} == told  # type: ignore[union-attr]


def _baselines(plan: kpi_tracker.Plan) -> dict[str, float | str]:
    return {path: kpi.baseline.value for path, kpi in plan.walk() if isinstance(kpi, Kpi) and kpi.baseline}
