"""What comparable systems accept in silence, get wrong or lose: each is a fault here, and takes nothing else with it."""

import gc
from pathlib import Path

import pytest

from kpi_tracker.loading.plan import PlanReading, read_plan
from kpi_tracker.model.goal import Goal
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Direction
from tests.loading.written import HEAD, SOUND, WHOLE, broken, codes, paths, places, plan_of, read


def with_kpi(folder: Path, fields: str, head: str = "") -> PlanReading:
    """Read a plan with a sound KPI and, on the line after it, one called `k`."""
    return read(folder, HEAD + head + "kpis:\n" + SOUND + f"  - {{id: k, title: K, {fields}}}\n")


def faults(reading: PlanReading) -> list[str]:
    """Return the messages."""
    return [fault.message("en") for fault in reading.diagnostics]


def the_kpi(reading: PlanReading) -> Kpi:
    """Return the KPI `k` of a plan without a fault."""
    assert codes(reading) == []
    found = plan_of(reading).find("k")[1]
    assert isinstance(found, Kpi)
    return found


@pytest.mark.parametrize("measure", ["total", "level", "rate"])
def test_A5_target_that_equals_the_baseline_is_held_or_refused(tmp_path: Path, measure: str) -> None:
    """A target at the baseline is neither 0 %, 50 % nor 100 % done: it is to be written as one to hold."""
    reading = with_kpi(tmp_path, f"measure: {measure}, baseline: 85, target: {{value: 85, basis: stated}}")
    assert faults(reading) == ["the target equals the baseline (85); to hold it write “maintain: true”"]
    held = f"measure: {measure}, direction: increase, baseline: 85, target: {{maintain: true, basis: stated}}"
    assert the_kpi(with_kpi(tmp_path, held)).target is not None


@pytest.mark.parametrize("change", ["+0", "+0%", "-0", "+0.0000000001%"])
def test_A5_change_of_nothing_is_refused(tmp_path: Path, change: str) -> None:
    """A change that leads back to the baseline is no change."""
    assert codes(with_kpi(tmp_path, f"measure: total, baseline: 85, target: {{change: {change}, basis: stated}}")) == [
        "KT307"
    ]


@pytest.mark.parametrize(
    "fields",
    [
        "measure: level, direction: increase, baseline: 90, target: {value: 80, basis: stated}",
        "measure: level, direction: decrease, baseline: 80, target: {value: 90, basis: stated}",
        "measure: total, direction: increase, baseline: 90, target: {change: -10%, basis: stated}",
        "measure: rate, direction: decrease, baseline: 90, target: {change: +5, basis: stated}",
        "measure: grade, scale: [A, B, C], baseline: A, target: {value: B, basis: stated}",
    ],
)
def test_A6_target_on_the_wrong_side_is_refused(tmp_path: Path, fields: str) -> None:
    """A target that lies against the direction is not “achieved” from the first day: it is a fault."""
    reading = with_kpi(tmp_path, fields)
    assert places(reading)[0][:2] == ("KT306", 8)
    assert broken(plan_of(reading)) == ["k"]


@pytest.mark.parametrize("policy", ["{change: +10%}", "{change: +3}"])
def test_A6_target_by_policy_is_judged_like_any_other(tmp_path: Path, policy: str) -> None:
    """A policy may point the wrong way for one KPI and not for another; the fault stands at the KPI, in its path."""
    text = HEAD + f"target_policy: {{total: {policy}}}\ngoals:\n  - id: g\n    title: G\n    kpis:\n"
    kpi = "      - {id: %s, title: K, measure: total, direction: %s, baseline: 10}\n"
    reading = read(tmp_path, text + kpi % ("up", "increase") + kpi % ("down", "decrease"))
    assert places(reading) == [("KT306", 12, 9)]
    assert reading.diagnostics[0].path == "g/down"
    assert (paths(plan_of(reading)), broken(plan_of(reading))) == (["g", "g/up"], ["g/down"])


@pytest.mark.parametrize(
    ("baseline", "target", "direction"),
    [
        ("50", "90", Direction.INCREASE),
        ("60", "50", Direction.DECREASE),
        ("-5", "0", Direction.INCREASE),
    ],
)
def test_A7_direction_is_inferred_from_baseline_and_target(
    tmp_path: Path, baseline: str, target: str, direction: Direction
) -> None:
    """It is never a default, and the KPI says that it was inferred."""
    kpi = the_kpi(
        with_kpi(tmp_path, f"measure: level, baseline: {baseline}, target: {{value: {target}, basis: stated}}")
    )
    assert (kpi.direction, kpi.direction_inferred) == (direction, True)


def test_A7_declared_direction_is_not_inferred(tmp_path: Path) -> None:
    """What is written is what holds."""
    kpi = the_kpi(
        with_kpi(tmp_path, "measure: level, direction: decrease, baseline: 9, target: {value: 5, basis: stated}")
    )
    assert (kpi.direction, kpi.direction_inferred) == (Direction.DECREASE, False)


@pytest.mark.parametrize(
    "fields",
    [
        "measure: total, target: {value: 90, basis: stated}",
        "measure: rate, baseline: 5, target: {maintain: true, basis: stated}",
        "measure: total, baseline: 5",
    ],
)
def test_A7_direction_that_nothing_shows_is_asked_for(tmp_path: Path, fields: str) -> None:
    """Where baseline and target do not show it, a KPI without a direction is refused."""
    reading = with_kpi(tmp_path, fields, "target_policy: {total: {improve: 10%}}\n")
    assert codes(reading) == ["KT308"]


def test_A9_and_A10_change_in_percent_needs_a_positive_baseline(tmp_path: Path) -> None:
    """+10 % of nothing or of a loss says nothing; an absolute change of either is fine."""
    for baseline in ("0", "-10"):
        target = "target: {change: +10%, basis: stated}"
        assert codes(with_kpi(tmp_path, f"measure: total, baseline: {baseline}, {target}")) == ["KT312"]
        target = "target: {change: +10, basis: stated}"
        assert codes(with_kpi(tmp_path, f"measure: total, baseline: {baseline}, {target}")) == []


@pytest.mark.parametrize("form", ["change: +10%", "maintain: true"])
def test_B7_baseline_is_never_taken_to_be_0(tmp_path: Path, form: str) -> None:
    """A target that starts from a baseline is refused where there is none."""
    reading = with_kpi(tmp_path, f"measure: total, direction: increase, target: {{{form}, basis: stated}}")
    assert faults(reading) == [f"“{form.partition(':')[0]}” needs a baseline to start from"]


def test_B7_target_without_a_baseline_needs_only_a_direction(tmp_path: Path) -> None:
    """A figure that is new this year has a target and no baseline, which stays unset."""
    kpi = the_kpi(with_kpi(tmp_path, "measure: total, direction: increase, target: {value: 50, basis: stated}"))
    assert kpi.baseline is None


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("threshold: <100", "threshold"),
        ("type: no_data", "type"),
        ("warn_if: '!= 0'", "warn_if"),
        ("Target: 5", "Target"),
    ],
)
def test_D5_rule_that_would_never_fire_is_refused(tmp_path: Path, line: str, key: str) -> None:
    """A key that nobody reads is a fault, not a rule that is ignored."""
    reading = with_kpi(tmp_path, f"measure: total, baseline: 1, target: {{value: 2, basis: stated}}, {line}")
    assert codes(reading) == ["KT201"]
    assert faults(reading)[0].startswith(f"“{key}” is not a key of a KPI")


def test_D5_bands_that_leave_a_gap_are_refused(tmp_path: Path) -> None:
    """A figure that no band holds would be judged by nobody."""
    head = "presets: {odd: {by: lag, bands: [{status: on_track, to: 0}, {status: lagging, from: 5}]}}\n"
    assert codes(read(tmp_path, HEAD + head + "kpis:\n" + SOUND)) == ["KT212"]


def test_D5_bound_that_is_no_number_is_refused(tmp_path: Path) -> None:
    """Nothing is above or below `nan`."""
    head = "presets: {odd: {by: lag, bands: [{status: on_track, to: nan}, {status: lagging, from: nan}]}}\n"
    assert codes(read(tmp_path, HEAD + head + "kpis:\n" + SOUND)) == ["KT205", "KT205"]


def test_D6_duplicate_keys_are_refused_with_both_lines(tmp_path: Path) -> None:
    """The last of two equal keys does not win in silence."""
    reading = read(tmp_path, WHOLE + "owner: A\nnotes: N\nowner: B\n")
    assert places(reading) == [("KT110", 10, 1)]
    assert faults(reading) == ["the key “owner” stands here a second time; the first is in line 8"]


def test_D6_duplicate_ids_are_refused_with_both_places(tmp_path: Path) -> None:
    """The first KPI keeps its id; the second is left out, counted as missing where it stands, with its weight."""
    twin = SOUND.replace("title: 量", "title: 别的, weight: 4").replace("value: 20", "value: 99")
    reading = read(tmp_path, WHOLE + "goals:\n  - id: g\n    title: G\n    kpis:\n" + twin.replace("  -", "    -"))
    assert places(reading) == [("KT301", 12, 7)]
    assert faults(reading)[0].endswith("plan.yaml:7:5 has it")
    plan = plan_of(reading)
    assert (paths(plan), broken(plan)) == (["g", "sound"], ["g/sound"])
    goal = plan.find("g")[1]
    assert isinstance(goal, Goal)
    assert goal.broken[0].weight == 4
    kept = plan.find("sound")[1]
    assert isinstance(kept, Kpi)
    assert kept.target is not None
    assert kept.target.value == 20


def test_D6_duplicate_ids_across_files_keep_the_first_file(tmp_path: Path) -> None:
    """Order is that of reading, not of names: the plan's own file comes before what it includes."""
    reading = read(
        tmp_path, WHOLE.replace("kpis:", "include: [a.yaml]\nkpis:"), a="format: kpi-tracker/v1\nkpis:\n" + SOUND
    )
    (fault,) = reading.diagnostics
    assert (fault.code, Path(fault.place.file).name) == ("KT301", "a.yaml")
    assert (paths(plan_of(reading)), broken(plan_of(reading))) == (["sound"], ["sound"])


def test_D6_id_is_unique_across_kinds_of_items(tmp_path: Path) -> None:
    """A goal, a KPI and a fact share one set of names; what is below a renamed goal still counts."""
    text = WHOLE + "goals:\n  - {id: sound, title: G, kpis: [" + SOUND[4:-1].replace("sound", "other") + "]}\n"
    reading = read(tmp_path, text + "facts: [{id: other, title: F}, {id: own, title: F}]\n")
    assert [fault.code for fault in reading.diagnostics] == ["KT301", "KT301"]
    plan = plan_of(reading)
    assert paths(plan) == ["line-9", "line-9/other", "sound"]
    assert [fact.id for fact in plan.facts] == ["own"]


def test_D6_names_given_to_the_nameless_do_not_collide(tmp_path: Path) -> None:
    """Goals without an id are named by their line; where that name is taken too, a number is added."""
    other = SOUND.replace("sound", "line-8")
    text = HEAD + "kpis:\n" + other + "goals: [{title: A}, {title: B, kpis: [{title: C}]}]\n"
    reading = read(tmp_path, text)
    assert set(codes(reading)) == {"KT202"}
    plan = plan_of(reading)
    assert paths(plan) == ["line-8-2", "line-8-3", "line-8"]
    assert broken(plan) == ["line-8-3/line-8-4"]


def test_D14_nothing_is_evaluated_or_expanded(tmp_path: Path) -> None:
    """Tags are refused; formulas, variables and paths to code are texts."""
    reading = read(tmp_path, WHOLE + "owner: !!python/object/apply:os.getcwd []\n")
    assert codes(reading) == ["KT112", "KT203"]
    plain = read(tmp_path, WHOLE + "owner: ${HOME} $(id) {{ env }} __import__('os')\nnotes: '=1+1'\n")
    assert codes(plain) == []
    assert str(plan_of(plain).owner) == "${HOME} $(id) {{ env }} __import__('os')"
    assert str(plan_of(plain).notes) == "=1+1"


@pytest.mark.parametrize("word", ["yes", "on", "1", "True", "'true'", "y"])
def test_D14_only_true_and_false_are_yes_and_no(tmp_path: Path, word: str) -> None:
    """YAML 1.1's other words for yes are refused, and what was meant is suggested."""
    reading = with_kpi(tmp_path, f"measure: total, baseline: 1, target: {{value: 2, basis: stated}}, veto: {word}")
    assert codes(reading) == ["KT203"]
    assert faults(reading)[0].startswith("“veto” must be true or false, without quotes")
    assert ("did you mean “true”?" in faults(reading)[0]) == (word != "y")


@pytest.mark.parametrize(
    ("written", "read_as"), [("012", 12.0), ("1_000", None), ("0x10", None), ("1:30", None), (".5", None)]
)
def test_D14_numbers_are_not_octal_or_sexagesimal(tmp_path: Path, written: str, read_as: float | None) -> None:
    """YAML 1.1 reads 012 as 10 and 1:30 as 90; here a number is what a person means by it, or refused."""
    reading = with_kpi(tmp_path, f"measure: total, direction: increase, target: {{value: '{written}', basis: stated}}")
    if read_as is None:
        assert codes(reading) == ["KT205"]
    else:
        target = the_kpi(reading).target
        assert target is not None
        assert target.value == read_as


def test_all_faults_of_one_kpi_are_told_at_once(tmp_path: Path) -> None:
    """One run names every fault, each at its own place, under the path of the KPI."""
    text = HEAD + (
        "goals:\n  - id: g\n    title: G\n    kpis:\n"
        "      - id: k\n        titel: K\n        measure: total\n        unit: 件\n        baseline: ten\n"
        "        target: {value: 5 km, basis: guessed}\n        weight: -1\n        due: 2021-04-31\n"
        "      - {id: kept, title: K, measure: total, baseline: 1, target: {value: 2, basis: stated}}\n"
    )
    reading = read(tmp_path, text)
    assert places(reading) == [
        ("KT202", 10, 9), ("KT201", 11, 9), ("KT205", 14, 19), ("KT205", 15, 25), ("KT204", 15, 38), ("KT206", 16, 17), ("KT207", 17, 14),
    ]  # fmt: skip
    assert {fault.path for fault in reading.diagnostics} == {"g/k"}
    assert (paths(plan_of(reading)), broken(plan_of(reading))) == (["g", "g/kept"], ["g/k"])


def test_baseline_and_target_are_both_told(tmp_path: Path) -> None:
    """An unreadable baseline does not hide an unreadable target, nor is a fault invented that follows from it."""
    reading = with_kpi(tmp_path, "measure: total, baseline: ten, target: {value: twenty, basis: stated}")
    assert [place[0] for place in places(reading)] == ["KT205", "KT205"]
    reading = with_kpi(tmp_path, "measure: total, baseline: ten, target: {change: +10%, basis: stated}")
    assert codes(reading) == ["KT205"]
    reading = with_kpi(tmp_path, "measure: grade, scale: [A, B], baseline: C, target: {maintain: true, basis: stated}")
    assert codes(reading) == ["KT320"]


def test_goal_keeps_what_is_below_it(tmp_path: Path) -> None:
    """A goal with faults in its own keys loses those keys only."""
    text = HEAD + "goals:\n  - title: [x]\n    weight: heavy\n    owner: Office\n    kpis:\n  " + SOUND
    reading = read(tmp_path, text)
    assert codes(reading) == ["KT202", "KT203", "KT203"]
    plan = plan_of(reading)
    assert paths(plan) == ["line-7", "line-7/sound"]
    assert str(plan.goals[0].owner) == "Office"
    assert plan.goals[0].weight == 1


def test_fault_below_a_goal_has_the_whole_path(tmp_path: Path) -> None:
    """Faults of goals, facts and KPIs name the item by its path, whatever the depth."""
    text = HEAD + (
        "goals:\n  - id: a\n    title: A\n    goals:\n      - id: b\n        titel: B\n        facts: [{id: f}]\n"
        "        kpis: [{id: k, title: K, measure: totl}]\nkpis:\n"
    )
    reading = read(tmp_path, text + SOUND)
    assert [(fault.code, fault.path) for fault in reading.diagnostics] == [
        ("KT202", "a/b"), ("KT201", "a/b"), ("KT202", "a/b"), ("KT204", "a/b/k"),
    ]  # fmt: skip


def test_item_of_a_broken_file_is_not_missed_twice(tmp_path: Path) -> None:
    """Kinds and presets that could not be read are not held against those who use them."""
    head = "kinds: []\npresets: []\ntarget_policy: []\n"
    text = HEAD + head + "kpis:\n" + SOUND.replace("title", "kind: focus, thresholds: mine, title")
    reading = read(tmp_path, text + "  - {id: by-policy, title: P, measure: total, direction: increase, baseline: 1}\n")
    assert codes(reading) == ["KT203", "KT203", "KT203"]
    assert (paths(plan_of(reading)), broken(plan_of(reading))) == (["sound"], ["by-policy"])


def test_plan_without_a_period_is_checked_all_the_same(tmp_path: Path) -> None:
    """There is no plan, and the faults of its items are told with their own kinds and presets."""
    head = HEAD.replace("period: 2021", "period: {start: 2021-05-01, end: 2021-04-01}") + "kinds: {focus: {title: F}}\n"
    text = head + "presets: {mine: {by: lag, bands: [{status: on_track}]}}\nkpis:\n"
    reading = read(tmp_path, text + SOUND.replace("title", "kind: focus, thresholds: mine, title") + SOUND)
    assert codes(reading) == ["KT317", "KT301"]
    assert reading.plan is None


def test_change_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """In a target at its own place, in a policy where the policy stands, with the KPI that it does not fit."""
    reading = with_kpi(tmp_path, "measure: total, unit: 件, baseline: 5, target: {change: 10%, basis: stated}")
    assert faults(reading) == ["“change” must be a number, not “10%”: a change starts with + or −"]
    reading = with_kpi(
        tmp_path,
        "measure: total, unit: 件, direction: increase, baseline: 5",
        "target_policy: {total: {change: +2pp}}\n",
    )
    assert faults(reading) == ["“change” must be a number, not “+2pp”: its unit is 件, not “pp”"]
    assert (reading.diagnostics[0].path, reading.diagnostics[0].place.line) == ("k", 6)


@pytest.mark.parametrize("word", ["null", "~", "true", "2021-01-01", "5"])
def test_quotes_make_a_text_of_any_word(tmp_path: Path, word: str) -> None:
    """A title may be the word null, if it is quoted."""
    for title in (f"'{word}'", f"{{zh: '{word}', en: \"{word}\"}}"):
        reading = read(tmp_path, WHOLE.replace("title: A plan", f"title: {title}"))
        assert codes(reading) == []
        assert str(plan_of(reading).title) == word


@pytest.mark.parametrize("words", ["{zh: 甲, en: ~}", "{zh: '', en: A}", "{zh: null, en: A}", "{zh: [甲], en: A}"])
def test_half_of_a_title_is_refused(tmp_path: Path, words: str) -> None:
    """A language that is named has words."""
    assert codes(read(tmp_path, WHOLE.replace("title: A plan", f"title: {words}"))) == ["KT203"]


def test_reading_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    """It is paused while a plan is read, and runs again only where it ran before."""
    assert gc.isenabled()
    read(tmp_path)
    assert gc.isenabled()
    gc.disable()
    try:
        read(tmp_path)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_unknown_time_zone_leaves_a_plan_that_can_be_scored(tmp_path: Path) -> None:
    """The rest of the plan is read, in UTC."""
    reading = read(tmp_path, WHOLE.replace("Asia/Shanghai", "Mars/Base"))
    assert codes(reading) == ["KT318"]
    assert plan_of(reading).time_zone == "UTC"


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8"])
def test_zone_of_the_list_is_known(tmp_path: Path, zone: str) -> None:
    """However deep its name."""
    assert codes(read(tmp_path, WHOLE.replace("Asia/Shanghai", zone))) == []


@pytest.mark.parametrize(
    "zone", ["Asia", "zone.tab", "/usr/share/zoneinfo/UTC", "../UTC", "Asia//Shanghai", "上海", "UTC/"]
)
def test_what_is_no_zone_is_refused(tmp_path: Path, zone: str) -> None:
    """Neither folders, nor other files beside the zones, nor paths are zones."""
    assert codes(read(tmp_path, WHOLE.replace("Asia/Shanghai", zone))) == ["KT318"]


@pytest.mark.parametrize(
    ("zone", "meant"),
    [("Asia/Beijing", "Asia/Shanghai"), ("北京时间", "Asia/Shanghai"), ("UTC+8", "Asia/Shanghai"), ("+08:00", "Asia/Shanghai"),
     ("Asia/Tokio", "Asia/Tokyo"), ("Asia", ""), ("Mars/Base", "")],
)  # fmt: skip
def test_the_zone_that_is_most_likely_meant_is_named(tmp_path: Path, zone: str, meant: str) -> None:
    """China's zone by any of its names; of a whole part of the world none is more likely than another."""
    reading = read(tmp_path, WHOLE.replace("Asia/Shanghai", f'"{zone}"'))
    assert [fault.args["nearest"] for fault in reading.diagnostics] == [meant]


def test_first_year_of_the_calendar_has_a_baseline_year(tmp_path: Path) -> None:
    """There is no year 0."""
    assert plan_of(read(tmp_path, WHOLE.replace("period: 2021", "period: '0001'"))).baseline_year == 1
    assert codes(read(tmp_path, WHOLE.replace("period: 2021", "period: 0000"))) == ["KT203"]


def test_thresholds_of_a_plan_may_be_a_preset_of_its_own(tmp_path: Path) -> None:
    """A preset is found by name, whether it is built in or the plan's own."""
    head = "presets: {mine: {by: lag, bands: [{status: on_track}]}}\nthresholds: %s\nkpis:\n"
    assert plan_of(read(tmp_path, HEAD + head % "mine" + SOUND)).thresholds.name == "mine"
    assert plan_of(read(tmp_path, HEAD + head % "eurostat" + SOUND)).thresholds.name == "eurostat"


def test_goals_may_support_one_another_as_long_as_there_is_no_circle(tmp_path: Path) -> None:
    """A diamond is none: two goals count toward a third, and one of them toward the other."""
    text = WHOLE + (
        "goals:\n  - {id: a, title: A}\n  - {id: b, title: B, supports: [a]}\n"
        "  - {id: c, title: C, supports: [a, b], kpis: [{id: k, title: K, measure: total, baseline: 1, "
        "target: {value: 2, basis: stated}, supports: [a]}]}\n"
    )
    assert codes(read(tmp_path, text)) == []


def test_two_circles_are_two_faults(tmp_path: Path) -> None:
    """Each circle is told once, by the members it has."""
    goals = "".join(f"  - {{id: {a}, title: T, supports: [{b}]}}\n" for a, b in ("ab", "ba", "cd", "dc"))
    reading = read(tmp_path, WHOLE + "goals:\n" + goals)
    assert faults(reading) == [
        "these count toward each other in a circle: a → b → a", "these count toward each other in a circle: c → d → c",
    ]  # fmt: skip


def test_circles_that_share_a_goal_are_all_told_and_all_opened(tmp_path: Path) -> None:
    """What is left of the links has no circle, so that roll-up ends, and links outside the circles stay."""
    links = (("a", "b"), ("b", "a, c"), ("c", "b"), ("d", "a"))
    goals = "".join(f"  - {{id: {name}, title: T, supports: [{to}]}}\n" for name, to in links)
    reading = read(tmp_path, WHOLE + "goals:\n" + goals)
    assert faults(reading) == [
        "these count toward each other in a circle: a → b → a", "these count toward each other in a circle: b → c → b",
    ]  # fmt: skip
    assert [[link.to for link in goal.supports] for goal in plan_of(reading).goals] == [[], [], [], ["a"]]


def test_link_that_leads_nowhere_or_home_is_left_out(tmp_path: Path) -> None:
    """A support that was refused counts nowhere, also where its last segment is a goal; the others stay."""
    kpi = SOUND.replace("title", "supports: [nowhere, b/a, {to: b, weight: 3}], title")
    goals = "goals:\n  - {id: a, title: A, supports: [a, b]}\n  - {id: b, title: B}\n"
    reading = read(tmp_path, HEAD + "kpis:\n" + kpi + goals)
    assert codes(reading) == ["KT302", "KT302", "KT305"]
    plan = plan_of(reading)
    assert [(link.to, link.weight) for _, item in plan.walk() for link in item.supports] == [("b", None), ("b", 3.0)]


def test_kpi_with_impossible_dates_is_broken(tmp_path: Path) -> None:
    """It is left out and counted as missing, at the top and below a goal; its siblings stay."""
    late = SOUND.replace("sound", "late").replace("title", "due: 2022-06-30, title")
    text = WHOLE + late + "goals:\n  - id: g\n    title: G\n    kpis:\n    "
    text += late.replace("late", "later").lstrip() + "    " + SOUND.replace("sound", "other").lstrip()
    reading = read(tmp_path, text)
    assert codes(reading) == ["KT317", "KT317"]
    assert paths(plan_of(reading)) == ["g", "g/other", "sound"]
    assert broken(plan_of(reading)) == ["late", "g/later"]


@pytest.mark.parametrize(
    ("measure", "baseline", "policy", "target"),
    [
        ("total", "1", "{improve: 94%}", 0.06),
        ("rate", "98.2", "{maintain: 5%}", 103.11),
        ("total", "0.3", "{change: -0.2}", 0.1),
        ("total", "200", "{improve: 10%}", 180.0),
    ],
)
def test_target_worked_out_is_the_one_on_paper(
    tmp_path: Path, measure: str, baseline: str, policy: str, target: float
) -> None:
    """Nothing of the way in which computers keep fractions shows in a target."""
    head = f"target_policy: {{{measure}: {policy}}}\n"
    kpi = the_kpi(with_kpi(tmp_path, f"measure: {measure}, direction: decrease, baseline: {baseline}", head))
    assert kpi.target is not None
    assert kpi.target.value == target


def test_a_full_width_colon_is_named(tmp_path: Path) -> None:
    """The commonest slip of a Chinese keyboard: the message says which sign is meant."""
    text = "format: kpi-tracker/v1\nid: p\ntitle：P\nperiod: 2021\n"
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    (fault,) = read_plan(tmp_path).diagnostics
    assert fault.code == "KT106"
    assert "full-width" in fault.message()
