"""A check as a JUnit report: a test suite per plan, a test case per KPI, and one for whatever keeps it from being judged."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_, Language, language
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.reporting.account import title_of
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.remarked import told_of

__all__ = ["write"]

OUT_OF_COUNT = (Status.PENDING, Status.EXEMPT)


class Case(NamedTuple):
    """A test case: `verdict` is the element that says why it did not pass, empty where it did."""

    classname: str
    name: str
    where: str
    verdict: str = ""
    type: str = ""
    message: str = ""


def write(checked: Sequence[Checked], lang: str, fail_on: str) -> str:
    """Return the report of all plans."""
    words = language(lang)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{_attributes(name='kpi-tracker')}>"]
    for one in checked:
        lines.extend(_suite(one, words, fail_on))
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suite(one: Checked, words: Language, fail_on: str) -> Iterator[str]:
    cases = list(_cases(one, words, fail_on))
    counts = {
        f"{verdict}s" if verdict != "skipped" else verdict: str(sum(case.verdict == verdict for case in cases))
        for verdict in ("failure", "error", "skipped")
    }
    day = {"timestamp": f"{one.scorecard.as_of.isoformat()}T00:00:00"} if one.scorecard else {}
    title = one.plan.title.in_language(words.code) if one.plan else one.source
    yield f"  <testsuite{_attributes(name=title, tests=str(len(cases)), **counts, **day, file=one.file)}>"
    yield "    <properties>"
    for name, value in _properties(one).items():
        yield f"      <property{_attributes(name=name, value=value)}/>"
    yield "    </properties>"
    for case in cases:
        yield from _element(case)
    warnings = [f"{fault.place}: {fault.code}: {fault.message(words.code)}" for fault in one.faults]
    if warnings:
        yield f"    <system-err>{escape(chr(10).join(plain(line) for line in warnings))}</system-err>"
    yield "  </testsuite>"


def _properties(one: Checked) -> dict[str, str]:
    about = {"source": one.source}
    if one.scorecard:
        card = one.scorecard
        about |= {"plan": card.plan.id, "as_of": card.as_of.isoformat(), "status": card.top.status.value}
        about |= {"illustrative": "true"} if card.illustrative else {}
        about |= {"known_at": card.known_until.isoformat()} if card.known_until else {}
        about |= {"branch": card.branch} if card.branch else {}
    return about


def _cases(one: Checked, words: Language, fail_on: str) -> Iterator[Case]:
    whole = one.plan.id if one.plan else one.source
    for fault in one.errors:
        name = f"{fault.code} {fault.place}"
        yield Case(whole, name, str(fault.place), "error", fault.code, fault.message(words.code))
    if one.obstacle is not None:
        name = words.text(N_("The plan as a whole"))
        yield Case(whole, name, one.file, "error", "not_judged", words.phrase(one.obstacle))
    if one.scorecard is not None:
        failing = {kpi.path for kpi in one.findings(fail_on).failing}
        for kpi in one.scorecard.kpis:
            yield _case(kpi, one, whole, kpi.path in failing, words)


def _case(kpi: KpiScore, one: Checked, whole: str, fails: bool, words: Language) -> Case:
    above, told = kpi.path.rpartition("/")[0], told_of(one, kpi, words)
    classname = ".".join([whole, *above.split("/")]) if above else whole
    case = Case(classname, f"{title_of(kpi, words)} [{kpi.id}]", str(kpi.kpi.where))
    if fails:
        return case._replace(verdict="failure", type=kpi.status.value, message=told)
    if kpi.data_problem or kpi.status is Status.UNKNOWN:
        return case._replace(verdict="error", type=kpi.status.value, message=told)
    return case._replace(verdict="skipped", message=told) if kpi.status in OUT_OF_COUNT else case


def _element(case: Case) -> Iterator[str]:
    yield f"    <testcase{_attributes(classname=case.classname, name=case.name, time='0')}>"
    if case.verdict:
        kind = {"type": case.type} if case.type else {}
        yield f"      <{case.verdict}{_attributes(message=case.message, **kind)}/>"
    yield f"      <system-out>{escape(plain(case.where))}</system-out>"
    yield "    </testcase>"


def _attributes(**values: str) -> str:
    """Return attributes; `plain` leaves no character that XML could not hold."""
    return "".join(f" {name}={quoteattr(plain(value))}" for name, value in values.items())
