"""What is missing or broken: data that did not come, came too late or in part, and faults of the plan and its files."""

from collections.abc import Iterable

from kpi_tracker.diagnostics.diagnostic import SEVERITY_WORDS, Diagnostic, Severity, by_place
from kpi_tracker.documents.blocks import Cell, Paragraph, Row, Section, Table
from kpi_tracker.documents.content.cells import item_cell, owner_cell, status_cell
from kpi_tracker.documents.content.material import Material
from kpi_tracker.documents.content.tables import columns, owner_head, row
from kpi_tracker.language import N_
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.reporting.parts import part_remarks
from kpi_tracker.reporting.terms import CADENCE_WORDS
from kpi_tracker.reporting.words import NONE, STATUS_WORDS

__all__ = ["data_remarks", "faults_section", "problems_section"]

GAPS_SHOWN = 12


def problems_section(found: Iterable[KpiScore], material: Material) -> Section | None:
    """Return the KPIs whose data are missing, old or incomplete: what, due since when, from whom; None where all is there."""
    kpis = list(found)
    if not kpis:
        return None
    words = material.words
    heading = words.count(
        N_("{n} KPI whose data are missing, old or incomplete"), N_("{n} KPIs whose data are missing, old or incomplete"),
        len(kpis),
    )  # fmt: skip
    rows = [
        row(
            kpi, material, item_cell(kpi.path, material), status_cell(kpi, words), Cell(_missing(kpi, material)),
            Cell(kpi.next_due.isoformat() if kpi.overdue and kpi.next_due else NONE),
            Cell(kpi.data_date.isoformat() if kpi.data_date else NONE),
            Cell(words.text(CADENCE_WORDS[kpi.kpi.cadence or material.plan.cadence])), owner_cell(kpi, material),
        )
        for kpi in kpis
    ]  # fmt: skip
    heads = columns(
        material, N_("KPI"), N_("Status"), N_("What is missing"), N_("Was due by"), N_("Newest figure"), N_("Reported"),
        owner_head(material),
    )  # fmt: skip
    return Section("data-problems", heading, (Table("data-problems", heads, tuple(rows)),))


def _missing(kpi: KpiScore, material: Material) -> str:
    return " · ".join(material.remark(remark) for remark in data_remarks(kpi, material))


def data_remarks(kpi: KpiScore, material: Material) -> list[str]:
    """Return what is to be said of the data of a KPI, each in a sentence of its own."""
    words, told = material.words, []
    if kpi.status is Status.NO_DATA and kpi.value is None:
        told.append(words.text(N_("No figure has come yet.")))
    elif kpi.status is Status.NO_DATA:
        reason = kpi.reasons.get("expected")
        told.extend([words.phrase(reason)] if reason else [])
    if kpi.underlying is not None and kpi.data_date is not None:
        told.append(
            words.text(
                N_("The newest figure is of {day} and said: {status}."),
                day=kpi.data_date.isoformat(), status=words.text(STATUS_WORDS[kpi.underlying]),
            )
        )  # fmt: skip
    if kpi.gaps:
        missing = (*(day.isoformat() for day in kpi.gaps[:GAPS_SHOWN]), *("…" for _ in kpi.gaps[GAPS_SHOWN:][:1]))
        told.append(words.text(N_("no figure for {days}: the sum is short of it"), days=missing))
    if kpi.rows_left_out:
        told.append(words.count(N_("{n} row left out"), N_("{n} rows left out"), kpi.rows_left_out))
    told.extend(part_remarks(kpi, words))
    return told


def faults_section(found: Iterable[Diagnostic], material: Material) -> Section | None:
    """Return the faults of the plan and its data with their places; None where there is none."""
    faults = sorted(found, key=by_place)
    if not faults:
        return None
    words = material.words
    rows = tuple(
        Row((
            Cell(material.place(fault.place), code=True),
            Cell(f"{words.text(SEVERITY_WORDS[fault.severity])} {fault.code}"), Cell(fault.message(words.code)),
            Cell(fault.path, to=material.page(fault.path) if fault.path else None), Cell(fault.excerpt.strip(), code=True),
        ))
        for fault in faults
    )  # fmt: skip
    heads = columns(material, N_("Place"), N_("Fault"), N_("What is wrong"), N_("Item"), N_("As written"))
    heading = words.count(
        N_("{n} fault in the plan or its data:"), N_("{n} faults in the plan or its data:"), len(faults)
    ).rstrip(":：")
    left_out = any(fault.severity is Severity.ERROR for fault in faults)
    note = words.text(N_("What could not be read is left out of the scores and counts as missing where it stands."))
    blocks = (*((Paragraph(note, "warning"),) if left_out else ()), Table("faults", heads, rows))
    return Section("faults", heading, blocks)
