"""Generated plans for measuring: KPIs as the shipped plan writes them, as many as asked for."""

from datetime import date

from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Basis, Direction, Measure
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.period import Period
from kpi_tracker.model.target import Baseline, Target
from kpi_tracker.model.unit import Text
from kpi_tracker.notation.number import unit_of

HEAD = """\
format: kpi-tracker/v1
id: generated
title: {zh: 生成的计划, en: A generated plan}
period: 2021
time_zone: Asia/Shanghai
target_policy:
  total: {improve: 10%}
goals:
"""
GOAL = """\
- id: area-%d
  title: {zh: 第%d项重点, en: Focus area %d}
  kpis:
"""
KPI = """\
  - id: cases-%(n)d
    title: {zh: 第%(n)d类案件办结数, en: Cases of kind %(n)d closed}
    measure: total
    direction: increase
    unit: {zh: 件, en: cases}
    baseline:
      value: %(value)d
      approximate: true
      source: {section: 盘点·强化监管, printed: "%(value)d"}
    target:
      change: "+10%%"
      basis: assumed
      notes: {zh: 原文未给出目标，按上年增长一成设定, en: "The source gives no target; a tenth above last year is ours"}
    owner: {zh: 综合行政执法队, en: Enforcement brigade}
    weight: 2
    tags: [执法, 案件]
    notes: {zh: 含行政处罚与移送案件，按办结日期统计, en: "Penalties and referrals, counted by the date of closing"}
"""
A_GOAL = 100


def plan_text(kpis: int) -> str:
    """Return the YAML of a plan of `kpis` KPIs, a hundred to a goal."""
    parts = [HEAD]
    for n in range(kpis):
        if n % A_GOAL == 0:
            parts.append(GOAL % ((n // A_GOAL,) * 3))
        parts.append(KPI % {"n": n, "value": 100 + n})
    return "".join(parts)


def plan_and_observations(kpis: int) -> tuple[Plan, list[Observation]]:
    """Return a plan of `kpis` totals in memory, and twelve monthly observations of each."""
    unit = unit_of("件", "cases")
    ends = [date(2021, month + 1, 1).toordinal() - 1 for month in range(1, 12)] + [date(2021, 12, 31).toordinal()]
    days = [date.fromordinal(end) for end in ends]
    goals, rows = [], []
    for first in range(0, kpis, A_GOAL):
        members = []
        for n in range(first, min(first + A_GOAL, kpis)):
            name, base = f"cases-{n}", float(100 + n % 1000)
            target = Target(base * 1.1, Basis.ASSUMED)
            members.append(
                Kpi(name, Text(name, name), Measure.TOTAL, unit, Direction.INCREASE, False, Baseline(base), target)
            )
            rows += [Observation(name, day, float((n * 7 + i * 13) % 90)) for i, day in enumerate(days)]
        goal = f"area-{first // A_GOAL}"
        goals.append(Goal(goal, Text(goal, goal), kpis=tuple(members)))
    plan = Plan("generated", Text("生成", "generated"), Period(date(2021, 1, 1), date(2021, 12, 31)), "Asia/Shanghai", 2020,
                goals=tuple(goals))  # fmt: skip
    return plan, rows
