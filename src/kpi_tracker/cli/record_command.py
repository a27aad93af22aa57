"""The command that records one value."""

from datetime import UTC, datetime
from typing import Any

import click

from kpi_tracker.cli.import_command import day_given, told
from kpi_tracker.cli.options import Day, lang_option, language_of, option
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_

__all__ = ["record"]


@click.command(cls=TranslatedCommand, context_settings={"ignore_unknown_options": True}, help=N_(
    "Record one VALUE of KPI in PLAN, as an import of one row.\n\n"
    "KPI is an id, a path or a title; VALUE a number, a grade, or the steps that are done. Ends as import does."
))  # fmt: skip
@click.argument("plan")
@click.argument("kpi")
@click.argument("value")
@option("--on", type=Day(), required=True, metavar="DATE", help=N_("The day or period that the value speaks for."))
@option("--part", default="", metavar="DIMENSION=MEMBER",
        help=N_("The member of a dimension that the value is of: district=乍浦镇; of the whole if left out."))  # fmt: skip
@option("--by", default="", metavar="WHO", help=N_("Who gave the figures; kept with their source."))
@option("--note", default="", metavar="TEXT", help=N_("A note, kept with the value."))
@option("--accept", is_flag=True, help=N_("Take the value also where it is suspicious."))
@lang_option
@click.pass_context
def record(ctx: click.Context, /, plan: str, kpi: str, value: str, on: Any, lang: str | None, **given: Any) -> None:
    """Record a value and tell what became of it."""
    from kpi_tracker.intake.transaction import Terms, record_value

    terms = Terms(given["by"], ("all",) if given["accept"] else ())
    on = day_given(on, plan)
    lang = language_of(ctx, lang)
    note, part = given["note"], given["part"]
    told(ctx, lambda: record_value(plan, kpi, value, on, datetime.now(UTC), terms, note, part), terms, lang)
