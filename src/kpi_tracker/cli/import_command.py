"""The command that takes figures from a file into a plan's ledger."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from kpi_tracker.cli.options import Day, faults_aside, lang_option, language_of, option
from kpi_tracker.cli.output import writing
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN

__all__ = ["day_given", "import_", "told"]


@click.command("import", cls=TranslatedCommand, help=N_(
    "Take the figures of FILE into a plan: a form that came back, or a table (.xlsx, .xls, .ods, .csv).\n\n"
    "Everything is shown; then all of it is appended to the plan's ledger, or nothing. Ends with 0 where all is taken or known "
    "already, 1 where something suspicious is not accepted or refused rows were passed over, 3 where a row is refused or "
    "nothing could be read or written."
))  # fmt: skip
@click.argument("file")
@option("--plan", default=".", metavar="PLAN", show_default=True, help=N_("The plan, a folder or a file."))
@option("--dry-run", is_flag=True, help=N_("Show everything and write nothing."))
@option("--accept", multiple=True, metavar="CELL",
         help=N_("Take the suspicious value of this cell (Sheet!C7) all the same; all for every one."))  # fmt: skip
@option("--partial", is_flag=True, help=N_("Pass over refused rows and take the rest."))
@option("--by", default="", metavar="WHO", help=N_("Who gave the figures; kept with their source."))
@option("--on", type=Day(), metavar="DATE", help=N_("The day or period of rows that nothing in the table dates."))
@lang_option
@click.pass_context
def import_(ctx: click.Context, file: str, plan: str, dry_run: bool, accept: tuple[str, ...], partial: bool, by: str,
            on: Any, lang: str | None) -> None:  # fmt: skip
    """Import a file and tell what became of it."""
    from kpi_tracker.intake.transaction import Terms, import_file

    lang = language_of(ctx, lang)
    terms = Terms(by, accept, partial, dry_run)
    on = day_given(on, plan)
    told(ctx, lambda: import_file(file, plan, datetime.now(UTC), terms, on), terms, lang)


def day_given(on: Any, plan: str) -> Any:
    """Return the day of an option: `today` is that of the plan's time zone."""
    if on != "today":
        return on
    from kpi_tracker.calendar import today
    from kpi_tracker.loading.plan import read_plan

    found = read_plan(plan).plan
    return today(found.time_zone) if found else None  # a plan that cannot be read is refused next


def told(ctx: click.Context, take: Callable[[], Any], terms: Any, lang: str) -> None:
    """Take figures, tell what became of it, and exit."""
    from kpi_tracker.intake.problem import IntakeError
    from kpi_tracker.intake.shown import shown_import

    words = language(lang)
    try:
        done = take()
    except IntakeError as error:
        faults_aside(error.diagnostics, lang)
        click.echo(words.phrase(error.phrase), err=True)
        ctx.exit(BROKEN)
    faults_aside(done.diagnostics, lang)
    with writing():
        sys.stdout.write("".join(f"{line}\n" for line in shown_import(done, terms, words)))
    ctx.exit(done.code)
