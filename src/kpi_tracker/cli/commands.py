"""The commands by name; each stands in a module of its own, which is loaded when the command is asked for."""

from gettext import gettext
from importlib import import_module
from typing import Any

import click

from kpi_tracker import __version__
from kpi_tracker.cli.options import lang_option
from kpi_tracker.cli.translated import TranslatedGroup, TranslatedOption
from kpi_tracker.language import N_

__all__ = ["COMMANDS", "kpi_tracker", "named"]

COMMANDS = {
    "ack": "ack_command",
    "audit": "audit_command",
    "carry-over": "carryover_command:carry_over",
    "check": "check_command",
    "check-many": "check_many_command:check_many",
    "completion": "completion_command",
    "docs": "docs_command",
    "explain": "reading_commands",
    "fmt": "fmt_command",
    "form": "form_command",
    "history": "history_command",
    "import": "import_command:import_",
    "init": "init_command",
    "record": "record_command",
    "schema": "reading_commands",
    "show": "reading_commands",
    "sync": "sync_command",
    "validate": "reading_commands",
}


class Commands(TranslatedGroup):
    """The group of all commands: a nightly check does not pay for the options of the others."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loaded now; None where there is none of this name."""
        return named(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Return the command that the first word names; what is none is answered with the one that is nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as wrong:
            from kpi_tracker.diagnostics.spelling import nearest

            near = nearest(args[0], list(COMMANDS))
            if not near:
                raise
            hint = gettext("; did you mean “{nearest}”?").format(nearest=near)
            raise click.UsageError(wrong.message.rstrip(".。") + hint, ctx) from None


def named(name: str) -> click.Command:
    """Return the command of a name in COMMANDS, loaded now."""
    module, _, attribute = COMMANDS[name].partition(":")
    command: click.Command = getattr(import_module(f"kpi_tracker.cli.{module}"), attribute or name)
    return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=N_("Keep a plan as text and watch it: check it, see what lags and why."),
)
@click.version_option(__version__, "--version", cls=TranslatedOption, prog_name="kpi-tracker",
                      help=N_("Show the version and exit."))  # fmt: skip
@lang_option
def kpi_tracker(lang: str | None) -> None:
    """Hold the commands; the language was chosen before."""
