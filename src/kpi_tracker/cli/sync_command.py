"""The command that takes the figures of a plan's sources into its ledger."""

import os
from datetime import UTC, datetime
from typing import Any

import click

from kpi_tracker.cli.import_command import told
from kpi_tracker.cli.options import Day, day_of, lang_option, language_of, option
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_

__all__ = ["sync"]


@click.command(cls=TranslatedCommand, help=N_(
    "Read the sources of PLAN, databases and files of other systems, and take their figures as import does.\n\n"
    "Everything is shown; then all of it is appended to the plan's ledger, or nothing. The sources are only read. Ends "
    "as import does."
))  # fmt: skip
@click.argument("plan")
@option("--source", "only", multiple=True, metavar="ID", help=N_("Read this source alone; may be given several times."))
@option("--dry-run", is_flag=True, help=N_("Show everything and write nothing."))
@option("--accept", multiple=True, metavar="KPI@DAY=VALUE",
         help=N_("Take this suspicious value all the same; all for every one."))  # fmt: skip
@option("--partial", is_flag=True, help=N_("Pass over refused rows and sources, and take the rest."))
@option("--by", default="", metavar="WHO", help=N_("Who gave the figures; kept with their source."))
@option("--as-of", type=Day(), metavar="DATE",
        help=N_("The day that selects are told (:as_of); today in the plan's time zone if left out."))  # fmt: skip
@lang_option
@click.pass_context
def sync(ctx: click.Context, plan: str, only: tuple[str, ...], dry_run: bool, accept: tuple[str, ...], partial: bool,
         by: str, as_of: Any, lang: str | None) -> None:  # fmt: skip
    """Read the sources and tell what became of it."""
    from kpi_tracker.intake.sync import sync as run
    from kpi_tracker.intake.transaction import Terms

    lang = language_of(ctx, lang)
    terms = Terms(by, accept, partial, dry_run)
    told(ctx, lambda: run(plan, datetime.now(UTC), os.environ, terms, only, day_of(as_of)), terms, lang)
