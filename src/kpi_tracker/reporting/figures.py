"""The figures of an explanation in words: what each is called, its formula, its value, the bands that judge it."""

import re

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.explanation import Figure
from kpi_tracker.language import N_, Language
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Share
from kpi_tracker.model.thresholds import Band
from kpi_tracker.reporting.words import amount, number

__all__ = ["FIGURE_WORDS", "WRITTEN_WORDS", "band_range", "figure_name", "figure_value", "formula_words", "share_role"]

FIGURE_WORDS = {
    "value": N_("value x"),
    "data_date": N_("data date d"),
    "attainment": N_("attainment a"),
    "expected": N_("expected attainment e"),
    "pace": N_("pace index p"),
    "lag": N_("lag in percentage points"),
    "days_behind": N_("days behind"),
    "gap": N_("gap to the target"),
    "coverage": N_("coverage c"),
    "needed": N_("needed a month"),
    "so_far": N_("rate a month so far"),
    "ratio": N_("needed over so far"),
    "landing": N_("landing at the rate so far"),
    "growth": N_("growth observed over required"),
}
AGAINST = {"change": N_("change against {year}"), "relative": N_("relative change against {year}")}
WRITTEN_WORDS = {
    "goal": N_("written at {place}"),
    "kpi": N_("written at {place}"),
    "baseline": N_("baseline written at {place}"),
    "target": N_("target written at {place}"),
}


def figure_name(figure: Figure, words: Language) -> str:
    """Return what a figure is called."""
    if figure.name.startswith("against_"):
        _, year, what = figure.name.split("_")
        return words.text(AGAINST[what], year=year)
    return words.text(FIGURE_WORDS[figure.name])


def figure_value(figure: Figure, score: KpiScore | GoalScore, words: Language) -> str:
    """Return the value of a figure, or in its place the reason why it has none."""
    value = figure.value
    if value is None and figure.reason:
        return words.phrase(figure.reason)
    if figure.name == "value" and isinstance(score, KpiScore):
        return amount(score.kpi, value, words)
    if isinstance(value, float):
        return number(value, 6)
    return str(value).replace("-", "−") if isinstance(value, int) else plain(str(value))


def share_role(share: Share, score: GoalScore, words: Language) -> str:
    """Return what a child is to a node: it stands in it, supports it, or could not be read and counts as missing."""
    if share.path in score.incomplete:
        return words.text(N_("left out because of faults"))
    return words.text(N_("supports it")) if share.support else words.text(N_("stands in it"))


def formula_words(formula: str, words: Language) -> str:
    """Return a formula with its words, not its symbols, in the user's language."""
    if words.code == "en":
        return formula
    return WORDS.sub(lambda found: words.text(found[0]), formula)


FORMULA_WORDS = (
    N_("months passed"), N_("months left"), N_("months"), N_("days passed"), N_("days"), N_("so far"), N_("needed"),
    N_("start"), N_("as of"), N_("day of the step"), N_("day"), N_("place"), N_("done"), N_("due"),
    N_("observed"), N_("required"), N_("mean"), N_("tol"),
)  # fmt: skip
WORDS = re.compile(rf"\b(?:{'|'.join(FORMULA_WORDS)})\b")


def band_range(band: Band) -> str:
    """Return the values that a band holds, from the lowest to the highest."""
    lower = "−∞" if band.lower is None else number(band.lower, 4)
    upper = "+∞" if band.upper is None else number(band.upper, 4)
    return f"{lower} … {upper}"
