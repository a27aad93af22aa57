"""The commands."""

import sys
from typing import Any

import click

from kpi_tracker import __version__
from kpi_tracker.cli.docs_command import docs
from kpi_tracker.cli.form_command import form
from kpi_tracker.cli.import_command import import_
from kpi_tracker.cli.options import (
    dates,
    faults_aside,
    known_item,
    lang_option,
    language_of,
    only_option,
    option,
    scored,
)
from kpi_tracker.cli.output import write_utf8, writing
from kpi_tracker.cli.record_command import record
from kpi_tracker.cli.translated import TranslatedGroup, TranslatedOption
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN, FAIL_ON, exit_code, unjudged

__all__ = ["kpi_tracker"]


@click.group(
    cls=TranslatedGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=N_("Keep a plan as text and watch it: check it, see what lags and why."),
)
@click.version_option(__version__, "--version", cls=TranslatedOption, prog_name="kpi-tracker",
                      help=N_("Show the version and exit."))  # fmt: skip
@lang_option
def kpi_tracker(lang: str | None) -> None:
    """Hold the commands; the language was chosen before."""


@kpi_tracker.command(help=N_(
    "Score PLAN, a folder or a file, and say what lags.\n\n"
    "Ends with 0 where there is nothing to report, 1 where a KPI is at --fail-on or worse, 2 for a wrong use of the "
    "command, 3 where the plan or its data are broken or nothing could be scored."
))  # fmt: skip
@click.argument("plan")
@dates
@only_option
@option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
         help=N_("A report for people, or JSON with every figure."))  # fmt: skip
@option("--fail-on", type=click.Choice(FAIL_ON), default="lagging", show_default=True,
         help=N_("The mildest status that makes the check end with 1."))  # fmt: skip
@option("--quiet", "-q", is_flag=True, help=N_("Only what lags, what is missing and what is broken."))
@lang_option
@click.pass_context
def check(ctx: click.Context, plan: str, as_of: Any, known_at: Any, only: str | None, form: str, fail_on: str,
          quiet: bool, lang: str | None) -> None:  # fmt: skip
    """Run the check."""
    lang = language_of(ctx, lang)
    scorecard = scored(ctx, plan, as_of, known_at, only, lang, form)
    if form == "json":
        from kpi_tracker.reporting.jsonfile import to_json

        with writing():
            write_utf8(to_json(scorecard, lang))
    else:
        from kpi_tracker.reporting.textreport import write_report

        with writing():
            write_report(scorecard, sys.stdout, lang, quiet)
    code = exit_code(scorecard, fail_on)
    if code == BROKEN and (reason := unjudged(scorecard)) is not None:
        click.echo(language(lang).phrase(reason), err=True)
    ctx.exit(code)


@kpi_tracker.command(help=N_("Show PLAN as a tree, with the status of everything in it."))
@click.argument("plan")
@dates
@only_option
@lang_option
@click.pass_context
def show(ctx: click.Context, plan: str, as_of: Any, known_at: Any, only: str | None, lang: str | None) -> None:
    """Write the tree."""
    from kpi_tracker.reporting.tree import write_tree

    lang = language_of(ctx, lang)
    scorecard = scored(ctx, plan, as_of, known_at, only, lang)
    with writing():
        write_tree(scorecard, sys.stdout, lang)
    faults_aside(scorecard.diagnostics, lang)


@kpi_tracker.command(help=N_(
    "Show how the score of ITEM came about: formula, numbers put in, thresholds, observations, and where each was "
    "written. ITEM is a goal or a KPI, by id or path; the plan itself if left out."
))  # fmt: skip
@click.argument("plan")
@click.argument("item", default="")
@dates
@lang_option
@click.pass_context
def explain(ctx: click.Context, plan: str, item: str, as_of: Any, known_at: Any, lang: str | None) -> None:
    """Write the explanation."""
    from kpi_tracker.explanation import explain as take_apart
    from kpi_tracker.reporting.explained import write_explanation

    lang = language_of(ctx, lang)
    scorecard = scored(ctx, plan, as_of, known_at, None, lang)
    known_item(ctx, scorecard, item, lang, "ITEM")
    with writing():
        write_explanation(take_apart(scorecard, item), scorecard, sys.stdout, lang)
    faults_aside(scorecard.diagnostics, lang)


@kpi_tracker.command(help=N_("Read PLAN and name everything that is wrong with it; its data are not read."))
@click.argument("plan")
@lang_option
@click.pass_context
def validate(ctx: click.Context, plan: str, lang: str | None) -> None:
    """Write the faults of the plan."""
    from kpi_tracker.diagnostics import Severity
    from kpi_tracker.loading.plan import read_plan

    lang = language_of(ctx, lang)
    reading = read_plan(plan)
    if reading.diagnostics or reading.plan is None:
        from kpi_tracker.reporting.faults import write_faults

        with writing():
            write_faults(reading.diagnostics, sys.stdout, lang)
    else:
        goals, kpis, facts = reading.plan.counts
        text = N_("{plan}: no fault found in {files} files; {goals} goals, {kpis} KPIs, {facts} facts")
        files = len(reading.plan.files)
        click.echo(language(lang).text(text, plan=reading.plan.id, files=files, goals=goals, kpis=kpis, facts=facts))
    broken = reading.plan is None or any(fault.severity is Severity.ERROR for fault in reading.diagnostics)
    ctx.exit(BROKEN if broken else 0)


@kpi_tracker.command(help=N_("Print the JSON Schema of the plan format, or of the check's JSON."))
@click.argument("what", type=click.Choice(["plan", "scorecard"]), default="plan")
@lang_option
@click.pass_context
def schema(ctx: click.Context, what: str, lang: str | None) -> None:
    """Print a schema."""
    from kpi_tracker.loading.schema import plan_schema, schema_text
    from kpi_tracker.reporting.scorecard_schema import scorecard_schema

    lang = language_of(ctx, lang)
    with writing():
        write_utf8(schema_text(plan_schema(lang) if what == "plan" else scorecard_schema()))


for command in (docs, form, import_, record):
    kpi_tracker.add_command(command)
