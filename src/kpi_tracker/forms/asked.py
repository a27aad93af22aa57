"""What is asked of whom for a period: one row for each KPI, or for each step of a milestone."""

from collections.abc import Iterable, Iterator
from datetime import date

from kpi_tracker.baseyear import shifted
from kpi_tracker.calendar import covering_end
from kpi_tracker.intake.plaintable import adds_up
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.breakdown import Member, members_of
from kpi_tracker.model.goal import Goal, Plan, within
from kpi_tracker.model.kpi import Kpi, Step
from kpi_tracker.model.measure import Adds, Cadence, Measure
from kpi_tracker.model.observation import EMPTY, Observation, ObservationBasis, Observations
from kpi_tracker.model.unit import Text
from kpi_tracker.record import changed, record
from kpi_tracker.schedule import years_back

__all__ = ["NOBODY", "Asked", "asked", "marks"]

NOBODY = Text("未定责任科室", "No owner")
ANY_DAY = (Cadence.DAILY, Cadence.WEEKLY, Cadence.IRREGULAR)


@record
class Asked:
    """A row of a form: the KPI, its step if it has steps, whose it is, and what is known of it.

    For a `member` the KPI has that member's own target and baseline, and `part` says of which dimension it is.

    `last` is its newest observation up to `day`, `then` that of the same day of the baseline year; `due` is when the
    figure has to be there; `floor` tells that it cannot be negative.
    """

    kpi: Kpi
    step: Step | None
    owner: Text
    day: date
    wanted: Phrase
    due: date | None
    last: Observation | None
    then: Observation | None
    floor: bool
    member: Member | None = None
    part: tuple[str, ...] = ()


def asked(plan: Plan, observations: Observations, day: date) -> tuple[tuple[Asked, ...], int]:
    """Return the rows of the figures whose period ends on `day`, and how many KPIs have no figure that ends then."""
    rows: list[Asked] = []
    others = 0
    for path, item in plan.walk():
        if isinstance(item, Kpi):
            found = tuple(_rows(plan, observations, path, item, day)) if _is_due(plan, item, day) else ()
            rows.extend(found)
            others += not found
    return tuple(rows), others


def _is_due(plan: Plan, kpi: Kpi, day: date) -> bool:
    """Tell whether a figure of the KPI ends on `day`: it runs then, and so does a period of its cadence."""
    cadence = kpi.cadence or plan.cadence
    start, end = kpi.start or plan.period.start, kpi.due or plan.period.end
    runs = start <= day <= date.fromordinal(covering_end(cadence, end.toordinal()))
    out = kpi.exempt is not None and kpi.exempt.date <= day
    return runs and not out and (cadence in ANY_DAY or covering_end(cadence, day.toordinal()) == day.toordinal())


def _rows(plan: Plan, observations: Observations, path: str, kpi: Kpi, day: date) -> Iterator[Asked]:
    cadence = kpi.cadence or plan.cadence
    grace = plan.grace if kpi.grace is None else kpi.grace
    due = None if cadence is Cadence.IRREGULAR else date.fromordinal(day.toordinal() + grace)
    steps: tuple[Step | None, ...] = kpi.steps if kpi.measure is Measure.MILESTONE else (None,)
    for asked_of, member, part in _parts(plan, kpi):
        parts = observations.parts.get(kpi.id, {})
        series = parts.get(part, EMPTY) if part else observations.get(kpi.id, EMPTY)
        then = date.fromordinal(shifted(day.toordinal(), -years_back(asked_of, plan)))
        newest = {row.date: row for row in series.rows}
        last = max((d for d in newest if d <= day), default=None)
        known = (newest[last] if last else None, newest.get(then) if then != day else None)
        floor = kpi.measure in (Measure.TOTAL, Measure.LIMIT) and _never_negative(asked_of, newest.values())
        owner = member.owner if member and member.owner else _owner(plan, path, kpi)
        for step in steps:
            yield Asked(asked_of, step, owner, day, _wanted(kpi, cadence, day), due, *known, floor, member, part)


def _parts(plan: Plan, kpi: Kpi) -> Iterator[tuple[Kpi, Member | None, tuple[str, ...]]]:
    """Yield what is asked of a KPI: the whole, or its parts where they make it, or both where they do not."""
    breakdowns = kpi.breakdown if kpi.formula is None else ()
    if all(one.adds is Adds.NONE for one in breakdowns):
        yield kpi, None, ()
    for breakdown in breakdowns:
        dimension = plan.dimension(breakdown.by)
        for member in members_of(breakdown, dimension) if dimension else ():
            own = breakdown.own(member)
            yield changed(kpi, target=own.target, baseline=own.baseline), member, (breakdown.by, member.id)


def _never_negative(kpi: Kpi, rows: Iterable[Observation]) -> bool:
    """Tell whether nothing that the plan knows of the KPI is below zero."""
    known = (kpi.baseline.value if kpi.baseline else None, kpi.target.value if kpi.target else None)
    return all(value >= 0 for value in (*known, *(row.value for row in rows)) if isinstance(value, float | int))


def _owner(plan: Plan, path: str, kpi: Kpi) -> Text:
    """Return whose KPI it is: its own owner, else that of the nearest goal above, else the plan's."""
    if kpi.owner is not None:
        return kpi.owner
    above = [
        goal.owner for branch, goal in plan.walk() if isinstance(goal, Goal) and within(path, branch) and goal.owner
    ]
    return above[-1] if above else plan.owner or NOBODY


def _wanted(kpi: Kpi, cadence: Cadence, day: date) -> Phrase:
    """Return what is to be entered."""
    if kpi.measure is Measure.MILESTONE:
        return Phrase(N_("done by {date}?"), {"date": str(day)})
    if kpi.measure is Measure.GRADE:
        return Phrase(N_("grade on {date}"), {"date": str(day)})
    if adds_up(kpi):
        return Phrase(N_("of {period} alone, not cumulative"), {"period": _period(cadence, day)})
    if kpi.measure is Measure.TOTAL:
        return Phrase(N_("cumulative up to {date}"), {"date": str(day)})
    return Phrase(N_("as of {date}"), {"date": str(day)})


def _period(cadence: Cadence, day: date) -> str:
    names = {
        Cadence.MONTHLY: f"{day:%Y-%m}",
        Cadence.QUARTERLY: f"{day.year}-Q{(day.month + 2) // 3}",
        Cadence.HALF_YEARLY: f"{day.year}-H{1 if day.month <= 6 else 2}",  # noqa: PLR2004
        Cadence.YEARLY: str(day.year),
    }
    return names.get(cadence, str(day))


def marks(row: Observation | None) -> tuple[Phrase, ...]:
    """Return what has to be said of an observation that is not simply reported."""
    words = {
        ObservationBasis.ILLUSTRATIVE: N_("illustrative"),
        ObservationBasis.PROVISIONAL: N_("provisional"),
        ObservationBasis.ESTIMATED: N_("estimated"),
    }
    return (Phrase(words[row.basis]),) if row is not None and row.basis in words else ()
