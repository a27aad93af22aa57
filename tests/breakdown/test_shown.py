"""What is shown of parts: the cut by a dimension, the JSON, the explanation, and what history keeps."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from kpi_tracker.cut import cut_by, dimension_called
from kpi_tracker.explanation import explain
from kpi_tracker.history.memory import recalled, remembered
from kpi_tracker.language import language
from kpi_tracker.model.breakdown import Breakdown, OwnPlan
from kpi_tracker.model.measure import Adds, Measure, Status
from kpi_tracker.model.observation import Observation
from kpi_tracker.model.scorecard import KpiScore, Scorecard
from kpi_tracker.model.target import Baseline
from kpi_tracker.pipeline import check
from kpi_tracker.reporting.explained import write_explanation
from kpi_tracker.reporting.jsonfile import to_dict, to_json
from kpi_tracker.reporting.parts import part_remarks
from kpi_tracker.reporting.scorecard_schema import scorecard_schema
from kpi_tracker.reporting.textreport import write_report
from tests.breakdown.made import by, city, part, rows, scored, whole
from tests.builders import kpi, score_of, steps
from tests.cli.running import run

PLAN = Path(__file__).parents[1] / "plans" / "positive" / "breakdowns"
JAN = "2021-01-31"


@pytest.fixture(scope="module")
def card() -> Scorecard:
    """Return the scorecard of the example plan, in the middle of April."""
    return check(PLAN, date(2021, 4, 12))


def report(card: Scorecard, by: str, lang: str = "en", quiet: bool = False) -> str:
    """Return the report of a card, cut."""
    out = StringIO()
    write_report(card, out, lang, quiet, by=by)
    return out.getvalue()


def test_a_cut_has_every_member_with_its_part_of_every_kpi(card: Scorecard) -> None:
    """In the order of the dimension and of the plan, with counts, and who has not reported what."""
    cut = cut_by(card, "district")
    assert [one.member.id for one in cut.members] == ["danghu", "zhongdai", "zhapu"]
    assert [kpi.id for kpi in cut.kpis] == ["entities", "cases", "in-time", "fines"]
    danghu, zhongdai, zhapu = cut.members
    assert [standing.part.score.value for standing in danghu.standings] == [163.0, 33.0, 98.2, 8.33]
    assert [standing.whole.id for standing in zhongdai.unreported] == ["cases", "in-time"]
    assert zhapu.counts == {Status.LAGGING: 1, Status.STALE: 1, Status.UNKNOWN: 2}
    assert next(iter(zhapu.counts)) is Status.LAGGING


@pytest.mark.parametrize("name", ["district", "District", "镇街", "DISTRICT"])
def test_a_dimension_goes_by_id_and_title(card: Scorecard, name: str) -> None:
    """Whatever the column may be called."""
    found = dimension_called(card, name)
    assert found is not None
    assert found.id == "district"


def test_what_is_no_dimension_cannot_cut(card: Scorecard) -> None:
    """An error, no empty table."""
    with pytest.raises(KeyError, match="unit"):
        cut_by(card, "unit")


def test_a_member_is_behind_where_others_have_reported() -> None:
    """Not overdue yet, but awaited; an optional one never is."""
    for optional, expected in (("", ["port"]), ("port", [])):
        one = city(kpi("k", t=100, breakdown=by()), optional=optional)
        cut = cut_by(scored(one, rows("k", JAN, 1, 2), "2021-02-01"), "town")
        assert [member.member.id for member in cut.members if member.unreported] == expected
    level = city(kpi("k", t=100, breakdown=by(Adds.NONE)))
    given = [*rows("k", JAN, 1, 2, 3), *rows("k", "2021-02-28", 1, 2), whole("k", "2021-02-28", 9)]
    cut = cut_by(scored(level, given, "2021-03-01"), "town")
    assert [member.member.id for member in cut.members if member.unreported] == ["port"]


@pytest.mark.parametrize("width", ["140", "70"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_is_cut(card: Scorecard, lang: str, width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A section for each member in place of the branches, wide or narrow, in both languages."""
    monkeypatch.setenv("COLUMNS", width)
    text = report(card, "district", lang)
    title = {"en": "Zhapu", "zh": "乍浦镇"}[lang]
    section = text[text.index(f"\n{title}") :]
    assert {"en": "lagging 1", "zh": "滞后 1"}[lang] in section
    assert "15.7%" in section
    assert "16.2%" in section
    assert "−14.5%" in section
    assert {"en": "not reported: Cases closed, Cases closed in time", "zh": "未报：办结案件、案件按期办结率"}[
        lang
    ] in text
    assert {"en": "Danghu office", "zh": "当湖街道办事处"}[lang] in text


def test_a_quiet_cut_shows_what_calls_for_a_word(card: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lags and what is not reported."""
    monkeypatch.setenv("COLUMNS", "140")
    text = report(card, "district", quiet=True)
    assert "Fines" not in text.partition("KPIs whose data")[0]
    assert "47 entities" in text
    calm = check(PLAN, date(2021, 2, 5)).only("fines")
    assert "Danghu" not in report(calm, "district", quiet=True).partition("fault")[0]


def test_a_dimension_that_nothing_is_taken_apart_by_says_so() -> None:
    """No silence."""
    assert "No KPI is taken apart by it." in report(
        scored(city(kpi("k", t=1)), [whole("k", JAN, 1)], "2021-02-01"), "town"
    )


def test_a_change_against_a_zero_base_is_in_units() -> None:
    """There is no percentage of nothing."""
    one = city(kpi("k", t=100, breakdown=by(Adds.SUM, OwnPlan("east", baseline=Baseline(0.0)))))
    assert "+5" in report(scored(one, rows("k", JAN, 5, 1, 1), "2021-02-01"), "town")


def test_json_has_parts_gaps_and_the_cut(card: Scorecard) -> None:
    """As its schema says; without a breakdown and without --by the document is what it was."""
    document = to_dict(card, by="镇街")
    jsonschema.Draft7Validator(scorecard_schema()).validate(json.loads(to_json(card, by="镇街")))
    entities, cases = document["kpis"][:2]
    assert [part["member"] for part in entities["parts"]] == ["danghu", "zhongdai", "zhapu"]
    assert entities["parts"][2]["status"] == "lagging"
    assert entities["parts"][2]["share"] == pytest.approx(47 / 290)
    assert cases["discrepancies"][0]["difference"] == 1.0
    assert cases["discrepancies"][0]["line"] == 17
    assert cases["unreported"] == [{"dimension": "district", "date": "2021-03-31", "members": ["zhongdai"]}]
    assert document["by"]["kpis"] == ["entities", "cases", "in-time", "fines"]
    assert document["members"][1]["unreported"] == ["cases", "in-time"]
    assert document["members"][0]["counts"] == {"stale": 1, "unknown": 2, "on_track": 1}
    assert "by" not in to_dict(card)
    plain = to_dict(scored(city(kpi("k", t=1)), [whole("k", JAN, 1)], "2021-02-01"))
    assert {"parts", "discrepancies", "unreported"}.isdisjoint(plain["kpis"][0])


def explained(card: Scorecard, name: str, lang: str = "en") -> str:
    """Return an explanation as text."""
    out = StringIO()
    write_explanation(explain(card, name), card, out, lang)
    return out.getvalue()


def test_explain_shows_the_parts_that_make_the_total(card: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its file and line, whatever it counts for, and what does not add up."""
    monkeypatch.setenv("COLUMNS", "200")
    text = explained(card, "cases")
    assert "total of 2021-02-28: 21 cases, but its parts make 20 cases (+1 cases)" in text
    assert "no total for 2021-03-31: not reported by Zhongdai" in text
    assert "Parts by District: the total is their sum" in text
    assert "observations/2021.csv:12:1" in text
    assert "Σ district: danghu 10 · zhongdai 6 · zhapu 4" in text
    assert "按镇街的分项：总数为各分项的平均" in explained(card, "in-time", "zh")


def test_explain_of_steps_and_of_what_was_corrected() -> None:
    """Steps in words; a row that another replaces."""
    given = [*rows("k", JAN, 1, 2, 3), part("k", JAN, "east", 4, "2021-02-03")]
    text = explained(scored(city(kpi("k", t=9, breakdown=by())), given, "2021-02-05"), "k")
    assert "superseded" in text
    road = kpi("k", Measure.MILESTONE, steps=steps(("2021-03-01", 1)), breakdown=by(Adds.NONE))
    done: list[Observation] = [part("k", JAN, "east", ("s1",)), part("k", JAN, "west", ())]
    text = explained(scored(city(road), done, "2021-02-05"), "k")
    assert "s1" in text
    assert "they are not added up" in text


def test_explain_is_silent_about_parts_that_there_are_not() -> None:
    """A breakdown by a dimension that could not be read, beside one that could."""
    one = city(kpi("k", t=9, breakdown=(Breakdown("gone", Adds.SUM), *by())))
    text = explained(scored(one, rows("k", JAN, 1, 2, 3), "2021-02-05"), "k")
    assert text.count("Parts by") == 1


def test_remarks_are_cut_where_there_are_many() -> None:
    """Three dates of each kind, and how many more."""
    one = city(kpi("k", t=9, breakdown=by()))
    days = [f"2021-0{i}-28" for i in range(1, 7)]
    given = [row for when in days for row in (*rows("k", when, 1, 2, 3), whole("k", when, 7))]
    told = part_remarks(score_of(scored(one, given, "2021-07-01"), "k"), language("en"))
    assert told[0] == "total of 2021-01-28: 7, but its parts make 6 (+1)"
    assert told[3:] == ["and 3 more dates"]
    assert part_remarks(score_of(scored(one, given[:-1], "2021-07-01"), "k"), language("en"))[3:] == [
        "and 2 more dates"
    ]


def test_history_keeps_that_a_total_did_not_add_up(card: Scorecard) -> None:
    """Not the parts; but a data problem stays one, and the plan with its breakdowns can be read back."""
    memory = remembered(card)
    back = recalled(memory, card.as_of, None)
    cases = back.find("cases")
    assert isinstance(cases, KpiScore)
    assert cases.discrepancies == score_of(card, "cases").discrepancies
    assert cases.kpi.breakdown == score_of(card, "cases").kpi.breakdown
    assert cases.parts == ()
    assert back.plan.dimensions == card.plan.dimensions
    assert back.illustrative


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--by", "distric"),
            "there is no dimension “distric” in this plan; there are: district; did you mean “district”?",
        ),
        (("--by", "district", "--format", "csv"), "it goes with one PLAN, and with the report or JSON"),
        (("--by", "district", "--plugin-codes"), "it goes with one PLAN, and with the report or JSON"),
        ((str(PLAN.parent / "smallest"), "--by", "district"), "it goes with one PLAN, and with the report or JSON"),
    ],
)
def test_a_cut_that_cannot_be_is_a_wrong_use(arguments: tuple[str, ...], told: str) -> None:
    """Exit code 2, and what would do."""
    done = run("check", str(PLAN), "--as-of", "2021-04-12", *arguments)
    assert done.code == 2
    assert told in " ".join(done.err.split())


def test_a_plan_without_dimensions_says_so() -> None:
    """Nothing to choose from."""
    done = run("check", str(PLAN.parent / "smallest"), "--by", "district")
    assert done.code == 2
    assert "this plan declares no dimensions" in " ".join(done.err.split())


def test_check_by_a_dimension_from_the_command_line() -> None:
    """The report and the JSON are cut; the exit code is that of the check."""
    done = run("check", str(PLAN), "--as-of", "2021-04-12", "--by", "district", "--only", "entities")
    assert "By District" in done.out
    assert "Cases closed" not in done.out
    found = json.loads(run("check", str(PLAN), "--as-of", "2021-04-12", "--by", "district", "--format", "json").out)
    assert found["by"]["dimension"] == "district"
