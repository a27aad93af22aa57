"""One night in the life of flags: what was, what is seen now, and what follows from the plan's rules.

Every condition is “at least so many days since”, from dates that a flag carries: a night that was missed loses nothing,
and the same night twice changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from kpi_tracker.flags.acknowledgement import Given, acknowledged, standing
from kpi_tracker.flags.flag import Flag, Phase, Transition
from kpi_tracker.model.exactness import TOLERANCE
from kpi_tracker.model.flagging import LEVELS, Clearing, FlagRules, Flapping, Raising, Rung
from kpi_tracker.model.goal import within
from kpi_tracker.model.measure import LAGGING, Status
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard
from kpi_tracker.record import changed

__all__ = ["advance"]

REMEMBERED = 20
"""So many raises and clears are remembered at most."""
UNJUDGED = frozenset({Status.PENDING, Status.NO_DATA, Status.STALE, Status.UNKNOWN})
BETTER = (Status.AT_RISK, Status.ON_TRACK, Status.AHEAD, Status.ACHIEVED)


class _Night(NamedTuple):
    """What holds for all flags of a night."""

    rules: FlagRules
    acks: Mapping[str, Given]
    as_of: date


def advance(
    previous: Mapping[str, Flag],
    scorecard: Scorecard,
    rules: FlagRules,
    acks: Iterable[Given],
    as_of: date,
) -> dict[str, Flag]:
    """Return the flags after the night of `as_of`, by path: those of `previous` carried on, and new ones.

    `previous` are the flags that the last run left, of this night or an earlier one; a flag that a later night has seen
    stays as it is. `acks` are all acknowledgements in the order in which they were made.
    """
    night = _Night(rules, standing(acks, as_of), as_of)
    found = {kpi.path: _advanced(kpi.path, kpi, previous.get(kpi.path), night) for kpi in scorecard.kpis}
    unseen = {path for path, flag in found.items() if flag is not None and flag.kept_without_data is not None}
    for path, item in scorecard.items.items():
        if path not in found:
            hidden = bool(unseen) and not unseen.isdisjoint(_below(path, scorecard))
            found[path] = _advanced(path, item, previous.get(path), night, hidden)
    flags = {path: flag for path in scorecard.items if (flag := found[path]) is not None}
    for path, flag in previous.items():
        if path in scorecard.items:
            continue
        if not within(path, scorecard.branch) or flag.last_seen > as_of:
            flags[path] = flag
        elif (left := _closed(flag, night) if scorecard.has_whole_plan else _kept(flag, night)) is not None:
            flags[path] = left
    return flags


def _below(path: str, scorecard: Scorecard) -> Iterator[str]:
    """Yield the paths of all that counts toward a goal, at any depth."""
    item = scorecard.items.get(path)
    for share in item.shares if isinstance(item, GoalScore) else ():
        yield share.path
        yield from _below(share.path, scorecard)


def _advanced(
    path: str, item: KpiScore | GoalScore, flag: Flag | None, night: _Night, hidden: bool = False
) -> Flag | None:
    """Return the flag of an item after the night, or None where it has none.

    Where data are missing it is neither raised nor cleared. A row that could not be read leaves a KPI with an older
    figure, which may look better; and a goal looks better without a KPI that lagged when last seen (`hidden`).
    """
    if flag is not None and flag.last_seen > night.as_of:
        return flag
    if item.out:
        return None if flag is None else _closed(flag, night)
    lags = item.status in LAGGING or (isinstance(item, GoalScore) and bool(item.veto))
    unread = isinstance(item, KpiScore) and item.rows_left_out > 0
    if not lags and (unread or hidden or item.status in UNJUDGED):
        return None if flag is None else _kept(flag, night)
    if flag is None or flag.phase is Phase.CLOSED:
        if not lags:
            return None
        flag = _begun(path, item, (), night)
    elif flag.phase is Phase.CLEARED and lags:
        flag = _begun(path, item, flag.transitions, night)
    else:
        flag = _seen(flag, item, lags, night)
    return _settled(flag, item, lags, night)


def _begun(path: str, item: KpiScore | GoalScore, transitions: tuple[Transition, ...], night: _Night) -> Flag:
    """Return the flag of an item that lags for the first time, or again after its flag was cleared."""
    return Flag(path, Phase.PENDING, night.as_of, night.as_of, item.status, item.severity, item.lag,
                transitions=transitions)  # fmt: skip


def _seen(flag: Flag, item: KpiScore | GoalScore, lags: bool, night: _Night) -> Flag:
    """Return the flag with what the night says of its item."""
    runs = flag.runs + int(lags and flag.last_seen < night.as_of)
    return changed(flag, last_seen=night.as_of, status=item.status, severity=item.severity, lag=item.lag, runs=runs,
                   kept_without_data=None)  # fmt: skip


def _settled(flag: Flag, item: KpiScore | GoalScore, lags: bool, night: _Night) -> Flag | None:
    """Return a flag whose item could be judged in the phase that follows."""
    if flag.phase is Phase.PENDING:
        if not lags:  # nobody was told of it
            return _faded(changed(flag, phase=Phase.CLEARED), night)
        day = _raised_on(flag, night.rules.raising, night.as_of)
        if day is not None:
            flag = _turned(changed(flag, raised_on=day, level_since=day), Phase.RAISED, day)
    elif flag.phase is Phase.RAISED:
        clears = not lags and _clears(item, night.rules.clearing)
        flag = changed(flag, clearing_since=(flag.clearing_since or night.as_of) if clears else None)
        last = night.as_of - timedelta(night.rules.clearing.after_days)
        if flag.clearing_since is not None and flag.clearing_since <= last:
            quiet = changed(flag, acknowledged=None, clearing_since=None)
            return _judged_flapping(_turned(quiet, Phase.CLEARED, night.as_of), night)
    else:
        return _faded(flag, night)
    return _escalated(_judged_flapping(flag, night), night)


def _raised_on(flag: Flag, raising: Raising, as_of: date) -> date | None:
    """Return the day from which a flag counts as raised, or None while it is too early."""
    if raising.days is not None and (day := flag.since + timedelta(raising.days)) <= as_of:
        return day
    return as_of if raising.runs is not None and flag.runs >= raising.runs else None


def _clears(item: KpiScore | GoalScore, clearing: Clearing) -> bool:
    """Tell whether what clears a flag holds for an item that does not lag."""
    rank = BETTER.index(item.status)
    on_track = rank >= BETTER.index(Status.ON_TRACK)
    if clearing == Clearing(after_days=clearing.after_days):
        return on_track
    asked = clearing.status is None or rank >= BETTER.index(clearing.status)
    if item.status is Status.ACHIEVED:
        return asked
    if clearing.pace is not None:
        asked = asked and (on_track if item.pace is None else item.pace >= clearing.pace - TOLERANCE)
    if clearing.lag is not None:
        asked = asked and (on_track if item.lag is None else item.lag <= clearing.lag + TOLERANCE)
    return asked


def _turned(flag: Flag, phase: Phase, day: date) -> Flag:
    return changed(flag, phase=phase, transitions=(*flag.transitions, Transition(day, phase)))


def _judged_flapping(flag: Flag, night: _Night) -> Flag:
    """Return the flag with its recent transitions, and whether they are too many."""
    recent = _recent(flag.transitions, night.rules.flapping, night.as_of)
    return changed(flag, transitions=recent, flapping=len(recent) >= night.rules.flapping.changes)


def _recent(transitions: tuple[Transition, ...], flapping: Flapping, as_of: date) -> tuple[Transition, ...]:
    first = as_of - timedelta(flapping.within_days)
    return tuple(turn for turn in transitions if turn.date > first)[-REMEMBERED:]


def _faded(flag: Flag, night: _Night) -> Flag | None:
    """Return a flag that is down, while its recent past may still make it a flapping one."""
    flag = _judged_flapping(flag, night)
    return flag if flag.transitions else None


def _escalated(flag: Flag, night: _Night) -> Flag:
    """Return a flag that is up with its level, who is told, and its acknowledgement.

    While what clears it holds, and only has to last, it does not climb: nobody is shown a red card for being on schedule.
    Nights that were missed before then count.
    """
    if flag.raised_on is not None:
        until = night.as_of if flag.clearing_since is None else flag.clearing_since - timedelta(1)
        rung = _rung(night.rules.escalation, flag.raised_on, until)
        if rung is not None and LEVELS.index(rung.level) > LEVELS.index(flag.level):
            flag = changed(flag, level=rung.level, level_since=flag.raised_on + timedelta(rung.after_days))
        roles = next((rung.roles for rung in night.rules.escalation if rung.level is flag.level), ())
        flag = changed(flag, roles=roles)
    return acknowledged(flag, night.acks.get(flag.path), night.as_of)


def _rung(ladder: tuple[Rung, ...], raised_on: date, as_of: date) -> Rung | None:
    """Return the highest rung that has been reached."""
    return next((rung for rung in reversed(ladder) if raised_on + timedelta(rung.after_days) <= as_of), None)


def _kept(flag: Flag, night: _Night) -> Flag | None:
    """Return the flag of an item that cannot be judged: it keeps its phase, and time goes on."""
    if flag.phase is Phase.CLOSED:
        return flag if flag.last_seen == night.as_of else None
    if flag.phase is Phase.CLEARED:
        return _faded(flag, night)
    kept = changed(flag, kept_without_data=flag.kept_without_data or night.as_of, last_seen=night.as_of)
    return _escalated(_judged_flapping(kept, night), night)


def _closed(flag: Flag, night: _Night) -> Flag | None:
    """Return the flag of an item that is out of the count: closed that night, gone on the next."""
    if flag.phase is Phase.RAISED:
        return changed(flag, phase=Phase.CLOSED, last_seen=night.as_of, acknowledged=None, clearing_since=None)
    return flag if flag.phase is Phase.CLOSED and flag.last_seen == night.as_of else None
