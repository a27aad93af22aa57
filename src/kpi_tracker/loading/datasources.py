"""The key `sources` of a plan, as it is written: where figures can be fetched from."""

from typing import Any

from kpi_tracker.language import N_, Phrase
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
    scalar_text,
    whole,
)
from kpi_tracker.loading.nodes import Mapping, Scalar
from kpi_tracker.loading.scalars import FLAG, ID, PLAIN, plain
from kpi_tracker.loading.secrets import SECRET, SECRET_PLACE
from kpi_tracker.loading.wrong import Reported, Wrong
from kpi_tracker.model.datasource import Parameter, Role, SourceKind
from kpi_tracker.notation.folding import folded_text
from kpi_tracker.record import changed
from kpi_tracker.secret import Secret

__all__ = ["COLUMNS", "DATA_SOURCE", "DATA_SOURCES", "DATA_SOURCE_RECORDS"]

LONGEST = 3600
"""Seconds that a database may be read for at most."""


def _url(node: Any, origin: Origin) -> Secret:
    """Decode where the address of a database is; whatever stands here instead is shown nowhere, nor its line."""
    found = origin.report.diagnostics
    before = len(found)
    try:
        secret: Secret = SECRET_PLACE.decode(node, origin)
        if "://" not in secret.file:
            return secret
        origin.wrong(node, "KT701", key="url")
    except Wrong as wrong:
        origin.wrong(node, wrong.code, **{"key": "url", **wrong.args_of_fault})
    except Reported:
        pass
    found[before:] = [
        changed(fault, excerpt="", args={**fault.args, "value": Phrase(N_("what stands here")), "nearest": ""})
        for fault in found[before:]
    ]
    raise Reported


def _columns(node: Any, origin: Origin) -> dict[Role, str]:
    return {Role(key): name for key, name in whole(COLUMNS, node, origin).items()}


def _entries(node: Any, origin: Origin, expected: str) -> list[tuple[Any, Any]]:
    if type(node) is not Mapping:
        raise Wrong("KT203", expected=Phrase(expected))
    return entries(node, origin)


def _kpis(node: Any, origin: Origin) -> dict[str, Any]:
    """Decode what the source calls each KPI; the nodes are kept, so that a KPI that is not there can be marked."""
    found = _entries(node, origin, N_("a mapping from the source's codes to KPIs of the plan"))
    for _, value in found:
        if scalar_text(value) is None:
            raise Wrong("KT203", expected=Phrase(N_("a mapping from the source's codes to KPIs of the plan")))
    return {folded_text(key.value): value for key, value in found}


def _parameters(node: Any, origin: Origin) -> dict[str, Parameter]:
    found = _entries(node, origin, N_("a mapping from the names in the select to their values"))
    return {key.value: _parameter(value) for key, value in found}


def _parameter(node: Any) -> Parameter:
    """Decode a value that is bound: a number, a date, true or false as it is written plainly; in quotes it is a text."""
    if type(node) is not Scalar or scalar_text(node) is None:
        raise Wrong("KT203", expected=Phrase(N_("one value for each name: a number, a date, true, false or a text")))
    text: str = node.value
    if node.style:
        return text
    if text in ("true", "false"):
        return text == "true"
    from kpi_tracker.notation.date import read_date

    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and not (len(digits) > 1 and digits.startswith("0")):
        return int(text)
    if digits.isascii() and digits.replace(".", "", 1).isdigit() and not digits.startswith("00"):
        return float(text)
    return read_date(text) or text


def _timeout(node: Any, origin: Origin) -> float:
    from kpi_tracker.notation.number import Unreadable, read_number, unit_of

    text = plain(node, origin)
    try:
        seconds = read_number(text, unit_of("秒", "s"))
    except Unreadable as unreadable:
        raise Wrong("KT205", value=text, unit="", reason=unreadable.reason) from None
    if not 0 < seconds <= LONGEST:
        raise Wrong("KT206", value=text, expected=Phrase(N_("a time of at most 1 hour, such as 30s or 5m")))
    return seconds


_TEXT = {"type": "string"}
_NAMES = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
COLUMNS = Record("source_columns", N_("the mapping of a source's columns"), {
    "kpi": Field(PLAIN, "The column with the source's name or code of the KPI", required=True),
    "date": Field(PLAIN, "The column with the day that a figure speaks for; or period"),
    "period": Field(PLAIN, "The column with the period: 2021-09, 202109, 2021-Q3, or any day of it; or date"),
    "value": Field(PLAIN, "The column with the figure", required=True),
    "unit": Field(PLAIN, "The column with the unit of each figure"),
    "note": Field(PLAIN, "The column with a note"),
    "basis": Field(PLAIN, "watch: the column that says how firm a figure is"),
    "recorded_at": Field(PLAIN, "watch: the column that says when a figure was recorded"),
}, forms=("date", "period"))  # fmt: skip
DATA_SOURCE = Record("data_source", N_("a source of figures"), {
    "id": Field(ID, "Its name, unique among the sources", required=True),
    "kind": Field(choice(SourceKind), "sql, csv, parquet or jsonl (a JSON object in each line)", required=True),
    "columns": Field(Type(_columns, COLUMNS.reference), "Which of its columns holds what", required=True),
    "kpis": Field(Type(_kpis, _NAMES), "The KPI of each of the source's codes; other codes are passed over"),
    "unit": Field(PLAIN, "The unit of figures that name none, where it is not the KPI's own"),
    "url": Field(Type(_url, SECRET.reference), "sql: where the address of the database is, never the address itself"),
    "select": Field(PLAIN, "sql: the query, one SELECT; :name stands for a parameter"),
    "parameters": Field(Type(_parameters, {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}),
                        "sql: values for the names in the select; as_of, period_start and period_end are there already"),
    "timeout": Field(Type(_timeout, {"type": ["number", "string"]}), "sql: how long the database is read at most (60s)"),
    "files": Field(list_of(PLAIN, N_("a list of file names or globs")), "Names or globs of files, inside the plan's folder"),
    "folder": Field(PLAIN, "Another folder that the files are in; a whole path"),
    "watch": Field(FLAG, "true: the check itself reads the files each time; nothing is copied"),
})  # fmt: skip
DATA_SOURCES = items_of(
    N_("a list of sources"), lambda node, origin: Written(DATA_SOURCE.read(node, origin), node), "data_source"
)
DATA_SOURCE_RECORDS = (DATA_SOURCE, COLUMNS, SECRET)
