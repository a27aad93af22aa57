"""The command that writes next year's plan."""

from typing import Any

import click

from kpi_tracker.cli.options import Day, faults_aside, lang_option, language_of, option
from kpi_tracker.cli.output import writing
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN

__all__ = ["carry_over"]


@click.command("carry-over", cls=TranslatedCommand, help=N_(
    "Write next year's plan from PLAN: this year's results become baselines, targets are left to the target policy.\n\n"
    "The new plan is a folder of its own; PLAN stays as it is. What somebody has to look at is listed. Ends with 0, or "
    "with 3 where nothing was written."
))  # fmt: skip
@click.argument("plan")
@option("--year", type=click.IntRange(1000, 9999), metavar="YEAR",
        help=N_("The year of the new plan; the first after PLAN has ended if left out."))  # fmt: skip
@option(
    "--out", "-o", metavar="OUT", help=N_("The new folder; beside PLAN, with the new year in its name, if left out.")
)
@option("--as-of", type=Day(), metavar="DATE",
        help=N_("Take the results as of the end of this day; of PLAN's last day if left out."))  # fmt: skip
@lang_option
@click.pass_context
def carry_over(ctx: click.Context, plan: str, year: int | None, out: str | None, as_of: Any,
               lang: str | None) -> None:  # fmt: skip
    """Write the plan and say what it holds."""
    from kpi_tracker.cli.import_command import day_given
    from kpi_tracker.writing.carryover import carry_over as carry
    from kpi_tracker.writing.problem import WritingError
    from kpi_tracker.writing.shown import shown_carried

    lang = language_of(ctx, lang)
    words = language(lang)
    try:
        carried = carry(plan, year, out, day_given(as_of, plan))
    except WritingError as error:
        faults_aside(error.diagnostics, lang)
        click.echo(words.phrase(error.phrase), err=True)
        ctx.exit(BROKEN)
    faults_aside(carried.diagnostics, lang)
    with writing():
        for line in shown_carried(carried, words):
            click.echo(line)
