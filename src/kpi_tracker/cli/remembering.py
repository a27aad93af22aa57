"""What the commands share that look into history: the option, and the history that it names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from kpi_tracker.cli.options import Command, option
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN

__all__ = ["has_history", "history_option", "remembered"]


def history_option(command: Command) -> Command:
    """Add `--history`."""
    return option("--history", metavar="PATH", help=N_(
        "Where runs are remembered: a file or postgresql://…; the file beside the plan if left out."
    ))(command)  # fmt: skip


def has_history(plan: str) -> bool:
    """Tell whether there is a history beside the plan."""
    from kpi_tracker.history.store import default_history

    return os.path.exists(default_history(plan))


@contextmanager
def remembered(ctx: click.Context, plan: str, where: str | None, lang: str, create: bool) -> Iterator[Any]:
    """Give the history at `where`, or that of the plan; where it cannot be read or written, say why and exit."""
    from kpi_tracker.history.problem import HistoryError
    from kpi_tracker.history.store import default_history, open_history

    try:
        with open_history(where or default_history(plan), create) as history:
            yield history
    except HistoryError as error:
        click.echo(language(lang).phrase(error.phrase), err=True)
        ctx.exit(BROKEN)
