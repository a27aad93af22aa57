"""The plan in goals/: every figure of its source once, both languages throughout, every status in the demonstration."""

import csv
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import kpi_tracker
from kpi_tracker.model.goal import Goal
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.scorecard import GoalScore
from kpi_tracker.model.target import Baseline, Source

REPOSITORY = Path(__file__).resolve().parents[1]
PLAN = REPOSITORY / "goals" / "pinghu-2021"
SCHEMA = REPOSITORY / "docs" / "schema" / "kpi-tracker-v1.schema.json"
AS_OF = date(2021, 9, 30)
YAML_FILES = sorted(PLAN.rglob("*.yaml"))
CSV_FILES = sorted((PLAN / "observations").glob("*.csv"))
HAN = re.compile(r"[\u4e00-\u9fff]")


class Figure(NamedTuple):
    """A figure as the source prints it; `value` is in the printed unit, None where it only names something."""

    section: str
    printed: str
    value: float | str | None
    unit: str = ""


FIGURES = (
    Figure("卷首·寄语", "省放心市场建设成绩突出市", None),
    Figure("卷首·寄语", "省放心农贸市场建设成绩突出单位", None),
    Figure("卷首·寄语", "省市场监管局综合绩效考评优秀单位", None),
    Figure("卷首·导语", "四大工程", 4, "大工程"),
    Figure("卷首·导语", "50200", None),
    Figure("卷首·导语", "3+N", None),
    Figure("卷首·导语", "35项", 35, "项"),
    Figure("卷首·导语", "23项", 23, "项"),
    Figure("看点·抗疫复产", "120万件", 120, "万件"),
    Figure("看点·抗疫复产", "700万美金", 700, "万美金"),
    Figure("看点·抗疫复产", "30余家", 30, "家"),
    Figure("盘点·抗疫复产", "200余名", 200, "名"),
    Figure("盘点·抗疫复产", "1700家次", 1700, "家次"),
    Figure("盘点·抗疫复产", "10494户", 10494, "户"),
    Figure("盘点·抗疫复产", "4962家", 4962, "家"),
    Figure("盘点·抗疫复产", "2400家", 2400, "家"),
    Figure("盘点·抗疫复产", "嘉兴市率先", None),
    Figure("盘点·抗疫复产", "113起", 113, "起"),
    Figure("盘点·抗疫复产", "14起", 14, "起"),
    Figure("盘点·抗疫复产", "万余家", 1, "万家"),
    Figure("盘点·抗疫复产", "18条", 18, "条"),
    Figure("盘点·抗疫复产", "3万多户", 3, "万户"),
    Figure("盘点·抗疫复产", "27312户", 27312, "户"),
    Figure("盘点·抗疫复产", "5家", 5, "家"),
    Figure("盘点·抗疫复产", "2340户", 2340, "户"),
    Figure("盘点·抗疫复产", "155家次", 155, "家次"),
    Figure("盘点·抗疫复产", "30亿元", 30, "亿元"),
    Figure("盘点·抗疫复产", "253.76万元", 253.76, "万元"),
    Figure("盘点·抗疫复产", "首场", 1, "场"),
    Figure("盘点·抗疫复产", "97家", 97, "家"),
    Figure("看点·深化改革", "首张", 1, "张"),
    Figure("看点·深化改革", "30项", 30, "项"),
    Figure("盘点·深化改革", "11月份", None),
    Figure("盘点·深化改革", "8715户", 8715, "户"),
    Figure("盘点·深化改革", "16.71%", 16.71, "%"),
    Figure("盘点·深化改革", "60259户", 60259, "户"),
    Figure("盘点·深化改革", "18255户", 18255, "户"),
    Figure("盘点·深化改革", "479户", 479, "户"),
    Figure("盘点·深化改革", "41525户", 41525, "户"),
    Figure("盘点·深化改革", "30368件", 30368, "件"),
    Figure("盘点·深化改革", "3分53秒", 3 * 60 + 53, "秒"),
    Figure("盘点·深化改革", "1分06秒", 66, "秒"),
    Figure("盘点·深化改革", "107项", 107, "项"),
    Figure("盘点·深化改革", "1341人", 1341, "人"),
    Figure("盘点·深化改革", "16562次", 16562, "次"),
    Figure("盘点·深化改革", "24.63%", 24.63, "%"),
    Figure("盘点·深化改革", "82.41%", 82.41, "%"),
    Figure("盘点·深化改革", "第10位", 10, "位"),
    Figure("盘点·深化改革", "615家", 615, "家"),
    Figure("盘点·深化改革", "1475家", 1475, "家"),
    Figure("看点·服务赋能", "第51个", 51, "届"),
    Figure("看点·服务赋能", "9月26日", None),
    Figure("盘点·服务赋能", "5063户", 5063, "户"),
    Figure("盘点·服务赋能", "6197.6万元", 6197.6, "万元"),
    Figure("盘点·服务赋能", "2个", 2, "个"),
    Figure("盘点·服务赋能", "4个", 4, "个"),
    Figure("盘点·服务赋能", "A级等次", "A", "等次"),
    Figure("盘点·服务赋能", "3家", 3, "家"),
    Figure("盘点·服务赋能", "6家", 6, "家"),
    Figure("盘点·服务赋能", "1家", 1, "家"),
    Figure("盘点·服务赋能", "全省小微企业培训发展工作专题培训班", None),
    Figure("盘点·服务赋能", "国家知识产权强县工程示范县（市、区）", None),
    Figure("盘点·服务赋能", "省商标品牌战略示范县（市、区）", None),
    Figure("盘点·服务赋能", "40.3", 40.3, "件/万人"),
    Figure("盘点·服务赋能", "21件", 21, "件"),
    Figure("盘点·服务赋能", "4.92亿元", 4.92, "亿元"),
    Figure("盘点·服务赋能", "2.32亿元", 2.32, "亿元"),
    Figure("盘点·服务赋能", "973项", 973, "项"),
    Figure("盘点·服务赋能", "3个镇", 3, "个"),
    Figure("看点·聚焦民生", "12月4日", None),
    Figure("盘点·聚焦民生", "4632家", 4632, "家"),
    Figure("盘点·聚焦民生", "1160家", 1160, "家"),
    Figure("盘点·聚焦民生", "2个", 2, "个"),
    Figure("盘点·聚焦民生", "嘉兴第一", 1, "位"),
    Figure("盘点·聚焦民生", "11月11日", None),
    Figure("盘点·聚焦民生", "15家", 15, "家"),
    Figure("盘点·聚焦民生", "24家", 24, "家"),
    Figure("盘点·聚焦民生", "2家", 2, "家"),
    Figure("盘点·聚焦民生", "1家", 1, "家"),
    Figure("盘点·聚焦民生", "5家", 5, "家"),
    Figure("盘点·聚焦民生", "84.6%", 84.6, "%"),
    Figure("盘点·聚焦民生", "6家", 6, "家"),
    Figure("盘点·聚焦民生", "3700多家", 3700, "家"),
    Figure("盘点·聚焦民生", "3万余张", 3, "万张"),
    Figure("盘点·聚焦民生", "7家", 7, "家"),
    Figure("看点·强化监管", "57名", 57, "名"),
    Figure("看点·强化监管", "5月20日14时持续至次日13时", 23, "小时"),
    Figure("看点·强化监管", "9.1万件", 9.1, "万件"),
    Figure("盘点·强化监管", "2028件", 2028, "件"),
    Figure("盘点·强化监管", "969件", 969, "件"),
    Figure("盘点·强化监管", "303.18万元", 303.18, "万元"),
    Figure("盘点·强化监管", "零事故", 0, "起"),
    Figure("盘点·强化监管", "亮剑2020", None),
    Figure("盘点·强化监管", "1128起", 1128, "起"),
    Figure("盘点·强化监管", "168起", 168, "起"),
    Figure("盘点·强化监管", "739.94万元", 739.94, "万元"),
    Figure("盘点·强化监管", "29件", 29, "件"),
    Figure("盘点·强化监管", "嘉兴前列", None),
    Figure("盘点·强化监管", "39件", 39, "件"),
    Figure("盘点·强化监管", "32件", 32, "件"),
    Figure("盘点·强化监管", "25件", 25, "件"),
)
SCORED_KINDS = ("focus_area", "service_action", "safety_field")
EVERY_STATUS = {
    "pending", "no_data", "breached", "achieved", "missed", "stale", "regressing", "ahead", "on_track", "at_risk",
    "lagging", "exempt",
}  # fmt: skip


class Recorded(NamedTuple):
    """A figure as the plan holds it, read by the library: a KPI's baseline or a fact."""

    value: float | str | None
    unit: str
    approximate: bool
    year: int


def mappings(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping of a YAML document."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from mappings(value)
    elif isinstance(node, list):
        for value in node:
            yield from mappings(value)


DOCUMENTS = {file.relative_to(PLAN).as_posix(): yaml.safe_load(file.read_text("utf-8")) for file in YAML_FILES}
MAPPINGS = [mapping for document in DOCUMENTS.values() for mapping in mappings(document)]
GOALS = [m for m in MAPPINGS if "id" in m and "title" in m and "measure" not in m and m.get("kind")]
KPIS = [m for m in MAPPINGS if "measure" in m]


def rows() -> Iterator[dict[str, str]]:
    """Yield every observation that ships with the plan."""
    for file in CSV_FILES:
        with file.open(encoding="utf-8", newline="") as stream:
            yield from csv.DictReader(stream)


@pytest.fixture(scope="module")
def plan() -> kpi_tracker.Plan:
    """Return the shipped plan."""
    return kpi_tracker.load_plan(PLAN)


@pytest.fixture(scope="module")
def scorecard() -> kpi_tracker.Scorecard:
    """Return the shipped plan scored on the day of the demonstration."""
    return kpi_tracker.check(PLAN, as_of=AS_OF)


@pytest.fixture(scope="module")
def recorded(plan: kpi_tracker.Plan) -> dict[tuple[str, str], Recorded]:
    """Return every figure with a printed source, by section and figure."""
    found: dict[tuple[str, str], Recorded] = {}
    facts = list(plan.facts)
    for _, item in plan.walk():
        if isinstance(item, Goal):
            facts += item.facts
        elif (base := item.baseline) is not None and base.source is not None:
            year = base.year or plan.baseline_year
            found[place(base.source)] = Recorded(base.value, item.unit.text.zh, base.approximate, year)
    for fact in facts:
        year = fact.year or plan.baseline_year
        found[place(fact.source)] = Recorded(fact.value, fact.unit.text.zh, fact.approximate, year)
    return found


def place(source: Source | None) -> tuple[str, str]:
    """Return the section and the figure as printed; a figure without them is a fault of the plan."""
    assert source is not None
    assert source.printed
    return source.section, source.printed


def test_every_figure_stands_exactly_once() -> None:
    """No figure of the source is missing, stands twice or was made up: the printed ones are those listed above."""
    sources = [m["source"] for m in MAPPINGS if isinstance(m.get("source"), dict)]
    printed = Counter((source["section"], source["printed"]) for source in sources if "printed" in source)
    assert printed == Counter((figure.section, figure.printed) for figure in FIGURES)
    assert set(printed.values()) == {1}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure.section}-{figure.printed}")
def test_figure_is_recorded_with_its_value(figure: Figure, recorded: dict[tuple[str, str], Recorded]) -> None:
    """A figure is held for 2020 in its printed unit, and is approximate where the source says “more than”."""
    vague = "多" in figure.printed or "余" in figure.printed
    assert recorded[figure.section, figure.printed] == Recorded(figure.value, figure.unit, vague, 2020)


def test_facts_and_baselines_hold_nothing_else() -> None:
    """Every baseline and every fact is a figure of the source, so none was slipped in without its place."""
    facts = [fact for m in MAPPINGS for fact in m.get("facts", ())]
    baselines = [m["baseline"] for m in KPIS if "baseline" in m]
    assert len(facts) + len(baselines) == len(FIGURES)


def test_parts_add_up(plan: kpi_tracker.Plan) -> None:
    """Companies, cooperatives and households make the whole register, as they do in the source."""
    parts = ("companies-on-register", "cooperatives-on-register", "households-on-register")
    assert sum(float(_baseline(plan, part).value) for part in parts) == 60259


def _baseline(plan: kpi_tracker.Plan, name: str) -> Baseline:
    item = plan.find(name)[1]
    assert isinstance(item, Kpi)
    assert item.baseline is not None
    return item.baseline


def test_second_base_year_follows_from_the_printed_growth(plan: kpi_tracker.Plan) -> None:
    """The only figure of 2019 is worked out from 8,715 and 16.71 %."""
    compared = [m["baseline"]["abnormal"]["compare"] for m in KPIS if "compare" in _abnormal(m)]
    assert compared == [{"year": 2019, "value": round(8715 / 1.1671)}]
    assert _baseline(plan, "new-entities").notes is not None


def _abnormal(kpi: dict[str, Any]) -> dict[str, Any]:
    baseline = kpi.get("baseline")
    return baseline.get("abnormal", {}) if isinstance(baseline, dict) else {}


@pytest.mark.parametrize(
    ("kind", "count"),
    [("guideline", 3), ("breakthrough", 4), ("focus_area", 5), ("service_action", 6), ("safety_field", 4)],
)
def test_plan_holds_and_declares_its_structure(kind: str, count: int, plan: kpi_tracker.Plan) -> None:
    """Three guidelines, four breakthroughs, five focus areas, six service actions, four safety fields."""
    assert [goal["kind"] for goal in GOALS].count(kind) == count
    assert plan.kinds[kind].count == count


@pytest.mark.parametrize("kind", ["guideline", "breakthrough"])
def test_guidelines_and_breakthroughs_score_over_supporters(kind: str, scorecard: kpi_tracker.Scorecard) -> None:
    """They own no KPI, and each is supported from the focus areas and has a score."""
    found = [(score, score.goal) for score in scorecard.goals if score.goal is not None and score.goal.kind == kind]
    assert found
    for score, goal in found:
        assert not goal.kpis
        assert not goal.goals
        assert score.shares
        assert all(share.support for share in score.shares)
        assert score.attainment is not None


def test_undertakings_have_kpis(plan: kpi_tracker.Plan) -> None:
    """Nothing that the source names is left without a KPI."""
    kpis = [path for path, item in plan.walk() if isinstance(item, Kpi)]
    named = [path for path, item in plan.walk() if item.kind in ("undertaking", *SCORED_KINDS)]
    assert named
    for path in named:
        assert any(kpi.startswith(path + "/") for kpi in kpis), path


def test_safety_fields_allow_no_accident(plan: kpi_tracker.Plan) -> None:
    """Each of the four fields has a limit of no accident that vetoes everything above it."""
    fields = [item for _, item in plan.walk() if isinstance(item, Goal) and item.kind == "safety_field"]
    assert len(fields) == 4
    for goal in fields:
        targets = [(kpi.target, kpi.veto) for kpi in goal.kpis if kpi.measure == "limit"]
        assert [(target and (target.value, target.basis), veto) for target, veto in targets] == [((0, "derived"), True)]


def test_every_measure_is_used(plan: kpi_tracker.Plan) -> None:
    """The plan shows all that the format can measure."""
    used = {item.measure.value for _, item in plan.walk() if isinstance(item, Kpi)}
    assert used == {"total", "level", "rate", "limit", "milestone", "grade"}
    assert any(kpi.get("binding") for kpi in KPIS)


def test_no_target_is_presented_as_the_source_s() -> None:
    """The source prints no figure for 2021: nothing is `stated`, and what is derived names the place and the reason."""
    targets = [kpi["target"] for kpi in KPIS if "target" in kpi]
    assert {target["basis"] for target in targets} == {"derived", "assumed"}
    for target in targets:
        if target["basis"] == "derived":
            assert target["source"]["section"].startswith("规划·")
            assert target["notes"]


def test_milestones_say_that_their_steps_are_assumed() -> None:
    """The source gives no steps and no dates."""
    for kpi in KPIS:
        if kpi["measure"] == "milestone":
            assert "假定" in kpi["notes"]["zh"], kpi["id"]


def test_invented_exemption_says_so() -> None:
    """The one exemption is named an illustration in both languages."""
    reasons = [m["exempt"]["reason"] for m in MAPPINGS if "exempt" in m]
    assert len(reasons) == 1
    assert reasons[0]["zh"].startswith("示意")
    assert reasons[0]["en"].startswith("Illustration")


@pytest.mark.parametrize("key", ["title", "unit", "owner", "notes", "reason"])
def test_texts_are_in_both_languages(key: str) -> None:
    """Every text has Chinese words and English ones, neither standing in for the other; % alone needs no words."""
    texts = [(m.get("id", ""), m[key]) for m in MAPPINGS if key in m]
    assert texts
    for name, text in texts:
        if key == "unit" and text == "%":
            continue
        assert isinstance(text, dict), (name, text)
        assert set(text) == {"zh", "en"}, (name, text)
        assert HAN.search(text["zh"]), (name, text)
        assert text["en"].strip(), (name, text)
        assert not HAN.search(text["en"]), (name, text)


def test_items_have_owners() -> None:
    """Every goal of a kind and every KPI names who answers for it."""
    for item in (*GOALS, *KPIS):
        assert "owner" in item, item["id"]


@pytest.mark.parametrize("file", YAML_FILES, ids=lambda file: file.relative_to(PLAN).as_posix())
def test_yaml_files_name_the_published_schema(file: Path) -> None:
    """The first line leads an editor to the schema in docs/, and the file states the format that it is in."""
    first = file.read_text("utf-8").splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match
    assert (file.parent / match[1]).resolve() == SCHEMA
    assert SCHEMA.is_file()
    assert DOCUMENTS[file.relative_to(PLAN).as_posix()]["format"] == "kpi-tracker/v1"


def test_observations_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    """The script writes the very files that ship, from the plan beside it and nothing else."""
    copy = tmp_path / "pinghu-2021"
    shutil.copytree(PLAN, copy)
    for file in (copy / "observations").iterdir():
        file.unlink()
    subprocess.run([sys.executable, copy / "make_observations.py"], check=True, cwd=tmp_path)
    made = {file.name: file.read_bytes() for file in (copy / "observations").iterdir()}
    assert made == {file.name: file.read_bytes() for file in CSV_FILES}


def test_every_observation_is_illustrative() -> None:
    """Nothing passes for a result: every row says that it is illustrative, in both of its columns for that."""
    assert {(row["basis"], row["source"]) for row in rows()} == {("illustrative", "示意数据")}


def test_corrections_are_recorded_later() -> None:
    """Some months have two figures, the later of them a correction with a note."""
    reported: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows():
        reported.setdefault((row["kpi"], row["period"]), []).append(row)
    corrected = [pair for pair in reported.values() if len(pair) > 1]
    assert len(corrected) == 5
    for first, second in corrected:
        assert first["recorded_at"] < second["recorded_at"]
        assert first["value"] != second["value"]
        assert second["note"]
        assert not first["note"]


def test_plan_and_observations_are_read_without_a_fault(scorecard: kpi_tracker.Scorecard) -> None:
    """The shipped example is clean."""
    assert scorecard.diagnostics == ()


def test_every_status_occurs(scorecard: kpi_tracker.Scorecard) -> None:
    """The demonstration shows every status that a KPI can have."""
    assert {score.status.value for score in scorecard.kpis} == EVERY_STATUS


@pytest.mark.parametrize(
    ("status", "kpis"),
    [
        ("pending", {"quality-work-grade", "mayor-quality-award"}),
        ("no_data", {"business-closing-index"}),
        ("breached", {"overdue-complaints"}),
        ("achieved", {"business-opening-index", "trusted-districts", "three-star-markets", "centenary-activities"}),
        ("missed", {"annual-report-rank"}),
        ("stale", {"trademark-pledges"}),
        ("regressing", {"starred-market-share"}),
        (
            "lagging",
            {
                "ip-vitality-index", "metrology-services", "pct-applications", "trusted-kitchens",
                "new-night-pharmacies", "licences-revoked",
            },
        ),
        ("exempt", {"pinzibiao-agri"}),
    ],
)  # fmt: skip
def test_scenario_is_what_the_script_says(status: str, kpis: set[str], scorecard: kpi_tracker.Scorecard) -> None:
    """The KPIs that the script's opening lines name have the status that they say."""
    assert {score.id for score in scorecard.kpis if score.status.value == status} == kpis
    said = (PLAN / "make_observations.py").read_text("utf-8").split('"""')[1]
    assert all(name in said for name in kpis)


def test_demonstration_looks_like_an_ordinary_office(scorecard: kpi_tracker.Scorecard) -> None:
    """Most KPIs go well, some lag, coverage is above the floor, and no veto takes the whole plan down."""
    well = [score for score in scorecard.kpis if score.status.value in ("ahead", "on_track", "at_risk", "achieved")]
    assert 60 <= len(scorecard.kpis) <= 90
    assert len(well) > 0.8 * len(scorecard.kpis)
    assert 8 <= len(scorecard.lagging) <= 12
    top = scorecard.top
    assert isinstance(top, GoalScore)
    assert top.coverage is not None
    assert top.coverage > 0.9
    assert top.status.value in ("on_track", "at_risk")
    assert top.veto == ()
    assert scorecard.illustrative


@pytest.mark.parametrize("month", range(1, 13))
def test_whole_year_can_be_replayed(month: int) -> None:
    """Every month's end of the scenario is scored without a fault."""
    following = date(2021 + month // 12, month % 12 + 1, 1)
    scored = kpi_tracker.check(PLAN, as_of=date.fromordinal(following.toordinal() - 1))
    assert scored.diagnostics == ()
    assert scored.top.attainment is not None
    assert len(scored.kpis) == len(KPIS)
