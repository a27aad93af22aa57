"""The check of many groups that follow one plan: a league of all counties of a province, or of the country."""

import sys
from typing import Any

import click

from kpi_tracker.cli.options import Day, Moment, day_of, faults_aside, lang_option, language_of, option
from kpi_tracker.cli.output import write_utf8, writing
from kpi_tracker.cli.signals import ended_by_signals
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import LANGUAGES, N_, language
from kpi_tracker.outcome import BROKEN, FAIL_ON, worst

__all__ = ["check_many"]

ENGINES = ("polars", "duckdb", "spark")  # as in many/engine.py
TEXT = "text"
FORMATS = (TEXT, "json", "csv")
SHOWN = 20  # as in reporting/leaguetext.py


@click.command("check-many", cls=TranslatedCommand, help=N_(
    "Score what many groups (counties, units) have reported against one plan, the template, and say who stands where.\n\n"
    "Reads Parquet with the columns of --group, kpi, date and value, and writes a league table, what lags in many groups, "
    "and figures that are far from all others. Exit codes are as of check over several plans: 3, then 1, then 0."
))  # fmt: skip
@option("--template", required=True, metavar="PLAN", help=N_("The plan that every group follows."))
@option("--observations", required=True, metavar="PATH",
        help=N_("What they have reported: a Parquet file, a folder, a pattern in quotes, or an address such as s3://…."))  # fmt: skip
@option("--group", required=True, metavar="COLUMN", help=N_("The column that tells groups apart."))
@option("--groups", metavar="FILE",
        help=N_("All groups (CSV or Parquet): that column, title_zh, title_en, parent; who reports nothing stands in it."))  # fmt: skip
@option("--targets", metavar="FILE",
        help=N_("Own figures of groups (CSV or Parquet) over those of the template: that column, kpi, baseline, target."))  # fmt: skip
@option("--engine", type=click.Choice(ENGINES), default="polars", show_default=True, help=N_("What works it out."))
@option(
    "--master",
    metavar="URL",
    help=N_("Where the master of Spark is; else spark-submit says it, or it is this machine."),
)
@option("--known-at", type=Moment(), metavar="TIME",
        help=N_("See only what was recorded by the end of this day, or by this time."))  # fmt: skip
@option("--as-of", type=Day(), metavar="DATE",
        help=N_("Score as of the end of this day; today in the plan's time zone if left out."))  # fmt: skip
@option("--output", "-o", metavar="FILE", help=N_("Write all scores to this Parquet file, whole or not at all."))
@option("--docs", metavar="OUT", help=N_("Write pages for leaders into this folder: the league, each KPI, each group."))
@option("--format", "form", type=click.Choice(FORMATS), default=TEXT, show_default=True,
        help=N_("A report for people, JSON with every figure, or a table of the groups."))  # fmt: skip
@option("--top", type=click.IntRange(min=0), default=SHOWN, show_default=True, metavar="N",
        help=N_("Show the best and the worst N groups in the report; 0 shows all."))  # fmt: skip
@option("--fail-on", type=click.Choice(FAIL_ON), default="lagging", show_default=True,
        help=N_("The mildest status of a KPI that makes the check end with 1."))  # fmt: skip
@lang_option
@click.pass_context
def check_many(ctx: click.Context, /, form: str, top: int, fail_on: str, lang: str | None, docs: str | None,
               **asked: Any) -> None:  # fmt: skip
    """Run the check of many groups."""
    lang = language_of(ctx, lang)
    if asked["master"] is not None and asked["engine"] != "spark":
        raise click.BadParameter(language(lang).text(N_("it goes with --engine spark")), param_hint="--master")
    league = _league(ctx, form, lang, **asked)
    with writing():
        _write(league, form, top, lang)
    from kpi_tracker.league.verdict import league_exit_code, unjudged_groups

    code = league_exit_code(league, fail_on)
    if form != TEXT:
        faults_aside(league.diagnostics, lang)
    if (reason := unjudged_groups(league)) is not None:
        click.echo(language(lang).phrase(reason), err=True)
    if docs is not None:
        code = worst((code, _pages(league, docs, lang)))
    ctx.exit(code)


def _league(ctx: click.Context, form: str, lang: str, /, **asked: Any) -> Any:
    """Return the league; where there is none, say why and exit."""
    from kpi_tracker.cli.progress import shown_progress
    from kpi_tracker.many.engine import MissingEngine
    from kpi_tracker.many.output import OutputError
    from kpi_tracker.many.problem import ManyError
    from kpi_tracker.many.run import Survey, check_many

    words = language(lang)
    survey = Survey(asked["observations"], asked["group"], asked["groups"], asked["targets"], asked["engine"],
                    asked["master"])  # fmt: skip
    try:
        with ended_by_signals(), shown_progress(words.text(N_("Scoring many groups"))) as progress:
            return check_many(
                asked["template"], survey, day_of(asked["as_of"]), asked["known_at"], asked["output"], progress
            )
    except ManyError as error:
        if form == "json":
            from kpi_tracker.reporting.leaguejson import league_faults_to_json

            write_utf8(league_faults_to_json(error.diagnostics, lang))
        else:
            faults_aside(error.diagnostics, lang)
    except MissingEngine as error:
        click.echo(words.phrase(error.phrase), err=True)
    except OSError as error:
        from kpi_tracker.diagnostics.refusal import refusal

        text = N_("{file} could not be written, it is as it was: {reason}")
        reason = error.phrase if isinstance(error, OutputError) else refusal(error, writing=True)
        click.echo(words.text(text, file=asked["output"], reason=reason), err=True)
    return ctx.exit(BROKEN)


def _write(league: Any, form: str, top: int, lang: str) -> None:
    if form == "json":
        from kpi_tracker.reporting.leaguejson import league_to_json

        write_utf8(league_to_json(league, lang))
    elif form == "csv":
        from kpi_tracker.reporting.leaguecsv import league_to_csv

        write_utf8(league_to_csv(league))
    else:
        from kpi_tracker.reporting.leaguetext import write_league

        write_league(league, sys.stdout, lang, top)


def _pages(league: Any, out: str, lang: str) -> int:
    """Write the pages; return the exit code that this alone asks for."""
    from kpi_tracker.cli.progress import shown_progress
    from kpi_tracker.documents.national.writing import write_league_pages
    from kpi_tracker.documents.problem import DocumentsError

    words = language(lang)
    try:
        with ended_by_signals(), shown_progress(words.text(N_("Writing documents"))) as progress:
            written = write_league_pages(league, out, languages=LANGUAGES, progress=progress)
    except DocumentsError as error:
        click.echo(words.phrase(error.phrase), err=True)
        return BROKEN
    parts = (
        words.count(N_("{n} file"), N_("{n} files"), len(written.files)),
        words.text(N_("{n} new or changed"), n=len(written.changed)),
        words.text(N_("{n} removed"), n=len(written.removed)),
    )
    click.echo(words.text(N_("{folder}: {parts}"), folder=out, parts=parts), err=True)
    return 0
