"""How figures and statuses are put into words, in both languages."""

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language
from kpi_tracker.model.exactness import TOLERANCE, exact
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Basis, Direction, Measure, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.model.target import Baseline, Target, TargetForm
from kpi_tracker.model.unit import Unit, UnitFamily

__all__ = ["BASIS_WORDS", "DIRECTION_WORDS", "MEASURE_WORDS", "NONE", "STATUS_WORDS", "amount", "baseline_words", "counted",
           "days", "difference", "fraction", "number", "original_words", "points", "target_value", "target_words", "with_unit"]  # fmt: skip

NONE = "–"
MOST_PLACES = 6
BEYOND_READING = 1e21
"""From here on a number is told by its size alone; decimal arithmetic would not hold all its digits either."""
STATUS_WORDS = {
    Status.PENDING: N_("pending"),
    Status.NO_DATA: N_("no data"),
    Status.BREACHED: N_("breached"),
    Status.ACHIEVED: N_("achieved"),
    Status.MISSED: N_("missed"),
    Status.STALE: N_("stale"),
    Status.REGRESSING: N_("regressing"),
    Status.AHEAD: N_("ahead"),
    Status.ON_TRACK: N_("on track"),
    Status.AT_RISK: N_("at risk"),
    Status.LAGGING: N_("lagging"),
    Status.UNKNOWN: N_("unknown"),
    Status.EXEMPT: N_("exempt"),
}
MEASURE_WORDS = {
    Measure.TOTAL: N_("total"),
    Measure.LEVEL: N_("level"),
    Measure.RATE: N_("rate"),
    Measure.LIMIT: N_("limit"),
    Measure.MILESTONE: N_("milestone"),
    Measure.GRADE: N_("grade"),
}
BASIS_WORDS = {
    Basis.STATED: N_("stated"),
    Basis.DERIVED: N_("derived"),
    Basis.ASSUMED: N_("assumed"),
}
DIRECTION_WORDS = {Direction.INCREASE: N_("increase"), Direction.DECREASE: N_("decrease")}


def number(value: float, places: int = 2) -> str:
    """Return a number for people: rounded half up, thousands apart, no zeros at the end of a fraction."""
    from decimal import ROUND_HALF_UP, Decimal

    if abs(value) >= BEYOND_READING:
        return f"{value:.3g}".replace("-", "−")
    rounded = Decimal(repr(exact(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def fraction(value: float | None, places: int = 1) -> str:
    """Return a fraction as a percentage; what is not quite all never reads 100%."""
    if value is None:
        return NONE
    text = number(value * 100, places)
    while text == "100" and 1 - value > TOLERANCE and places < MOST_PLACES:
        places += 1
        text = number(value * 100, places)
    return text + "%"


def points(value: float | None, words: Language, places: int = 1) -> str:
    """Return percentage points."""
    return NONE if value is None else words.text(N_("{n} pp"), n=number(value, places))


def days(value: int | None, words: Language) -> str:
    """Return days behind, or ahead, in words."""
    if value is None:
        return NONE
    if value == 0:
        return words.text(N_("on the day"))
    if value < 0:
        return words.count(N_("{n} day ahead"), N_("{n} days ahead"), -value)
    return words.count(N_("{n} day behind"), N_("{n} days behind"), value)


def with_unit(value: float | str | None, unit: Unit, words: Language) -> str:
    """Return a value with its unit; a duration in its parts as well."""
    if value is None:
        return NONE
    if isinstance(value, str):
        return plain(value)
    name = plain(unit.text.in_language(words.code))
    if not name:
        return number(value)
    if unit.family is UnitFamily.PERCENT and name == "%":
        return number(value) + "%"
    gap = "" if words.code == "zh" else " "
    return f"{number(value)}{gap}{name}{_parts(value * unit.factor, unit.factor, words) if unit.family is UnitFamily.DURATION else ''}"


def _parts(seconds: float, factor: int, words: Language) -> str:
    """Return ` (3 min 53 s)` behind a duration of a minute or more."""
    if seconds < 60 or seconds >= 86400:  # noqa: PLR2004 - below a minute the unit says it; days are not taken apart
        return ""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(hours, N_("{n} h")), (minutes, N_("{n} min")), (left, N_("{n} s"))]
    shown = [words.text(unit, n=number(part)) for part, unit in parts if part]
    if len(shown) == 1 and seconds / factor < 60:  # noqa: PLR2004 - 12 min is 12 min
        return ""
    return f" ({('' if words.code == 'zh' else ' ').join(shown)})"


def difference(value: float | None, unit: Unit, words: Language, signed: bool = True) -> str:
    """Return a change of a value in its unit, with a plus if `signed`; a change of a percentage in percentage points."""
    if value is None:
        return NONE
    percentage = unit.family is UnitFamily.PERCENT
    text = points(value, words, 2) if percentage else with_unit(value, unit, words)
    return f"+{text}" if signed and value > 0 and number(value) != "0" else text


def amount(kpi: Kpi, value: float | str | None, words: Language) -> str:
    """Return a value of `kpi` as its measure has it: the share of steps done as a percentage, all else in its unit."""
    if kpi.measure is Measure.MILESTONE and isinstance(value, float):
        return fraction(value)
    return with_unit(value, kpi.unit, words)


def counted(score: GoalScore, words: Language) -> str:
    """Return how many KPIs stand below a node, by status."""
    counts = " · ".join(f"{words.text(STATUS_WORDS[status])} {n}" for status, n in score.counts.items())
    return words.text(N_("KPIs: {counts}"), counts=counts)


def baseline_words(kpi: Kpi, words: Language) -> str:
    """Return the baseline with the marks that belong to it."""
    base: Baseline | None = kpi.baseline
    if base is None:
        return NONE
    text = with_unit(base.value, kpi.unit, words)
    if base.approximate:
        text = words.text(N_("about {value}"), value=text)
    if base.abnormal:
        text = words.text(N_("{value} (abnormal year)"), value=text)
    return text


def target_words(kpi: Kpi, words: Language) -> str:
    """Return the target with its form, and its basis where it is not stated by the source."""
    text = target_value(kpi, words)
    if kpi.target is None or kpi.target.basis is Basis.STATED or kpi.measure is Measure.MILESTONE:
        return text
    return words.text(N_("{value} ({basis})"), value=text, basis=words.text(BASIS_WORDS[kpi.target.basis]))


def target_value(kpi: Kpi, words: Language) -> str:
    """Return the target with its form."""
    target: Target | None = kpi.target
    if kpi.measure is Measure.MILESTONE:
        return words.count(N_("{n} step"), N_("{n} steps"), len(kpi.steps))
    if target is None:
        return words.text(N_("no target"))
    text = with_unit(target.value, kpi.unit, words)
    form = FORM_WORDS.get(target.form)
    return words.text(form, value=text) if form else text


FORM_WORDS = {
    TargetForm.MAINTAIN: N_("hold {value}"),
    TargetForm.AT_MOST: N_("at most {value}"),
    TargetForm.AT_LEAST: N_("at least {value}"),
}


def original_words(score: KpiScore, words: Language) -> str | None:
    """Return how a KPI stands against what was first set; None where that was never amended."""
    original = score.original
    if original is None:
        return None
    return words.text(
        N_("Amended: against the original target {target} it would be {status}, attainment {attainment}, lag {lag}"),
        target=with_unit(original.target, score.kpi.unit, words), status=words.text(STATUS_WORDS[original.status]),
        attainment=fraction(original.attainment), lag=points(original.lag, words),
    )  # fmt: skip
