"""The observations of derived KPIs, calculated from those of their inputs."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction

from kpi_tracker.derived.dimension import factors
from kpi_tracker.derived.evaluation import evaluate
from kpi_tracker.derived.parsing import parse
from kpi_tracker.derived.references import inputs_of, ordered
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.exactness import exact, total_of
from kpi_tracker.model.expression import printed
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Aggregate, Measure
from kpi_tracker.model.observation import EMPTY, Observation, ObservationBasis, Observations, Series

__all__ = ["derive", "known_rows", "least_firm", "rows_at"]

FIRMEST_LAST = (ObservationBasis.ILLUSTRATIVE, ObservationBasis.ESTIMATED, ObservationBasis.PROVISIONAL)


def derive(plan: Plan, observations: Observations) -> tuple[Observations, tuple[Diagnostic, ...]]:
    """Return `observations` with those of the derived KPIs, and what is wrong.

    A derived KPI has a value on each date on which all its inputs have one: a total's sum up to that date, any other's
    figure of that very date. It counts as recorded when the last of them was; a correction of an input is one of it too.
    """
    kpis = {path: item for path, item in plan.walk() if isinstance(item, Kpi)}
    inputs = {path: inputs_of(kpi.formula, kpis) for path, kpi in kpis.items() if kpi.formula is not None}
    needs = {path: {found for found in named.values() if found is not None} for path, named in inputs.items()}
    derived = {kpis[path].id for path in inputs}
    series = {name: one for name, one in observations.items() if name not in derived}
    faults = [
        Diagnostic("KT430", row.where, {"kpi": row.kpi})
        for name in observations if name in derived for row in observations[name].rows
    ]  # fmt: skip
    for path in ordered(needs):
        if path not in inputs or None in inputs[path].values():
            continue
        named = {name: kpis[found] for name, found in inputs[path].items() if found is not None}
        rows: list[Observation] = []
        for found in _Derivation(plan, kpis[path], named, series).results():
            if isinstance(found, Observation):
                rows.append(found)
            else:
                faults.append(found.at_path(path))
        if rows:
            series[kpis[path].id] = Series.of(rows)
    return Observations.of({name: one for name, one in series.items() if one.rows}, observations.parts), tuple(faults)


class _Derivation:
    """One derived KPI with its inputs by the names that its formula gives them."""

    def __init__(self, plan: Plan, kpi: Kpi, inputs: dict[str, Kpi], series: dict[str, Series]) -> None:
        self._plan, self._kpi = plan, kpi
        assert kpi.formula is not None  # noqa: S101 - only derived KPIs come here
        self._formula, self._expression = kpi.formula, parse(kpi.formula.text)
        units = {name: one.unit for name, one in inputs.items()}
        self._factors, self._own_factor = factors(self._expression, units, kpi.unit)
        self._inputs = {name: (one, series.get(one.id, EMPTY)) for name, one in inputs.items()}

    def results(self) -> Iterator[Observation | Diagnostic]:
        """Yield what is known of each date, as it was first known and after each correction."""
        dates = [{row.date for row in series.rows} for _, series in self._inputs.values()]
        for day in sorted(set.intersection(*dates)) if dates else ():
            rows = {name: rows_at(self._plan, kpi, series, day) for name, (kpi, series) in self._inputs.items()}
            yield from self._on(day, rows)

    def _on(self, day: date, rows: dict[str, list[Observation]]) -> Iterator[Observation | Diagnostic]:
        """Yield the value of one date at each time at which it changed; a fault where the last one is none."""
        complete = max(min(row.recorded() for row in some if row.date == day) for some in rows.values())
        moments = sorted({row.recorded() for some in rows.values() for row in some})
        found: list[Observation] = []
        value: float | Phrase | None = None
        for moment in [complete, *(moment for moment in moments if moment > complete)]:
            seen = {name: known_rows(some, moment) for name, some in rows.items()}
            values = {name: total_of(row.value for row in some if isinstance(row.value, float | int))
                      for name, some in seen.items()}  # fmt: skip
            before, value = value, self._value(values)
            if not isinstance(value, Phrase) and value != before:
                found.append(self._observation(day, moment, value, values, seen))
        if isinstance(value, Phrase):  # what it was before a correction must not stand as its value
            yield Diagnostic("KT431", self._kpi.where, {"kpi": self._kpi.id, "date": day.isoformat(), "reason": value})
        else:
            yield from found

    def _value(self, values: dict[str, float]) -> float | Phrase:
        """Return the value in the KPI's unit, or why there is none."""
        exactly = {name: Fraction(format(value, ".15g")) * self._factors[name] for name, value in values.items()}
        try:
            return exact(float(evaluate(self._expression, exactly) / self._own_factor))
        except ZeroDivisionError:
            return Phrase(N_("its formula divides by 0"))
        except OverflowError:
            return Phrase(N_("the result is too large for a number"))

    def _observation(self, day: date, moment: datetime, value: float, values: dict[str, float],
                     seen: dict[str, list[Observation]]) -> Observation:  # fmt: skip
        put_in = printed(self._expression, {name: format(number, ".15g") for name, number in values.items()})
        basis = least_firm(row for some in seen.values() for row in some)
        places = ", ".join(f"{name} {some[-1].where}".strip() for name, some in seen.items())
        return Observation(
            self._kpi.id, day, value, moment, basis, note=f"{printed(self._expression)} = {put_in} ({places})",
            where=self._formula.where,
        )  # fmt: skip


def _summed(kpi: Kpi) -> bool:
    """Tell whether the value of a KPI on a date is the sum of its observations up to it."""
    default = Aggregate.SUM if kpi.measure is Measure.TOTAL else Aggregate.NEWEST
    return (kpi.aggregate or default) is Aggregate.SUM


def rows_at(plan: Plan, kpi: Kpi, series: Series, day: date) -> list[Observation]:
    """Return the rows that make the value of `kpi` on `day`: of a sum all up to it, else those of that very date."""
    if not _summed(kpi):
        return [row for row in series.rows if row.date == day]
    start = kpi.start or plan.period.start
    while start > day:
        start = _year_before(start)
    first = bisect_left(series.rows, start, key=lambda row: row.date)
    return [row for row in series.rows[first:] if row.date <= day]


def known_rows(rows: Iterable[Observation], moment: datetime | None) -> list[Observation]:
    """Return the newest row of each date that was recorded by `moment` (None: at any time)."""
    return list({row.date: row for row in rows if moment is None or row.recorded() <= moment}.values())


def least_firm(rows: Iterable[Observation]) -> ObservationBasis:
    """Return how firm what rests on all of `rows` is: as the least firm of them."""
    bases = {row.basis for row in rows}
    return next((basis for basis in FIRMEST_LAST if basis in bases), ObservationBasis.REPORTED)


def _year_before(day: date) -> date:
    """Return the same day a year before; 28 February where there is no 29th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
