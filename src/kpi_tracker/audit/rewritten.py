"""Rewritten history: runs whose figures do not follow any more from the data as they were known then."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from kpi_tracker.assessment import score
from kpi_tracker.audit.finding import Finding, Value
from kpi_tracker.audit.past import Night, known_then
from kpi_tracker.model.exactness import same
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Status
from kpi_tracker.model.observation import Observations
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.record import changed

__all__ = ["rewritten"]


def rewritten(runs: Iterable[tuple[Night, Scorecard]], today: Scorecard) -> Iterator[Finding]:
    """Yield the figures that runs saw and that are others now, and the KPIs of which runs say what does not follow.

    Each run is made again from its own definitions and today's observations, without what was recorded after it. A figure
    that differs for the day of which the run knew it was changed in place. Where it does not, but the run does not follow
    either, figures came without saying when they were recorded. Each is told once, for the first run that shows it.
    """
    now = {kpi.id: kpi for kpi in today.kpis}
    told: set[tuple[str, date | None, str]] = set()
    odd: dict[str, list[Finding]] = {}
    for run, then in runs:
        for was, again, known in _differing(then, now, known_then(run, then)):
            place, last = now[was.id].kpi.where, {"last": then.as_of}
            figure = _figure_now(was, then, now, known)
            if figure is not None and not same(figure[0], was.value):
                key = (was.path, was.data_date, str(figure[0]))
                if key not in told:
                    told.add(key)
                    yield Finding("KA106", was.path, place, was.value, figure[0], was.data_date, last)
            else:
                finding = Finding("KA107", was.path, place, *_states(was, again), was.data_date, last)
                odd.setdefault(was.path, []).append(finding)
    for findings in odd.values():
        yield changed(findings[0], args={**findings[0].args, "n": len(findings)})


def _differing(
    then: Scorecard, now: dict[str, KpiScore], moments: tuple[datetime, ...]
) -> Iterator[tuple[KpiScore, KpiScore, datetime]]:
    """Yield the scores of a run that follow from the data as known at none of `moments`, with what follows at the last."""
    left = then
    for moment in moments:
        found = [(was, again, moment) for was, again in _remade(left, now, moment) if not _same(was, again)]
        left = Scorecard(then.plan, then.as_of, None, {was.path: was for was, _, _ in found})
        if not found:
            return
    yield from found


def _remade(
    then: Scorecard, now: dict[str, KpiScore], known: datetime, as_of: date | None = None
) -> Iterator[tuple[KpiScore, KpiScore]]:
    """Yield the scores of a run, each with what follows from the data as known then."""
    kept = [was for was in then.kpis if was.status is not Status.EXEMPT and _comparable(was.kpi, now.get(was.id))]
    alone = tuple(changed(was.kpi, supports=(), exempt=None, thresholds=was.thresholds) for was in kept)
    flat = changed(then.plan, goals=(), kpis=alone, broken=(), amendments=())
    series = {was.id: now[was.id].series for was in kept if now[was.id].series.rows}
    again = score(flat, Observations.of(series), as_of or then.as_of, known)
    for was in kept:
        item = again.items[was.id]
        assert isinstance(item, KpiScore)  # noqa: S101 - a plan of nothing but KPIs
        yield was, item


def _comparable(then: Kpi, score: KpiScore | None) -> bool:
    """Tell whether today's observations can be read as those of a KPI as it was."""
    if score is None:
        return False
    now = score.kpi
    return (then.measure, then.unit, then.scale, {step.id for step in then.steps}) == (
        now.measure, now.unit, now.scale, {step.id for step in now.steps},
    )  # fmt: skip


def _figure_now(was: KpiScore, then: Scorecard, now: dict[str, KpiScore], known: datetime) -> tuple[Value] | None:
    """Return what the data as known then say now of the day of a run's newest figure; None where it had none."""
    if was.data_date is None:
        return None
    one = Scorecard(then.plan, then.as_of, None, {was.path: was})
    [(_, again)] = _remade(one, now, known, was.data_date)
    return (again.value if again.data_date == was.data_date else None,)


def _same(was: KpiScore, again: KpiScore) -> bool:
    return was.status is again.status and was.data_date == again.data_date and same(was.value, again.value)


def _states(was: KpiScore, again: KpiScore) -> tuple[Value, Value]:
    """Return what tells two scores apart: their figures with their days, or where these are the same their statuses."""
    one, other = _figure(was), _figure(again)
    return (was.status.value, again.status.value) if one == other else (one, other)


def _figure(score: KpiScore) -> str | None:
    if score.value is None:
        return None
    value = score.value if isinstance(score.value, str) else f"{score.value:.10g}"
    return f"{value} ({score.data_date})"
