"""Where the command line starts: the language is chosen, then the command is run and its exit code returned."""

import gettext
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from kpi_tracker.language import DOMAIN, LOCALE_FOLDER, negotiate

__all__ = ["main"]

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line with `arguments` (those of the process if left out) and exit with its code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    speak(negotiate(_lang_option(given), os.environ))
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese gets question marks, not a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    from kpi_tracker.cli.commands import kpi_tracker

    try:
        code = kpi_tracker.main(given, prog_name="kpi-tracker", standalone_mode=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code or 0)


def speak(lang: str) -> None:
    """Make click speak `lang`: its own messages stand in our catalogue, and it asks gettext's global domain."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(DOMAIN, LOCALE_FOLDER)
    gettext.textdomain(DOMAIN)


def _lang_option(arguments: list[str]) -> str | None:
    """Return what `--lang` asks for, before anything is parsed: help and usage errors are in that language too."""
    for i, argument in enumerate(arguments):
        if argument == "--lang" and i + 1 < len(arguments):
            return arguments[i + 1]
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
    return None
