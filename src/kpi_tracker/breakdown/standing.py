"""How the parts of a KPI stand: each is scored as a KPI of its own, by the same functions as the whole."""

from collections.abc import Callable
from datetime import date, datetime

from kpi_tracker.breakdown.parts import PartsOf, parts_of
from kpi_tracker.breakdown.reconciliation import discrepancies, totals_known, unreported
from kpi_tracker.model import reasons
from kpi_tracker.model.breakdown import Member, members_of
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Adds, Aggregate, Cadence, Measure, Status
from kpi_tracker.model.observation import Observation, Parts, Series
from kpi_tracker.model.scorecard import NO_OUTLOOK, KpiScore, PartScore
from kpi_tracker.model.thresholds import Thresholds
from kpi_tracker.record import changed
from kpi_tracker.schedule import span_of

__all__ = ["Judge", "refuse_strange_parts", "with_parts"]

Judge = Callable[[str, Kpi, Thresholds, Series], KpiScore]
IN_WORDS = (Measure.MILESTONE, Measure.GRADE)
NOT_JUDGED = ("attainment", "expected", "pace", "lag", "days_behind", "gap", "outlook")


def with_parts(
    score: KpiScore, plan: Plan, parts: Parts, as_of: date, known_at: datetime | None, judge: Judge
) -> KpiScore:
    """Return a score with those of its parts, where they do not make it, and who has not reported."""
    kpi = score.kpi
    found = parts_of(plan, kpi, parts)
    scored = tuple(
        PartScore(one.breakdown.by, member, part, _share(one, member, part, score, judge))
        for one in found
        for member in one.members
        for part in (_part(one, member, score, judge, one.series[member.id]),)
    )
    if kpi.measure in IN_WORDS:
        return changed(score, parts=scored)
    first = date.fromordinal(span_of(kpi, plan).start)
    totals = {
        day: row for day, row in totals_known(score.series, known_at).items() if first <= day <= as_of
    }  # fmt: skip
    counting = _counting(score, totals)
    return changed(
        score,
        parts=scored,
        discrepancies=tuple(gap for one in found for gap in discrepancies(one, counting, known_at)),
        unreported=tuple(
            lack for one in found if one.breakdown.adds is not Adds.NONE
            for lack in unreported(one, totals, known_at) if first <= lack.date <= as_of
        ),
    )  # fmt: skip


def _counting(score: KpiScore, totals: dict[date, Observation]) -> dict[date, Observation]:
    """Return the totals that the value of a KPI rests on: the newest one, or all of a sum, a mean or an extreme."""
    kpi = score.kpi
    every = kpi.aggregate not in (None, Aggregate.NEWEST) or (kpi.aggregate is None and kpi.measure is Measure.TOTAL)
    last = score.data_date
    return {day: row for day, row in totals.items() if last is not None and (day == last or (every and day < last))}


def _part(parts: PartsOf, member: Member, whole: KpiScore, judge: Judge, series: Series) -> KpiScore:
    """Return the score of one part, against the member's own target where the plan states one."""
    kpi, own = whole.kpi, parts.breakdown.own(member)
    target = own.target or (kpi.target if parts.breakdown.same_target else None)
    part = changed(
        kpi, breakdown=(), formula=None, target=target, baseline=own.baseline, owner=member.owner or kpi.owner,
        cadence=Cadence.IRREGULAR if member.optional else kpi.cadence,
    )  # fmt: skip
    judged = target is not None or kpi.measure is Measure.MILESTONE
    # A bound and a grade are judged against something: where the member has nothing, the figure alone is kept.
    asked = part if judged or kpi.measure not in (Measure.LIMIT, Measure.GRADE) else changed(part, target=kpi.target)
    score = changed(judge(whole.path, asked, whole.thresholds, series), rows_left_out=0)
    return score if judged or score.value is None else _not_judged(score, part)


def _not_judged(score: KpiScore, part: Kpi) -> KpiScore:
    """Return the score of a part without a target: what it has, and whether that is current."""
    if score.thresholds.by == "growth" and score.growth is not None and score.growth.observed is not None:
        return score  # those thresholds judge growth where there is no target
    return changed(
        score, kpi=part, status=Status.STALE if score.overdue else Status.UNKNOWN, underlying=None, severity=0,
        attainment=None, expected=None, pace=None, lag=None, days_behind=None, gap=None, met=None, formula="",
        outlook=NO_OUTLOOK, growth=None,
        reasons={**score.reasons, **dict.fromkeys(NOT_JUDGED, reasons.NO_TARGET)},
    )  # fmt: skip


def _share(parts: PartsOf, member: Member, part: KpiScore, whole: KpiScore, judge: Judge) -> float | None:
    """Return the share of a part in a total that is the sum of its parts, both up to the date of the total."""
    until, total = whole.data_date, whole.value
    if parts.breakdown.adds is not Adds.SUM or until is None or part.data_date is None:
        return None
    if part.data_date > until:  # whoever reports early has a share in what is known of all
        rows = [row for row in parts.series[member.id].rows if row.date <= until]
        part = _part(parts, member, whole, judge, Series.of(rows)) if rows else part
    x = part.value
    if part.data_date != until or not isinstance(x, float | int) or not isinstance(total, float | int):
        return None
    return x / total if total > 0 and x >= 0 else None


def refuse_strange_parts(plan: Plan, parts: Parts) -> None:
    """Refuse observations of parts that the plan does not know: they would be left out in silence.

    Raises:
        ValueError: there are such.
    """
    known = {
        (item.id, breakdown.by, member.id)
        for _, item in plan.walk() if isinstance(item, Kpi)
        for breakdown in item.breakdown
        if (dimension := plan.dimension(breakdown.by)) is not None
        for member in members_of(breakdown, dimension)
    }  # fmt: skip
    for kpi, series in parts.items():
        for part in series:
            if (kpi, *part) not in known:
                raise ValueError(
                    f"there are observations of {kpi} for {'='.join(part)}, which the plan {plan.id!r} does not know"
                )
