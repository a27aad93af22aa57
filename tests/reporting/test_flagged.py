"""Flags, events and findings as people read them."""

import json
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest

from kpi_tracker import check
from kpi_tracker.audit.finding import FINDINGS, Finding
from kpi_tracker.audit.inspection import audit
from kpi_tracker.audit.ledger import AMENDED_WORDS
from kpi_tracker.explanation import explain
from kpi_tracker.flags.events import EventKind, events
from kpi_tracker.flags.lifecycle import advance
from kpi_tracker.language import language
from kpi_tracker.model.amendment import Amended
from kpi_tracker.model.measure import Status
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.reporting.audited import findings_to_json, write_findings
from kpi_tracker.reporting.explained import write_explanation
from kpi_tracker.reporting.flagged import event_words, write_flags
from kpi_tracker.reporting.textreport import write_report
from tests.audit.kept import Kept, amendment, ran
from tests.builders import card as scorecard_of
from tests.builders import kpi, obs, plan
from tests.flags.nights import AT_ONCE, Ack, Seen, card, course, night

SHIPPED = Path(__file__).resolve().parents[2] / "goals" / "pinghu-2021"
FLAGS = {
    "en": [
        "1 flag is up",
        "orange card  a (a)",
        "  began to lag on 2021-03-01, now lagging · raised on 2021-03-01 · at this level since 2021-03-15"
        " · acknowledged by Li until 2021-04-10: in court · kept without current data since 2021-03-21",
    ],
    "zh": [
        "预警1项",
        "橙牌  a (a)",
        "  2021-03-01开始滞后，现为“滞后” · 2021-03-01预警 · 2021-03-15起为此等级"
        " · Li已知悉（至2021-04-10）：in court · 2021-03-21起无现时数据，预警保留",
    ],
}


def written(writer: object, *given: object, lang: str) -> str:
    """Return what a writer writes."""
    file = StringIO()
    writer(*given, file, lang)  # type: ignore[operator]
    return file.getvalue()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_flag_is_shown_with_since_when_and_for_whom(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The level, the days, the roles, who knows of it, and that data are missing."""
    monkeypatch.setenv("COLUMNS", "250")
    ack = Ack("a", "Li", "in court", datetime.fromisoformat("2021-03-16T09:00"), date(2021, 4, 10))
    flags = advance({}, card({"a": Status.LAGGING}), AT_ONCE, (), night(0))
    flags = advance(flags, card({"a": Status.LAGGING}, 15), AT_ONCE, (ack,), night(15))
    seen = card({"a": Status.STALE}, 20)
    flags = advance(flags, seen, AT_ONCE, (ack,), night(20))
    assert written(write_flags, flags, seen, lang=lang).splitlines() == FLAGS[lang]
    forever = Ack("a", "Li", "in court", datetime.fromisoformat("2021-03-16T09:00"))
    flags = advance(flags, seen, AT_ONCE, (forever, forever._replace(made_at=datetime(2021, 3, 21, 9))), night(20))
    assert "acknowledged by Li: in court" in written(write_flags, flags, seen, lang="en")


def test_flags_are_in_the_order_of_their_level_and_those_that_wait_come_last() -> None:
    """What could not be read tonight is shown by its path; the plan itself by its title; nothing where there is none."""
    flags = advance({}, card({"b": Status.LAGGING, "gone": Status.LAGGING}), AT_ONCE, (), night(0))
    flags["w"] = course(Status.LAGGING)["k"]
    seen = card({"b": Status.LAGGING}, 8, broken=True)
    flags = {**advance(flags, seen, AT_ONCE, (), night(8)), "w": course(Status.LAGGING)["k"]}
    lines = written(write_flags, flags, seen, lang="en").splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [
        "2 flags are up", "yellow card  b (b)", "yellow card  gone (gone)", "not raised yet  k (k)",
    ]  # fmt: skip
    assert written(write_flags, {}, seen, lang="en") == ""


def test_a_flapping_flag_and_that_of_the_plan_itself_say_so() -> None:
    """The plan is named by its id."""
    whole = scorecard_of(plan(kpi(t=100.0)), [obs("k", "2021-05-31", 1.0)], "2021-06-01")
    again = scorecard_of(plan(kpi(t=100.0)), [obs("k", "2021-05-31", 90.0)], "2021-06-02")
    flags = advance({}, whole, AT_ONCE, (), whole.as_of)
    for number in range(3, 6):
        now = again if number % 2 else whole
        flags = advance(flags, now, AT_ONCE, (), date(2021, 6, number))
    lines = written(write_flags, flags, whole, lang="en").splitlines()
    assert lines == []  # all are down
    flags = advance(flags, whole, AT_ONCE, (), date(2021, 6, 6))
    assert written(write_flags, flags, whole, lang="en").splitlines() == [
        "2 flags are up",
        "notice  p (p)",
        "  began to lag on 2021-06-06, now lagging · raised on 2021-06-06 · to be told: owner · is raised and cleared again and again",
        "notice  k (k)",
        "  began to lag on 2021-06-06, now lagging · raised on 2021-06-06 · to be told: owner · is raised and cleared again and again",
    ]


def test_every_event_has_words_in_both_languages() -> None:
    """With the level, or who has taken note."""
    ack = Ack("k", "Li", "in court", datetime.fromisoformat("2021-03-02T09:00"))
    before = course(Status.LAGGING, rules=AT_ONCE)
    after = advance(before, card({"k": Status.LAGGING}, 7), AT_ONCE, (), night(7))
    [event] = events(before, after)
    assert language("en").phrase(event_words(event)) == "escalated to yellow card"
    assert language("zh").phrase(event_words(event)) == "升级为黄牌"
    held = advance(before, card({"k": Status.LAGGING}, 1), AT_ONCE, (ack,), night(1))
    [told] = events(before, held)
    assert language("zh").phrase(event_words(told)) == "Li已知悉"
    for kind in EventKind:
        for lang in ("en", "zh"):
            assert "{" not in language(lang).phrase(event_words(told._replace(kind=kind)))


def audited() -> tuple[tuple[Finding, ...], Scorecard]:
    """Return the findings about a plan whose target was lowered in silence."""
    rows = [obs("k", "2021-05-31", 10.0)]
    now = scorecard_of(plan(kpi(t=50.0)), rows, "2021-09-01")
    return audit(now, Kept(ran(plan(kpi(t=100.0)), rows, "2021-06-01"))), now


AUDIT = {
    "en": """\
p · as of 2021-09-01 · held against the runs in history · 2 findings
: error KA101: the target went from 100 to 50 between 2021-06-01 and 2021-09-01, and no amendment says why
  in k
: error KA103: the target was eased from 100 to 50 by 2021-09-01, after the item had lagged on 2021-06-01
  in k
""",
    "zh": """\
p · 截至2021-09-01 · 与历史库中的运行相对照 · 发现2项问题
: 错误 KA101: 2021-06-01至2021-09-01间，目标由100改为50，没有调整记录说明理由
  所属：k
: 错误 KA103: 该事项2021-06-01已滞后，其后（至2021-09-01）目标由100放宽为50
  所属：k
""",
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_findings_are_written_with_their_place(lang: str) -> None:
    """As faults are, under what they were found in."""
    findings, now = audited()
    assert written(write_findings, findings, "history", now, lang=lang) == AUDIT[lang]


def test_findings_as_json_have_both_values() -> None:
    """And the same bytes every time."""
    findings, now = audited()
    text = findings_to_json(findings, None, now)
    assert text == findings_to_json(findings, None, now)
    document = json.loads(text)
    assert (document["format"], document["past"], document["diagnostics"]) == ("kpi-tracker/audit/v1", None, [])
    assert [(f["code"], f["before"], f["after"], f["day"]) for f in document["findings"]] == [
        ("KA101", 100.0, 50.0, "2021-09-01"), ("KA103", 100.0, 50.0, "2021-06-01"),
    ]  # fmt: skip


def test_a_finding_about_no_day_and_no_item_has_nulls() -> None:
    """The plan itself is named by its id in the text."""
    bare = Finding("KA104", "", args={"share": "60%"})
    _, now = audited()
    assert json.loads(findings_to_json([bare], "git", now))["findings"][0]["day"] is None
    assert written(write_findings, [bare], None, now, lang="en").endswith("  in p\n")


def test_every_code_and_every_word_has_a_translation() -> None:
    """No place is left to fill in either language."""
    args = {"what": "w", "first": "f", "last": "l", "share": "s", "n": 1}
    for code in FINDINGS:
        for lang in ("en", "zh"):
            assert "{" not in Finding(code, "k", before="b", args=args).message(lang)
    assert set(AMENDED_WORDS) == set(Amended)


def amended() -> Scorecard:
    """Return the scorecard of a plan whose target was lowered."""
    ledger = (amendment("k", "2021-03-01", Amended.TARGET, 100.0, 50.0),)
    return scorecard_of(
        plan(kpi(t=50.0), kpi("j", t=1.0), amendments=ledger), [obs("k", "2021-06-30", 30.0)], "2021-06-30"
    )


def test_the_check_and_the_explanation_tell_of_the_original_target() -> None:
    """One line for each amended KPI, and none in the quiet check."""
    line = "Amended: against the original target 100 it would be lagging, attainment 30%, lag 20 pp"
    score = amended()
    assert f"k (k) · {line}\n" in written(write_report, score, lang="en")
    assert "目标已调整：按原目标100计为“滞后”，完成率30%，滞后20个百分点" in written(write_report, score, lang="zh")
    quiet = StringIO()
    write_report(score, quiet, "en", quiet=True)
    assert "Amended" not in quiet.getvalue()
    assert line in written(write_explanation, explain(score, "k"), score, lang="en")


def test_the_shipped_plan_has_a_ladder_and_nothing_to_find() -> None:
    """Its rules are assumed, its ledger is empty, and no month is a cliff."""
    scorecard = check(SHIPPED, date(2021, 9, 30))
    assert [rung.level.value for rung in scorecard.plan.flags.escalation] == ["notice", "yellow", "orange", "red"]
    assert scorecard.plan.amendments == ()
    assert audit(scorecard, None) == ()


def test_seen_items_of_the_tests_are_what_they_say() -> None:
    """A night made by hand has what was put into it."""
    assert card({"k": Seen(Status.LAGGING, 3.0)}).items["k"].lag == 3.0
