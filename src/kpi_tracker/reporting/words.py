"""How figures and statuses are put into words, in both languages."""

from datetime import datetime
from math import ceil, floor

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language
from kpi_tracker.model.exactness import TOLERANCE, exact
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Basis, Direction, Measure, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.model.target import Baseline, Target, TargetForm, Tolerance
from kpi_tracker.model.unit import Unit, UnitFamily

__all__ = ["BASIS_WORDS", "DIRECTION_WORDS", "MEASURE_WORDS", "NONE", "STATUS_WORDS", "a_month", "amount", "baseline_words", "counted",
           "course", "days", "difference", "estimate", "exact_target_words", "fraction", "lag_words", "number", "original_words", "points",
           "reached", "target_value", "target_words", "with_unit"]  # fmt: skip

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


def lag_words(lag: float | None, words: Language) -> str:
    """Return a lag as it stands under its own heading: so many points, ahead by so many, or level."""
    if lag is None or (lag > 0 and not _is_nothing(lag)):
        return points(lag, words)
    return words.text(N_("on schedule")) if _is_nothing(lag) else words.text(N_("{lag} ahead"), lag=points(-lag, words))


def course(lag: float, words: Language) -> str:
    """Return how something goes in a sentence: behind by so many points, ahead, or level with the plan."""
    if _is_nothing(lag):
        return words.text(N_("on schedule"))
    return words.text(N_("lag {lag}") if lag > 0 else N_("{lag} ahead"), lag=points(abs(lag), words))


def _is_nothing(lag: float) -> bool:
    return number(lag, 1) == "0"


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


def reached(score: KpiScore, words: Language, known_at: datetime | None = None) -> str:
    """Return what a KPI has reached: of a milestone the steps done, all else as its measure has it."""
    done = _steps_done(score, known_at)
    if done is not None:
        whole = len(score.kpi.steps)
        return words.count(N_("{done} of {all} step"), N_("{done} of {all} steps"), whole, done=done, all=whole)
    return amount(score.kpi, score.value, words)


def _steps_done(score: KpiScore, known_at: datetime | None) -> int | None:
    """Return how many steps of a milestone are done; None where that is not known, and of all other measures.

    Of steps of one weight the value says it. Of others their names have to be known, which history does not keep.
    """
    if score.kpi.measure is not Measure.MILESTONE or not isinstance(score.value, float | int):
        return None
    if len({step.weight for step in score.kpi.steps}) == 1:
        return round(score.value * len(score.kpi.steps))
    named = score.steps_done(known_at)
    return len(named) if named or not score.value else None


def estimate(kpi: Kpi, value: float | None, words: Language) -> str:
    """Return a value that was worked out and not reported: a whole number where things are counted."""
    return with_unit(float(floor(value + 0.5)) if value is not None and _is_counted(kpi) else value, kpi.unit, words)


def a_month(kpi: Kpi, value: float | None, words: Language) -> str:
    """Return a rate a month: an amount of a total; of a level which way it goes, of a rank forward or back."""
    if value is None:
        return NONE
    text = difference(abs(value) if kpi.measure is Measure.LEVEL else value, kpi.unit, words, signed=False)
    if kpi.measure is not Measure.LEVEL or number(value) == "0":
        return words.text(N_("{value} a month"), value=text)
    ranked = kpi.unit.text.zh in RANKS
    down, up = (
        (N_("{value} forward a month"), N_("{value} back a month"))
        if ranked
        else (N_("down {value} a month"), N_("up {value} a month"))
    )
    return words.text(down if value < 0 else up, value=text)


RANKS = frozenset({"位", "名"})
"""Units of a place in an order, where the smaller number is the better."""
MEASURED = frozenset(
    {
        "元",
        "吨",
        "公斤",
        "千克",
        "克",
        "公里",
        "千米",
        "米",
        "亩",
        "公顷",
        "平方米",
        "平方公里",
        "立方米",
        "升",
        "度",
        "分",
        "t",
        "kg",
        "g",
        "km",
        "m",
        "ha",
    }
)
"""Units of what is measured: half of one is one too. All else with a whole baseline is taken as counted."""


def _is_counted(kpi: Kpi) -> bool:
    base = kpi.baseline.value if kpi.baseline else None
    return (
        kpi.unit.family is UnitFamily.PLAIN and kpi.unit.factor == 1 and kpi.unit.text.zh not in MEASURED | RANKS
        and isinstance(base, float) and base.is_integer()
    )  # fmt: skip


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


def exact_target_words(kpi: Kpi, words: Language) -> str:
    """Return the target as above, and where that is rounded or a whole number to aim at, the exact one that scores are made with."""
    text, target = target_words(kpi, words), kpi.target
    if target is None or target.tolerance is not None:
        return text
    aimed = _aimed(kpi, target)
    if isinstance(aimed, str) or isinstance(target.value, str):
        return text
    exactly = number(target.value, MOST_PLACES)
    return (
        text
        if number(aimed) == exactly
        else words.text(N_("{shown}, scored against {exact}"), shown=text, exact=exactly)
    )


def target_value(kpi: Kpi, words: Language) -> str:
    """Return the target with its form."""
    target: Target | None = kpi.target
    if kpi.measure is Measure.MILESTONE:
        return words.count(N_("{n} step"), N_("{n} steps"), len(kpi.steps))
    if target is None:
        return words.text(N_("no target"))
    if target.tolerance is not None and kpi.baseline is not None:
        held, margin = with_unit(kpi.baseline.value, kpi.unit, words), _margin(target.tolerance, kpi, words)
        return words.text(N_("hold {value} (tolerance {margin})"), value=held, margin=margin)
    text = with_unit(_aimed(kpi, target), kpi.unit, words)
    form = FORM_WORDS.get(target.form)
    return words.text(form, value=text) if form else text


def _margin(tolerance: Tolerance, kpi: Kpi, words: Language) -> str:
    return (
        fraction(tolerance.amount)
        if tolerance.relative
        else difference(tolerance.amount, kpi.unit, words, signed=False)
    )


def _aimed(kpi: Kpi, target: Target) -> float | str:
    """Return the target as it is aimed at: of what is counted, the first whole number that reaches it."""
    if isinstance(target.value, str) or target.form not in WORKED_OUT or not _is_counted(kpi):
        return target.value
    nearest = round(target.value)
    if abs(target.value - nearest) <= TOLERANCE:
        return float(nearest)
    return float(floor(target.value) if kpi.direction is Direction.DECREASE else ceil(target.value))


WORKED_OUT = (TargetForm.CHANGE, TargetForm.IMPROVE)
"""The forms of a target whose number nobody wrote."""


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
        N_("Amended: against the original target {target} it would be {status}, attainment {attainment}, {lag}"),
        target=with_unit(original.target, score.kpi.unit, words), status=words.text(STATUS_WORDS[original.status]),
        attainment=fraction(original.attainment), lag=NONE if original.lag is None else course(original.lag, words),
    )  # fmt: skip
