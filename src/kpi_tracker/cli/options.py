"""What the commands share: dates and languages as options, the scorecard that they start from, faults beside it."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from kpi_tracker.cli.translated import TranslatedOption
from kpi_tracker.language import N_, Language, language, negotiate
from kpi_tracker.notation.date import read_date, read_moment, read_period
from kpi_tracker.outcome import BROKEN

__all__ = ["Command", "Day", "DayOrRun", "Moment", "dates", "day_of", "earlier_day", "faults_aside", "holds", "known_item",
           "lang_option", "language_of", "lost", "only_option", "option", "scored", "spoken", "the_scorecard", "unknown_item"]  # fmt: skip

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
            self.fail(spoken().text(N_("“{value}” is not a date, such as 2021-09-30"), value=value), param, ctx)
        return day


class DayOrRun(Day):
    """A day as above, or a run of history: run:12."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a date, the word that needs the plan's time zone first, or the number of a run."""
        if isinstance(value, str) and value.startswith(RUN):
            number = value.removeprefix(RUN)
            if not number.isascii() or not number.isdecimal():
                text = spoken().text(N_("“{value}” is not a run of history, such as run:12"), value=value)
                self.fail(text, param, ctx)
            return int(number)
        return super().convert(value, param, ctx)


RUN = "run:"


class Moment(click.ParamType):  # type: ignore[type-arg]
    """A day (its end) or a time, in plan time."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a time without offset."""
        moment = read_moment(value)
        if moment is None:
            text = spoken().text(
                N_("“{value}” is not a date or a time, such as 2021-10-08 or “2021-10-08 09:30”"), value=value
            )
            self.fail(text, param, ctx)
        return moment


class Revision(click.ParamType):  # type: ignore[type-arg]
    """A git revision; whether it is one is for git to say."""

    name = "revision"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the revision as it was given."""
        from kpi_tracker.revision import is_revision

        if not is_revision(value):
            text = N_("“{value}” cannot be a git revision, such as main, v1.2 or 3f2a9c1")
            self.fail(spoken().text(text, value=value), param, ctx)
        return value


def spoken() -> Language:
    """Return the language that was chosen before anything was parsed."""
    return language(negotiate(os.environ.get("LANGUAGE"), os.environ))


def option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    """Return a decorator that adds an option whose help is translated."""
    return click.option(*names, cls=TranslatedOption, **settings)


def lang_option(command: Command) -> Command:
    """Add `--lang`."""
    return option("--lang", type=click.Choice(["zh", "en"]), is_eager=True,
                  help=N_("Language; that of the environment (LC_ALL, LANG) if left out."))(command)  # fmt: skip


def dates(command: Command) -> Command:
    """Add `--as-of`, `--known-at` and `--plan-rev`."""
    for add in (
        option("--plan-rev", type=Revision(), metavar="REV",
               help=N_("Read the plan and its data as they were at this git revision.")),
        option("--known-at", type=Moment(), metavar="TIME",
               help=N_("See only what was recorded by the end of this day, or by this time.")),
        option("--as-of", type=Day(), metavar="DATE",
               help=N_("Score as of the end of this day; today in the plan's time zone if left out.")),
    ):  # fmt: skip
        command = add(command)
    return command


def only_option(command: Command) -> Command:
    """Add `--only`."""
    return option("--only", metavar="PATH", help=N_("Look at this branch or KPI only: an id, or a path of ids."))(
        command
    )


def language_of(ctx: click.Context, lang: str | None) -> str:
    """Return the language: that of the command, else that given before it, else that of the environment."""
    given = lang or (ctx.parent.params.get("lang") if ctx.parent else None)
    return negotiate(given, os.environ)


def scored(ctx: click.Context, plan: str, as_of: Any, known_at: Any, plan_rev: str | None, only: str | None,
           lang: str) -> Any:  # fmt: skip
    """Return the scorecard of a plan; where there is none, say what is wrong and exit."""
    from kpi_tracker.kept import kept_folder
    from kpi_tracker.pipeline import run

    return the_scorecard(ctx, run(plan, day_of(as_of), known_at, plan_rev, kept=kept_folder(os.environ)), only, lang)


def the_scorecard(ctx: click.Context, found: Any, only: str | None, lang: str) -> Any:
    """Return the scorecard that a run found, or the part that `only` names; without one say what is wrong and exit."""
    if found.scorecard is None:
        faults_aside(found.diagnostics, lang)
        ctx.exit(BROKEN)
    if only is None:
        return found.scorecard
    known_item(ctx, found.scorecard, only, lang, "--only")
    return found.scorecard.only(only)


def day_of(as_of: Any) -> Any:
    """Return the day to score as of; None stands for today, which is not the same day in every plan's zone."""
    return None if as_of == "today" else as_of


def earlier_day(since: Any, as_of: Any) -> Any:
    """Return the day `since`, which must be before `as_of`: its end is compared with."""
    if since == "today" or (since is not None and as_of is not None and since >= as_of):
        text = spoken().text(N_("{since} is not before {day}"), since=since, day=as_of or "today")
        raise click.BadParameter(text, param_hint="--since")
    return since


def known_item(ctx: click.Context, scorecard: Any, reference: str, lang: str, hint: str) -> None:
    """Refuse a reference that names nothing in the plan, with the nearest that does; for a broken KPI show its faults."""
    if not holds(scorecard, reference):
        if lost(scorecard, reference):
            faults_aside(scorecard.diagnostics, lang)
            ctx.exit(BROKEN)
        raise unknown_item([scorecard], reference, lang, hint)


def known_dimension(scorecard: Any, name: str, lang: str) -> None:
    """Refuse what is no dimension of the plan, with the nearest that is."""
    from kpi_tracker.cut import dimension_called
    from kpi_tracker.diagnostics.spelling import nearest

    if dimension_called(scorecard, name) is not None:
        return
    words = language(lang)
    known = [word for one in scorecard.plan.dimensions for word in (one.id, one.title.zh, one.title.en)]
    names = tuple(one.id for one in scorecard.plan.dimensions)
    if names:
        text = words.text(
            N_("there is no dimension “{value}” in this plan; there are: {expected}"), value=name, expected=names
        )
    else:
        text = words.text(N_("this plan declares no dimensions"))
    near = nearest(name, known)
    text += words.text(N_("; did you mean “{nearest}”?"), nearest=near) if near else ""
    raise click.BadParameter(text, param_hint="--by")


def holds(scorecard: Any, reference: str) -> bool:
    """Tell whether a scorecard has what `reference` names."""
    try:
        scorecard.find(reference)
    except KeyError:
        return False
    return True


def lost(scorecard: Any, reference: str) -> bool:
    """Tell whether `reference` names what had to be left out because of faults."""
    from kpi_tracker.model.goal import names

    return any(names(path, reference) for path in scorecard.items[""].incomplete)


def unknown_item(scorecards: Any, reference: str, lang: str, hint: str) -> click.BadParameter:
    """Return the refusal of a reference that names nothing, with the nearest that names something."""
    from kpi_tracker.diagnostics.spelling import nearest

    known = [item.id for scorecard in scorecards for item in scorecard.walk() if item.id]
    words, near = language(lang), nearest(reference.rpartition("/")[2], known)
    one, several = N_("there is no goal or KPI “{value}” in this plan"), N_("no plan has a goal or KPI “{value}”")
    text = words.text(several if len(scorecards) > 1 else one, value=reference)
    text += words.text(N_("; did you mean “{nearest}”?"), nearest=near) if near else ""
    return click.BadParameter(text, param_hint=hint)


def faults_aside(diagnostics: Any, lang: str) -> None:
    """Write faults to standard error, beside a report that does not show them."""
    from kpi_tracker.reporting.faults import write_faults

    write_faults(diagnostics, sys.stderr, lang)
