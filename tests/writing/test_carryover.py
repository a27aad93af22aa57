"""Next year's plan from this year's: each measure, what is not complete, and that a plan is written whole or not at all."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Basis, Direction
from kpi_tracker.model.target import TargetForm
from kpi_tracker.writing import carryover
from kpi_tracker.writing.carryover import carry_over
from kpi_tracker.writing.problem import WritingError
from tests.cli.running import run
from tests.loading.written import SHIPPED
from tests.writing.plans import HEAD, carried, made, matters, monthly

TOTAL = (
    "kpis:\n  - id: a\n    title: A\n    measure: total\n    unit: 件\n    direction: increase\n    baseline: 100件\n"
)
LEVEL = "kpis:\n  - id: a\n    title: A\n    measure: level\n    unit: '%'\n    baseline: 80%\n    target: {value: 90%, basis: stated}\n"
NOTES = """\
      notes:
        zh: 2021年实绩，截至2021-12-31；2022-01-05记录
        en: result of 2021 as of 2021-12-31; recorded 2022-01-05
"""


def kpi_of(plan: kpi_tracker.Plan, name: str) -> Kpi:
    """Return a KPI by its id."""
    found = plan.find(name)[1]
    assert isinstance(found, Kpi)
    return found


def test_total_its_sum_becomes_the_baseline(tmp_path: Path) -> None:
    """With the unit in the plan's own spelling, and where it comes from; the target is the policy's, and assumed."""
    found, text = carried(tmp_path, TOTAL, *monthly("a", *range(10, 22)))
    assert text == (
        "kpis:\n  - id: a\n    title: A\n    measure: total\n    unit: 件\n    direction: increase\n    baseline:\n"
        f"      value: 186件\n      source: {{document: town-2021, section: a}}\n{NOTES}"
    )
    target = kpi_of(found.plan, "a").target
    assert target is not None
    assert (target.value, target.by_policy, target.basis) == (pytest.approx(204.6), True, Basis.ASSUMED)
    assert matters(found) == []


def test_total_of_a_part_of_the_year_is_no_baseline(tmp_path: Path) -> None:
    """Nine months, or twelve with one missing: no result; last year's target stays, assumed, and somebody has to look."""
    body = (
        TOTAL
        + "    # how it is counted\n  - {id: b, title: B, measure: total, direction: increase, target: {value: 9, basis: stated}}\n"
    )
    rows = [row for row in monthly("b", *range(12)) if "2021-05" not in row[:9]]
    found, text = carried(tmp_path, body, *monthly("a", *range(9)), *rows)
    assert text == (
        "kpis:\n  - id: a\n    title: A\n    measure: total\n    unit: 件\n    direction: increase\n"
        "    # 2020: baseline 100件\n    target: {value: 110, basis: assumed}\n    # how it is counted\n"
        "  - id: b\n    title: B\n    measure: total\n    direction: increase\n"
        "    # 2021: target value 9 (stated)\n    target: {value: 9, basis: assumed}\n"
    )
    assert matters(found) == ["no_baseline a", "no_baseline b", "old_target a", "old_target b"]


def test_level_that_is_not_read_to_the_end_is_approximate(tmp_path: Path) -> None:
    """The newest reading is the best there is of a state; it is marked, and somebody has to look."""
    found, text = carried(tmp_path, LEVEL, *monthly("a", "81%", "83%"))
    baseline = kpi_of(found.plan, "a").baseline
    assert baseline is not None
    assert (baseline.value, baseline.approximate, baseline.year) == (83, True, None)
    assert "# 2021: target value 90% (stated)\n" in text
    assert 'en: "result of 2021 as of 2021-02-28; recorded 2021-03-05; not complete: figures up to 2021-02-28"' in text
    assert kpi_of(found.plan, "a").direction is Direction.INCREASE
    assert matters(found) == ["approximate a"]


@pytest.mark.parametrize(("basis", "words"), [
    ("示意", "illustrative figures, no real results"), ("provisional", "provisional figures"), ("estimated", "estimated figures"),
])  # fmt: skip
def test_what_is_not_firm_is_said(tmp_path: Path, basis: str, words: str) -> None:
    """A baseline from made-up, early or estimated figures says so."""
    found, text = carried(tmp_path, LEVEL, *monthly("a", *[85] * 11), *[monthly("a", *[85] * 12, basis=basis)[-1]])
    assert words in text
    assert matters(found) == ["not_firm a"]


def test_the_softest_of_the_figures_of_a_sum_counts(tmp_path: Path) -> None:
    """One estimated month makes the sum estimated; of a state only the newest figure matters."""
    rows = [*monthly("a", 1, basis="estimated"), *monthly("a", *[1] * 12)[1:]]
    found, _ = carried(tmp_path / "sum", TOTAL, *rows)
    assert matters(found) == ["not_firm a"]
    found, _ = carried(tmp_path / "state", LEVEL, *rows)
    assert matters(found) == []


def test_what_comes_now_and_then_may_be_whole(tmp_path: Path) -> None:
    """The sum of irregular figures is approximate where the last is not of the last day."""
    found, text = carried(tmp_path, TOTAL + "    cadence: irregular\n", "a,2021-03-05,20,,", "a,2021-10-07,30,,")
    assert "value: 50件\n      approximate: true\n" in text
    assert "recorded" not in text
    assert matters(found) == ["approximate a"]


def test_rate_is_the_newest(tmp_path: Path) -> None:
    """A rate without a baseline has one from now on."""
    body = "kpis:\n  - {id: a, title: A, measure: rate, unit: '%', direction: increase, target: {value: 100%, basis: stated}}\n"
    found, text = carried(tmp_path, body, *monthly("a", *[98] * 11, "97.5%"))
    assert text.startswith(
        'kpis:\n  - id: a\n    title: A\n    measure: rate\n    unit: "%"\n    direction: increase\n'
        "    baseline:\n      value: 97.5%\n"
    )
    assert text.endswith("    # 2021: target value 100% (stated)\n")
    assert matters(found) == []


def test_limit_keeps_its_bound(tmp_path: Path) -> None:
    """What must never be is the same next year, now assumed; what was is its baseline."""
    body = (
        "kpis:\n  - id: a\n    title: A\n    measure: limit\n    aggregate: sum\n"
        "    target: &none\n      at_most: 0\n      basis: stated\n      notes: Never  # never\n"
        "  - id: b\n    title: B\n    measure: limit\n    aggregate: max\n    target: *none\n"
    )
    found, text = carried(tmp_path, body, *monthly("a", *[0] * 12), *monthly("b", *[0] * 5))
    assert "    target: &none\n      at_most: 0\n      basis: assumed\n      notes: Never  # never\n" in text
    assert "    target: *none\n" in text
    assert [kpi.target.basis for _, kpi in found.plan.walk() if isinstance(kpi, Kpi) and kpi.target] == [
        Basis.ASSUMED
    ] * 2
    assert matters(found) == ["approximate b"]


def test_what_is_to_be_held_is_still_to_be_held(tmp_path: Path) -> None:
    """`maintain` speaks of the baseline, whichever that is: it stays, with its tolerance, and is assumed."""
    body = TOTAL + "    target: {maintain: 5%, basis: stated, source: Page 1}\n"
    found, text = carried(tmp_path, body, *monthly("a", *[10] * 12))
    assert "    target: {maintain: 5%, basis: assumed, source: Page 1}\n" in text
    target = kpi_of(found.plan, "a").target
    assert target is not None
    assert (target.form, target.value) == (TargetForm.MAINTAIN, 114)


def test_what_was_to_be_held_without_a_result_keeps_its_value(tmp_path: Path) -> None:
    """There is nothing to hold it at but the old figure."""
    found, text = carried(tmp_path, TOTAL + "    target: {maintain: true, basis: stated}\n")
    assert "    target: {value: 100, basis: assumed}\n" in text
    assert matters(found) == ["no_baseline a", "old_target a"]


GRADE = (
    "cadence: yearly\nkpis:\n  - {id: a, title: A, measure: grade, scale: [A, B, yes], baseline: B,\n"
    "     target: {value: A, basis: stated}}\n"
)


def test_grade_that_was_reached_is_the_baseline(tmp_path: Path) -> None:
    """To be held, as the policy says. A grade that YAML could take for something else is quoted."""
    found, text = carried(tmp_path / "a", GRADE, "a,2021,A,2022-01-08,")
    assert (kpi_of(found.plan, "a").baseline or None) is not None
    assert "      value: A\n" in text
    found, text = carried(tmp_path / "yes", GRADE, "a,2021,yes,2022-01-08,")
    assert '      value: "yes"\n' in text
    found, text = carried(tmp_path / "none", GRADE)
    assert "target: {value: A, basis: assumed}\n" in text
    assert matters(found) == ["no_baseline a", "old_target a"]


STEPS = """\
kpis:
  - id: a
    title: A
    measure: milestone
    cadence: quarterly
    due: 2021年11月30日
    steps:
      - {id: one, title: One, due: 2021-02-28}
      # the second
      - {id: two, title: Two, due: 2021/11/30, weight: 2}
"""


def test_milestone_goes_on_with_its_open_steps(tmp_path: Path) -> None:
    """What is done is left behind, with a comment; dates move by a year and keep their spelling."""
    found, text = carried(tmp_path, STEPS, "a,2021-Q1,one,2021-04-05,")
    assert text == (
        "kpis:\n  - id: a\n    title: A\n    measure: milestone\n    due: 2022年11月30日\n    cadence: quarterly\n"
        "    # 2021: ✓ one\n    steps:\n      # the second\n      - {id: two, title: Two, due: 2022/11/30, weight: 2}\n"
    )
    assert matters(found) == ["steps_open a"]


def test_milestone_by_illustrative_figures_is_said(tmp_path: Path) -> None:
    """Which steps are left behind rests on them."""
    found, _ = carried(tmp_path, STEPS, "a,2021-Q1,one,2021-04-05,示意")
    assert matters(found) == ["not_firm a", "steps_open a"]


def test_values_over_lines_make_comments_of_one_line(tmp_path: Path) -> None:
    """A baseline and a target may be written as blocks of text; what is kept of them is one line."""
    body = LEVEL.replace("baseline: 80%", "baseline: |\n      80%\n")
    body = body.replace("{value: 90%, basis: stated}", "\n      basis: stated\n      value: >\n        90%\n")
    found, text = carried(tmp_path, body)
    assert "# 2020: baseline 80%\n\n" in text
    assert "# 2021: target value 90% (stated)\n    target: {value: 90%, basis: assumed}\n" in text
    assert matters(found) == ["no_baseline a", "old_target a"]


@pytest.mark.parametrize(("rows", "matter"), [
    (["a,2021-Q4,one; two,2022-01-05,"], "steps_anew a"), ([], "steps_unknown a"), (["a,2021-Q1,none,2021-04-05,"], "steps_open a"),
])  # fmt: skip
def test_milestone_with_all_or_no_steps_done(tmp_path: Path, rows: list[str], matter: str) -> None:
    """All of them go on a year later: the same work again, or still to be done, or nobody knows."""
    found, text = carried(tmp_path, STEPS, *rows)
    assert "{id: one, title: One, due: 2022-02-28}" in text
    assert matters(found) == [matter]


def test_milestone_whose_open_steps_weigh_nothing_keeps_all(tmp_path: Path) -> None:
    """Nothing would count otherwise."""
    found, text = carried(tmp_path, STEPS.replace("weight: 2", "weight: 0"), "a,2021-Q1,one,2021-04-05,")
    assert "id: one" in text
    assert matters(found) == ["steps_open a"]


def test_steps_that_were_shared_are_each_their_own(tmp_path: Path) -> None:
    """Two milestones with the same steps by an alias have not done the same."""
    body = STEPS.replace("steps:\n", "steps: &all\n") + ("  - {id: b, title: B, measure: milestone, steps: *all}\n")
    found, _ = carried(tmp_path, body, "a,2021-Q1,one,2021-04-05,")
    assert len(kpi_of(found.plan, "a").steps) == 1
    assert [step.due for step in kpi_of(found.plan, "b").steps] == [date(2022, 2, 28), date(2022, 11, 30)]


def test_exempt_items_stay_and_those_that_were_postponed_count_again(tmp_path: Path) -> None:
    """Whether what was cancelled or merged is struck is for people to say."""
    body = (
        "goals:\n  - id: g\n    title: G\n    exempt: {kind: postponed, reason: Later, date: 2021-02-01}\n"
        "    kpis:\n      - {id: a, title: A, measure: total, direction: increase, baseline: 5}\n"
        "kpis:\n  - {id: b, title: B, measure: total, direction: increase, baseline: 5,\n"
        "     exempt: {kind: merged, reason: Into a, date: 2021-02-01}}\n"
    )
    found, text = carried(tmp_path, body)
    assert "exempt: {kind: merged, reason: Into a, date: 2021-02-01}" in text
    assert matters(found) == [
        "no_baseline g/a",
        "no_baseline b",
        "old_target g/a",
        "old_target b",
        "exempt b",
        "returned g",
    ]
    assert found.plan.find("g")[1].exempt is None


def test_dates_by_an_alias_move_once(tmp_path: Path) -> None:
    """A date, a step and a point that are written once are moved where they stand."""
    body = STEPS.replace("2021年11月30日", "&end 2021-11-30").replace("due: 2021/11/30", "due: *end") + (
        "  - {id: b, title: B, measure: milestone, due: *end, steps: [&s {id: one, title: One, due: *end}]}\n"
        "  - {id: c, title: C, measure: milestone, steps: [*s, {id: two, title: Two, due: 2021-05-31}]}\n"
        "  - {id: d, title: D, measure: total, direction: increase, baseline: 1, profile: &p [{date: 2021-12-31, share: 1}]}\n"
        "  - {id: e, title: E, measure: total, direction: increase, baseline: 1, profile: *p}\n"
    )
    found, _ = carried(tmp_path, body, "c,2021-06,two,2021-07-05,")
    assert [kpi_of(found.plan, name).due for name in "ab"] == [date(2022, 11, 30)] * 2
    assert [[step.due.year for step in kpi_of(found.plan, name).steps] for name in "abc"] == [
        [2022, 2022],
        [2022],
        [2022],
    ]
    assert [kpi_of(found.plan, name).points[0].date.year for name in "de"] == [2022] * 2


def test_dates_points_and_periods_move(tmp_path: Path) -> None:
    """The last day of February answers to the last day of February."""
    head = HEAD.replace("2021", "2023").replace("period: 2023", "period: {start: 2023-01-01, end: 2023年12月31日}")
    body = (
        TOTAL + "    start: 2023-02-28\n    profile: [{date: 2023-06-30, share: 40%}, {date: 2023-12-31, share: 1}]\n"
    )
    made(tmp_path, body, head=head)
    found = carry_over(tmp_path / "town-2021", out=str(tmp_path / "new"))
    text = Path(found.file).read_text(encoding="utf-8")
    assert "period: {start: 2024-01-01, end: 2024年12月31日}" in text
    assert "start: 2024-02-29\n" in text
    assert "profile: [{date: 2024-06-30, share: 40%}, {date: 2024-12-31, share: 1}]\n" in text


def test_the_header_is_of_the_new_year(tmp_path: Path) -> None:
    """Id, title, period, base year and the names of the files of observations; amendments and facts are left behind."""
    head = "# top\n" + HEAD + (
        "baseline_year: 2020  # of the report\nobservations: [observations/2021.csv]\nnotes: &n As in 2021\n"
        "facts:\n  - {id: f, title: &prize Prize}\n# behind\nowner: *prize\n"
        "amendments:\n  - {item: a, date: 2021-05-01, what: weight, from: 2, to: 1, reason: R, reference: No. 1}\n"
    )  # fmt: skip
    found, _ = carried(tmp_path, TOTAL, *monthly("a", *[1] * 12), head=head)
    text = Path(found.file).read_text(encoding="utf-8")
    assert text.startswith(
        "# top\nformat: kpi-tracker/v1\nid: town-2022\ntitle: {zh: 2022年计划, en: Plan of 2022}\nperiod: 2022\n"
    )
    assert "baseline_year: 2021  # of the report\n" in text
    assert "notes: &n As in 2021\nobservations: [observations/2022.csv]\n" in text
    assert "# behind\nowner: &prize Prize\n" in text
    assert (found.facts, found.plan.facts, found.plan.amendments) == (1, (), ())
    assert found.files == ("observations/2022.csv", "plan.yaml")
    assert (Path(found.folder) / "observations" / "2022.csv").read_text(
        "utf-8"
    ) == "kpi,period,value,recorded_at,basis\n"


def test_a_plan_without_year_in_its_names_gets_it(tmp_path: Path) -> None:
    """The id and the folder; there were no observations, so a file with the first row is there to begin with."""
    folder = tmp_path / "town"
    folder.mkdir()
    head = (
        HEAD.replace("town-2021", "town")
        .replace("{zh: 2021年计划, en: Plan of 2021}", "*t")
        .replace("period", "owner: &t T\nperiod")
    )
    head = head.replace("title: *t\nowner: &t T\n", "owner: &t T\ntitle: *t\n")
    (folder / "plan.yaml").write_text(head + TOTAL, encoding="utf-8")
    found = carry_over(folder)
    assert (found.folder, found.plan.id, str(found.plan.title)) == (str(tmp_path / "town-2022"), "town-2022", "T")
    assert found.files == ("observations/2022.csv", "plan.yaml")


def test_a_plan_that_is_one_file_keeps_its_name_with_the_new_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new folder stands beside that of the file."""
    plan = made(tmp_path, TOTAL)
    (plan / "plan.yaml").rename(plan / "town2021.yaml")
    monkeypatch.chdir(plan)
    found = carry_over("town2021.yaml")
    assert found.file == str(tmp_path / "town-2022" / "town2022.yaml")


def test_a_year_may_be_passed_over(tmp_path: Path) -> None:
    """Results of 2021 are the baselines of 2023, and the plan says so."""
    made(tmp_path, TOTAL, *monthly("a", *[1] * 12))
    found = carry_over(tmp_path / "town-2021", 2023)
    assert (found.plan.period.start, found.plan.baseline_year) == (date(2023, 1, 1), 2021)


@pytest.mark.parametrize(("period", "year", "start", "base"), [
    ("{start: 2021-07-01, end: 2022-06-30}", None, date(2022, 7, 1), 2021),
    ("{start: 2021-01-01, end: 2025-12-31}", None, date(2026, 1, 1), 2025),
    ("{start: 2021-03-01, end: 2021-08-31}", 2022, date(2022, 3, 1), 2021),
])  # fmt: skip
def test_other_periods(tmp_path: Path, period: str, year: int | None, start: date, base: int) -> None:
    """A working year, a plan for five years, a half-year."""
    made(tmp_path, TOTAL, head=HEAD.replace("period: 2021", f"period: {period}"))
    found = carry_over(tmp_path / "town-2021", year)
    assert (found.plan.period.start, found.plan.baseline_year) == (start, base)


@pytest.mark.parametrize(("period", "year", "said"), [
    ("2021", 2021, "the year must be after 2021"), ("2021", 1999, "the year must be after 2021"),
    ("{start: 2021-01-01, end: 2025-12-31}", 2023, "the plan runs until 2025-12-31; the next one cannot start on 2023-01-01"),
    ("{start: 2021-01-01, end: 2025-12-31}", 9998, "the year must be after 2021"),
])  # fmt: skip
def test_years_that_cannot_be(tmp_path: Path, period: str, year: int, said: str) -> None:
    """The plan still runs, or the calendar ends."""
    made(tmp_path, TOTAL, head=HEAD.replace("period: 2021", f"period: {period}"))
    with pytest.raises(WritingError, match=said):
        carry_over(tmp_path / "town-2021", year)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["town-2021"]


def test_where_the_policy_gives_no_target_the_old_one_stays(tmp_path: Path) -> None:
    """No policy for the measure, or 10 % of nothing: last year's target; where that is passed, the baseline is to be held."""
    head = HEAD.replace("  level: {maintain: true}\n", "")
    body = LEVEL + (
        "  - {id: b, title: B, measure: level, baseline: 1, target: {value: 5, basis: stated}}\n"
        "  - {id: c, title: C, measure: total, baseline: 1, target: {value: 6, basis: stated}}\n"
    )
    rows = [*monthly("a", *[85] * 12), *monthly("b", *[7] * 12), *monthly("c", *[0] * 12)]
    found, text = carried(tmp_path, body, *rows, head=head)
    assert text.count("# 2021: target") == 3
    assert "target: {value: 90%, basis: assumed}\n" in text
    assert "target: {maintain: true, basis: assumed}\n" in text
    assert "target: {value: 6, basis: assumed}\n" in text
    assert matters(found) == ["old_target a", "old_target b", "old_target c"]


def test_a_kpi_that_is_judged_by_growth_needs_no_target(tmp_path: Path) -> None:
    """Under Eurostat's thresholds there was none, and there is none."""
    body = "kpis:\n  - {id: a, title: A, measure: level, direction: increase, baseline: 5, thresholds: eurostat}\n"
    found, _ = carried(tmp_path, body, *monthly("a", *[6] * 12), head=HEAD.replace("  level: {maintain: true}\n", ""))
    assert kpi_of(found.plan, "a").target is None
    assert matters(found) == []


def test_a_course_that_follows_the_base_year_needs_its_figures(tmp_path: Path) -> None:
    """They are not in the new plan, which is said."""
    found, _ = carried(tmp_path, TOTAL + "    profile: baseline-year\n", *monthly("a", *[1] * 12))
    assert matters(found) == ["no_course a"]


@pytest.mark.parametrize(("unit", "before", "values", "written"), [
    ("秒", "3分53秒", [200.5], "3分20.5秒"),
    ("秒", "3m53s", [200], "3m20s"),
    ("秒", "2小时3分", [0], "0秒"),
    ("分钟", "5", [4], "4"),
    ("万元", "4.92亿元", ["1.5亿元"], "15000"),
    ("万元", "5万元", ["1.5亿元"], "15000万元"),
    ("万元", "49200", ["1.5亿元"], "15000"),
    ("个百分点", "3", [2], "2%"),
    ("10 pieces", "5 10 pieces", [4], "4"),
])  # fmt: skip
def test_values_are_spelled_as_the_plan_does(
    tmp_path: Path, unit: str, before: str, values: list[object], written: str
) -> None:
    """Durations in parts, money with its unit, shares with %; a plain number where that would not read the same."""
    body = (
        f'kpis:\n  - {{id: a, title: A, measure: level, unit: "{unit}", direction: increase, baseline: "{before}"}}\n'
    )
    _, text = carried(tmp_path, body, *monthly("a", *values * 12))
    assert f"      value: {written}\n" in text


def test_comments_are_kept(tmp_path: Path) -> None:
    """Above, behind and within what is replaced or taken out; those of facts and amendments stay with them."""
    body = """\
# of the KPIs
kpis:  # all
  # a KPI
  - id: a  # its id
    title: A
    measure: total
    direction: increase
    # where from
    baseline: 100  # printed
    # how much
    target:  # asked for
      # inner
      value: 110  # by council
      basis: stated
    # end
  - {id: b, # in brackets
     title: B, measure: total, direction: increase, baseline: 1}
  - {  # opens
    id: c, title: C, measure: milestone, steps: [{id: s, title: S, due: 2021-05-01}]
    # closes
    }
"""
    _, text = carried(tmp_path, body, *monthly("a", *[1] * 12))
    for comment in ("of the KPIs", "all", "a KPI", "its id", "where from", "printed", "how much", "asked for", "inner", "by council",
                    "end", "in brackets", "opens", "closes"):  # fmt: skip
        assert text.count(f"# {comment}\n") == (comment != "of the KPIs"), comment


def test_a_plan_in_json_stays_in_brackets(tmp_path: Path) -> None:
    """There is no place for comments; aliases are filled in without them."""
    folder = tmp_path / "town-2021"
    folder.mkdir()
    (folder / "plan.yaml").write_text(
        '{"format": "kpi-tracker/v1", "id": "town-2021", "title": "T", "period": "2021", "time_zone": "UTC",\n'
        ' "target_policy": {"total": {"improve": "10%"}}, "facts": [{"id": "f", "title": "F", "notes": &n "N"}], "kpis": [\n'
        ' {"id": "a", "title": "A", "measure": "total", "direction": "increase", "baseline": 5, "notes": *n},\n'
        ' {"id": "b", "title": "B", "measure": "total", "baseline": 5, "target": {"value": 6, "basis": "stated"}}]}\n',
        encoding="utf-8",
    )  # fmt: skip
    (folder / "observations").mkdir()
    rows = "\n".join(["kpi,period,value", *(f"b,2021-{m:02},1" for m in range(1, 13))])
    (folder / "observations" / "all.csv").write_text(rows, encoding="utf-8")
    found = carry_over(folder)
    text = Path(found.file).read_text(encoding="utf-8")
    assert '"notes": &n "N"' in text
    assert kpi_of(found.plan, "b").baseline is not None
    assert "#" not in text


def test_blocks_that_come_back_within_brackets(tmp_path: Path) -> None:
    """What an alias in brackets stood for was a block of a fact."""
    head = (
        HEAD
        + "facts:\n  - id: f\n    title: F\n    source: &s\n      section: |\n        One\n      # why\n      printed: two\n"
    )
    body = "kpis: [{id: a, title: A, measure: total, direction: increase, baseline: 5, source: *s}]\n"
    found, text = carried(tmp_path, body, head=head)
    assert 'source: &s {section: "One\\U0000000A", printed: two}' in text
    source = kpi_of(found.plan, "a").source
    assert source is not None
    assert (source.section, source.printed) == ("One", "two")


def test_a_target_that_comes_back_by_an_alias_is_assumed(tmp_path: Path) -> None:
    """The KPI that had written it has the policy's now; a limit needs it still."""
    body = (
        "kpis:\n  - {id: a, title: A, measure: total, baseline: 1, target: {value: 5, basis: stated, source: &s {section: S}}}\n"
        "  - {id: b, title: B, measure: limit, aggregate: sum, target: {at_most: 1, basis: stated, source: *s}}\n"
    )
    _, text = carried(tmp_path, body, *monthly("a", *[1] * 12))
    assert "target: {at_most: 1, basis: assumed, source: &s {section: S}}" in text


def test_the_shipped_plan_goes_on_year_after_year(tmp_path: Path) -> None:
    """To 2022 with its results, and to 2023 without any: both read without a fault and are in canonical form."""
    before = read_plan(SHIPPED).plan
    assert before is not None
    scorecard = kpi_tracker.check(SHIPPED, as_of=date(2021, 12, 31))
    first = kpi_tracker.carry_over(SHIPPED, 2022, str(tmp_path / "pinghu-2022"), date(2021, 12, 31))
    second = kpi_tracker.carry_over(tmp_path / "pinghu-2022")
    for found in (first, second):
        assert read_plan(found.folder).diagnostics == ()
        assert [path for path, _ in found.plan.walk()] == [path for path, _ in before.walk()]
        assert [item.supports for _, item in found.plan.walk()] == [item.supports for _, item in before.walk()]
        assert run("fmt", "--check", found.folder).code == 0
        assert run("check", found.folder, "--as-of", f"{found.plan.period.start.year}-01-31").code == 3
    for path, item in first.plan.walk():
        if isinstance(item, Kpi) and item.baseline is not None:
            assert item.baseline.value == scorecard.find(path).value  # type: ignore[union-attr]
            assert item.baseline.notes is not None
            assert "示意数据" in item.baseline.notes.zh
    assert sum(item.baseline is not None for _, item in first.plan.walk() if isinstance(item, Kpi)) == 67
    assert second.folder == str(tmp_path / "pinghu-2023")


def test_a_plan_with_faults_is_not_carried_over(tmp_path: Path) -> None:
    """Its faults are told."""
    made(tmp_path, TOTAL.replace("total", "totl"))
    with pytest.raises(WritingError) as caught:
        carry_over(tmp_path / "town-2021")
    assert [fault.code for fault in caught.value.diagnostics] == ["KT204"]


def test_rows_that_cannot_be_read_make_a_result_incomplete(tmp_path: Path) -> None:
    """The plan is carried over, without that baseline; the fault of the data is told."""
    found, _ = carried(tmp_path, TOTAL, *monthly("a", *[1] * 11, "many"))
    assert matters(found) == ["no_baseline a", "old_target a"]
    assert [fault.code for fault in found.diagnostics] == ["KT406"]
    assert str(found.remarks[0].detail.message if found.remarks[0].detail else "") == "rows that could not be read"


def test_what_is_there_is_not_touched(tmp_path: Path) -> None:
    """A folder with something in it, or a file; an empty folder is filled."""
    plan, out = made(tmp_path, TOTAL), tmp_path / "new"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(WritingError, match="is there already"):
        carry_over(plan, out=str(out))
    assert out.read_text(encoding="utf-8") == "mine"
    out.unlink()
    out.mkdir()
    carry_over(plan, out=str(out))
    with pytest.raises(WritingError, match="is there already"):
        carry_over(plan, out=str(out))


@pytest.mark.parametrize("call", ["rename", "fsync", "chmod"])
def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """A full disk, a folder that may not be written."""
    plan = made(tmp_path, TOTAL)

    def failing(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, failing)
    with pytest.raises(WritingError, match="could not be written, and nothing was: no room is left on the disk"):
        carry_over(plan)
    assert [path.name for path in tmp_path.iterdir()] == ["town-2021"]


def test_a_new_plan_that_would_not_read_as_it_should_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should one of our steps fail, its plan is not seen by anybody: broken, or with another result."""
    plan = made(tmp_path, LEVEL, *monthly("a", *[85] * 12))
    write = carryover._write

    def other(old: bytes, new: bytes) -> None:
        monkeypatch.setattr(carryover, "_write", lambda folder, files: write(
            folder, {name: content.replace(old, new) for name, content in files.items()}
        ))  # fmt: skip

    for old, new in (
        (b"time_zone", b"time-zone"),
        (b"85%", b"86%"),
        (b"id: a\n", b"id: b\n"),
        (b"measure: level", b"measure: levl"),
        (b"format: kpi-tracker/v1", b"["),
    ):
        other(old, new)
        with pytest.raises(WritingError, match="could not be made so that it reads as it should"):
            carry_over(plan)
    assert [path.name for path in tmp_path.iterdir()] == ["town-2021"]


def test_the_command_says_what_is_to_be_looked_at(tmp_path: Path) -> None:
    """In both languages, item by item."""
    others = STEPS.replace("id: a", "id: s") + LEVEL.replace("id: a", "id: l")
    rows = [*monthly("a", 1), *monthly("l", *[85] * 12, basis="示意")]
    plan = made(tmp_path, TOTAL + others.replace("kpis:\n", ""), *rows)
    ran = run("carry-over", str(plan), "--year", "2022")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{tmp_path}/town-2022: the plan town-2022 with 0 goals and 3 KPIs, 2 files\n"
        "to be looked at:\n"
        "- no baseline, because the year's result is not known whole; to be filled in (1)\n  figures up to 2021-01-31: a\n"
        "- baseline or steps from figures that are not firm (1)\n  illustrative figures, no real results: l\n"
        "- last year's target, or to hold the baseline, because the policy gives none; to be set (1)\n  a\n"
        "- nothing was reported; all steps go on, a year later (1)\n  s\n"
        f"next: kpi-tracker validate {tmp_path}/town-2022/plan.yaml\n"
    )
    shutil.rmtree(tmp_path / "town-2022")
    ran = run("carry-over", str(plan), "-o", str(tmp_path / "new"), "--as-of", "2021-12-31", "--lang", "zh")
    assert "未写基数，待补（1）\n  数据截至2021-01-31：a\n" in ran.out


def test_the_command_ends_with_3_where_nothing_was_written(tmp_path: Path) -> None:
    """With the reason, and the faults behind it."""
    plan = made(tmp_path, TOTAL.replace("total", "totl") + "facts: []\n")
    ran = run("carry-over", str(plan))
    assert (ran.code, ran.out) == (3, "")
    assert "KT204" in ran.err
    assert "the plan has an error; nothing is carried over before it is mended" in ran.err
    assert run("carry-over", str(plan), "--year", "next").code == 2


def test_facts_are_counted(tmp_path: Path) -> None:
    """How many are left behind is said."""
    plan = made(tmp_path, TOTAL + "facts:\n  - {id: f, title: F}\n", *monthly("a", *[1] * 12))
    ran = run("carry-over", str(plan))
    assert "left behind: 1 fact of the year before\n" in ran.out
    assert "to be looked at" not in ran.out
