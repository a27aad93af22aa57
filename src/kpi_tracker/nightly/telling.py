"""What a night brought, as messages are made from it."""

from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256

from kpi_tracker.changes import Change
from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.flags.events import Event
from kpi_tracker.history.mark import Mark
from kpi_tracker.language import Phrase
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.model.unit import Text
from kpi_tracker.nightly.memory import Remembered
from kpi_tracker.notify.night import FlagEvent, FlagWord, Level, Night
from kpi_tracker.record import changed

__all__ = ["broken_night", "night_of", "told_further"]

TOLD = {word.value: word for word in FlagWord}


def night_of(
    source: str, card: Scorecard, known: Remembered | None, unknown: Phrase | None = None, repeated: bool = False
) -> Night:
    """Return the night of a plan that was scored; `known` is what history says of it, None where it could not be asked.

    `unknown` is then why, and `repeated` whether people were told that. A digest goes out on its very day alone: whether
    one was missed is not known.
    """
    untold = known.untold if known else None
    since = untold.since if untold else None if unknown is None else card.as_of - timedelta(1)
    news: tuple[Change, ...] = untold.changes if untold else ()
    lasting = {path: flag.since for path, flag in known.flags.items()} if known else {}
    night = Night(
        card.plan.id, card.plan.title, source, card.as_of, card, card.diagnostics, news,
        tuple(_told(untold.events)) if untold else (), since, lasting, card.illustrative, unknown, repeated,
    )  # fmt: skip
    return _continued(night, untold.before) if untold else night


def told_further(night: Night, before: Mark, run: int | None) -> Mark:
    """Return how far people are told once they know of `night`, which history has as `run`."""
    failing = _failure(night)
    since = (before.failing_since or night.as_of) if failing else None
    return Mark(before.run if run is None else run, night.as_of, failing, since)


def broken_night(
    source: str, plan_id: str, day: date, diagnostics: tuple[Diagnostic, ...], before: Mark | None = None
) -> Night:
    """Return the night of a plan that could not be read, at all; `before` is how far people were told of it."""
    night = Night(plan_id, Text(plan_id, plan_id), source, day, None, diagnostics, since=before.day if before else None)
    return _continued(night, before) if before else night


def _continued(night: Night, before: Mark) -> Night:
    """Return the night with what people know of a check that failed before."""
    failing = _failure(night)
    return changed(
        night,
        still=before.failing_since if failing and failing == before.failing else None,
        mended=before.failing_since if before.failing and not failing else None,
    )


def _failure(night: Night) -> str:
    """Return what tells one failure of a check from another, "" where it did not fail; lines may move meanwhile."""
    if not night.failed:
        return ""
    faults = sorted({(fault.code, fault.place.file, fault.message()) for fault in night.faults})
    return sha256(repr((night.scorecard is None, faults)).encode()).hexdigest()[:40]


def _told(events: Iterable[Event]) -> Iterable[FlagEvent]:
    """Yield the events that people are told of; who acknowledged knows, and what is out of the count is told as a change."""
    for event in events:
        word, flag = TOLD.get(event.kind.value), event.after
        if word is not None:
            yield FlagEvent(event.path, word, Level(flag.level.value), flag.raised_on or flag.since, flag.roles)
