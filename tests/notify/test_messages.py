"""Messages: their words, their keys, what is cut, and templates of a user."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tracker.changes import Change, ChangeKind, compare
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.language import language
from kpi_tracker.model.measure import Cadence, Measure, Status
from kpi_tracker.model.scorecard import GoalScore, Scorecard
from kpi_tracker.model.unit import Text
from kpi_tracker.notify.config import ChannelKind, DigestDay, Lang
from kpi_tracker.notify.markup import DIALECTS
from kpi_tracker.notify.message import Message, messages
from kpi_tracker.notify.night import FlagEvent, FlagWord, Level, Night
from kpi_tracker.record import changed
from tests.builders import card, goal, kpi, limit, obs, plan, score_of, steps
from tests.notify.made import channel, config, message, night, one_kpi, route, showcase, showcase_night

BROKEN = Diagnostic("KT102", Place("plan.yaml"))
ROBOTS = (ChannelKind.DINGTALK, ChannelKind.WECOM, ChannelKind.FEISHU, ChannelKind.SLACK)


def english(happened: Night, kind: ChannelKind = ChannelKind.WEBHOOK, **more: object) -> Message:
    """Return the one message of a night in English."""
    return message(kind, night=happened, lang=Lang.EN, **more)


def changed_by(before: Scorecard, after: Scorecard) -> str:
    """Return what is told of the changes between two scorecards."""
    return english(night(after, changes=compare(before, after))).text


def test_nothing_is_sent_where_nothing_changed() -> None:
    """Not to any route."""
    assert messages(config(route(), route(name="s")), night(showcase())) == ()


def test_an_item_says_what_people_ask() -> None:
    """Level with roles, status, figure and target, lag, since when, owner, what it takes, and where more stands."""
    low = one_kpi(value=10.0, owner=Text("发展科", "Development"))
    flag = FlagEvent(
        "one", FlagWord.RAISED, Level.ORANGE, date(2021, 9, 1), (Text("分管副区长", "Deputy"), Text("督查室", "Office"))
    )
    happened = night(low, events=(flag,), lasting={"one": date(2021, 8, 1)})
    line = (
        "- One · orange, to Deputy, Office · lagging · 10 on 2021-09-30, target 100 · lag 65 pp · since 2021-09-01 · "
        "owner: Development · takes 30 a month, 27 times the rate so far\n"
    )
    assert line in english(happened).text
    to = channel()
    [made] = messages(config(route(to, lang=Lang.EN), link="https://x.example/p"), happened)
    assert line + "  https://x.example/p/en/kpis/one.html\n" in made.text
    chinese = message(night=happened, lang=Lang.ZH).text
    assert "橙色，报分管副区长、督查室 · 滞后" in chinese
    assert "Deputy" not in chinese
    assert "责任单位：发展科 · 达标需每月30，为目前进度的 27 倍" in chinese


def test_since_when_it_lags_is_told_where_it_is_known() -> None:
    """Of changes too; where it is not known nothing is guessed."""
    changes = compare(one_kpi(value=80.0), one_kpi())
    assert "since 2021-08-01" in english(night(one_kpi(), changes=changes, lasting={"one": date(2021, 8, 1)})).text
    assert "since" not in english(night(one_kpi(), changes=changes)).text


def test_a_flag_of_an_item_that_is_gone_is_told_by_its_path() -> None:
    """Also where there is no scorecard at all."""
    flag = FlagEvent("x/gone", FlagWord.CLEARED, Level.NOTICE, date(2021, 9, 1))
    for scorecard in (one_kpi(), None):
        assert "- x/gone · notice · since 2021-09-01\n" in english(night(scorecard, events=(flag,))).text


def test_what_it_takes_is_told_only_where_it_means_something() -> None:
    """Not of a budget, whose rest is no task; without a rate so far there is nothing to compare with."""
    budget = card(plan(kpi("b", b=200, t=100)), [obs("b", "2021-09-30", 99.0)], "2021-09-30")
    assert score_of(budget, "b").lagging
    digest = night(budget, since=date(2021, 9, 29))
    assert "takes" not in english(digest, digest=DigestDay.MONTH_END).text
    still = night(one_kpi(value=0.0), since=date(2021, 9, 29))
    assert "takes 33.33 a month\n" in english(still, digest=DigestDay.MONTH_END).text


def test_changes_show_both_values() -> None:
    """Of the status, and of what was amended in the plan: target, baseline, weight, owner, steps."""
    before = one_kpi(value=80.0)
    assert "- One · on track 80% → lagging 10% · 10 on 2021-09-30" in changed_by(before, one_kpi())
    level: dict[str, Any] = {"measure": Measure.LEVEL, "b": 10.0}
    old, new = one_kpi(value=80.0, weight=1.0, **level), one_kpi(value=80.0, weight=2.0, owner=Text("乙", "B"), **level)
    told = changed_by(old, new)
    assert "- One · 1 → 2 · owner: B\n" in told
    assert "- One · – → B · owner: B\n" in told
    item = changed(kpi("one", Measure.LEVEL, b=20.0, t=90.0), title=Text("One", "One"))
    moved = card(plan(item), [obs("one", "2021-09-30", 80.0)], "2021-09-30")
    told = changed_by(old, moved)
    assert "- One · 100 → 90\n" in told
    assert "- One · 10 → 20\n" in told


def test_what_came_and_went_is_told() -> None:
    """An item that was added has no before, one that was removed no now; goals have weights and owners too."""
    small = card(plan(goal("g", kpi("a", t=1)), kpi("b", t=1)), [], "2021-09-30")
    large = card(plan(goal("g", kpi("a", t=1), weight=2.0, owner=Text("甲", "A")), kpi("c", t=1)), [], "2021-09-30")
    told = changed_by(small, large)
    assert "- c · – → no data\n" in told
    assert "- b · no data → –\n" in told
    assert "- g · 1 → 2 · owner: A\n" in told
    assert "- g · – → A · owner: A\n" in told


def test_a_change_of_the_whole_is_told_by_the_plans_title() -> None:
    """The plan is an item as well."""
    told = english(night(one_kpi(), title=Text("计划", "The plan"), changes=compare(one_kpi(value=80.0), one_kpi())))
    assert "- The plan · on track 80% → lagging 10% · lag 65 pp\n" in told.text


def test_a_status_without_figures_is_told_alone() -> None:
    """A limit that broke, and a milestone's terms that changed."""
    rows = [obs("k", "2021-09-30", 1.0)]
    before = card(plan(limit(at_most=0.0)), [obs("k", "2021-09-30", 0.0)], "2021-09-30")
    after = card(plan(limit(at_most=0.0)), rows, "2021-09-30")
    assert "- k · on track 100% → breached 0% · 1 on 2021-09-30, target at most 0 · lag 100 pp\n" in changed_by(
        before, after
    )
    one, two = (
        card(plan(kpi("m", Measure.MILESTONE, steps=steps(*((d, 1.0) for d in days)))), [], "2021-02-01")
        for days in (("2021-06-30",), ("2021-06-30", "2021-12-31"))
    )
    assert "- m · 1 step → 2 steps\n" in changed_by(one, two)


def test_a_change_of_terms_of_a_kpi_shows_its_status() -> None:
    """There is no one value to show."""
    told = changed_by(one_kpi(value=80.0), one_kpi(value=80.0, veto=True))
    assert "- One · on track 80% → on track 80%\n" in told


def test_a_status_that_stays_is_told_once() -> None:
    """Worse within its status: the lag tells by how much."""
    same = score_of(one_kpi(), "one")
    change = Change(ChangeKind.WORSE, "one", Text("One", "One"), same, same)
    assert "- One · lagging 10% · 10 on" in english(night(one_kpi(), changes=(change,))).text


def test_the_subject_counts() -> None:
    """What is new, in a line; amendments of the plan are one number."""
    made = english(showcase_night(illustrative=False))
    assert made.subject == (
        "Harbour District, plan of work 2021: Flags escalated 1 · Flags raised 1 · Flags cleared 1 · Newly lagging 5 · "
        "Worse than before 2 · Data went missing 1 · Data arrived 5 · The plan was amended 1 (2021-09-30)"
    )
    assert message(night=showcase_night(), lang=Lang.BOTH).subject.count(" / ") == 1


def test_illustrative_data_are_marked_in_title_and_text() -> None:
    """In both languages."""
    made = message(night=showcase_night(), lang=Lang.BOTH)
    assert made.subject.startswith("［示意数据］")
    assert "/ [illustrative data] " in made.subject
    assert "数据为示意数据" in made.text
    assert "The data are illustrative" in made.text


def test_a_broken_plan_is_told_with_its_faults() -> None:
    """What is wrong and where, and that nothing was judged."""
    made = english(night(None, diagnostics=(BROKEN,), plan="p", title=Text("计划", "Plan")))
    assert made.subject == "Plan: the check failed (2021-09-30)"
    assert "The plan could not be read, so nothing was judged: plans/p\n" in made.text
    assert "- the file is empty; a plan file starts with “format: kpi-tracker/v1” · plan.yaml\n" in made.text


def test_that_nothing_could_be_judged_is_said_at_the_head() -> None:
    """It is no change, so it is told with what is one."""
    empty = card(plan(kpi("one", t=1)), [], "2021-09-30")
    made = english(night(empty, changes=compare(card(plan(), [], "2021-09-30"), empty), since=date(2021, 9, 29)))
    assert "nothing could be judged: no KPI has a current figure\n\nWhat changed since 2021-09-29\n" in made.text


def test_a_digest_tells_how_everything_stands() -> None:
    """With its counts in the title, also where nothing lags."""
    made = english(night(showcase(), since=date(2021, 9, 29)), digest=DigestDay.MONTH_END)
    assert "state of all: 8 lagging, 4 with data problems (2021-09-30)" in made.subject
    assert "All that lags 8\n- Accidents · breached" in made.text
    well = one_kpi(value=80.0, cadence=Cadence.IRREGULAR)
    fine = english(night(well, since=date(2021, 9, 29)), digest=DigestDay.MONTH_END)
    assert fine.text == (
        "p: state of all: 0 lagging, 0 with data problems (2021-09-30)\n\n"
        "The whole plan: on track · attainment 80% · expected 75% · 5 pp ahead · coverage 100%\n\nKPIs: on track 1\n"
    )


def test_a_digest_lists_nothing_twice() -> None:
    """What stands above with its flag or its change is not listed again among all that lags."""
    flag = FlagEvent("one", FlagWord.RAISED, Level.ORANGE, date(2021, 9, 1))
    low, unknown = one_kpi(value=10.0), card(plan(kpi("one", t=100)), [], "2021-09-30")
    for happened in (
        night(low, events=(flag,), since=date(2021, 9, 29)),
        night(low, changes=compare(one_kpi(value=80.0), low), since=date(2021, 9, 29)),
        night(unknown, changes=compare(one_kpi(value=80.0), unknown), since=date(2021, 9, 29)),
    ):
        made = english(happened, digest=DigestDay.MONTH_END)
        assert made.text.count("\n- ") == len({"one", *(change.path for change in happened.changes)})
        assert "state of all: " in made.subject
        assert "All that lags" not in made.text
        assert "What else lags" not in made.text
    both = night(showcase(), events=(flag._replace(path="safety/accidents"),), since=date(2021, 9, 29))
    made = english(both, digest=DigestDay.MONTH_END)
    part = english(night(low.only("one"), since=date(2021, 9, 29)), digest=DigestDay.MONTH_END)
    assert "coverage" not in part.text
    assert "What else lags 7\n" in made.text
    assert made.text.count("- Accidents") == 1


def many(count: int) -> Night:
    """Return a night in which many KPIs came to lag."""
    items = [kpi(f"k{i}", t=100, owner=Text("责任单位" * 10, "Owner " * 10)) for i in range(count)]
    scorecards = [
        card(plan(*items), [obs(item.id, "2021-09-30", value) for item in items], "2021-09-30")
        for value in (80.0, 10.0)
    ]
    return night(scorecards[1], changes=compare(*scorecards))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 150), st.sampled_from((*ROBOTS, ChannelKind.APPRISE)), st.sampled_from(Lang))
def test_a_long_message_is_cut_at_a_whole_item(count: int, kind: ChannelKind, lang: Lang) -> None:
    """It fits, says how many are left out, and what is in it and what is not are all there are, in each language."""
    made = message(kind, night=many(count), lang=lang, mention=("u1",) if kind in ROBOTS else ())
    languages = 2 if lang is Lang.BOTH else 1
    assert len(made.text.encode()) <= DIALECTS[kind].limit
    shown = sum(line.startswith(("- ", "• ")) for line in made.text.split("\n"))
    left = [int(word) for line in made.text.split("\n") for word in line.split(" ")
            if line.startswith(("另有", "and ")) and word.isdecimal()]  # fmt: skip
    assert shown + sum(left) == (count + 1) * languages
    assert len(set(left)) <= 1


def test_nobody_is_told_of_more_than_can_be_read() -> None:
    """However many there are, and however much the channel takes: the rest is counted."""
    made = message(ChannelKind.MAIL, night=many(400), lang=Lang.EN)
    assert sum(line.startswith("- ") for line in made.text.split("\n")) == 300
    assert "\nNewly lagging 401\n" in made.text
    assert made.text.endswith("\n\nand 101 more\n")


def test_a_head_that_is_too_long_alone_is_cut_too() -> None:
    """No message is ever refused for its length."""
    notes = "x" * 160
    happened = night(None, title=Text("题" * 160, notes), source=notes, diagnostics=(BROKEN,) * 3)
    text = message(ChannelKind.APPRISE, night=happened, lang=Lang.BOTH).text
    assert len(text.encode()) <= DIALECTS[ChannelKind.APPRISE].limit
    from kpi_tracker.notify.rendering import _bounded

    assert _bounded("题" * 10, 10) == "题题…"


def test_mentions_stand_in_a_line_of_their_own() -> None:
    """Each service has its form."""
    ends = {
        ChannelKind.DINGTALK: "@u1 @13800000000", ChannelKind.WECOM: "<@u1> <@13800000000>",
        ChannelKind.FEISHU: "<at id=u1></at> <at id=13800000000></at>", ChannelKind.SLACK: "<@u1> <@13800000000>",
    }  # fmt: skip
    for kind, end in ends.items():
        assert message(kind, mention=("u1", "13800000000")).text.endswith(f"\n{end}\n")


def test_each_address_gets_a_mail_of_its_own() -> None:
    """Each with its key, so that one that fails is sent again alone."""
    to = channel(ChannelKind.MAIL, to=("a@example.org", "b@example.org"))
    found = messages(config(route(to)), night(one_kpi(), changes=compare(one_kpi(value=80.0), one_kpi())))
    assert [one.to for one in found] == ["a@example.org", "b@example.org"]
    assert len({one.key for one in found}) == 2


def test_a_key_is_that_of_plan_day_route_channel_address_and_content() -> None:
    """It is the same for the same, in any language and by any template, and another for anything else."""
    changes = compare(one_kpi(value=80.0), one_kpi())
    first = message(night=night(one_kpi(), changes=changes))
    assert message(night=night(one_kpi(), changes=changes), lang=Lang.EN).key == first.key
    others = [
        message(night=night(one_kpi(), changes=changes, plan="q")),
        message(night=night(one_kpi(), changes=changes, as_of=date(2021, 10, 1))),
        message(night=night(one_kpi(), changes=changes), name="s"),
        message(night=night(one_kpi(), changes=changes), channel=channel(name="d")),
        message(night=night(one_kpi(), changes=changes[:1])),
        message(night=night(one_kpi(value=11.0), changes=compare(one_kpi(value=80.0), one_kpi(value=11.0)))),
    ]
    assert len({one.key for one in (first, *others)}) == len(others) + 1


def test_a_webhook_gets_the_facts() -> None:
    """As JSON takes them: what was, what is, whose it is."""
    happened = showcase_night(diagnostics=(BROKEN,))
    facts = json.loads(message(night=happened, digest=DigestDay.MONTH_END).facts)
    assert (facts["format"], facts["plan"], facts["as_of"], facts["since"]) == (
        "kpi-tracker/message/v1", happened.plan, "2021-09-30", "2021-07-31",
    )  # fmt: skip
    assert (facts["illustrative"], facts["failed"], facts["digest"]) == (True, True, True)
    assert [fault["code"] for fault in facts["faults"]] == ["KT102"]
    assert facts["events"][0] == {"event": "escalated", "path": "safety/accidents", "level": "red",
                                  "since": "2021-09-01", "roles": [{"zh": "分管副区长", "en": "deputy head"}]}  # fmt: skip
    fund = next(one for one in facts["changes"] if one["path"] == "growth/patents")
    assert (fund["kind"], fund["before"]["status"], fund["after"]["data_date"]) == ("worse", "lagging", "2021-09-30")
    assert [one["path"] for one in facts["lagging"]][:1] == ["safety/accidents"]
    assert len(facts["problems"]) == 4
    assert message(ChannelKind.SLACK, night=happened).facts == ""
    node = compare(card(plan(), [], "2021-09-30"), card(plan(goal("g", kpi("a", t=1))), [], "2021-09-30"))
    added = next(one for one in node if isinstance(one.after, GoalScore) and one.path)
    told = json.loads(message(night=night(one_kpi(), changes=(added,))).facts)["changes"][0]
    assert (told["before"], told["owner"], told["after"]["status"]) == (None, None, Status.UNKNOWN)


def overridden(folder: Path, name: str, text: str, kind: ChannelKind = ChannelKind.WEBHOOK) -> Message:
    """Return the message of a night where the user has a template."""
    (folder / name).write_text(text, "utf-8")
    happened = night(one_kpi(), changes=compare(one_kpi(value=80.0), one_kpi()))
    [made] = messages(config(route(channel(kind), lang=Lang.EN), overrides=str(folder)), happened)
    return made


def test_a_template_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    """Its values are escaped for the channel all the same, and it can extend ours."""
    text = "{% for one in letters %}{{ one.title }}: {{ one.sections[0].items[1].title }}{{ one.title | replace('p', '*') }}{% endfor %} *"
    assert overridden(tmp_path, "markdown.j2", text, ChannelKind.DINGTALK).text == "p: One＊ *\n"
    assert overridden(tmp_path, "text.j2", '{% include "ours/text.j2" %}Greetings').text.endswith("\n\nGreetings\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{% for %}", "text.j2:1 cannot be used: "),
        ("\n{{ nothing }}", "text.j2:2 cannot be used: 'nothing' is undefined"),
        ("{{ letters.__class__.__mro__ }}", "text.j2:1 cannot be used: access to attribute '__class__' of"),
    ],
)
def test_a_broken_template_loses_no_message(tmp_path: Path, text: str, problem: str) -> None:
    """The message goes out by ours, and says what is wrong with theirs; nothing of the machine can be reached."""
    made = overridden(tmp_path, "text.j2", text)
    assert made.problem is not None
    assert problem in language("en").phrase(made.problem)
    happened = night(one_kpi(), changes=compare(one_kpi(value=80.0), one_kpi()))
    assert made.text == english(happened).text
