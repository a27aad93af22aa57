"""Every folder of tests/plans/positive is a plan without a fault."""

from datetime import date
from pathlib import Path

import pytest

from kpi_tracker.loading.plan import read_plan
from kpi_tracker.model.breakdown import members_of
from kpi_tracker.model.datasource import Role, SourceKind
from kpi_tracker.model.exactness import exact
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi, ProfileKind
from kpi_tracker.model.measure import Adds, Basis, Cadence, Direction
from kpi_tracker.model.period import Calendar, Period
from kpi_tracker.model.target import TargetForm, Tolerance
from kpi_tracker.secret import Secret
from tests.loading.written import PLANS, SHIPPED, paths, plan_of

POSITIVE = [*sorted(folder for folder in (PLANS / "positive").iterdir() if folder.is_dir()), SHIPPED]


def kpi(plan: Plan, name: str) -> Kpi:
    """Return a KPI by its id."""
    found = plan.find(name)[1]
    assert isinstance(found, Kpi)
    return found


def value(plan: Plan, name: str) -> tuple[float | str | None, float | str | None]:
    """Return baseline and target of a KPI."""
    found = kpi(plan, name)
    return found.baseline.value if found.baseline else None, found.target.value if found.target else None


@pytest.mark.parametrize("folder", POSITIVE, ids=lambda folder: folder.name)
def test_positive_plan_has_no_fault(folder: Path) -> None:
    """Nothing is said about it, and it holds a KPI."""
    reading = read_plan(folder)
    assert [fault.render("en") for fault in reading.diagnostics] == []
    assert plan_of(reading).counts[1] > 0


@pytest.mark.parametrize("folder", POSITIVE, ids=lambda folder: folder.name)
def test_every_item_knows_where_it_was_written(folder: Path) -> None:
    """The line of every item holds its id, or opens the mapping that does."""
    for _, item in plan_of(read_plan(folder)).walk():
        lines = Path(item.where.file).read_text(encoding="utf-8-sig").splitlines()
        assert any(item.id in line for line in lines[item.where.line - 1 :][:1])


def test_plan_in_chinese_is_read_as_written() -> None:
    """万, 亿, full-width digits, durations, percentage points and dates mean what they say, to the last digit."""
    plan = plan_of(read_plan(PLANS / "positive" / "in-chinese"))
    assert plan.period == Period(date(2021, 1, 1), date(2021, 12, 31))
    assert paths(plan) == ["新增主体", "罚没款", "响应时间", "合格率", "用电", "考核"]
    assert value(plan, "新增主体") == (13_600.0, 16_600.0)
    assert value(plan, "罚没款") == (4920.5, 12_000.0)
    assert kpi(plan, "罚没款").due == date(2021, 11, 30)
    assert value(plan, "响应时间") == (exact(233 / 60), 3.0)
    assert kpi(plan, "响应时间").direction is Direction.DECREASE
    assert value(plan, "合格率") == (98.2, 98.7)
    assert value(plan, "用电") == (30_000.0, 27_000.0)
    assert value(plan, "考核") == ("良好", "优秀")


def test_every_key_reaches_the_plan() -> None:
    """What the header states is in the plan."""
    plan = plan_of(read_plan(PLANS / "positive" / "every-key"))
    assert (plan.id, str(plan.title), plan.time_zone, plan.baseline_year) == (
        "every-key", "全部键 / Every key", "Asia/Shanghai", 2020,
    )  # fmt: skip
    assert (plan.calendar, plan.cadence, plan.grace, plan.coverage_floor) == (
        Calendar.DAYS, Cadence.QUARTERLY, 15, 0.75,
    )  # fmt: skip
    assert plan.thresholds.lag_floor == 2
    assert [band.lower for band in plan.thresholds.bands] == [1.2, 0.9, 0.7, None]
    assert [band.lower for band in plan.presets["strict"].bands] == [None, 0, 5, 20]
    assert [band.lower for band in plan.presets["by-pace"].bands] == [0.5, None]
    assert plan.kinds["focus"].count == 2
    assert plan.owner is not None
    assert plan.owner.zh == "Office"
    assert plan.source is not None
    assert plan.source.printed == "3700多家"
    assert [Path(file).name for file in plan.files] == ["plan.yaml", "a.yaml", "deeper.yaml"]
    assert [Path(file).name for file in plan.observation_files] == ["2021.csv"]
    assert [fact.id for fact in plan.facts] == ["registered", "prize", "deep-fact"]
    system, monthly, lake, lines, archive = plan.sources
    assert system.parameters == {"year": 2021, "office": "007"}
    assert system.kpis == {"A01": "first/full", "102": "held-level"}
    assert (system.timeout, system.url, system.columns[Role.PERIOD]) == (120.0, Secret(env="CASE_DB_URL"), "month")
    assert (monthly.watch, monthly.patterns, monthly.files) == (True, ("incoming/*.csv",), ())
    assert (lake.folder, lake.unit, lake.kind) == ("/srv/lake", "万元", SourceKind.PARQUET)
    assert (archive.select, archive.url) == ("SELECT a, b, c FROM d", Secret(file="~/archive"))
    assert (lines.id, lines.kpis, lines.timeout) == ("lines", {}, 60.0)
    assert [fact.value for fact in plan.facts] == [1234.0, "First", None]
    assert plan.counts == (4, 13, 4)


def test_every_key_reaches_the_items() -> None:
    """What goals and KPIs state is in them."""
    plan = plan_of(read_plan(PLANS / "positive" / "every-key"))
    first = plan.find("first")[1]
    assert isinstance(first, Goal)
    assert first.exempt is not None
    assert (first.weight, first.tags, first.supports[0].to, first.thresholds) == (2.0, ("a", "b"), "second", "strict")
    full = kpi(plan, "first/full")
    assert full.baseline is not None
    assert full.baseline.abnormal is not None
    assert (full.baseline.value, full.baseline.year, full.baseline.approximate) == (49_200.0, 2019, True)
    assert (full.baseline.abnormal.year, full.baseline.abnormal.value) == (2018, 50_000.0)
    assert full.target is not None
    assert (full.target.value, full.target.basis, full.target.written) == (60_000.0, Basis.STATED, "60,000")
    assert full.profile is ProfileKind.POINTS
    assert [(point.date, point.share) for point in full.points] == [(date(2021, 6, 30), 0.4), (date(2021, 11, 30), 1.0)]
    assert (full.supports[0].to, full.supports[0].weight) == ("second/third", 2.0)
    assert (full.veto, full.binding, full.weight, full.grace, full.cadence) == (True, False, 0.5, 5, Cadence.MONTHLY)
    steps = kpi(plan, "steps").steps
    assert [(step.id, step.due, step.weight) for step in steps] == [
        ("draft", date(2021, 3, 31), 1.0), ("done", date(2021, 12, 31), 3.0),
    ]  # fmt: skip


def test_every_key_of_a_breakdown_reaches_its_kpi() -> None:
    """What a KPI says about its parts, and what the plan says about dimensions, is there as written."""
    plan = plan_of(read_plan(PLANS / "positive" / "every-key"))
    district, unit = plan.dimensions
    assert (district.id, str(district.title), district.whole, unit.id) == (
        "district",
        "区 / District",
        ("全市", "All"),
        "unit",
    )
    assert [(m.id, str(m.title), m.optional, m.formerly) for m in district.members] == [
        ("north", "北区 / North", False, ("Upper",)), ("south", "south", True, ()), ("东郊", "东郊", False, ()),
    ]  # fmt: skip
    assert str(district.members[0].owner) == "North Office"
    first, second = kpi(plan, "first/full").breakdown
    assert (first.by, first.adds, first.tolerance) == ("district", Adds.SUM, Tolerance(0.01, relative=True))
    assert [member.id for member in members_of(first, district)] == ["north", "south"]
    own = first.own(district.members[0])
    assert own.target is not None
    assert own.baseline is not None
    assert (own.target.value, own.baseline.value, second.adds) == (40_000.0, 30_000.0, Adds.NONE)
    (weighed,) = kpi(plan, "policy-level").breakdown
    assert [weighed.own(member).weight for member in district.members] == [2.0, 1.0, 0.0]
    (rated,) = kpi(plan, "unbound").breakdown
    assert (rated.weigh_by, rated.same_target) == ("first/full", True)
    assert plan.dimension("none") is None


def test_policy_gives_targets_that_are_assumed() -> None:
    """A KPI without a target has that of the policy for its measure, in its own direction."""
    plan = plan_of(read_plan(PLANS / "positive" / "every-key"))
    assert value(plan, "policy-total") == (200.0, 180.0)
    assert value(plan, "policy-level") == (20.0, 18.0)
    assert value(plan, "policy-rate") == (80.0, 76.0)
    assert value(plan, "graded") == ("B", "B")
    for name in ("policy-total", "policy-level", "policy-rate", "graded"):
        target = kpi(plan, name).target
        assert target is not None
        assert target.by_policy
        assert target.basis is Basis.ASSUMED


def test_eurostat_thresholds_need_no_target_for_levels_and_rates() -> None:
    """That preset judges growth: neither the policy nor a fault gives such a KPI a target."""
    plan = plan_of(read_plan(PLANS / "positive" / "every-key"))
    assert kpi(plan, "growing").target is None
    assert kpi(plan, "unbound").target is None


def test_level_to_hold_keeps_its_tolerance_apart() -> None:
    """`maintain: 5秒` holds the baseline of 233 seconds, five seconds more being allowed."""
    held = kpi(plan_of(read_plan(PLANS / "positive" / "every-key")), "held-level")
    assert held.target is not None
    assert (held.target.value, held.target.form) == (233.0, TargetForm.MAINTAIN)
    assert held.target.tolerance == Tolerance(5.0, relative=False)


def test_aliases_stand_for_what_they_name() -> None:
    """A text, a mapping and a list that are written once and used twice are the same in both places."""
    plan = plan_of(read_plan(PLANS / "positive" / "aliases"))
    assert plan.notes == plan.title == kpi(plan, "first").title
    assert value(plan, "third") == (16.0, 20.0)
    assert kpi(plan, "second").tags == kpi(plan, "third").tags == ("#1", "2")
    first = kpi(plan, "first")
    assert first.target is not None
    assert first.source == first.target.source


def test_A3_and_A4_zero_is_a_target_like_any_other() -> None:
    """From 200 down to 0: the target is 0, and the direction shows."""
    plan = plan_of(read_plan(PLANS / "positive" / "named-yml"))
    assert value(plan, "deep/deeper/deepest/only") == (200.0, 0.0)
    assert kpi(plan, "only").direction is Direction.DECREASE
