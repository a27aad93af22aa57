"""Where the command line starts: the language is chosen, then the command is run and its exit code returned."""

import gc
import gettext
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from kpi_tracker.language import DOMAIN, LOCALE_FOLDER, negotiate

__all__ = ["main", "run"]

INTERRUPTED = 130
BROKEN = 3  # as in outcome.py, which loads the model


def run() -> NoReturn:
    """Be the process of the command line: as :func:`main`, without what a process this short need not do.

    Collecting garbage while modules load and taking everything apart at the end are a sixth of a nightly check.
    """
    gc.disable()
    if sys.stdout is None or sys.stderr is None:  # closed by who started it: nothing could be said
        os._exit(BROKEN)
    code: object = 0
    try:
        main()
    except SystemExit as done:
        code = done.code
    except KeyboardInterrupt:  # before the command had begun
        code = INTERRUPTED
    except BaseException as fault:  # ours, or a broken installation: not 1, which says that something lags
        from traceback import print_exception

        print_exception(fault)
        code = BROKEN
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # a full disk: what was found could not be said
        code = BROKEN
    os._exit(code if isinstance(code, int) else BROKEN)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line with `arguments` (those of the process if left out) and exit with its code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    lang = negotiate(_lang_option(given), os.environ)
    speak(lang)
    from click.exceptions import Abort, ClickException

    from kpi_tracker.cli.commands import kpi_tracker
    from kpi_tracker.cli.output import drop_the_rest

    try:
        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot show Chinese gets question marks, not a traceback.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        code = kpi_tracker.main(given, prog_name="kpi-tracker", standalone_mode=False)
    except ClickException as wrong_use:
        wrong_use.show()
        code = wrong_use.exit_code
    except Abort:  # Ctrl-C; 1 would say that something lags
        code = INTERRUPTED
    except OSError as error:  # a full disk: what was found could not be said
        from kpi_tracker.diagnostics.refusal import refusal
        from kpi_tracker.language import language

        drop_the_rest()
        reason = refusal(error, writing=True)
        with suppress(OSError):
            sys.stderr.write(f"kpi-tracker: {reason if isinstance(reason, str) else language(lang).phrase(reason)}\n")
        code = BROKEN
    sys.exit(code or 0)


def speak(lang: str) -> None:
    """Make click speak `lang`: its own messages stand in our catalogue, and it asks gettext's global domain."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(DOMAIN, LOCALE_FOLDER)
    gettext.textdomain(DOMAIN)


def _lang_option(arguments: list[str]) -> str | None:
    """Return what `--lang` asks for, before anything is parsed: help and usage errors are in that language too.

    `both` is of the documents that are written; the environment says in which language that is told.
    """
    for i, argument in enumerate(arguments):
        if argument == "--lang" and i + 1 < len(arguments):
            return _one(arguments[i + 1])
        if argument.startswith("--lang="):
            return _one(argument.partition("=")[2])
    return None


def _one(lang: str) -> str | None:
    return None if lang == "both" else lang
