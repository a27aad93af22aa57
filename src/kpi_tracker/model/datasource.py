"""Where figures can be fetched from: a query of a database, or files that another system writes."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.record import field, record
from kpi_tracker.secret import Secret

__all__ = ["OFFERED", "DataSource", "Parameter", "Role", "SourceKind"]

Parameter = str | int | float | bool | date
OFFERED = ("as_of", "period_start", "period_end")
"""The parameters that every select may name: the day that it is read for, and the first and last day of the plan."""


class SourceKind(StrEnum):
    """What a source is."""

    SQL = "sql"
    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"


class Role(StrEnum):
    """What a column holds. `basis` and `recorded_at` are for sources that the check itself reads."""

    KPI = "kpi"
    DATE = "date"
    PERIOD = "period"
    VALUE = "value"
    UNIT = "unit"
    NOTE = "note"
    BASIS = "basis"
    RECORDED_AT = "recorded_at"


@record
class DataSource:
    """A source of figures.

    `columns` has the name of a column for each role, `kpis` the path of a KPI for each of the source's own codes (none:
    the source names KPIs as the plan does). `unit` is that of numbers which name none. `url`, `select` and `parameters`
    are those of a database, read within `timeout` seconds. `patterns` are names or globs of files below `folder`;
    `files` those that there were when the plan was read, of a source with `watch`, which the check itself reads.
    """

    id: str
    kind: SourceKind
    columns: Mapping[Role, str]
    kpis: Mapping[str, str] = field(factory=dict)
    unit: str = ""
    url: Secret | None = None
    select: str = ""
    parameters: Mapping[str, Parameter] = field(factory=dict)
    timeout: float = 60.0
    patterns: tuple[str, ...] = ()
    folder: str = ""
    watch: bool = False
    files: tuple[str, ...] = field(default=(), eq=False)
    where: Place = field(default=NOWHERE, eq=False)
