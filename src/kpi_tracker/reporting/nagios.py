"""A check as the output of a monitoring plugin: one line with performance data, more lines with what is wrong, and its exit code."""

from collections.abc import Iterator, Sequence

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.reporting.account import title_of
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.headline import counts, headline
from kpi_tracker.reporting.remarked import told_of

__all__ = ["CRITICAL", "OK", "UNKNOWN", "WARNING", "nagios_exit_code", "write"]

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
MILDEST_FIRST = (OK, WARNING, UNKNOWN, CRITICAL)
MOST_BYTES = 6000
"""How long the lines below the first may be together: Nagios reads 8 KiB of a plugin, all in all."""
LONGEST = 300
"""How many characters of a line are shown."""


def nagios_exit_code(checked: Sequence[Checked], fail_on: str) -> int:
    """Return the worst state of the plans: critical, else unknown, else warning, else OK.

    CRITICAL where a KPI is at `fail_on` or worse; UNKNOWN where plan or data are broken or the whole could not be judged;
    WARNING where a KPI is at risk or worse, or its data are missing, old or incomplete.
    """
    return max((_state(one, fail_on) for one in checked), key=MILDEST_FIRST.index, default=UNKNOWN)


def _state(one: Checked, fail_on: str) -> int:
    findings = one.findings(fail_on)
    if findings.failing:
        return CRITICAL
    if not one.sound or one.least:
        return UNKNOWN
    return WARNING if findings.doubtful else OK


def write(checked: Sequence[Checked], lang: str, fail_on: str) -> str:
    """Return the lines: the state in a word, what it comes to, performance data, and below it what is wrong."""
    words = language(lang)
    state = STATES[nagios_exit_code(checked, fail_on)]
    told = [*_unread(checked, words), headline(checked, words), *_flags(checked, words)]
    comma = "，" if words.code == "zh" else ", "
    first = f"KPI {state} - {_harmless(comma.join(told))} | {_performance(checked, fail_on)}"
    return "\n".join([first, *_bounded(list(_details(checked, words, fail_on)), words)]) + "\n"


def _unread(checked: Sequence[Checked], words: Language) -> Iterator[str]:
    """Yield how many of several plans could not be read."""
    unread = sum(one.scorecard is None for one in checked)
    if unread and len(checked) > 1:
        yield words.count(
            N_("{unread} of {n} plan could not be read"),
            N_("{unread} of {n} plans could not be read"),
            len(checked),
            unread=unread,
        )


def _flags(checked: Sequence[Checked], words: Language) -> Iterator[str]:
    """Yield how many flags are up, where history knows."""
    if up := sum(len(one.raised) for one in checked):
        yield words.count(N_("{n} flag is up"), N_("{n} flags are up"), up)


def _performance(checked: Sequence[Checked], fail_on: str) -> str:
    n = counts(checked)
    failing = sum(len(one.findings(fail_on).failing) for one in checked)
    data = [
        f"failing={failing};;0;0;{n.kpis}", f"lagging={n.lagging};;;0;{n.kpis}",
        f"data_problems={n.data_problems};0;;0;{n.kpis}", f"at_risk={n.at_risk};0;;0;{n.kpis}", f"faults={n.faults};;;0",
    ]  # fmt: skip
    if any(one.flags is not None for one in checked):
        data.append(f"flags={sum(len(one.raised) for one in checked)};;;0")
    if len(checked) > 1:
        data.append(f"plans_not_read={sum(one.scorecard is None for one in checked)};;0;0;{len(checked)}")
    cards = {card.plan.id: card for one in reversed(checked) if (card := one.scorecard)}
    for plan_id, card in sorted(cards.items()):
        about = f"{plan_id}." if len(checked) > 1 else ""
        figures = {name: getattr(card.top, name, None) for name in ("attainment", "expected", "coverage")}
        data += [f"{about}{name}={value:.6f}" for name, value in figures.items() if value is not None]
    return " ".join(data)


def _details(checked: Sequence[Checked], words: Language, fail_on: str) -> Iterator[str]:
    """Yield what is wrong, the worst of all plans first."""
    for one in checked:
        about = f"{one.source}: " if len(checked) > 1 else ""
        if one.obstacle is not None:
            yield f"{STATES[UNKNOWN]}: {about}{words.phrase(one.obstacle)}"
        for fault in one.errors:
            yield f"{STATES[UNKNOWN]}: {fault.code} {fault.place}: {fault.message(words.code)}"
    for state, which in ((CRITICAL, "failing"), (WARNING, "doubtful")):
        for one in checked:
            about = f"{one.source}: " if len(checked) > 1 else ""
            for kpi in getattr(one.findings(fail_on), which):
                yield f"{STATES[state]}: {about}{title_of(kpi, words)} ({kpi.path}): {told_of(one, kpi, words)}"


def _bounded(lines: Sequence[str], words: Language) -> Iterator[str]:
    left = MOST_BYTES
    for i, line in enumerate(lines):
        shown = _harmless(line if len(line) <= LONGEST else line[: LONGEST - 1] + "…")
        left -= len(shown.encode()) + 1
        if left < 0:
            more = len(lines) - i
            yield words.count(N_("{n} more is not shown here"), N_("{n} more are not shown here"), more)
            return
        yield shown


def _harmless(text: str) -> str:
    """Return `text` without the sign that would begin performance data, and without control characters."""
    return plain(text).replace("|", "¦")
