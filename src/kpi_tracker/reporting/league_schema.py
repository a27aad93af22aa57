"""The JSON of a league, `kpi-tracker/league/v1`, as JSON Schema (draft-07)."""

from typing import Any

from kpi_tracker.reporting.leaguejson import FORMAT
from kpi_tracker.reporting.scorecard_schema import (
    DAY,
    FAULT,
    FLAG,
    NUMBER,
    PATHS,
    PLAN,
    STATUS,
    STRING,
    TEXT,
    WHOLE,
    listed,
    object_of,
    or_null,
)

__all__ = ["league_schema"]

_FRACTION = or_null(NUMBER)
_COUNTS = {"type": "object", "propertyNames": STATUS, "additionalProperties": WHOLE}
_GROUP = object_of(
    id=STRING, title=TEXT, parent=or_null(STRING), rank=or_null(WHOLE), status=STATUS, severity=WHOLE, attainment=_FRACTION,
    expected=_FRACTION, lag=_FRACTION, coverage=_FRACTION, worst=or_null(STATUS), counts=_COUNTS, lagging=WHOLE,
    judged=WHOLE, data_problems=WHOLE, veto_breached=WHOLE, binding_lagging=WHOLE,
)  # fmt: skip
_KPI = object_of(
    path=STRING, title=TEXT, counts=_COUNTS, lagging=WHOLE, without_data=WHOLE, on_track=WHOLE, scored=WHOLE,
    least=_FRACTION, lower=_FRACTION, median=_FRACTION, upper=_FRACTION, greatest=_FRACTION,
)  # fmt: skip
_OUTLIER = object_of(group=STRING, path=STRING, attainment=NUMBER, median=NUMBER, z=NUMBER)
_SLIP = object_of(group=STRING, path=STRING, value=NUMBER, times=NUMBER)


def league_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `check-many --format json` prints."""
    document = object_of(
        format={"const": FORMAT}, plan=or_null(PLAN), as_of=or_null(DAY), known_at=or_null(STRING), illustrative=FLAG,
        column=or_null(STRING), groups=listed(_GROUP), kpis=listed(_KPI), lagging_groups=PATHS, lagging_kpis=PATHS,
        outliers=listed(_OUTLIER), slips=listed(_SLIP), diagnostics=listed(FAULT),
    )  # fmt: skip
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": FORMAT, **document}
