"""The command that writes forms to be filled in."""

from typing import Any

import click

from kpi_tracker.cli.import_command import day_given
from kpi_tracker.cli.options import Day, faults_aside, lang_option, language_of, option
from kpi_tracker.cli.output import writing
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN

__all__ = ["form"]


@click.command(cls=TranslatedCommand, help=N_(
    "Write a workbook in which the figures of a period are filled in, a sheet for each owner; import reads it back.\n\n"
    "It asks for the KPIs that have a figure ending with the period. Ends with 0, or with 3 where nothing could be written."
))  # fmt: skip
@click.argument("plan")
@option(
    "--period",
    type=Day(),
    required=True,
    metavar="PERIOD",
    help=N_("The month (2021-10), or another period by its end."),
)
@option("--out", "-o", required=True, metavar="OUT",
        help=N_("The file to write (form.xlsx); for a folder, one file for each owner in it."))  # fmt: skip
@option("--owner", default="", metavar="WHO", help=N_("Only what this owner has to fill."))
@lang_option
@click.pass_context
def form(ctx: click.Context, plan: str, period: Any, out: str, owner: str, lang: str | None) -> None:
    """Write forms and say what was written."""
    from datetime import UTC, datetime

    from kpi_tracker.forms.form import write_form
    from kpi_tracker.intake.problem import IntakeError

    lang = language_of(ctx, lang)
    words = language(lang)
    try:
        day = day_given(period, plan)
        written = write_form(plan, day, out, datetime.now(UTC).date(), owner, lang)
    except IntakeError as error:
        faults_aside(error.diagnostics, lang)
        click.echo(words.phrase(error.phrase), err=True)
        ctx.exit(BROKEN)
    faults_aside(written.diagnostics, lang)
    parts = (
        words.count(N_("{n} sheet"), N_("{n} sheets"), written.sheets),
        words.count(N_("{n} KPI to fill"), N_("{n} KPIs to fill"), written.kpis),
        words.count(
            N_("{n} has no figure that ends with the period"),
            N_("{n} have no figure that ends with the period"),
            written.others,
        ),
    )
    with writing():
        click.echo(words.text(N_("{folder}: {parts}"), folder=out, parts=parts))
