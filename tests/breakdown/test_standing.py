"""How parts stand beside the whole: each by the same rules, never greener than what is known."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tracker.assessment import score
from kpi_tracker.model.measure import Adds, Measure, Status
from kpi_tracker.model.observation import Observation, Observations
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.target import Baseline
from kpi_tracker.model.thresholds import PRESETS
from kpi_tracker.record import changed
from tests.breakdown.made import by, city, own, part, parts, rows, scored, whole
from tests.builders import card, exempt, kpi, limit, plan, score_of, steps, target

JAN, FEB, MAR = "2021-01-31", "2021-02-28", "2021-03-31"


def standing(card: Scorecard, name: str = "k") -> KpiScore:
    """Return the score of a KPI."""
    return score_of(card, name)


def test_a_member_with_a_target_of_its_own_is_scored_like_a_kpi() -> None:
    """Value, attainment, pace and status are those of a KPI with that target and baseline alone in a plan."""
    one = city(
        kpi("k", t=1200, b=1000, breakdown=by(Adds.SUM, own("port", target=target(300), baseline=Baseline(200.0))))
    )
    given = [*rows("k", JAN, 50, 30, 20), *rows("k", FEB, 50, 30, 10)]
    found = parts(standing(scored(one, given, MAR)))["port"].score
    alone = standing(card(plan(kpi("k", t=300, b=200)), [whole("k", JAN, 20), whole("k", FEB, 10)], MAR))
    for name in ("value", "attainment", "expected", "pace", "lag", "status", "days_behind", "comparisons", "outlook"):
        assert getattr(found, name) == getattr(alone, name)
    assert found.status is Status.LAGGING


def test_a_member_without_a_target_has_a_value_and_a_share_and_is_not_judged() -> None:
    """It is neither green nor red; with a baseline of its own there is growth."""
    one = city(kpi("k", t=1200, breakdown=by(Adds.SUM, own("east", baseline=Baseline(600.0)))))
    found = parts(standing(scored(one, rows("k", JAN, 60, 30, 30), "2021-02-05")))
    east = found["east"]
    assert (east.score.value, east.share, east.score.status) == (60.0, 0.5, Status.UNKNOWN)
    assert east.score.attainment is None
    assert east.score.met is None
    assert east.score.comparisons[0].relative == pytest.approx(0.2)
    assert found["west"].score.comparisons == ()


def test_pitfall_a_member_that_has_not_reported_is_missing_and_not_zero() -> None:
    """It has no value; the whole has no total, is stale once it is overdue, and says who is missing."""
    one = city(kpi("k", t=1200, breakdown=by()))
    given = [*rows("k", JAN, 60, 30, 30), *rows("k", FEB, 60, 30)]
    before, after = (standing(scored(one, given, day)) for day in ("2021-03-10", "2021-03-11"))
    assert (before.value, before.status, before.data_problem) == (120.0, Status.AHEAD, False)
    assert (after.value, after.status, after.data_problem) == (120.0, Status.STALE, True)
    (lack,) = after.unreported
    assert (lack.date, [member.id for member in lack.members]) == (date(2021, 2, 28), ["port"])
    found = parts(after)
    assert found["port"].score.status is Status.STALE
    assert found["east"].score.status is Status.UNKNOWN
    assert found["port"].share == 0.25
    assert found["east"].share == 0.5  # 60 of the 120 that are known of all, though east has more by now
    first = parts(standing(scored(one, [whole("k", JAN, 9), *rows("k", FEB, 1)], MAR)))["east"]
    assert first.share is None


def test_a_part_that_never_reported_has_no_data() -> None:
    """Pending before its first figure is overdue."""
    one = city(kpi("k", t=1200, breakdown=by()))
    early, late = (parts(standing(scored(one, rows("k", JAN, 1, 2), day)))["port"] for day in ("2021-02-01", MAR))
    assert (early.score.status, late.score.status) == (Status.PENDING, Status.NO_DATA)
    assert late.score.value is None
    assert late.share is None


def test_an_optional_member_is_never_overdue() -> None:
    """It reports where it has something."""
    one = city(kpi("k", t=1200, breakdown=by()), optional="port")
    assert parts(standing(scored(one, rows("k", JAN, 1, 2), MAR)))["port"].score.status is Status.PENDING


def test_pitfall_a_gap_between_total_and_parts_is_a_data_problem() -> None:
    """The status is that of the total; the KPI stands among the data problems, with both figures."""
    one = city(kpi("k", t=1200, breakdown=by()))
    found = scored(one, [*rows("k", JAN, 60, 30, 30), whole("k", JAN, 125)], "2021-02-05")
    kpi_score = standing(found)
    assert (kpi_score.status, kpi_score.value, kpi_score.data_problem) == (Status.AHEAD, 125, True)
    (gap,) = kpi_score.discrepancies
    assert (gap.total, gap.parts, gap.difference, gap.allowed) == (125.0, 120.0, 5.0, 0.0)
    assert found.data_problems == (kpi_score,)


def test_a_gap_counts_where_its_date_does() -> None:
    """Of a level only the newest date; of a sum all of them; none that lies after the day of the check."""
    level = city(kpi("k", Measure.LEVEL, t=1200, breakdown=by()))
    summed = city(kpi("k", t=1200, breakdown=by()))
    given = [*rows("k", JAN, 1, 2, 3), whole("k", JAN, 7), *rows("k", FEB, 1, 2, 3)]
    assert standing(scored(level, given, "2021-02-05")).discrepancies != ()
    assert standing(scored(level, given, "2021-03-05")).discrepancies == ()
    assert standing(scored(summed, given, "2021-03-05")).discrepancies != ()
    assert standing(scored(summed, given, "2021-01-05")).discrepancies == ()


def test_what_was_known_then_decides_about_a_gap() -> None:
    """The total is corrected in March: seen from February all was well."""
    one = city(kpi("k", t=1200, breakdown=by()))
    given = [*rows("k", JAN, 1, 2, 3), whole("k", JAN, 6), whole("k", JAN, 9, "2021-03-03")]
    assert standing(scored(one, given, "2021-04-05")).discrepancies != ()
    assert standing(scored(one, given, "2021-04-05", "2021-03-02")).discrepancies == ()
    assert (
        standing(scored(one, [*rows("k", JAN, 1, 2, 3, recorded="2021-02-03")], "2021-04-05", "2021-02-02")).value
        is None
    )


def test_the_target_of_the_kpi_may_hold_for_every_member() -> None:
    """A rate that every town has to keep; a target of its own goes before it."""
    rate = kpi("k", Measure.RATE, t=95, breakdown=by(Adds.MEAN, own("port", target=target(90)), same_target=True))
    found = parts(standing(scored(city(rate), rows("k", JAN, 96, 80, 91), "2021-02-05")))
    assert [found[name].score.status for name in ("east", "west", "port")] == [
        Status.ON_TRACK, Status.AT_RISK, Status.ON_TRACK,
    ]  # fmt: skip


def test_limits_grades_and_steps_may_be_shown_by_member() -> None:
    """A bound is the whole's: a member is not judged by it; steps are the same for each."""
    bound = changed(limit("k", at_most=3), breakdown=by())
    found = parts(standing(scored(city(bound), rows("k", JAN, 4, 0, 0), "2021-02-05")))
    assert (found["east"].score.value, found["east"].score.status, found["east"].score.met) == (
        4.0,
        Status.UNKNOWN,
        None,
    )
    graded = kpi("k", Measure.GRADE, t="A", scale=("A", "B"), breakdown=by(Adds.NONE))
    grades = [part("k", JAN, "east", "A"), part("k", JAN, "west", "B")]
    found = parts(standing(scored(city(graded), grades, "2021-02-05")))
    assert [found[name].score.value for name in ("east", "west", "port")] == ["A", "B", None]
    assert found["east"].score.status is Status.UNKNOWN
    road = kpi("k", Measure.MILESTONE, steps=steps(("2021-01-31", 1), ("2021-06-30", 1)), breakdown=by(Adds.NONE))
    done = [part("k", JAN, "east", ("s1",)), part("k", JAN, "west", ())]
    found = parts(standing(scored(city(road), done, "2021-02-05")))
    assert [found[name].score.attainment for name in ("east", "west")] == [0.5, 0.0]


def test_growth_thresholds_judge_a_part_without_a_target() -> None:
    """They need a baseline only; without one there is nothing to say."""
    level = kpi("k", Measure.LEVEL, b=10, t=20, thresholds=PRESETS["eurostat"],
                breakdown=by(Adds.SUM, own("east", baseline=Baseline(10.0))))  # fmt: skip
    found = parts(standing(scored(city(level), rows("k", JAN, 12, 3, 4), "2021-02-05")))
    assert found["east"].score.status is Status.ON_TRACK
    assert found["west"].score.status is Status.UNKNOWN


def test_an_exempt_kpi_has_no_parts() -> None:
    """It is out of every count."""
    one = city(kpi("k", t=12, breakdown=by(), exempt=exempt("2021-01-01")))
    assert standing(scored(one, rows("k", JAN, 1, 2, 3), "2021-02-05")).parts == ()


def test_a_breakdown_by_what_could_not_be_read_is_passed_over() -> None:
    """The plan says what is wrong with it."""
    one = plan(kpi("k", t=12, breakdown=by()))
    assert standing(card(one, [whole("k", JAN, 2)], "2021-02-05")).parts == ()


def test_illustrative_parts_show_on_the_kpi_and_the_scorecard() -> None:
    """Even where the total itself is reported."""
    one = city(kpi("k", t=12, breakdown=by()))
    given = [whole("k", JAN, 3), part("k", JAN, "east", 1, illustrative=True)]
    found = scored(one, given, "2021-02-05")
    assert found.illustrative
    assert standing(found).illustrative


def test_no_share_of_what_is_no_sum_or_not_above_zero() -> None:
    """A share is a part of a whole that is larger than nothing."""
    for adds, figures in ((Adds.MAX, (1, 2, 3)), (Adds.SUM, (-9, 2, 3)), (Adds.SUM, (-1, 2, 3))):
        one = city(kpi("k", t=12, breakdown=by(adds)))
        assert parts(standing(scored(one, rows("k", JAN, *figures), "2021-02-05")))["east"].share is None


def test_observations_of_an_unknown_part_are_refused() -> None:
    """In memory as in files: they would be left out in silence."""
    one = city(kpi("k", t=12, breakdown=by()), kpi("plain", t=12))
    for row in (part("k", JAN, "north", 1), part("plain", JAN, "east", 1), part("none", JAN, "east", 1)):
        with pytest.raises(ValueError, match="which the plan 'p' does not know"):
            score(one, [row], date(2021, 2, 5))
    some = city(kpi("k", t=12, breakdown=by(members=("east", "west"))))
    with pytest.raises(ValueError, match="which the plan 'p' does not know"):
        score(some, [part("k", JAN, "port", 1)], date(2021, 2, 5))
    with pytest.raises(ValueError, match="which the plan 'p' does not know"):
        score(plan(kpi("k", t=12, breakdown=by())), [part("k", JAN, "east", 1)], date(2021, 2, 5))


figures = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 500)), min_size=1, max_size=12, unique_by=lambda f: f[0]
)


@settings(deadline=None)
@given(figures, st.dates(date(2021, 1, 1), date(2021, 12, 31)))
def test_law_a_plan_without_dimensions_scores_exactly_as_before(found: list[tuple[int, int]], as_of: date) -> None:
    """The total that parts make scores as the same total reported; all that a breakdown adds is its parts."""
    days = [f"2021-{month:02}-28" for month, _ in found]
    given_parts = [row for when, (_, n) in zip(days, found, strict=True) for row in rows("k", when, n, 2 * n, 3 * n)]
    totals: list[Observation] = [whole("k", when, 6 * n) for when, (_, n) in zip(days, found, strict=True)]
    apart = standing(scored(city(kpi("k", t=1200, breakdown=by())), given_parts, as_of.isoformat()))
    plain = standing(card(plan(kpi("k", t=1200)), totals, as_of.isoformat()))
    same = changed(apart, kpi=plain.kpi, series=plain.series, parts=())
    assert same == plain
    assert Observations(totals).parts == {}
