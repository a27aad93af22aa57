"""The command that looks for what was changed without a word, eased or rewritten."""

import sys
from typing import Any

import click

from kpi_tracker.cli.options import dates, faults_aside, lang_option, language_of, option, scored
from kpi_tracker.cli.output import write_utf8, writing
from kpi_tracker.cli.remembering import has_history, history_option, remembered
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_
from kpi_tracker.outcome import BROKEN, NOTHING, REPORTED

__all__ = ["audit"]


@click.command(cls=TranslatedCommand, help=N_(
    "Hold PLAN against its earlier runs: changes without an amendment, targets eased after lagging, figures rewritten, "
    "and most of the year left to its last month.\n\n"
    "Earlier runs come from history; where there is none, from the git revisions of the plan's folder. Ends with 0 where "
    "nothing is found, 1 where something is, 3 where the plan, its data or history have an error."
))  # fmt: skip
@click.argument("plan")
@history_option
@dates
@option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
        help=N_("A list for people, or JSON."))  # fmt: skip
@lang_option
@click.pass_context
def audit(ctx: click.Context, plan: str, history: str | None, as_of: Any, known_at: Any, plan_rev: str | None, form: str,
          lang: str | None) -> None:  # fmt: skip
    """Write what is found."""
    from kpi_tracker.diagnostics import Severity

    lang = language_of(ctx, lang)
    scorecard = scored(ctx, plan, as_of, known_at, plan_rev, None, lang)
    found, past = _found(ctx, scorecard, plan, history, lang)
    with writing():
        if form == "json":
            from kpi_tracker.reporting.audited import findings_to_json

            write_utf8(findings_to_json(found, past, scorecard, lang))
        else:
            from kpi_tracker.reporting.audited import write_findings

            write_findings(found, past, scorecard, sys.stdout, lang)
    faults_aside(scorecard.diagnostics, lang)
    broken = any(fault.severity is Severity.ERROR for fault in scorecard.diagnostics)
    ctx.exit(BROKEN if broken else REPORTED if found else NOTHING)


def _found(ctx: click.Context, scorecard: Any, plan: str, history: str | None, lang: str) -> tuple[Any, str | None]:
    """Return the findings, and what they were found in: history, git, or nothing but the plan."""
    from kpi_tracker.audit.inspection import audit as inspected

    if history is not None or has_history(plan):
        with remembered(ctx, plan, history, lang, create=False) as past:
            return inspected(scorecard, past), "history"
    from kpi_tracker.audit.revisions import revisions

    commits = revisions(scorecard.plan)
    return inspected(scorecard, commits), None if commits is None else "git"
