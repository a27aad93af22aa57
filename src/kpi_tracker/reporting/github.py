"""A check as annotations of GitHub Actions, at the file and line of each KPI and fault, and as the summary of a job."""

import os
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpi_tracker.diagnostics import Place, Severity
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.outcome import NEVER
from kpi_tracker.reporting.account import data_remarks, standing, status_word, title_of
from kpi_tracker.reporting.checked import Checked, rank, worst_first
from kpi_tracker.reporting.headline import figures, headline
from kpi_tracker.reporting.remarked import told_of
from kpi_tracker.reporting.repository import path_in_repository

__all__ = ["annotations", "step_summary", "write"]

SHOWN = 10
"""How many annotations of a level GitHub keeps of one step."""
ROWS = 200
"""How many KPIs the summary lists: it must stay below 1 MiB."""
LEVELS = ("error", "warning", "notice")


class Annotation(NamedTuple):
    """One annotation, in no format yet."""

    level: str
    place: Place
    title: str
    message: str


def write(checked: Sequence[Checked], lang: str, fail_on: str) -> str:
    """Return the annotations, with files named from the workspace of the job, else from the working directory."""
    here = os.getcwd()
    return annotations(checked, lang, fail_on, here, os.environ.get("GITHUB_WORKSPACE") or here)


def annotations(checked: Sequence[Checked], lang: str, fail_on: str, folder: str, root: str) -> str:
    """Return at most SHOWN annotations a level, the worst first; the last tells how many more there are."""
    words = language(lang)
    found = [annotation for one in checked for annotation in _of_plan(one, words)]
    failing = [(kpi, "error", one) for one in checked for kpi in one.findings(fail_on).failing]
    doubtful = [(kpi, "warning", one) for one in checked for kpi in one.findings(fail_on).doubtful]
    for kpi, level, one in sorted([*failing, *doubtful], key=lambda told: rank(told[0])):
        found.append(Annotation(level, kpi.kpi.where, _heading(kpi, words), told_of(one, kpi, words)))
    lines: list[str] = []
    for level in LEVELS:
        of_level = [annotation for annotation in found if annotation.level == level]
        kept = of_level if len(of_level) <= SHOWN else of_level[: SHOWN - 1]
        if more := len(of_level) - len(kept):
            text = words.count(N_("{n} more is not shown here"), N_("{n} more are not shown here"), more)
            kept.append(Annotation(level, Place(""), "kpi-tracker", text))
        lines.extend(_command(annotation, folder, root) for annotation in kept)
    return "".join(line + "\n" for line in lines)


def _of_plan(one: Checked, words: Language) -> Iterator[Annotation]:
    """Yield what concerns the whole plan: what keeps it from being judged, its faults, and what it comes to."""
    if one.obstacle is not None:
        yield Annotation("error", Place(one.file), one.source, words.phrase(one.obstacle))
    for fault in one.faults:
        level = "error" if fault.severity is Severity.ERROR else "warning"
        yield Annotation(level, fault.place, fault.code, fault.message(words.code))
    if one.scorecard is not None:
        told = f"{figures(one.scorecard, words)} · {headline([one], words)}"
        yield Annotation("notice", Place(one.file), _title(one, words), told)


def _title(one: Checked, words: Language) -> str:
    return one.plan.title.in_language(words.code) if one.plan else one.source


def _heading(kpi: KpiScore, words: Language) -> str:
    return words.text(
        N_("{status}: {told}"), status=status_word(kpi, words), told=f"{title_of(kpi, words)} ({kpi.path})"
    )


def _command(annotation: Annotation, folder: str, root: str) -> str:
    """Return an annotation as the runner reads it: a line of its own, with what would end it or a property escaped."""
    place = annotation.place
    properties = {
        "file": path_in_repository(place.file, folder, root).encode("utf-8", "replace").decode(),
        "line": str(place.line or ""),
        "col": str(place.column or ""),
        "title": plain(annotation.title),
    }
    written = ",".join(f"{name}={value.translate(PROPERTY)}" for name, value in properties.items() if value)
    return f"::{annotation.level} {written}::{plain(annotation.message).translate(DATA)}"


DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = {**DATA, ord(":"): "%3A", ord(","): "%2C"}


def step_summary(checked: Sequence[Checked], lang: str) -> str:
    """Return what a job may add to its summary, in Markdown: each plan with what lags, what is in doubt and what is broken."""
    words = language(lang)
    return "".join(line + "\n" for one in checked for line in _summary(one, words))


def _summary(one: Checked, words: Language) -> Iterator[str]:
    yield f"## {_markdown(_title(one, words))}"
    yield ""
    if one.scorecard is not None:
        yield from (_markdown(figures(one.scorecard, words)), "")
    yield from (_markdown(headline([one], words)), "")
    kpis = worst_first(one.findings(NEVER).doubtful)
    if kpis:
        yield _row(words.text(N_("Status")), words.text(N_("KPI")), words.text(N_("Figures")))
        yield "|---|---|---|"
        for kpi in kpis[:ROWS]:
            told = " · ".join([*data_remarks(kpi, words), *standing(kpi, words)])
            yield _row(status_word(kpi, words), f"{title_of(kpi, words)} ({kpi.path})", told)
        yield ""
    for fault in one.faults[:ROWS]:
        yield f"- {_markdown(f'{fault.code} {fault.place}: {fault.message(words.code)}')}"
    left = len(kpis[ROWS:]) + len(one.faults[ROWS:])
    if left:
        yield ""
        yield words.count(N_("{n} more is not shown here"), N_("{n} more are not shown here"), left)
    yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(_markdown(cell) for cell in cells)} |"


def _markdown(text: str) -> str:
    """Return `text` so that Markdown takes every sign of it as it is."""
    return PUNCTUATION.sub(r"\\\g<0>", plain(text))


PUNCTUATION = re.compile(r"[!#$&()*+.:<=>@\[\\\]_`{|}~-]")
