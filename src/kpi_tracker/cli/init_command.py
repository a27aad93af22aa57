"""The command that writes a first plan."""

import shlex

import click

from kpi_tracker.cli.options import lang_option, language_of, option
from kpi_tracker.cli.output import writing
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN

__all__ = ["init"]

ZONE = {"zh": "Asia/Shanghai", "en": "UTC"}
"""The time zone of the examples; it tells which year it is."""


@click.command(cls=TranslatedCommand, help=N_(
    "Write a first plan into FOLDER: three KPIs with comments that say what each key is for, sample figures, and what to do "
    "next.\n\n"
    "Nothing that is there is overwritten. Ends with 0, or with 3 where nothing was written."
))  # fmt: skip
@click.argument("folder", default=".")
@option("--year", type=click.IntRange(1001, 9998), metavar="YEAR",
        help=N_("The year of the plan; this year if left out."))  # fmt: skip
@lang_option
@click.pass_context
def init(ctx: click.Context, folder: str, year: int | None, lang: str | None) -> None:
    """Write the plan and print the commands that come next."""
    from kpi_tracker.calendar import today
    from kpi_tracker.writing.first_plan import begin_plan
    from kpi_tracker.writing.problem import WritingError

    lang = language_of(ctx, lang)
    words = language(lang)
    year = year or today(ZONE[lang]).year
    try:
        begun = begin_plan(folder, year, lang)
    except WritingError as error:
        click.echo(words.phrase(error.phrase), err=True)
        ctx.exit(BROKEN)
    plan = shlex.quote(begun.folder)
    with writing():
        click.echo(words.text(N_("{folder}: {parts}"), folder=begun.folder, parts=begun.files))
        click.echo(words.text(N_("next, when plan.yaml says what you want:")))
        for command in (f"validate {plan}", f"check {plan} --as-of {year}-01-31", f"explain {plan} applications",
                        f"fmt {plan}"):  # fmt: skip
            click.echo(f"  kpi-tracker {command}")
