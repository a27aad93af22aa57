"""The commands."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from kpi_tracker import __version__
from kpi_tracker.cli.output import write_utf8, writing
from kpi_tracker.cli.translated import TranslatedGroup, TranslatedOption
from kpi_tracker.language import N_, Language, language, negotiate
from kpi_tracker.notation.date import read_date, read_moment, read_period
from kpi_tracker.outcome import BROKEN, FAIL_ON, exit_code, unjudged

__all__ = ["kpi_tracker"]

Command = Callable[..., Any]


class Day(click.ParamType):  # type: ignore[type-arg] # it has none before click 8.4
    """A day: 2021-09-30, a period (its last day), or today."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a date, or the word that needs the plan's time zone first."""
        if value == "today":
            return value
        day = read_date(value) or read_period(value)
        if day is None:
            self.fail(_spoken().text(N_("“{value}” is not a date, such as 2021-09-30"), value=value), param, ctx)
        return day


class Moment(click.ParamType):  # type: ignore[type-arg]
    """A day (its end) or a time, in plan time."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a time without offset."""
        moment = read_moment(value)
        if moment is None:
            text = _spoken().text(
                N_("“{value}” is not a date or a time, such as 2021-10-08 or “2021-10-08 09:30”"), value=value
            )
            self.fail(text, param, ctx)
        return moment


def _spoken() -> Language:
    """Return the language that was chosen before anything was parsed."""
    return language(negotiate(os.environ.get("LANGUAGE"), os.environ))


def _option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    return click.option(*names, cls=TranslatedOption, **settings)


def _lang(command: Command) -> Command:
    return _option("--lang", type=click.Choice(["zh", "en"]), is_eager=True,
                   help=N_("Language; that of the environment (LC_ALL, LANG) if left out."))(command)  # fmt: skip


def _dates(command: Command) -> Command:
    for add in (
        _option("--known-at", type=Moment(), metavar="TIME",
                help=N_("See only what was recorded by the end of this day, or by this time.")),
        _option("--as-of", type=Day(), metavar="DATE",
                help=N_("Score as of the end of this day; today in the plan's time zone if left out.")),
    ):  # fmt: skip
        command = add(command)
    return command


def _only(command: Command) -> Command:
    return _option("--only", metavar="PATH", help=N_("Look at this branch or KPI only: an id, or a path of ids."))(
        command
    )


@click.group(
    cls=TranslatedGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=N_("Keep a plan as text and watch it: check it, see what lags and why."),
)
@click.version_option(__version__, "--version", cls=TranslatedOption, prog_name="kpi-tracker",
                      help=N_("Show the version and exit."))  # fmt: skip
@_lang
def kpi_tracker(lang: str | None) -> None:
    """Hold the commands; the language was chosen before."""


@kpi_tracker.command(help=N_(
    "Score PLAN, a folder or a file, and say what lags.\n\n"
    "Ends with 0 where there is nothing to report, 1 where a KPI is at --fail-on or worse, 2 for a wrong use of the "
    "command, 3 where the plan or its data are broken or nothing could be scored."
))  # fmt: skip
@click.argument("plan")
@_dates
@_only
@_option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
         help=N_("A report for people, or JSON with every figure."))  # fmt: skip
@_option("--fail-on", type=click.Choice(FAIL_ON), default="lagging", show_default=True,
         help=N_("The mildest status that makes the check end with 1."))  # fmt: skip
@_option("--quiet", "-q", is_flag=True, help=N_("Only what lags, what is missing and what is broken."))
@_lang
@click.pass_context
def check(ctx: click.Context, plan: str, as_of: Any, known_at: Any, only: str | None, form: str, fail_on: str,
          quiet: bool, lang: str | None) -> None:  # fmt: skip
    """Run the check."""
    lang = _language(ctx, lang)
    scorecard = _scored(ctx, plan, as_of, known_at, only, lang, form)
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
@_dates
@_only
@_lang
@click.pass_context
def show(ctx: click.Context, plan: str, as_of: Any, known_at: Any, only: str | None, lang: str | None) -> None:
    """Write the tree."""
    from kpi_tracker.reporting.tree import write_tree

    lang = _language(ctx, lang)
    scorecard = _scored(ctx, plan, as_of, known_at, only, lang)
    with writing():
        write_tree(scorecard, sys.stdout, lang)
    _faults_aside(scorecard.diagnostics, lang)


@kpi_tracker.command(help=N_(
    "Show how the score of ITEM came about: formula, numbers put in, thresholds, observations, and where each was "
    "written. ITEM is a goal or a KPI, by id or path; the plan itself if left out."
))  # fmt: skip
@click.argument("plan")
@click.argument("item", default="")
@_dates
@_lang
@click.pass_context
def explain(ctx: click.Context, plan: str, item: str, as_of: Any, known_at: Any, lang: str | None) -> None:
    """Write the explanation."""
    from kpi_tracker.explanation import explain as take_apart
    from kpi_tracker.reporting.explained import write_explanation

    lang = _language(ctx, lang)
    scorecard = _scored(ctx, plan, as_of, known_at, None, lang)
    _known(ctx, scorecard, item, lang, "ITEM")
    with writing():
        write_explanation(take_apart(scorecard, item), scorecard, sys.stdout, lang)
    _faults_aside(scorecard.diagnostics, lang)


@kpi_tracker.command(help=N_("Read PLAN and name everything that is wrong with it; its data are not read."))
@click.argument("plan")
@_lang
@click.pass_context
def validate(ctx: click.Context, plan: str, lang: str | None) -> None:
    """Write the faults of the plan."""
    from kpi_tracker.diagnostics import Severity
    from kpi_tracker.loading.plan import read_plan

    lang = _language(ctx, lang)
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
@_lang
@click.pass_context
def schema(ctx: click.Context, what: str, lang: str | None) -> None:
    """Print a schema."""
    from kpi_tracker.loading.schema import plan_schema, schema_text
    from kpi_tracker.reporting.scorecard_schema import scorecard_schema

    lang = _language(ctx, lang)
    with writing():
        write_utf8(schema_text(plan_schema(lang) if what == "plan" else scorecard_schema()))


def _language(ctx: click.Context, lang: str | None) -> str:
    """Return the language: that of the command, else that given before it, else that of the environment."""
    given = lang or (ctx.parent.params.get("lang") if ctx.parent else None)
    return negotiate(given, os.environ)


def _scored(ctx: click.Context, plan: str, as_of: Any, known_at: Any, only: str | None, lang: str,
            form: str = "text") -> Any:  # fmt: skip
    """Return the scorecard of a plan; where there is none, say what is wrong and exit."""
    from kpi_tracker.pipeline import run

    found = run(plan, None if as_of == "today" else as_of, known_at)
    if found.scorecard is None:
        if form == "json":
            from kpi_tracker.reporting.jsonfile import faults_to_json

            with writing():
                write_utf8(faults_to_json(found.diagnostics, lang))
        else:
            _faults_aside(found.diagnostics, lang)
        ctx.exit(BROKEN)
    if only is None:
        return found.scorecard
    _known(ctx, found.scorecard, only, lang, "--only")
    return found.scorecard.only(only)


def _known(ctx: click.Context, scorecard: Any, reference: str, lang: str, option: str) -> None:
    """Refuse a reference that names nothing in the plan, with the nearest that does; for a broken KPI show its faults."""
    try:
        scorecard.find(reference)
    except KeyError:
        from kpi_tracker.diagnostics.spelling import nearest
        from kpi_tracker.model.goal import names

        if any(names(path, reference) for path in scorecard.items[""].incomplete):
            _faults_aside(scorecard.diagnostics, lang)
            ctx.exit(BROKEN)

        known = [item.id for item in scorecard.walk() if item.id]
        words, near = language(lang), nearest(reference.rpartition("/")[2], known)
        text = words.text(N_("there is no goal or KPI “{value}” in this plan"), value=reference)
        text += words.text(N_("; did you mean “{nearest}”?"), nearest=near) if near else ""
        raise click.BadParameter(text, param_hint=option) from None


def _faults_aside(diagnostics: Any, lang: str) -> None:
    """Write faults to standard error, beside a report that does not show them."""
    from kpi_tracker.reporting.faults import write_faults

    write_faults(diagnostics, sys.stderr, lang)
