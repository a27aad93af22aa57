"""A check as the output of a monitoring plugin: one line with performance data, more lines with what is wrong, and its exit code."""

from collections.abc import Iterator, Sequence

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.reporting.account import account, title_of
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.headline import counts, headline

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
    first = f"KPI {state} - {_harmless(headline(checked, words))} | {_performance(checked, fail_on)}"
    return "\n".join([first, *_bounded(list(_details(checked, words, fail_on)), words)]) + "\n"


def _performance(checked: Sequence[Checked], fail_on: str) -> str:
    n = counts(checked)
    failing = sum(len(one.findings(fail_on).failing) for one in checked)
    data = [
        f"failing={failing};;0;0;{n.kpis}", f"lagging={n.lagging};;;0;{n.kpis}",
        f"data_problems={n.data_problems};0;;0;{n.kpis}", f"at_risk={n.at_risk};0;;0;{n.kpis}", f"faults={n.faults};;;0",
    ]  # fmt: skip
    tops = [one.scorecard.top for one in checked if one.scorecard]
    for name in ("attainment", "expected", "coverage"):
        known = [value for top in tops if (value := getattr(top, name, None)) is not None]
        if known:
            data.append(f"{name}={min(known):.6f}")
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
                yield f"{STATES[state]}: {about}{title_of(kpi, words)} ({kpi.path}): {account(kpi, words)}"


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
