"""What a message says, for machines: the body of a webhook, and what two messages are told apart by."""

from typing import Any

from kpi_tracker.changes import Change
from kpi_tracker.language import language
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.model.unit import Text
from kpi_tracker.notify.night import FlagEvent, Night
from kpi_tracker.notify.selection import Owners, Told

__all__ = ["FORMAT", "facts"]

FORMAT = "kpi-tracker/message/v1"


def facts(told: Told, night: Night, owner_of: Owners) -> dict[str, Any]:
    """Return what is told of a night as JSON takes it; the same for the same night, whatever the clock says."""

    def text(words: Text | None) -> dict[str, str] | None:
        return {"zh": words.zh, "en": words.en} if words else None

    def score(item: KpiScore | GoalScore | None) -> dict[str, Any] | None:
        if item is None:
            return None
        of_kpi = {"value": item.value, "data_date": _day(item.data_date)} if isinstance(item, KpiScore) else {}
        return {"status": item.status.value, "attainment": item.attainment, "expected": item.expected,
                "lag": item.lag, **of_kpi}  # fmt: skip

    def change(one: Change) -> dict[str, Any]:
        return {"kind": one.kind.value, "path": one.path, "title": text(one.title),
                "owner": text(owner_of.get(one.path)), "before": score(one.before), "after": score(one.after)}  # fmt: skip

    def event(one: FlagEvent) -> dict[str, Any]:
        return {"event": one.event.value, "path": one.path, "level": one.level.value, "since": _day(one.since),
                "roles": [text(role) for role in one.roles]}  # fmt: skip

    def item(one: KpiScore) -> dict[str, Any]:
        return {"path": one.path, "title": text(one.kpi.title), "owner": text(owner_of.get(one.path)),
                **(score(one) or {})}  # fmt: skip

    return {
        "format": FORMAT,
        "plan": night.plan,
        "title": text(night.title),
        "as_of": _day(night.as_of),
        "since": _day(night.since),
        "illustrative": night.illustrative,
        "failed": told.failed or told.still,
        "failing_since": _day(night.still),
        "mended": told.mended,
        "digest": told.digest,
        "unknown": language("en").phrase(night.unknown) if night.unknown else None,
        "faults": [fault.to_dict() for fault in night.faults] if told.failed or told.still else [],
        "events": list(map(event, told.events)),
        "changes": list(map(change, told.changes)),
        "lagging": list(map(item, told.lagging)),
        "problems": list(map(item, told.problems)),
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day is not None else None
