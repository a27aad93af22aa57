"""The check's JSON, `kpi-tracker/scorecard/v1`, as JSON Schema (draft-07)."""

from typing import Any

from kpi_tracker.changes import ChangeKind
from kpi_tracker.flags.flag import Phase
from kpi_tracker.model.flagging import Level
from kpi_tracker.model.measure import Basis, Direction, Measure, Status
from kpi_tracker.model.target import TargetForm
from kpi_tracker.reporting.jsonfile import FORMAT
from kpi_tracker.reporting.scorecards import FORMAT as SCORECARDS_FORMAT

__all__ = ["scorecard_schema", "scorecards_schema"]

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


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(optional: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    required = [key for key in properties if key not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_FRACTION = _or_null(NUMBER)
_ABOUT: dict[str, Any] = {
    "id": STRING, "title": TEXT, "kind": _or_null(STRING), "owner": _or_null(TEXT), "tags": PATHS, "weight": NUMBER,
    "file": STRING, "line": WHOLE,
}  # fmt: skip
_SHARE = _object(path=STRING, weight=NUMBER, part=_FRACTION, attainment=_FRACTION, expected=_FRACTION, status=STATUS,
                 support=FLAG)  # fmt: skip
_GOAL = _object(
    tuple(_ABOUT), path=STRING, **_ABOUT, status=STATUS, severity=WHOLE, attainment=_FRACTION, expected=_FRACTION,
    pace=_FRACTION, lag=_FRACTION, coverage=_FRACTION, worst=_or_null(STATUS),
    counts={"type": "object", "propertyNames": STATUS, "additionalProperties": WHOLE},
    veto_breached=PATHS, binding_lagging=PATHS, incomplete=PATHS, shares=_list(_SHARE), reasons=REASONS,
)  # fmt: skip
_BASELINE = _object(
    value=VALUE, year=_or_null(WHOLE), approximate=FLAG, printed=_or_null(STRING),
    abnormal=_or_null(_object(reason=TEXT, year=_or_null(WHOLE), value=_or_null(NUMBER))),
)  # fmt: skip
_TARGET = _object(value=VALUE, form={"enum": [form.value for form in TargetForm]}, written=STRING,
                  basis={"enum": [basis.value for basis in Basis]}, by_policy=FLAG)  # fmt: skip
_COMPARISON = _object(
    year=WHOLE, baseline=VALUE, kind={"enum": ["plain", "pro_rata", "same_day"]}, reference=_or_null(VALUE),
    change=_FRACTION, relative=_FRACTION, reason=_or_null(STRING),
)  # fmt: skip
_OUTLOOK = _object(needed=_FRACTION, so_far=_FRACTION, ratio=_FRACTION, landing=_FRACTION, reason=_or_null(STRING))
_GROWTH = _object(observed=_FRACTION, required=_FRACTION, ratio=_FRACTION, reason=_or_null(STRING))
_ORIGINAL = _object(target=_or_null(VALUE), baseline=_or_null(VALUE), status=STATUS, attainment=_FRACTION,
                    expected=_FRACTION, lag=_FRACTION)  # fmt: skip
_PART: dict[str, Any] = {
    "dimension": STRING, "member": STRING, "title": TEXT, "owner": _or_null(TEXT), "baseline": _or_null(_BASELINE),
    "target": _or_null(_TARGET), "status": STATUS, "severity": WHOLE, "underlying": _or_null(STATUS),
    "value": _or_null(VALUE), "share": _FRACTION, "data_date": _or_null(DAY), "attainment": _FRACTION, "expected": _FRACTION,
    "pace": _FRACTION, "lag": _FRACTION, "days_behind": _or_null(WHOLE), "gap": _FRACTION, "met": _or_null(FLAG),
    "next_due": _or_null(DAY), "overdue": FLAG, "comparisons": _list(_COMPARISON), "reasons": REASONS, "illustrative": FLAG,
}  # fmt: skip
_DISCREPANCY = _object(dimension=STRING, date=DAY, total=NUMBER, parts=NUMBER, difference=NUMBER, allowed=NUMBER, file=STRING,
                       line=WHOLE)  # fmt: skip
_UNREPORTED = _object(dimension=STRING, date=DAY, members=PATHS)
_MEMBER = _object(
    member=STRING, title=TEXT, owner=_or_null(TEXT),
    counts={"type": "object", "propertyNames": STATUS, "additionalProperties": WHOLE},
    unreported=PATHS, parts=_list(_object(path=STRING, **_PART)),
)  # fmt: skip
_BY = _object(dimension=STRING, title=TEXT, kpis=PATHS)
_KPI = _object(
    ("parts", "discrepancies", "unreported"), path=STRING, **_ABOUT, measure={"enum": [measure.value for measure in Measure]}, unit=TEXT,
    direction=_or_null({"enum": [direction.value for direction in Direction]}), direction_inferred=FLAG,
    baseline=_or_null(_BASELINE), target=_or_null(_TARGET), veto=FLAG, binding=FLAG, status=STATUS, severity=WHOLE,
    underlying=_or_null(STATUS), value=_or_null(VALUE), data_date=_or_null(DAY), attainment=_FRACTION,
    expected=_FRACTION, pace=_FRACTION, lag=_FRACTION, days_behind=_or_null(WHOLE), gap=_FRACTION, met=_or_null(FLAG),
    ended=FLAG, next_due=_or_null(DAY), overdue=FLAG, comparisons=_list(_COMPARISON), outlook=_OUTLOOK,
    growth=_or_null(_GROWTH), formula=_or_null(STRING), inputs={"type": "object", "additionalProperties": VALUE},
    thresholds=STRING, reasons=REASONS, illustrative=FLAG, rows_left_out=WHOLE, gaps=_list(DAY), original=_or_null(_ORIGINAL),
    parts=_list(_object(**_PART)), discrepancies=_list(_DISCREPANCY), unreported=_list(_UNREPORTED),
)  # fmt: skip
_FAULT = _object(
    code={"type": "string", "pattern": "^KT[0-9]{3}$"}, severity={"enum": ["error", "warning"]}, file=STRING,
    line=_or_null(WHOLE), column=_or_null(WHOLE), path=_or_null(STRING), message=STRING,
)  # fmt: skip
_PLAN = _object(id=STRING, title=TEXT, start=DAY, end=DAY, time_zone=STRING, baseline_year=WHOLE)

_SIDE = _object(
    status=STATUS, severity=WHOLE, value=_or_null(VALUE), attainment=_FRACTION, expected=_FRACTION, lag=_FRACTION,
    target=_or_null(VALUE), baseline=_or_null(VALUE), weight=_or_null(NUMBER), owner=_or_null(TEXT),
)  # fmt: skip
_CHANGE = _object(
    kind={"enum": [kind.value for kind in ChangeKind]}, path=STRING, title=TEXT, before=_or_null(_SIDE),
    after=_or_null(_SIDE),
)  # fmt: skip
_HELD = _object(("until", "severity", "lag"), by=STRING, why=STRING, made_at=STRING, until=_or_null(DAY), status=STATUS,
                severity=WHOLE, lag=_FRACTION)  # fmt: skip
_RAISED: dict[str, Any] = {  # what is as it is by default is left out
    "severity": WHOLE, "lag": _FRACTION, "runs": WHOLE, "level": {"enum": [level.value for level in Level]},
    "raised_on": DAY, "level_since": DAY, "clearing_since": DAY, "roles": _list(TEXT), "acknowledged": _HELD,
    "ack_spent": STRING, "flapping": FLAG, "kept_without_data": DAY, "transitions": _list(_object(date=DAY, phase=STRING)),
}  # fmt: skip
_FLAG = _object(tuple(_RAISED), path=STRING, phase={"enum": [phase.value for phase in Phase]}, since=DAY, last_seen=DAY,
                status=STATUS, **_RAISED)  # fmt: skip


def scorecard_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `check --format json` prints."""
    document = _object(
        ("since", "changes", "flags", "by", "members"), format={"const": FORMAT}, plan=_or_null(_PLAN),
        as_of=_or_null(DAY), known_at=_or_null(STRING), branch=STRING,
        illustrative=FLAG, goals=_list(_GOAL), kpis=_list(_KPI), lagging=PATHS, data_problems=PATHS,
        diagnostics=_list(_FAULT), since=DAY, changes=_list(_CHANGE), flags=_list(_FLAG), by=_BY, members=_list(_MEMBER),
    )  # fmt: skip
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": FORMAT, **document}


def scorecards_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `check --format json` prints of several plans."""
    one = {key: value for key, value in scorecard_schema().items() if key != "$schema"}
    members = _list(_object(source=STRING, scorecard=one))
    document = _object(format={"const": SCORECARDS_FORMAT}, scorecards=members)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": SCORECARDS_FORMAT, **document}
