"""The plan format, `kpi-tracker/v1`: every mapping with its keys. The loader and the published schema are both this."""

from typing import Any

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.amendments import AMENDMENT, AMENDMENTS
from kpi_tracker.loading.datasources import DATA_SOURCE_RECORDS, DATA_SOURCES
from kpi_tracker.loading.dimensions import DIMENSION, DIMENSIONS, MEMBER, breakdowns_of, part_of
from kpi_tracker.loading.fields import (  # fmt: skip
    Field,
    Origin,
    Record,
    Type,
    Written,
    choice,
    entries,
    items_of,
    list_of,
    not_empty,
    scalar_text,
    usable,
    whole,
)
from kpi_tracker.loading.flagging import FLAGGING, FLAGS
from kpi_tracker.loading.formulas import FORMULA
from kpi_tracker.loading.nodes import Mapping, Scalar, Sequence
from kpi_tracker.loading.scalars import (  # fmt: skip
    COMMON,
    COUNT,
    DATE,
    FLAG,
    ID,
    PLAIN,
    RAW,
    SHARE,
    TEXT,
    UNIT,
    WEIGHT,
    WORDS,
    YEAR,
    plain,
)
from kpi_tracker.loading.wrong import Reported, Wrong
from kpi_tracker.model.goal import Assumed, Kind
from kpi_tracker.model.kpi import Exempt, ExemptKind, Point, ProfileKind, Step, Support
from kpi_tracker.model.measure import Aggregate, Basis, Cadence, Direction, Measure
from kpi_tracker.model.period import Calendar
from kpi_tracker.model.target import Source

__all__ = ["FORMAT", "GOAL", "INCLUDED", "KPI", "PLAN", "RECORDS"]

FORMAT = "kpi-tracker/v1"
_A_TARGET = Phrase(N_("a target"))


def _source(node: Any, origin: Origin) -> Source:
    if type(node) is Scalar:
        return Source(plain(node, origin))
    return Source(**whole(SOURCE, node, origin))


def _abnormal(node: Any, origin: Origin) -> Written:
    values = whole(ABNORMAL, node, origin)
    if "compare" in values:
        values["compare"] = whole(COMPARE, values["compare"], origin)
    return Written(values, node)


def _baseline(node: Any, origin: Origin) -> Written:
    if type(node) is Scalar:
        return Written({"value": RAW.decode(node, origin)}, node)
    return Written(usable(BASELINE, node, origin, ("value",)), node)


def _target(node: Any, origin: Origin) -> Written:
    values = usable(TARGET, node, origin, TARGET.forms)
    values.setdefault("basis", Basis.ASSUMED)  # of one that is refused
    return _one_form(TARGET, values, node, origin)


def _policy(node: Any, origin: Origin) -> Written:
    return _one_form(POLICY, whole(POLICY, node, origin), node, origin)


def _grade_policy(node: Any, origin: Origin) -> Written:
    """Decode the policy of grades, which can only be held: there is no arithmetic of them."""
    written = _policy(node, origin)
    if written.form != "maintain":
        origin.wrong(node, "KT310", key=written.form, measure=Measure.GRADE.value)
        raise Reported
    return written


def _one_form(record: Record, values: dict[str, Any], node: Any, origin: Origin) -> Written:
    """Return a target with the one form that it is written in."""
    return Written(values, node, record.given(values, node, origin, _A_TARGET))


def _profile(node: Any, origin: Origin) -> tuple[ProfileKind, tuple[Point, ...]]:
    if type(node) is Sequence:
        return ProfileKind.POINTS, _POINTS.decode(node, origin)
    text = scalar_text(node)
    known = ("elapsed", "at-end", "baseline-year")
    if text is None or text not in known:
        near = nearest(text or "", known)
        raise Wrong("KT203", expected=Phrase(N_("elapsed, at-end, baseline-year, or a list of points")), nearest=near)
    return ProfileKind(text), ()


def _thresholds(node: Any, origin: Origin) -> Written:
    if type(node) is Scalar:
        return Written({"preset": plain(node, origin)}, node)
    return Written(whole(THRESHOLDS, node, origin), node)


def _support(node: Any, origin: Origin) -> Support:
    if type(node) is Scalar:
        return Support(plain(node, origin), None, origin.place(node))
    values = whole(SUPPORT, node, origin)
    return Support(values["to"], values.get("weight"), origin.place(node))


def _period(node: Any, origin: Origin) -> Written:
    if type(node) is Scalar:
        text = scalar_text(node) or ""
        if len(text) != 4 or not text.isdecimal() or text == "0000":  # noqa: PLR2004
            raise Wrong("KT203", expected=Phrase(N_("a year such as 2021, or a mapping with start and end")))
        return Written({"year": int(text)}, node)
    return Written(whole(PERIOD, node, origin), node)


def _kinds(node: Any, origin: Origin) -> dict[str, Kind]:
    if type(node) is not Mapping:
        raise Wrong("KT203", expected=Phrase(N_("a mapping from each kind to its title and count")))
    return {k.value: Kind(**whole(KIND, v, origin)) for k, v in entries(node, origin)}


def _presets(node: Any, origin: Origin) -> dict[str, Written]:
    if type(node) is not Mapping:
        raise Wrong("KT203", expected=Phrase(N_("a mapping from the name of each preset to its bands")))
    return {k.value: Written(whole(PRESET, v, origin), k) for k, v in entries(node, origin)}


def _format(node: Any, _origin: Origin) -> str:
    if (text := scalar_text(node)) != FORMAT:
        raise Wrong("KT211", value=text or "", expected=FORMAT)
    return FORMAT


def _nothing_twice(item: Any, _origin: Origin) -> Any:
    """Let an item through that was built when it was complete; anything else in its place is no mapping."""
    if isinstance(item, (Scalar, Sequence)):
        raise Wrong("KT203", expected=Phrase(N_("a mapping with the keys of a KPI")))
    return item


def _goal_node(node: Any, _origin: Origin) -> Any:
    if type(node) is not Mapping:
        raise Wrong("KT203", expected=Phrase(N_("a mapping with the keys of a goal")))
    return node


def _keep(node: Any, _origin: Origin) -> Any:
    if type(node) is not Mapping:
        raise Wrong("KT203", expected=Phrase(N_("a mapping with year and value")))
    return node


_PERIOD_YEAR = {**YEAR.schema, "minimum": 1, "pattern": r"^[0-9]{4}$|[^\x00-\x7F]"}  # one of before 1000 has zeros

SOURCE = Record("source", N_("a source"), {
    "document": Field(PLAIN, "The document that the figure comes from"),
    "section": Field(PLAIN, "The section it comes from", required=True),
    "printed": Field(PLAIN, "The figure as the source prints it"),
}, PLAIN)  # fmt: skip
_SOURCE = Type(_source, SOURCE.reference)

COMPARE = Record("compare", N_("a second base year"), {
    "year": Field(YEAR, "The year", required=True),
    "value": Field(RAW, "Its figure, in the KPI's unit", required=True),
})  # fmt: skip
ABNORMAL = Record("abnormal", N_("an abnormal baseline"), {
    "reason": Field(TEXT, "Why the base year was no ordinary one", required=True),
    "compare": Field(Type(_keep, COMPARE.reference), "A second base year to compare with"),
})  # fmt: skip
BASELINE = Record("baseline", N_("a baseline"), {
    "value": Field(RAW, "The figure of the base year, in the KPI's unit or convertible to it", required=True),
    "year": Field(YEAR, "Its year, where it is not the plan's baseline_year"),
    "approximate": Field(FLAG, "true where the source says “more than”, “about”"),
    "abnormal": Field(Type(_abnormal, ABNORMAL.reference), "Marks a base year that was no ordinary one"),
    "source": Field(_SOURCE, "Where it comes from"),
    "notes": Field(COMMON, "Notes"),
}, RAW)  # fmt: skip
_HELD = Type(RAW.decode, {"type": ["boolean", "number", "string"]})
TARGET = Record("target", N_("a target"), {
    "value": Field(RAW, "The value by the end, or a grade"),
    "change": Field(RAW, "A change against the baseline: \"+10%\" relative, \"+2\" absolute"),
    "maintain": Field(_HELD, "true: no worse than the baseline; or the tolerance: \"5%\" or an amount"),
    "at_most": Field(RAW, "limit: the upper bound"),
    "at_least": Field(RAW, "limit: the lower bound"),
    "basis": Field(choice(Basis), "stated (the source gives it), derived (follows from it) or assumed (ours)",
                   required=True),
    "source": Field(_SOURCE, "Where it comes from"),
    "notes": Field(COMMON, "Notes"),
}, forms=("value", "change", "maintain", "at_most", "at_least"))  # fmt: skip
POLICY = Record("policy", N_("a target policy"), {
    "improve": Field(SHARE, "So much better than the baseline, in the KPI's direction: 10%"),
    "change": Field(RAW, "A change against the baseline: \"+10%\" relative, \"+2\" absolute"),
    "maintain": Field(_HELD, "true: no worse than the baseline; or the tolerance: \"5%\" or an amount"),
}, forms=("improve", "change", "maintain"))  # fmt: skip
_POLICY = Type(_policy, POLICY.reference)
_GRADE_POLICY = Type(_grade_policy, {"allOf": [POLICY.reference, {"required": ["maintain"]}]})
TARGET_POLICY = Record("target_policy", N_("the target policy"), {
    measure.value: Field(_POLICY if measure is not Measure.GRADE else _GRADE_POLICY,
                         "The target of KPIs of this measure that state none")
    for measure in (Measure.TOTAL, Measure.LEVEL, Measure.RATE, Measure.GRADE)
})  # fmt: skip
POINT = Record("point", N_("a point"), {
    "date": Field(DATE, "By the end of this day …", required=True),
    "share": Field(SHARE, "… this share is expected: 40%", required=True),
})  # fmt: skip
_POINTS = list_of(
    Type(lambda node, origin: Point(**whole(POINT, node, origin)), POINT.reference), N_("a list of points")
)
STEP = Record("step", N_("a step"), {
    "id": Field(ID, "Its name in observations", required=True),
    "title": Field(TEXT, "Its title", required=True),
    "due": Field(DATE, "The day by which it is to be done", required=True),
    "weight": Field(WEIGHT, "Its weight among the steps, 1 if left out"),
})  # fmt: skip
_STEPS = list_of(Type(lambda node, origin: Step(**whole(STEP, node, origin)), STEP.reference), N_("a list of steps"))
EXEMPT = Record("exempt", N_("an exemption"), {
    "kind": Field(choice(ExemptKind), "cancelled, merged or postponed", required=True),
    "reason": Field(TEXT, "Why", required=True),
    "date": Field(DATE, "From when on", required=True),
})  # fmt: skip
SUPPORT = Record("support", N_("a support"), {
    "to": Field(PLAIN, "The goal that it counts toward: an id, or the last segments of a path", required=True),
    "weight": Field(WEIGHT, "Its weight there; its own weight if left out"),
}, PLAIN)  # fmt: skip
THRESHOLDS = Record("thresholds", N_("thresholds"), {
    "preset": Field(PLAIN, "timeline, eurostat, traffic-light, or one of the plan's presets"),
    "ahead": Field(WEIGHT, "From this pace on: ahead (1.1)"),
    "on_track": Field(WEIGHT, "From this pace on: on track (0.95)"),
    "at_risk": Field(WEIGHT, "From this pace on: at risk (0.8)"),
    "lag_floor": Field(WEIGHT, "A lag up to so many percentage points is on track whatever the pace (3)"),
}, PLAIN)  # fmt: skip
_THRESHOLDS = Type(_thresholds, THRESHOLDS.reference)
BAND = Record("band", N_("a band"), {
    "status": Field(PLAIN, "on_track, at_risk, lagging, regressing or ahead", required=True),
    "from": Field(RAW, "Its lower bound; without end if left out"),
    "to": Field(RAW, "Its upper bound; without end if left out"),
    "severity": Field(COUNT, "Tells two lagging bands apart: 2 is worse than 1"),
})  # fmt: skip
PRESET = Record("preset", N_("a preset"), {
    "by": Field(PLAIN, "pace, or lag in percentage points", required=True),
    "bands": Field(
        list_of(Type(lambda node, origin: Written(whole(BAND, node, origin), node), BAND.reference),
                N_("a list of bands")),
        "The bands; together they cover everything, without overlap", required=True),
})  # fmt: skip
KIND = Record("kind", N_("a kind"), {
    "title": Field(TEXT, "What it is called", required=True),
    "count": Field(COUNT, "How many the plan must hold"),
})  # fmt: skip
PERIOD = Record("period", N_("a period"), {
    "start": Field(DATE, "Its first day", required=True),
    "end": Field(DATE, "Its last day", required=True),
})  # fmt: skip
FACT = Record("fact", N_("a fact"), {
    "id": Field(ID, "Its id, unique in the plan", required=True),
    "title": Field(TEXT, "What it is", required=True),
    "value": Field(RAW, "The figure; left out for an honour"),
    "unit": Field(UNIT, "Its unit"),
    "year": Field(YEAR, "Its year, where it is not the plan's baseline_year"),
    "approximate": Field(FLAG, "true where the source says “more than”, “about”"),
    "tags": Field(WORDS, "Words to find it by"),
    "source": Field(_SOURCE, "Where it comes from"),
    "notes": Field(COMMON, "Notes"),
})  # fmt: skip

_FACTS = items_of(N_("a list of facts"), lambda node, origin: Written(FACT.read(node, origin), node), "fact")
_KPIS = items_of(N_("a list of KPIs"), _nothing_twice, "kpi")
_GOALS = items_of(N_("a list of goals"), _goal_node, "goal")
_FILES = list_of(PLAIN, N_("a list of file names or globs"))

# The order of keys is that in which `kpi-tracker fmt` writes them.
_NAMED = {
    "id": Field(ID, "Unique in the whole plan; the last part of its path", required=True),
    "kind": Field(PLAIN, "One of the plan's kinds"),
    "title": Field(TEXT, "What it is called", required=True),
    "owner": Field(COMMON, "Who answers for it"),
    "tags": Field(WORDS, "Words to filter by"),
}  # fmt: skip
_COUNTED = {
    "weight": Field(WEIGHT, "Its weight among its siblings, 1 if left out"),
    "source": Field(_SOURCE, "Where it comes from"),
    "supports": Field(list_of(Type(_support, SUPPORT.reference), N_("a list of references to goals")),
                      "Goals of other branches that it counts toward"),
    "thresholds": Field(_THRESHOLDS, "Thresholds that differ from those above it"),
}  # fmt: skip
_REMARKS = {
    "exempt": Field(Type(lambda node, origin: Exempt(**whole(EXEMPT, node, origin)), EXEMPT.reference),
                    "Takes it out of every denominator from a date on"),
    "notes": Field(COMMON, "Notes"),
}  # fmt: skip
_LISTS = {
    "goals": Field(_GOALS, "Goals below it"),
    "kpis": Field(_KPIS, "KPIs below it"),
    "facts": Field(_FACTS, "Facts recorded with it"),
}
PART = part_of(Type(_baseline, BASELINE.reference), Type(_target, TARGET.reference))
BREAKDOWN, _BREAKDOWNS = breakdowns_of(PART)
KPI = Record("kpi", N_("a KPI"), {
    **_NAMED,
    "measure": Field(choice(Measure), "What it measures", required=True),
    "unit": Field(UNIT, "Its unit: 件, 万元, %, 秒"),
    "scale": Field(Type(WORDS.decode, {**WORDS.schema, "minItems": 2}), "grade: the grades, best first"),
    "direction": Field(choice(Direction), "Which way is better; may be left out where baseline and target show it"),
    "formula": Field(FORMULA, "A value calculated from other KPIs: enforcement/major / enforcement/all"),
    "aggregate": Field(choice(Aggregate), "How observations make one value"),
    "profile": Field(Type(_profile, {"anyOf": [{"enum": ["elapsed", "at-end", "baseline-year"]}, {**_POINTS.schema, "minItems": 1}]}),
                     "The expected course: elapsed, at-end, baseline-year, or points"),
    "start": Field(DATE, "Its own first day"),
    "due": Field(DATE, "Its own due date"),
    "cadence": Field(choice(Cadence), "How often a figure arrives"),
    "grace": Field(COUNT, "Days until a figure is overdue"),
    "veto": Field(FLAG, "true: a breach makes everything above it breached (一票否决)"),
    "binding": Field(FLAG, "true: while it lags, nothing above it is better than at risk (约束性)"),
    **_COUNTED,
    "baseline": Field(Type(_baseline, BASELINE.reference), "The figure of the base year"),
    "target": Field(Type(_target, TARGET.reference), "What is to be reached; the plan's target_policy if left out"),
    "breakdown": Field(_BREAKDOWNS, "By which dimension it is taken apart, and how its parts add up"),
    **_REMARKS,
    "steps": Field(not_empty(_STEPS, N_("a list of at least one step")), "milestone: its steps"),
})  # fmt: skip
GOAL = Record("goal", N_("a goal"), {**_NAMED, **_COUNTED, **_REMARKS, **_LISTS})
_FORMAT = Field(Type(_format, {"const": FORMAT}), "The version of this format", required=True)
_INCLUDE = Field(_FILES, "Further files, relative to this one, inside the plan's folder")
_AMENDMENTS = Field(AMENDMENTS, "What was changed in the plan after it was set, with the reason and its document")
INCLUDED = Record("included", N_("an included file"), {"format": _FORMAT, "include": _INCLUDE, "amendments": _AMENDMENTS,
                                                      **_LISTS})  # fmt: skip
PLAN = Record("plan", N_("a plan"), {
    "format": _FORMAT,
    "id": Field(ID, "The plan's id", required=True),
    "title": Field(TEXT, "The plan's title", required=True),
    "period": Field(
        Type(_period, {"anyOf": [_PERIOD_YEAR, PERIOD.reference]}),
        "A year, or start and end; both days belong to it", required=True),
    "time_zone": Field(PLAIN, "An IANA time zone, such as Asia/Shanghai", required=True),
    "calendar": Field(choice(Calendar), "months: every month counts the same; days: every day"),
    "baseline_year": Field(YEAR, "The year that baselines are of; the year before the period if left out"),
    "thresholds": Field(_THRESHOLDS, "A preset's name, or bounds of your own"),
    "presets": Field(Type(_presets, {"type": "object", "additionalProperties": PRESET.reference}),
                     "Presets of your own, by name"),
    "coverage_floor": Field(SHARE, "Below this coverage a node is unknown: 80%"),
    "cadence": Field(choice(Cadence), "How often figures arrive: monthly"),
    "grace": Field(COUNT, "Days until a figure is overdue: 10"),
    "target_policy": Field(Type(lambda node, origin: whole(TARGET_POLICY, node, origin), TARGET_POLICY.reference),
                           "The targets of KPIs that state none, by measure"),
    "flags": Field(FLAGS, "When lagging items are flagged, how flags are escalated, and when they are cleared"),
    "kinds": Field(Type(_kinds, {"type": "object", "additionalProperties": KIND.reference}),
                   "The kinds of goals, with how many of each the plan must hold"),
    "dimensions": Field(DIMENSIONS, "What figures are taken apart by: districts, units"),
    "owner": Field(TEXT, "Who answers for the plan"),
    "assumed": Field(list_of(choice(Assumed), N_("a list of: owner, weight, supports, steps")), "Assumed throughout: not in the source"),
    "source": Field(_SOURCE, "Where the plan comes from"),
    "notes": Field(COMMON, "Notes"),
    "include": _INCLUDE,
    "observations": Field(_FILES, "CSV files or globs: observations/*.csv"),
    "sources": Field(DATA_SOURCES, "Where figures can be fetched from: queries of databases, and files of other systems"),
    "amendments": _AMENDMENTS,
    **_LISTS,
})  # fmt: skip
RECORDS = (
    PLAN, INCLUDED, GOAL, KPI, FACT, TARGET, BASELINE, ABNORMAL, COMPARE, TARGET_POLICY, POLICY, POINT, STEP, EXEMPT,
    SUPPORT, THRESHOLDS, BAND, PRESET, KIND, PERIOD, SOURCE, *FLAGGING, AMENDMENT, DIMENSION, MEMBER, BREAKDOWN, PART,
    *DATA_SOURCE_RECORDS,
)  # fmt: skip
