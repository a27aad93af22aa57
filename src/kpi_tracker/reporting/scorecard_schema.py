"""The check's JSON, `kpi-tracker/scorecard/v1`, as JSON Schema (draft-07)."""

from typing import Any

from kpi_tracker.changes import ChangeKind
from kpi_tracker.flags.flag import Phase
from kpi_tracker.model.flagging import Level
from kpi_tracker.model.measure import Basis, Direction, Measure, Status
from kpi_tracker.model.target import TargetForm
from kpi_tracker.reporting.jsonfile import FORMAT
from kpi_tracker.reporting.scorecards import FORMAT as SCORECARDS_FORMAT

__all__ = ["DAY", "FAULT", "FLAG", "NUMBER", "PATHS", "PLAN", "STATUS", "STRING", "TEXT", "WHOLE", "listed", "object_of",
           "or_null", "scorecard_schema", "scorecards_schema"]  # fmt: skip

TEXT = {"type": "object", "required": ["zh", "en"], "additionalProperties": False,
        "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}  # fmt: skip
STRING = {"type": "string"}
NUMBER = {"type": "number"}
FLAG = {"type": "boolean"}
WHOLE = {"type": "integer"}
DAY = {"type": "string", "format": "date"}
PATHS = {"type": "array", "items": STRING}
REASONS = {"type": "object", "additionalProperties": STRING}
STATUS = {"enum": [status.value for status in Status]}
VALUE = {"type": ["number", "string"]}


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value that may be missing."""
    return {"anyOf": [schema, {"type": "null"}]}


def object_of(optional: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """Return the schema of an object with these properties, all needed but the `optional` ones."""
    required = [key for key in properties if key not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def listed(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


_FRACTION = or_null(NUMBER)
_ABOUT: dict[str, Any] = {
    "id": STRING, "title": TEXT, "kind": or_null(STRING), "owner": or_null(TEXT), "tags": PATHS, "weight": NUMBER,
    "file": STRING, "line": WHOLE,
}  # fmt: skip
_SHARE = object_of(path=STRING, weight=NUMBER, part=_FRACTION, attainment=_FRACTION, expected=_FRACTION, coverage=_FRACTION,
                 status=STATUS, support=FLAG)  # fmt: skip
_GOAL = object_of(
    tuple(_ABOUT), path=STRING, **_ABOUT, status=STATUS, severity=WHOLE, attainment=_FRACTION, expected=_FRACTION,
    pace=_FRACTION, lag=_FRACTION, coverage=_FRACTION, worst=or_null(STATUS),
    counts={"type": "object", "propertyNames": STATUS, "additionalProperties": WHOLE},
    veto_breached=PATHS, binding_lagging=PATHS, incomplete=PATHS, shares=listed(_SHARE), reasons=REASONS,
)  # fmt: skip
_BASELINE = object_of(
    value=VALUE, year=or_null(WHOLE), approximate=FLAG, printed=or_null(STRING),
    abnormal=or_null(object_of(reason=TEXT, year=or_null(WHOLE), value=or_null(NUMBER))),
)  # fmt: skip
_TARGET = object_of(value=VALUE, form={"enum": [form.value for form in TargetForm]}, written=STRING,
                  basis={"enum": [basis.value for basis in Basis]}, by_policy=FLAG)  # fmt: skip
_COMPARISON = object_of(
    year=WHOLE, baseline=VALUE, kind={"enum": ["plain", "pro_rata", "same_day"]}, reference=or_null(VALUE),
    change=_FRACTION, relative=_FRACTION, reason=or_null(STRING),
)  # fmt: skip
_OUTLOOK = object_of(needed=_FRACTION, so_far=_FRACTION, ratio=_FRACTION, landing=_FRACTION, reason=or_null(STRING))
_GROWTH = object_of(observed=_FRACTION, required=_FRACTION, ratio=_FRACTION, reason=or_null(STRING))
_ORIGINAL = object_of(target=or_null(VALUE), baseline=or_null(VALUE), status=STATUS, attainment=_FRACTION,
                    expected=_FRACTION, lag=_FRACTION)  # fmt: skip
_PART: dict[str, Any] = {
    "dimension": STRING, "member": STRING, "title": TEXT, "owner": or_null(TEXT), "baseline": or_null(_BASELINE),
    "target": or_null(_TARGET), "status": STATUS, "severity": WHOLE, "underlying": or_null(STATUS),
    "value": or_null(VALUE), "share": _FRACTION, "data_date": or_null(DAY), "attainment": _FRACTION, "expected": _FRACTION,
    "pace": _FRACTION, "lag": _FRACTION, "days_behind": or_null(WHOLE), "gap": _FRACTION, "met": or_null(FLAG),
    "next_due": or_null(DAY), "overdue": FLAG, "comparisons": listed(_COMPARISON), "reasons": REASONS, "illustrative": FLAG,
}  # fmt: skip
_DISCREPANCY = object_of(dimension=STRING, date=DAY, total=NUMBER, parts=NUMBER, difference=NUMBER, allowed=NUMBER, file=STRING,
                       line=WHOLE)  # fmt: skip
_UNREPORTED = object_of(dimension=STRING, date=DAY, members=PATHS)
_MEMBER = object_of(
    member=STRING, title=TEXT, owner=or_null(TEXT),
    counts={"type": "object", "propertyNames": STATUS, "additionalProperties": WHOLE},
    unreported=PATHS, parts=listed(object_of(path=STRING, **_PART)),
)  # fmt: skip
_BY = object_of(dimension=STRING, title=TEXT, kpis=PATHS)
_KPI = object_of(
    ("parts", "discrepancies", "unreported"), path=STRING, **_ABOUT, measure={"enum": [measure.value for measure in Measure]}, unit=TEXT,
    direction=or_null({"enum": [direction.value for direction in Direction]}), direction_inferred=FLAG,
    baseline=or_null(_BASELINE), target=or_null(_TARGET), veto=FLAG, binding=FLAG, status=STATUS, severity=WHOLE,
    underlying=or_null(STATUS), value=or_null(VALUE), data_date=or_null(DAY), attainment=_FRACTION,
    expected=_FRACTION, pace=_FRACTION, lag=_FRACTION, days_behind=or_null(WHOLE), gap=_FRACTION, met=or_null(FLAG),
    ended=FLAG, next_due=or_null(DAY), overdue=FLAG, comparisons=listed(_COMPARISON), outlook=_OUTLOOK,
    growth=or_null(_GROWTH), formula=or_null(STRING), inputs={"type": "object", "additionalProperties": VALUE},
    thresholds=STRING, reasons=REASONS, illustrative=FLAG, rows_left_out=WHOLE, gaps=listed(DAY), original=or_null(_ORIGINAL),
    parts=listed(object_of(**_PART)), discrepancies=listed(_DISCREPANCY), unreported=listed(_UNREPORTED),
)  # fmt: skip
FAULT = object_of(
    code={"type": "string", "pattern": "^KT[0-9]{3}$"}, severity={"enum": ["error", "warning"]}, file=STRING,
    line=or_null(WHOLE), column=or_null(WHOLE), path=or_null(STRING), message=STRING,
    value=or_null(STRING), expected=or_null(STRING), nearest=or_null(STRING), excerpt=or_null(STRING),
    marked=or_null(STRING),
)  # fmt: skip
PLAN = object_of(id=STRING, title=TEXT, start=DAY, end=DAY, time_zone=STRING, baseline_year=WHOLE)

_SIDE = object_of(
    status=STATUS, severity=WHOLE, value=or_null(VALUE), attainment=_FRACTION, expected=_FRACTION, lag=_FRACTION,
    target=or_null(VALUE), baseline=or_null(VALUE), weight=or_null(NUMBER), owner=or_null(TEXT),
)  # fmt: skip
_CHANGE = object_of(
    kind={"enum": [kind.value for kind in ChangeKind]}, path=STRING, title=TEXT, before=or_null(_SIDE),
    after=or_null(_SIDE),
)  # fmt: skip
_HELD = object_of(("until", "severity", "lag"), by=STRING, why=STRING, made_at=STRING, until=or_null(DAY), status=STATUS,
                severity=WHOLE, lag=_FRACTION)  # fmt: skip
_RAISED: dict[str, Any] = {  # what is as it is by default is left out
    "severity": WHOLE, "lag": _FRACTION, "runs": WHOLE, "level": {"enum": [level.value for level in Level]},
    "raised_on": DAY, "level_since": DAY, "clearing_since": DAY, "roles": listed(TEXT), "acknowledged": _HELD,
    "ack_spent": STRING, "flapping": FLAG, "kept_without_data": DAY, "transitions": listed(object_of(date=DAY, phase=STRING)),
}  # fmt: skip
_FLAG = object_of(tuple(_RAISED), path=STRING, phase={"enum": [phase.value for phase in Phase]}, since=DAY, last_seen=DAY,
                status=STATUS, **_RAISED)  # fmt: skip


def scorecard_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `check --format json` prints."""
    document = object_of(
        ("since", "changes", "flags", "by", "members"), format={"const": FORMAT}, plan=or_null(PLAN),
        as_of=or_null(DAY), known_at=or_null(STRING), branch=STRING,
        illustrative=FLAG, goals=listed(_GOAL), kpis=listed(_KPI), lagging=PATHS, data_problems=PATHS,
        diagnostics=listed(FAULT), since=DAY, changes=listed(_CHANGE), flags=listed(_FLAG), by=_BY, members=listed(_MEMBER),
    )  # fmt: skip
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": FORMAT, **document}


def scorecards_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `check --format json` prints of several plans."""
    one = {key: value for key, value in scorecard_schema().items() if key != "$schema"}
    members = listed(object_of(source=STRING, scorecard=one))
    document = object_of(format={"const": SCORECARDS_FORMAT}, scorecards=members)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": SCORECARDS_FORMAT, **document}
