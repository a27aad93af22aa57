"""What one or more plans come to, in a line: how many KPIs lag, lack data or are at risk, and the figures of a plan."""

from collections.abc import Sequence
from typing import NamedTuple

from kpi_tracker.language import N_, Language
from kpi_tracker.model.measure import LAGGING, Status
from kpi_tracker.model.scorecard import GoalScore, Scorecard
from kpi_tracker.reporting.account import status_word
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.words import fraction, points

__all__ = ["Counts", "counts", "figures", "headline"]


class Counts(NamedTuple):
    """How many KPIs there are, lag, have data that are missing, old or incomplete, or are at risk; how many faults."""

    kpis: int
    lagging: int
    data_problems: int
    at_risk: int
    faults: int


def counts(checked: Sequence[Checked]) -> Counts:
    """Return the counts over all plans."""
    kpis = [kpi for one in checked if one.scorecard for kpi in one.scorecard.kpis]
    return Counts(
        len(kpis),
        sum(kpi.status in LAGGING for kpi in kpis),
        sum(kpi.data_problem or kpi.status is Status.UNKNOWN for kpi in kpis),
        sum(kpi.status is Status.AT_RISK for kpi in kpis),
        sum(len(one.diagnostics) for one in checked),
    )


def headline(checked: Sequence[Checked], words: Language) -> str:
    """Return what the plans come to, the worst first; what there is none of is left out, but never that none lags."""
    if not checked:
        return words.text(N_("no plan was checked"))
    n = counts(checked)
    obstacles = [words.phrase(one.obstacle) for one in checked if one.obstacle is not None]
    told = list(dict.fromkeys(obstacles))
    if n.kpis:
        told.append(
            words.count(N_("{lagging} of {n} KPI lags"), N_("{lagging} of {n} KPIs lag"), n.kpis, lagging=n.lagging)
        )
    if n.data_problems:
        told.append(words.text(N_("{n} with data missing, old or incomplete"), n=n.data_problems))
    if n.at_risk:
        told.append(words.text(N_("{n} at risk"), n=n.at_risk))
    if n.faults:
        told.append(words.count(N_("{n} fault"), N_("{n} faults"), n.faults))
    if any(one.scorecard.illustrative for one in checked if one.scorecard):
        told.append(words.text(N_("with illustrative data, not real results")))
    return ("，" if words.code == "zh" else ", ").join(told)


def figures(scorecard: Scorecard, words: Language) -> str:
    """Return the day, the status and the figures of a plan or of the branch that was asked for."""
    top = scorecard.top
    told = [words.text(N_("as of {day}"), day=scorecard.as_of.isoformat()), status_word(top, words)]
    named = [(N_("attainment"), fraction(top.attainment)), (N_("expected"), fraction(top.expected)),
             (N_("lag"), points(top.lag, words))]  # fmt: skip
    if isinstance(top, GoalScore):
        named.append((N_("coverage"), fraction(top.coverage)))
    return " · ".join([*told, *(f"{words.text(name)} {value}" for name, value in named)])
