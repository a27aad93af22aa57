"""click's commands and options with help in the user's language."""

from gettext import gettext

import click

__all__ = ["TranslatedCommand", "TranslatedGroup", "TranslatedOption"]


class TranslatedOption(click.Option):
    """An option whose help is looked up when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the names and the help of the option in the user's language."""
        written, self.help = self.help, gettext(self.help) if self.help else None
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = written


class TranslatedCommand(click.Command):
    """A command whose help is looked up when it is shown."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the command in the user's language."""
        written, self.help = self.help, gettext(self.help) if self.help else None
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = written

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help in the user's language."""
        return gettext(self.short_help or self.help or "").partition("\n")[0]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return click's own help option, which click translates when it makes it."""
        self._help_option = None
        return super().get_help_option(ctx)


class TranslatedGroup(TranslatedCommand, click.Group):
    """A group of such commands."""

    command_class = TranslatedCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options and commands."""
        click.Group.format_options(self, ctx, formatter)
