"""The command by which somebody takes note of a flag."""

from typing import Any

import click

from kpi_tracker.cli.options import Day, faults_aside, known_item, lang_option, language_of, option, scored
from kpi_tracker.cli.output import writing
from kpi_tracker.cli.remembering import history_option, remembered
from kpi_tracker.cli.translated import TranslatedCommand
from kpi_tracker.language import N_, language

__all__ = ["ack"]


@click.command(cls=TranslatedCommand, help=N_(
    "Acknowledge the flag of ITEM, a goal or a KPI of PLAN by id or path: its escalation is not told while that holds.\n\n"
    "It holds until the day --until, at the longest until the flag is cleared or the item gets worse."
))  # fmt: skip
@click.argument("plan")
@click.argument("item")
@option("--by", "who", required=True, metavar="WHO", help=N_("Who acknowledges it."))
@option("--why", required=True, metavar="TEXT", help=N_("Why it is left at that for now, or why that is withdrawn."))
@option("--until", type=Day(), metavar="DATE", help=N_("The last day on which it holds."))
@option("--withdraw", is_flag=True, help=N_("Take back what was acknowledged before."))
@history_option
@lang_option
@click.pass_context
def ack(ctx: click.Context, plan: str, item: str, who: str, why: str, until: Any, withdraw: bool, history: str | None,
        lang: str | None) -> None:  # fmt: skip
    """Record the acknowledgement and say so."""
    lang = language_of(ctx, lang)
    words = language(lang)
    for said, hint in ((who, "--by"), (why, "--why")):
        if not said.strip():
            raise click.BadParameter(words.text(N_("it must not be empty")), param_hint=hint)
    scorecard = scored(ctx, plan, None, None, None, None, lang)
    known_item(ctx, scorecard, item, lang, "ITEM")
    path, today = scorecard.find(item).path, scorecard.as_of
    last = today if until == "today" else until
    if last is not None and last < today:
        raise click.BadParameter(words.text(N_("{day} is over"), day=last), param_hint="--until")
    from kpi_tracker.calendar import moment

    made_at = moment(scorecard.plan.time_zone)
    with remembered(ctx, plan, history, lang, create=True) as memory:
        from kpi_tracker.flags.acknowledgement import standing
        from kpi_tracker.history.acknowledgement import Acknowledgement

        if withdraw and path not in standing(memory.acknowledgements(scorecard.plan.id), today):
            text = words.text(N_("{item} is not acknowledged: there is nothing to withdraw"), item=path)
            raise click.BadParameter(text, param_hint="--withdraw")
        if not withdraw and not _to_acknowledge(memory, scorecard, path):
            text = words.text(
                N_("{item} does not lag and no flag stands on it: there is nothing to acknowledge"), item=path
            )
            raise click.BadParameter(text, param_hint="ITEM")
        memory.acknowledge(scorecard.plan.id, Acknowledgement(path, who, why, made_at, last, withdraw))
    faults_aside(scorecard.diagnostics, lang)
    if withdraw:
        told = words.text(N_("{item}: the acknowledgement is withdrawn"), item=path)
    elif last is None:
        told = words.text(N_("{item}: acknowledged by {who}"), item=path, who=who)
    else:
        told = words.text(N_("{item}: acknowledged by {who} until {day}"), item=path, who=who, day=last)
    with writing():
        click.echo(told)


def _to_acknowledge(memory: Any, scorecard: Any, path: str) -> bool:
    """Tell whether an item lags or its flag stands: an acknowledgement does not count for a lag to come."""
    from kpi_tracker.model.measure import LAGGING

    item, run = scorecard.items[path], memory.latest(scorecard.plan.id)
    flag = memory.flags(run).get(path) if run else None
    return (
        item.status in LAGGING or bool(getattr(item, "veto", ())) or (flag or {}).get("phase") in ("pending", "raised")
    )
