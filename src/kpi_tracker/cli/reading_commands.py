"""The commands that read a plan and show it: the tree, where a score comes from, its faults, the schemas."""

import sys
from typing import Any

import click

from kpi_tracker.cli.options import (
    dates,
    faults_aside,
    known_item,
    lang_option,
    language_of,
    only_option,
    scored,
)
from kpi_tracker.cli.output import write_utf8, writing
from kpi_tracker.cli.planpaths import plan_paths
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN, NOTHING

__all__ = ["explain", "schema", "show", "validate"]


@click.command(cls=TranslatedCommand, help=N_("Show PLAN as a tree, with the status of everything in it."))
@click.argument("plan")
@dates
@only_option
@lang_option
@click.pass_context
def show(ctx: click.Context, plan: str, as_of: Any, known_at: Any, plan_rev: str | None, only: str | None,
         lang: str | None) -> None:  # fmt: skip
    """Write the tree."""
    from kpi_tracker.reporting.tree import write_tree

    lang = language_of(ctx, lang)
    scorecard = scored(ctx, plan, as_of, known_at, plan_rev, only, lang)
    with writing():
        write_tree(scorecard, sys.stdout, lang)
    faults_aside(scorecard.diagnostics, lang)
    ctx.exit(_ended(scorecard))


@click.command(cls=TranslatedCommand, help=N_(
    "Show how the score of ITEM came about: formula, numbers put in, thresholds, observations, and where each was "
    "written. ITEM is a goal or a KPI, by id or path; the plan itself if left out."
))  # fmt: skip
@click.argument("plan")
@click.argument("item", default="")
@dates
@lang_option
@click.pass_context
def explain(ctx: click.Context, plan: str, item: str, as_of: Any, known_at: Any, plan_rev: str | None,
            lang: str | None) -> None:  # fmt: skip
    """Write the explanation."""
    from kpi_tracker.explanation import explain as take_apart
    from kpi_tracker.reporting.explained import write_explanation

    lang = language_of(ctx, lang)
    scorecard = scored(ctx, plan, as_of, known_at, plan_rev, None, lang)
    known_item(ctx, scorecard, item, lang, "ITEM")
    with writing():
        write_explanation(take_apart(scorecard, item), scorecard, sys.stdout, lang)
    faults_aside(scorecard.diagnostics, lang)
    ctx.exit(_ended(scorecard))


def _ended(scorecard: Any) -> int:
    """Return what a command that shows a scorecard ends with: without a single KPI that could be read there was nothing to show."""
    return NOTHING if scorecard.kpis else BROKEN


@click.command(cls=TranslatedCommand, help=N_(
    "Read each PLAN, a folder, a file or a pattern in quotes, and name everything that is wrong with it; its data are not "
    "read."
))  # fmt: skip
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@lang_option
@click.pass_context
def validate(ctx: click.Context, plans: tuple[str, ...], lang: str | None) -> None:
    """Write the faults of the plans."""
    lang = language_of(ctx, lang)
    sound = [_sound(plan, lang) for plan in plan_paths(plans)]
    ctx.exit(0 if all(sound) else BROKEN)


def _sound(plan: str, lang: str) -> bool:
    """Write the faults of a plan, or what it holds where it has none; tell whether it could be read whole."""
    from kpi_tracker.diagnostics import Severity
    from kpi_tracker.loading.plan import read_plan

    read, faults = read_plan(plan)
    if faults or read is None:
        from kpi_tracker.reporting.faults import write_faults

        with writing():
            write_faults(faults, sys.stdout, lang)
    else:
        goals, kpis, facts = read.counts
        words = language(lang)
        counted = {
            "files": words.count(N_("{n} file"), N_("{n} files"), len(read.files)),
            "goals": words.count(N_("{n} goal"), N_("{n} goals"), goals),
            "kpis": words.count(N_("{n} KPI"), N_("{n} KPIs"), kpis),
            "facts": words.count(N_("{n} fact"), N_("{n} facts"), facts),
        }
        text = N_("{plan}: no fault found in {files}; {goals}, {kpis}, {facts}")
        with writing():
            click.echo(words.text(text, plan=read.id, **counted))
    return read is not None and not any(fault.severity is Severity.ERROR for fault in faults)


@click.command(
    cls=TranslatedCommand,
    help=N_(
        "Print the JSON Schema of the plan format, or of the check's JSON, of one plan, of several, or of many groups."
    ),
)
@click.argument("what", type=click.Choice(["plan", "scorecard", "scorecards", "league"]), default="plan")
@lang_option
@click.pass_context
def schema(ctx: click.Context, what: str, lang: str | None) -> None:
    """Print a schema."""
    from kpi_tracker.loading.schema import plan_schema, schema_text
    from kpi_tracker.reporting.league_schema import league_schema
    from kpi_tracker.reporting.scorecard_schema import scorecard_schema, scorecards_schema

    lang = language_of(ctx, lang)
    makers = {"plan": lambda: plan_schema(lang), "scorecard": scorecard_schema, "scorecards": scorecards_schema,
              "league": league_schema}  # fmt: skip
    made = makers[what]()
    with writing():
        write_utf8(schema_text(made))
