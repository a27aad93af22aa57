"""The command that writes progress documents."""

from typing import Any

import click

from kpi_tracker.cli.options import (
    Day,
    dates,
    day_of,
    earlier_day,
    faults_aside,
    language_of,
    option,
    spoken,
    the_scorecard,
)
from kpi_tracker.cli.output import writing
from kpi_tracker.cli.signals import ended_by_signals
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import LANGUAGES, N_, language
from kpi_tracker.outcome import BROKEN

__all__ = ["docs"]

FORMATS = ("html", "markdown", "docx", "pdf")  # as in documents/writing.py, which loads the templates
BOTH = "both"


class Formats(click.ParamType):  # type: ignore[type-arg] # it has none before click 8.4
    """Formats, several of them with commas between."""

    name = "format"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the formats as a tuple."""
        found = tuple(name.strip() for name in value.split(","))
        for name in found:
            if name not in FORMATS:
                from kpi_tracker.diagnostics.spelling import nearest

                words, near = spoken(), nearest(name.lower(), FORMATS)
                text = words.text(N_("“{value}” is none of the formats {formats}"), value=name, formats=FORMATS)
                self.fail(
                    text + (words.text(N_("; did you mean “{nearest}”?"), nearest=near) if near else ""), param, ctx
                )
        return found


@click.command(cls=TranslatedCommand, help=N_(
    "Write progress documents of PLAN into the folder OUT: what leaders read.\n\n"
    "OUT is written whole or not at all; what it holds of earlier runs is renewed, all else in it is kept. Ends with 0, "
    "or with 3 where the plan or its data have an error (the documents show it) or OUT could not be written."
))  # fmt: skip
@click.argument("plan")
@option("--out", "-o", required=True, metavar="OUT",
        help=N_("The folder to write: a new one, or one written by this command before."))  # fmt: skip
@dates
@option("--since", type=Day(), metavar="DATE",
        help=N_("Tell what changed since the end of this day, as it was seen then."))  # fmt: skip
@option("--lang", type=click.Choice([*LANGUAGES, BOTH]), is_eager=True,
        help=N_("Language of the documents; both if left out."))  # fmt: skip
@option("--format", "forms", type=Formats(), multiple=True, metavar="FORMAT", default=("html",), show_default=True,
        help=N_("html, markdown, docx or pdf; several with commas between."))  # fmt: skip
@option("--embed-fonts", is_flag=True,
        help=N_("Let each picture of the Markdown bring its letters along, for machines without a Chinese font."))  # fmt: skip
@click.pass_context
def docs(ctx: click.Context, /, plan: str, out: str, as_of: Any, since: Any, lang: str | None,
         forms: tuple[tuple[str, ...], ...], embed_fonts: bool, **seen: Any) -> None:  # fmt: skip
    """Write the documents and say what was written."""
    from kpi_tracker.pipeline import run

    told = language_of(ctx, None if lang == BOTH else lang)
    found = run(plan, day_of(as_of), since=earlier_day(since, day_of(as_of)), **seen)
    scorecard = the_scorecard(ctx, found, None, told)
    earlier_day(since, scorecard.as_of)
    written = _write(
        ctx, scorecard, out, told, since=found.earlier, formats=[form for several in forms for form in several],
        languages=LANGUAGES if lang in (None, BOTH) else (lang,), embed_fonts=embed_fonts,
    )  # fmt: skip
    faults_aside(scorecard.diagnostics, told)
    for remark in written.remarks:
        click.echo(language(told).phrase(remark), err=True)
    with writing():
        click.echo(_summary(written, out, len(scorecard.items) + 1, told))
    from kpi_tracker.diagnostics import Severity

    ctx.exit(BROKEN if any(fault.severity is Severity.ERROR for fault in scorecard.diagnostics) else 0)


def _write(ctx: click.Context, scorecard: Any, out: str, told: str, **settings: Any) -> Any:
    """Write the documents; where that cannot be, say why and exit."""
    from kpi_tracker.cli.progress import shown_progress
    from kpi_tracker.documents.problem import DocumentsError
    from kpi_tracker.documents.writing import write_documents

    try:
        with ended_by_signals(), shown_progress(language(told).text(N_("Writing documents"))) as progress:
            return write_documents(scorecard, out, progress=progress, **settings)
    except DocumentsError as error:
        faults_aside(scorecard.diagnostics, told)
        click.echo(language(told).phrase(error.phrase), err=True)
        ctx.exit(BROKEN)


def _summary(written: Any, out: str, pages: int, told: str) -> str:
    words = language(told)
    parts = (
        words.count(N_("{n} page"), N_("{n} pages"), pages),
        words.count(N_("{n} file"), N_("{n} files"), len(written.files)),
        words.text(N_("{n} new or changed"), n=len(written.changed)),
        words.text(N_("{n} removed"), n=len(written.removed)),
    )
    return words.text(N_("{folder}: {parts}"), folder=out, parts=parts)
