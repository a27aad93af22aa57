"""The commands that show and export what nightly runs have left in history."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NoReturn

import click

from kpi_tracker.cli.options import Day, faults_aside, lang_option, language_of, option
from kpi_tracker.cli.output import writing
from kpi_tracker.cli.translated import TranslatedGroup
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN

__all__ = ["history"]

FORMATS = ("csv", "parquet")  # as in history/table.py, which loads the model


class ShowByDefault(TranslatedGroup):
    """A group whose first word may be left out: what is no command is a plan to show."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Return the command that the first word names, or the one that shows."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["show", *args])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leave options to the command that shows, where they come first."""
        helped = args[:1] and args[0] in ctx.help_option_names
        return super().parse_args(ctx, ["show", *args] if args and args[0].startswith("-") and not helped else args)


def place_option(command: Any) -> Any:
    """Add `--history`."""
    return option("--history", "where", metavar="PATH|URL",
                  help=N_("A file, or postgresql://…; .kpi-tracker/history.sqlite3 beside the plan if left out."))(command)  # fmt: skip


def since_option(command: Any) -> Any:
    """Add `--since`."""
    return option("--since", type=Day(), metavar="DATE", help=N_("Only runs as of this day or later."))(command)


@click.group(cls=ShowByDefault, subcommand_metavar="PLAN [ITEM] | export PLAN", help=N_(
    "Show what nightly runs have found: `history PLAN` its runs, `history PLAN ITEM` how one item stood."
))  # fmt: skip
def history() -> None:
    """Hold the commands."""


@history.command(help=N_(
    "Show the runs of PLAN, or with ITEM how that goal or KPI stood from night to night.\n\n"
    "ITEM is an id or a path. Ends with 0, or with 3 where there is no history or it cannot be read."
))  # fmt: skip
@click.argument("plan")
@click.argument("item", default="")
@place_option
@since_option
@lang_option
@click.pass_context
def show(ctx: click.Context, plan: str, item: str, where: str | None, since: Any, lang: str | None) -> None:
    """Write the table."""
    lang = language_of(ctx.parent or ctx, lang)
    with _opened(ctx, plan, where, lang) as (kept, plan_id):
        from kpi_tracker.reporting.remembered import write_course, write_runs

        if kept.latest(plan_id) is None:
            _refuse(ctx, lang, N_("history at {where} has no run of the plan “{plan}”"), where=kept.where, plan=plan_id)
        path = _path(kept, plan_id, item, lang) if item else ""
        course = kept.path_of(plan_id, path, _first(since))
        if not course:
            _refuse(ctx, lang, N_("there is no run from {day} on"), day=_first(since))
        with writing():
            (write_course if path else write_runs)(course, sys.stdout, lang)


@history.command(help=N_(
    "Write the history of PLAN as one table: a row for each item of each run.\n\n"
    "Parquet needs kpi-tracker[parquet]. Ends with 0, or with 3 where history cannot be read or FILE cannot be written."
))  # fmt: skip
@click.argument("plan")
@option("--out", "-o", "out", required=True, metavar="FILE", help=N_("The file to write: .csv or .parquet."))
@option("--format", "form", type=click.Choice(FORMATS), help=N_("What to write; by the ending of FILE if left out."))
@place_option
@since_option
@lang_option
@click.pass_context
def export(ctx: click.Context, plan: str, out: str, form: str | None, where: str | None, since: Any,
           lang: str | None) -> None:  # fmt: skip
    """Write the file and say what was written."""
    lang = language_of(ctx.parent or ctx, lang)
    form = form or os.path.splitext(out)[1].lower().removeprefix(".")
    if form not in FORMATS:
        text = language(lang).text(N_("“{value}” does not end in .csv or .parquet"), value=out)
        raise click.BadParameter(text, param_hint="--out")
    with _opened(ctx, plan, where, lang) as (kept, plan_id):
        from kpi_tracker.history.table import export as write
        from kpi_tracker.history.table import rows

        count = write(rows(kept, plan_id, _first(since)), out, form)
        words = language(lang)
        with writing():
            told = words.count(N_("{n} row"), N_("{n} rows"), count)
            click.echo(words.text(N_("{file}: {rows}"), file=out, rows=told))


@contextmanager
def _opened(ctx: click.Context, plan: str, where: str | None, lang: str) -> Iterator[tuple[Any, str]]:
    """Open the history and tell whose is asked for; where either cannot be, or something fails within, say why and exit."""
    from kpi_tracker.history.identity import identify
    from kpi_tracker.history.problem import HistoryError
    from kpi_tracker.history.store import default_history, open_history

    identity = identify(plan)
    faults_aside(identity.diagnostics, lang)
    if identity.plan_id is None:
        ctx.exit(BROKEN)
    try:
        with open_history(where or default_history(plan), create=False) as kept:
            yield kept, identity.plan_id
    except HistoryError as error:
        click.echo(language(lang).phrase(error.phrase), err=True)
        ctx.exit(BROKEN)


def _first(since: Any) -> date:
    """Return the first day to show."""
    if since != "today":
        return date.min if since is None else since
    from kpi_tracker.calendar import today

    return today("UTC")  # a plan that is broken may not say its zone


def _path(kept: Any, plan_id: str, item: str, lang: str) -> str:
    """Return the path of an item, also of one that the plan no longer has; refuse what no run knows."""
    from kpi_tracker.diagnostics.spelling import nearest
    from kpi_tracker.model.goal import names

    known = kept.paths(plan_id)
    found = [path for path in known if names(path, item)]
    if not found:
        words, near = language(lang), nearest(item.rpartition("/")[2], [path.rpartition("/")[2] for path in known])
        text = words.text(N_("no run knows a goal or KPI “{value}”"), value=item)
        text += words.text(N_("; did you mean “{nearest}”?"), nearest=near) if near else ""
        raise click.BadParameter(text, param_hint="ITEM")
    return str(found[0])


def _refuse(ctx: click.Context, lang: str, message: str, **args: object) -> NoReturn:
    """Say what there is nothing of, and exit."""
    click.echo(language(lang).text(message, **args), err=True)
    ctx.exit(BROKEN)
