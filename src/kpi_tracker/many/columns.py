"""The columns that observations of many groups have: which are needed, what each holds, what is found instead."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = [
    "BASIS", "CHINESE", "NOTHING", "NUMBER", "OPTIONAL", "TEXT", "WHOLE", "WORDS", "Asked", "asked", "fit", "has_meaning", "kind_of",
    "uniform",
]  # fmt: skip

TEXT, WHOLE, NUMBER, DAY, TIME, NOTHING = "text", "whole", "number", "day", "time", "nothing"
BASIS = "basis"
KINDS = {
    "String": TEXT, "Categorical": TEXT, "Enum": TEXT, "Date": DAY, "Datetime": TIME, "Decimal": NUMBER,
    "Float32": NUMBER, "Float64": NUMBER, "Null": NOTHING, "Unknown": NOTHING,
    **{f"{sign}Int{bits}": WHOLE for sign in ("", "U") for bits in (8, 16, 32, 64, 128)},
}  # fmt: skip
"""What a column of an engine holds, by the name of its type in Polars and in narwhals."""
WORDS = {
    TEXT: N_("texts"), WHOLE: N_("whole numbers"), NUMBER: N_("numbers"), DAY: N_("dates"), TIME: N_("times"),
    NOTHING: N_("nothing"),
}  # fmt: skip
CHINESE = {
    "指标": "kpi", "日期": "date", "数值": "value", "记录时间": "recorded_at", "性质": "basis", "基期值": "baseline", "目标值": "target",
    "名称": "title_zh", "英文名称": "title_en", "上级": "parent",
}  # fmt: skip
OF_THE_TREE = ("node", "parent", "missing", "unread", "title_zh", "title_en", "coverage", "worst", "kpis",
               "scored", "vetoed", "bound")  # fmt: skip
"""What the tree and the roll-up call their own columns, beside those of scores."""
OPTIONAL = ("text", "recorded_at", BASIS)


class Asked(NamedTuple):
    """A column by its name here, the kinds that it may be of, and what is expected, in words."""

    name: str
    kinds: tuple[str, ...]
    expected: str


def asked(group: str) -> tuple[Asked, ...]:
    """Return the columns that observations may have, where `group` is what groups are told apart by; all but OPTIONAL are needed."""
    return (
        Asked(group, (TEXT, WHOLE), N_("texts or whole numbers")),
        Asked("kpi", (TEXT,), N_("texts")),
        Asked("date", (DAY, TIME), N_("dates")),
        Asked("value", (NUMBER, WHOLE, NOTHING), N_("numbers")),
        Asked("text", (TEXT, NOTHING), N_("texts")),
        Asked("recorded_at", (TIME, DAY, NOTHING), N_("times")),
        Asked(BASIS, (TEXT, NOTHING), N_("texts")),
    )


def has_meaning(group: str) -> bool:
    """Tell whether a column cannot tell groups apart, since its name means something else in observations, targets or scores."""
    from kpi_tracker.frames.columns import OBSERVATIONS, SCORES, TARGETS

    ours = {"kpi", BASIS, *OBSERVATIONS, *TARGETS, *SCORES, *OF_THE_TREE}
    return (
        group.lower() in ours
        or CHINESE.get(group) in {one.name for one in asked(group)}
        or group.startswith(("_", "n_"))
    )


def kind_of(dtype: object) -> str:
    """Return what a type of Polars or narwhals holds; its own name where it is none that serves."""
    name = str(dtype).partition("(")[0]
    return KINDS.get(name, name)


def fit(columns: Sequence[tuple[str, object]], group: str, place: Place, report: Report) -> dict[str, str] | None:
    """Return by our names what the columns of a file are called in it; None where they cannot serve, reported."""
    before = len(report.diagnostics)
    held: dict[str, str] = {}
    schema = dict(columns)
    for name, _ in columns:
        ours = name if name == group else CHINESE.get(name, name)
        if ours in held and ours in {one.name for one in asked(group)}:
            report.add("KT417", place, value=f"{held[ours]} = {name}")
        held[ours] = name
    found: dict[str, str] = {}
    for one in asked(group):
        if one.name in held:
            found[one.name] = held[one.name]
            kind = kind_of(schema[held[one.name]])
            if kind not in one.kinds:
                is_held = Phrase(WORDS[kind]) if kind in WORDS else kind
                report.add("KT373", place, value=held[one.name], expected=Phrase(one.expected), what=is_held)
        elif one.name not in OPTIONAL and not (one.name == "value" and "text" in held):
            near = nearest(one.name, [*schema])
            report.add("KT372", place, value=one.name, expected=tuple(schema), nearest=near)
    return found if len(report.diagnostics) == before else None


END_OF_DAY = "86399999999us"


def uniform(native: Any, columns: Mapping[str, str], group: str, time_zone: str) -> "nw.LazyFrame[Any]":
    """Return the rows of a frame under our names and in our types, whatever those of the file are.

    A time with an offset becomes the time in the plan's zone; a day of recording is the end of that day.
    """
    import narwhals.stable.v2 as nw

    from kpi_tracker.frames.columns import as_written

    frame = nw.from_native(native).lazy()
    schema = frame.collect_schema()
    types = {group: nw.String(), "kpi": nw.String(), "date": nw.Date(), "value": nw.Float64(), "text": nw.String(),
             "recorded_at": nw.Datetime("us"), BASIS: nw.String()}  # fmt: skip
    chosen = []
    for name, wanted in types.items():
        if name not in columns:
            chosen.append(nw.lit(None).cast(wanted).alias(name))
            continue
        found, column = schema[columns[name]], nw.col(columns[name])
        if isinstance(found, nw.Datetime) and found.time_zone is not None:
            column = _in_zone(column, frame.implementation, time_zone)
        if name == "recorded_at" and isinstance(found, nw.Date):
            column = column.cast(wanted).dt.offset_by(END_OF_DAY)
        chosen.append(as_written(column, found, nw).cast(wanted).alias(name))
    rows: nw.LazyFrame[Any] = frame.select(*chosen)
    return rows


def _in_zone(column: "nw.Expr", engine: "nw.Implementation", time_zone: str) -> "nw.Expr":
    """Return times of the plan's zone without offset; a connection of DuckDB is in that zone, a cast does it."""
    import narwhals.stable.v2 as nw

    if engine is nw.Implementation.POLARS:
        return column.dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    return column.cast(nw.Datetime("us"))
