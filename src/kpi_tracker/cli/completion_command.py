"""The command that prints the script by which a shell completes our commands and options."""

from typing import Any

import click

from kpi_tracker.cli.options import lang_option
from kpi_tracker.cli.output import write_utf8, writing
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_

__all__ = ["completion"]

PROGRAM, VARIABLE = "kpi-tracker", "_KPI_TRACKER_COMPLETE"


@click.command(cls=TranslatedCommand, help=N_("Print the script that makes a shell complete commands and options."))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@lang_option
@click.pass_context
def completion(ctx: click.Context, shell: str, lang: str | None) -> None:
    """Print the script."""
    from click.shell_completion import get_completion_class

    made: Any = get_completion_class(shell)
    with writing():
        write_utf8(made(ctx.find_root().command, {}, PROGRAM, VARIABLE).source())
