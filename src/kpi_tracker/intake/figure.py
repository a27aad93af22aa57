"""What a cell says for a KPI: a number in its unit, a grade, steps, or nothing."""

from datetime import date

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.intake.book import CellValue, Sheet
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.exactness import exact
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Measure
from kpi_tracker.model.observation import Value
from kpi_tracker.model.unit import UnitFamily
from kpi_tracker.notation.folding import folded_text
from kpi_tracker.notation.number import Unreadable, read_number

__all__ = ["Refused", "figure", "is_blank", "typed_figure"]

NOTHING = frozenset(("", "-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a", "na", "none", "nil"))
NO_STEP = frozenset(("无", "none"))
SEPARATORS = str.maketrans("；、,，\n", ";;;;;")
AMBIGUOUS = N_(
    "{value} of a percentage may be {value}% or {hundredfold}%; write it with its sign, such as {hundredfold}%"
)


class Refused(Exception):  # noqa: N818 - it is caught next door, never shown as an error of ours
    """A cell cannot be read; `phrase` says why."""

    def __init__(self, phrase: Phrase) -> None:
        """Keep the reason."""
        super().__init__(phrase.message)
        self.phrase = phrase


def is_blank(value: CellValue) -> bool:
    """Tell whether a cell states no value: it is empty, or holds a dash, 无 and the like. Zero is a value."""
    return isinstance(value, str) and folded_text(value).lower() in NOTHING


def figure(sheet: Sheet, row: int, column: int, kpi: Kpi, unit: str = "") -> Value | None:
    """Return the value of a cell for `kpi`, its number in `unit` where it names none itself; None where it has none.

    Raises:
        Refused: what it holds is no value of this KPI, or might be one of two.
    """
    value = sheet.value(row, column)
    if (row, column) in sheet.uncalculated:
        raise Refused(Phrase(N_("the formula was never calculated: open the file in a spreadsheet and save it")))
    if is_blank(value) and not (kpi.measure is Measure.MILESTONE and folded_text(str(value)).lower() in NO_STEP):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        kind = (
            N_("a date")
            if isinstance(value, date)
            else N_("a time")
            if not isinstance(value, bool)
            else N_("yes or no")
        )
        raise Refused(Phrase(N_("the cell holds {kind}, not a value"), {"kind": Phrase(kind)}))
    if isinstance(value, str) or kpi.measure in (Measure.MILESTONE, Measure.GRADE):
        return typed_figure(value if isinstance(value, str) else _digits(value), kpi, unit)
    if kpi.unit.family is UnitFamily.PERCENT:
        return _percent(sheet, row, column, float(value), kpi, unit)
    return _number(_digits(value), kpi, unit)


def typed_figure(text: str, kpi: Kpi, unit: str = "") -> Value:
    """Return the value that a text states for `kpi`.

    Raises:
        Refused: it is none.
    """
    text = text.strip()
    if kpi.measure is Measure.MILESTONE:
        return _steps(text, kpi)
    if kpi.measure is Measure.GRADE:
        if text not in kpi.scale:
            raise Refused(_with_nearest(N_("“{value}” is not on the scale {expected}"), text, kpi.scale))
        if text.startswith(("=", "+", "-", "@")):
            raise Refused(Phrase(N_("the grade “{value}” would be a formula in the CSV file"), {"value": text}))
        return text
    return _number(text, kpi, unit)


def _number(text: str, kpi: Kpi, unit: str) -> float:
    given = folded_text(text)
    bare = given[-1:].isdigit()
    try:
        return read_number(given + unit if bare else given, kpi.unit)
    except Unreadable as unreadable:
        if bare and unit and kpi.unit.text.zh and _is_number(given, kpi):
            args = {"value": unit, "expected": kpi.unit.text.zh}
            raise Refused(
                Phrase(N_("the table gives it in “{value}”, its unit in the plan is {expected}"), args)
            ) from None
        raise Refused(Phrase(N_("“{value}” is not a number: {reason}"),
                             {"value": text, "reason": unreadable.reason})) from None  # fmt: skip


def _is_number(text: str, kpi: Kpi) -> bool:
    """Tell whether a text is a number in the KPI's own unit."""
    try:
        read_number(text, kpi.unit)
    except Unreadable:
        return False
    return True


def _percent(sheet: Sheet, row: int, column: int, value: float, kpi: Kpi, unit: str) -> float:
    """Return a percentage: a cell that is shown as one holds its hundredth; where nobody knows, a small one is refused."""
    if sheet.percent is not None and (row, column) in sheet.percent:
        return _number(_digits(exact(value * 100)), kpi, "")
    if sheet.percent is None and 0 < abs(value) <= 1:
        args = {"value": _digits(value), "hundredfold": _digits(exact(value * 100))}
        raise Refused(Phrase(AMBIGUOUS, args))
    return _number(_digits(value), kpi, unit)


def _digits(value: float) -> str:
    return f"{value:.15g}"


def _steps(text: str, kpi: Kpi) -> tuple[str, ...]:
    if folded_text(text).lower() in NO_STEP:
        return ()
    known = {name: step.id for step in kpi.steps for name in (step.title.en, step.title.zh, step.id)}
    done = [word.strip() for word in text.translate(SEPARATORS).split(";") if word.strip()]
    for word in done:
        if word not in known:
            raise Refused(_with_nearest(N_("“{value}” is not a step; the steps are: {expected}"), word,
                                        tuple(step.id for step in kpi.steps)))  # fmt: skip
    return tuple(step.id for step in kpi.steps if step.id in {known[word] for word in done})


def _with_nearest(message: str, word: str, known: tuple[str, ...]) -> Phrase:
    phrase = Phrase(message, {"value": word, "expected": known})
    if not (near := nearest(word, known)):
        return phrase
    return Phrase(N_("{fault}; did you mean “{nearest}”?"), {"fault": phrase, "nearest": near})
