"""The nightly check: of one plan or of several, for people or for machines, with what changed since an earlier day."""

import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import IO, Any, NamedTuple

import click

from kpi_tracker.cli.options import (
    DayOrRun,
    dates,
    day_of,
    earlier_day,
    holds,
    known_dimension,
    known_item,
    lang_option,
    language_of,
    lost,
    only_option,
    option,
    unknown_item,
)
from kpi_tracker.cli.output import whole_file, writing
from kpi_tracker.cli.planpaths import plan_paths
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_, language
from kpi_tracker.outcome import BROKEN, FAIL_ON, NEW_LAGGING, NOTHING, exit_code, unjudged, worst

__all__ = ["check"]

TEXT, AUTO = "text", "auto"
CRITICAL = 2  # as in reporting/nagios.py, before UNKNOWN
BESIDE = "*"  # as in cli/night.py: the history beside the plan
FORMATS = (TEXT, "json", "junit", "github", "sarif", "prometheus", "nagios", "csv", AUTO)  # as in reporting/formats.py


class Asked(NamedTuple):
    """What the options ask for, the same for every plan."""

    as_of: Any
    known_at: Any
    plan_rev: str | None
    since: Any
    only: str | None
    form: str
    fail_on: str
    quiet: bool
    lang: str
    plugin_codes: bool = False
    history: Any = None
    notifier: Any = None
    by: str | None = None


@click.command(cls=TranslatedCommand, help=N_(
    "Score each PLAN, a folder, a file or a pattern in quotes ('plans/*'), and say what lags.\n\n"
    "Ends with 0 where there is nothing to report, 1 where a KPI is at --fail-on or worse, 2 for a wrong use of the "
    "command, 3 where a plan or its data are broken or nothing could be scored. Of several plans the worst counts: 3, "
    "then 1, then 0."
))  # fmt: skip
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@dates
@only_option
@option("--by", metavar="DIMENSION", help=N_("Cut by this dimension of the plan: what each district, each unit has."))
@option("--since", type=DayOrRun(), metavar="DATE",
        help=N_("Tell what changed since the end of this day, as it was seen then; with --history also since run:NUMBER."))  # fmt: skip
@option("--history", metavar="PATH", is_flag=False, flag_value=BESIDE,
        help=N_("Remember this run in this file or at postgresql://…; beside the plan without PATH, and then written last."))  # fmt: skip
@option("--notify", metavar="FILE", help=N_("Send what changed to those whom this file names; needs --history."))
@option("--dry-run", is_flag=True, help=N_("Show what --notify would send to whom, and send nothing."))
@option("--format", "form", type=click.Choice(FORMATS), default=TEXT, show_default=True,
        help=N_("A report for people, JSON with every figure, or what another program reads; auto goes by where it runs."))  # fmt: skip
@option("--fail-on", type=click.Choice([*FAIL_ON, NEW_LAGGING]), default="lagging", show_default=True,
        help=N_("The mildest status that makes the check end with 1; new-lagging: what lags now and did not at --since."))  # fmt: skip
@option("--plugin-codes", is_flag=True,
        help=N_("End with the codes of monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."))  # fmt: skip
@option("--quiet", "-q", is_flag=True, help=N_("Only what lags, what is missing and what is broken."))
@option("--output", "-o", metavar="FILE", help=N_("Write to this file, whole or not at all."))
@lang_option
@click.pass_context
def check(ctx: click.Context, /, plans: tuple[str, ...], output: str | None, fail_on: str, form: str, since: Any,
          lang: str | None, **options: Any) -> None:  # fmt: skip
    """Run the check."""
    lang = language_of(ctx, lang)
    _refuse_what_does_not_go_together(fail_on, since, options, lang)
    history, notify, dry_run = (options.pop(name) for name in ("history", "notify", "dry_run"))
    if not isinstance(since, int):
        since = earlier_day(since, day_of(options["as_of"]))
    asked = Asked(since=since, form=_chosen(form, output), fail_on=fail_on, lang=lang, **options)
    if history is not None:
        from kpi_tracker.cli.night import History, Notifier

        tell = "nobody" if notify is None else "shown" if dry_run else "people"  # as nightly/memory.py has it
        memory = History(history, lang, tell)
        asked = asked._replace(history=memory, notifier=Notifier(notify, memory, dry_run, lang) if notify else None)
    paths = plan_paths(plans)
    if asked.by is not None and (len(paths) > 1 or asked.form not in (TEXT, "json") or asked.plugin_codes):
        text = N_("it goes with one PLAN, and with the report or JSON")
        raise click.BadParameter(language(lang).text(text), param_hint="--by")
    try:
        with _ended(output is not None or len(paths) > 1), _stream(output) as file:
            code = _one(ctx, paths[0], asked, file) if len(paths) == 1 else _several(paths, asked, file)
    except OSError as error:
        if output is None:
            raise
        text = N_("{file} could not be written, it is as it was: {reason}")
        from kpi_tracker.diagnostics.refusal import refusal

        click.echo(language(asked.lang).text(text, file=output, reason=refusal(error, writing=True)), err=True)
        code = BROKEN
    if asked.notifier is not None:
        sent = asked.notifier.send(os.environ)
        code = (code if code == CRITICAL else max(code, sent)) if asked.plugin_codes else worst((code, sent))
    ctx.exit(code)


def _refuse_what_does_not_go_together(fail_on: str, since: Any, options: Any, lang: str) -> None:
    """Refuse options that need another one, or do not go with it."""
    history, notify = options["history"], options["notify"]
    for wrong, hint, message in (
        (fail_on == NEW_LAGGING and since is None and history is None, "--fail-on",
         N_("“new-lagging” needs --since or --history: new is what was not so then")),
        (isinstance(since, int) and history is None, "--since", N_("a run is found with --history alone")),
        (notify is not None and history is None, "--notify", N_("it needs --history: what was sent is recorded there")),
        (options["dry_run"] and notify is None, "--dry-run", N_("it goes with --notify")),
        (history is not None and options["only"] is not None, "--only", N_("history remembers whole plans")),
        (history is not None and options["plan_rev"] is not None, "--plan-rev",
         N_("history remembers what is, not what was at a revision")),
    ):  # fmt: skip
        if wrong:
            raise click.BadParameter(language(lang).text(message), param_hint=hint)


def _chosen(form: str, output: str | None) -> str:
    if form != AUTO:
        return form
    from kpi_tracker.reporting.formats import chosen

    return chosen(os.environ, output is None and sys.stdout.isatty())


def _stream(output: str | None) -> AbstractContextManager[IO[str]]:
    return nullcontext(sys.stdout) if output is None else whole_file(output)


def _ended(cleanly: bool) -> AbstractContextManager[None]:
    """Let a signal end us in order where there is something to put in order: a file half written, other processes."""
    if not cleanly:
        return nullcontext()
    from kpi_tracker.cli.signals import ended_by_signals

    return ended_by_signals()


def _one(ctx: click.Context, path: str, asked: Asked, file: IO[str]) -> int:
    """Check one plan; its report and its JSON load nothing that they do not need."""
    from kpi_tracker.kept import kept_folder
    from kpi_tracker.pipeline import run

    rescored = None if asked.history is not None else asked.since
    found = run(path, day_of(asked.as_of), asked.known_at, asked.plan_rev, rescored, kept_folder(os.environ))
    card = found.scorecard
    if card is not None:
        earlier_day(rescored, card.as_of)
        if asked.only is not None:
            known_item(ctx, card, asked.only, asked.lang, "--only")
            found = _only(found, asked.only)
            card = found.scorecard
        if asked.by is not None:
            known_dimension(card, asked.by, asked.lang)
    if asked.form not in (TEXT, "json") or asked.plugin_codes:
        return _for_machines([_checked(path, found, asked)], asked, file)
    told, least = _told(path, found, asked)
    if card is None:
        _write_faults(found.diagnostics, asked, file)
        return BROKEN
    if asked.form == "json":
        from kpi_tracker.reporting.jsonfile import to_json

        _write(to_json(card, asked.lang, told.changes, told.since, told.flags, asked.by), file)
    else:
        from kpi_tracker.reporting.textreport import write_report

        with writing():
            write_report(
                card, file, asked.lang, asked.quiet, told.changes, told.since, told.flags, told.events, asked.by
            )  # fmt: skip
    fail_on = "lagging" if told.first and asked.fail_on == NEW_LAGGING else asked.fail_on
    code = worst((exit_code(card, fail_on, told.changes), least))
    if code == BROKEN and (reason := unjudged(card)) is not None:
        click.echo(language(asked.lang).phrase(reason), err=True)
    return code


def _write_faults(diagnostics: Any, asked: Asked, file: IO[str]) -> None:
    """Say why there is no scorecard: in the JSON, or beside a report that is not there."""
    if asked.form == "json":
        from kpi_tracker.reporting.jsonfile import faults_to_json

        _write(faults_to_json(diagnostics, asked.lang), file)
    else:
        from kpi_tracker.reporting.faults import write_faults

        write_faults(diagnostics, sys.stderr if file is sys.stdout else file, asked.lang)


def _write(text: str, file: IO[str]) -> None:
    """Write what is for machines: UTF-8 with plain line ends, whatever the terminal's encoding."""
    with writing():
        click.echo(text.encode(), file if file is sys.stdout else file.buffer, nl=False)  # type: ignore[attr-defined]


def _only(found: Any, only: str) -> Any:
    """Return what was found at and below the item that `only` names."""
    return found._replace(
        scorecard=found.scorecard.only(only), earlier=None if found.earlier is None else found.earlier.only(only)
    )


class Told(NamedTuple):
    """What is told beside a scorecard: changes since a day, flags, and whether no night is known that came before."""

    changes: Any
    since: Any
    flags: Any
    first: bool = False
    events: Any = ()


def _told(path: str, found: Any, asked: Asked) -> tuple[Told, int]:
    """Return what is told of a run beside its scorecard, and the exit code that history alone asks for."""
    card, known, code = found.scorecard, None, NOTHING
    if asked.history is not None:
        held = asked.history.hold(path, card, asked.since)
        known, code = held.known, held.code
        if asked.notifier is not None:
            asked.notifier.add(path, found, held, day_of(asked.as_of))
    if known is not None:
        return Told(known.changes, known.since, known.flags, known.since is None, known.events), code
    changes: Any = ()
    if found.earlier is not None:
        from kpi_tracker.changes import compare

        changes = compare(found.earlier, card)
    held = asked.history is not None
    return Told(changes, None if held else asked.since, None, held), code


def _checked(path: str, found: Any, asked: Asked) -> Any:
    from kpi_tracker.reporting.checked import Checked

    told, least = _told(path, found, asked)
    return Checked(path, found.scorecard, found.diagnostics, told.changes, told.since, told.flags, told.first, least,
                   told.events)  # fmt: skip


def _for_machines(checked: list[Any], asked: Asked, file: IO[str]) -> int:
    """Write what a machine reads of all plans, and return the exit code; text too where a machine reads the code."""
    if asked.form == TEXT:
        from kpi_tracker.reporting.plans import write_plans

        with writing():
            write_plans(checked, file, asked.lang, asked.fail_on, asked.quiet)
    else:
        from kpi_tracker.reporting.formats import FORMATS

        _write(FORMATS[asked.form](checked, asked.lang, asked.fail_on), file)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if asked.form == "github" and summary:
        from kpi_tracker.reporting.github import step_summary

        with open(summary, "a", encoding="utf-8") as page:
            page.write(step_summary(checked, asked.lang))
    if asked.plugin_codes:
        from kpi_tracker.reporting.nagios import nagios_exit_code

        return nagios_exit_code(checked, asked.fail_on)
    return worst(one.code(asked.fail_on) for one in checked)


def _several(paths: tuple[str, ...], asked: Asked, file: IO[str]) -> int:
    """Check several plans side by side; text is written as it comes, the other formats need all of them."""
    checked = _all(paths, asked)
    if asked.form != TEXT or asked.plugin_codes:
        return _for_machines(list(checked), asked, file)
    from kpi_tracker.reporting.plans import write_plans

    codes: list[int] = []

    def noted() -> Iterator[Any]:
        for one in checked:
            codes.append(one.code(asked.fail_on))
            yield one

    found = noted()
    with writing():
        write_plans(found, file, asked.lang, asked.fail_on, asked.quiet)
    deque(found, maxlen=0)  # where the reader left early (a pipe to `head`) the rest still decides the exit code
    return worst(codes)


def _all(paths: tuple[str, ...], asked: Asked) -> Iterator[Any]:
    """Yield what each plan comes to; those that do not have what `--only` names are passed over, unless none has it."""
    from kpi_tracker.kept import kept_folder
    from kpi_tracker.pipeline import check_all

    passed: list[Any] = []
    rescored = None if asked.history is not None else asked.since
    runs = check_all(paths, day_of(asked.as_of), asked.known_at, asked.plan_rev, rescored, kept=kept_folder(os.environ))
    for path, found in zip(paths, runs, strict=True):
        card = found.scorecard
        if card is not None:
            earlier_day(rescored, card.as_of)
            if asked.only is not None and holds(card, asked.only):
                found = _only(found, asked.only)  # noqa: PLW2901 - the part of it
            elif asked.only is not None and lost(card, asked.only):
                found = found._replace(scorecard=None)  # noqa: PLW2901 - its faults are what there is to say
            elif asked.only is not None:
                passed.append(card)
                continue
        yield _checked(path, found, asked)
    if passed and len(passed) == len(paths):
        raise unknown_item(passed, asked.only or "", asked.lang, "--only")
