"""Write the illustrative observations of 2021: ``python goals/pinghu-2021/make_observations.py``.

The source holds no results for 2021. What is written here is made up from the baselines of 2020 and a scenario; every
row says so (basis ``illustrative``, source 示意数据), and every run writes the same bytes.

The scenario is an ordinary office on 2021-09-30: most of the work goes as planned, and every status occurs:

- ``pending``: quality-work-grade and mayor-quality-award are yearly; nothing is due before the new year
- ``no_data``: business-closing-index has never been reported
- ``breached``: overdue-complaints goes past its ceiling in August. It is an ordinary limit on purpose: a breach of one
  of the four safety limits (veto) would make everything above it breached, and the whole plan with it
- ``achieved``: business-opening-index, trusted-districts, three-star-markets, centenary-activities
- ``missed``: annual-report-rank ended on 30 June on place 7, short of place 5
- ``stale``: trademark-pledges stops after June
- ``regressing``: starred-market-share falls below its baseline
- ``lagging``: ip-vitality-index, metrology-services, pct-applications, trusted-kitchens, new-night-pharmacies,
  licences-revoked
- ``exempt``: pinzibiao-agri is exempt in the plan and has no rows
- ``ahead``, ``on_track``, ``at_risk``: the others
"""

import csv
import io
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
YEAR = 2021
SEED = "pinghu-msa-2021"
COLUMNS = ("kpi", "period", "value", "recorded_at", "source", "basis", "note")
SOURCE = "示意数据"
MONTHS = range(1, 13)
MONTHS_IN = {"monthly": 1, "quarterly": 3, "yearly": 12}
DECIMALS = {"亿元": 2, "万元": 2, "%": 2, "件/万人": 1}
# How often a value or a period is written in each of the ways that people write them.
IN_WORDS, SEPARATED, IN_YI, BARE = 0.2, 0.6, 0.7, 0.85


@dataclass(frozen=True)
class Amounts:
    """Monthly amounts that add up to these multiples of the baseline by the end of September and of the year."""

    september: float
    december: float
    months: int = 12


@dataclass(frozen=True)
class Level:
    """A state that moves from its baseline by these shares of it until the end of September and of the year."""

    september: float
    december: float


@dataclass(frozen=True)
class Written:
    """Values as they are written, one a month or one a quarter; shorter where figures stop."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Steps:
    """A milestone's steps: done shortly before they are due unless a date is given here."""

    done: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Silent:
    """No figures at all."""


Course = Amounts | Level | Written | Steps | Silent


def _counts(*numbers: int) -> Written:
    return Written(tuple(str(number) for number in numbers))


SCENARIO: dict[str, Course] = {
    # 首位战略
    "business-opening-index": Written(("2", "2", "1", "1")),
    "business-closing-index": Silent(),
    "ip-vitality-index": Written(("3", "2", "2", "2")),
    "one-trip-permits": Amounts(0.735, 0.985),
    "company-setup-time": Written((
        "3分52秒", "3分50秒", "3分50秒", "3分46秒", "3分41秒", "3分38秒", "3分35秒", "3分29秒", "3分24秒", "3分24秒",
        "3分21秒", "3分19秒",
    )),
    "household-setup-time": Written((
        "1分06秒", "66", "1分05秒", "1分05秒", "1分04秒", "1分04秒", "64秒", "1分03秒", "1分02秒", "1分02秒", "1分01秒",
        "1分01秒",
    )),
    "licence-separation-list": Written(("107", "109", "110项", "112")),
    "new-entities": Amounts(0.88, 1.16),
    "companies-on-register": Level(0.042, 0.056),
    "cooperatives-on-register": Level(0.006, 0.008),
    "households-on-register": Level(0.037, 0.05),
    "one-net-services": Written(("30", "30", "30", "31", "31", "31", "31", "32", "32", "32", "33", "33")),
    "cross-region-licences": _counts(1, 1, 2, 2, 3, 2, 4, 3, 3, 2, 3, 2),
    # 高质量发展
    "quality-work-grade": Written(("A",)),
    "mayor-quality-award": Written(("3",)),
    "national-standards": _counts(0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0),
    "zhejiang-made-standards": _counts(0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1),
    "pinzibiao-certified": _counts(0, 0, 2, 0, 1, 1, 0, 2, 0, 0, 1, 1),
    "pinzibiao-agri": Silent(),
    "trademark-pledges": Amounts(0.84, 1.12, months=6),
    "metrology-services": Steps({"visits": date(2021, 11, 12), "cases": date(2021, 12, 10)}),
    "patents-per-10k": Level(0.038, 0.051),
    "pct-applications": _counts(1, 0, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3),
    "patent-pledges": Amounts(0.96, 1.25),
    "issues-solved": Amounts(0.84, 1.12),
    # 高品质生活
    "trusted-businesses": Amounts(0.705, 0.98),
    "no-reason-return-businesses": Amounts(0.83, 1.1),
    "trusted-districts": _counts(0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0),
    "trust-growth-rank": Written(("1", "1", "1", "1")),
    "trust-coverage": Written((
        "12%", "18%", "26%", "35%", "44%", "52.5%", "61%", "70%", "78%", "85%", "92%", "97%",
    )),
    "trusted-kitchens": _counts(0, 1, 0, 1, 1, 1, 1, 2, 1, 2, 3, 3),
    "open-kitchens": _counts(1, 1, 3, 2, 3, 3, 2, 4, 3, 3, 3, 2),
    "civilised-tables": Written(("3,705", "3,721", "3,748家", "3,760")),
    "complaints-received": Amounts(0.80, 1.06),
    "disputes-mediated": Amounts(0.70, 0.93),
    "losses-recovered": Amounts(0.73, 1.0),
    "overdue-complaints": _counts(0, 1, 0, 1, 0, 1, 1, 2, 0, 1, 0, 0),
    "three-star-markets": _counts(0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0),
    "four-star-markets": _counts(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1),
    "trusted-markets": _counts(0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1),
    "starred-market-share": Written((
        "84.6%", "84.6%", "84.6%", "85.1%", "85.1%", "84.6%", "84.2%", "83.8%", "83.3%", "83.8%", "84.6%", "85.7%",
    )),
    "smart-markets": Written(("6", "6", "6", "7", "7", "8", "8", "8", "9", "9", "9", "10")),
    "grower-stall-markets": Written(("7家", "7", "7", "7")),
    "banquet-action": Steps({"venue-upgrade": date(2021, 9, 18)}),
    "banquet-guidance-rate": Written((
        "96%", "95.5%", "96.2%", "96.8%", "97.1%", "96.9%", "97.4%", "97.6%", "97.8%", "98.1%", "98.3%", "98.5%",
    )),
    "new-night-pharmacies": _counts(0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0),
    # 安全守护
    "cases-closed": Amounts(0.71, 0.95),
    "major-cases": Amounts(0.63, 0.85),
    "cases-to-police": _counts(2, 1, 2, 2, 2, 3, 2, 2, 2, 3, 3, 2),
    "trademark-cases": _counts(3, 2, 3, 3, 2, 4, 3, 3, 4, 4, 4, 4),
    "garment-quality-cases": _counts(2, 1, 3, 3, 2, 4, 3, 2, 3, 3, 2, 2),
    "garment-major-cases": _counts(1, 1, 2, 2, 2, 3, 2, 2, 2, 2, 2, 2),
    "mobile-enforcement-users": Level(0.046, 0.053),
    "inspections": Amounts(0.73, 0.97),
    "cross-department-rate": Written((
        "24.70%", "24.65%", "24.81%", "24.9%", "24.88%", "25.02%", "25.1%", "25.07%", "25.16%", "25.2%", "25.31%",
        "25.4%",
    )),
    "credit-rule-rate": Written((
        "82.5%", "82.1%", "81.6%", "81.30%", "80.95%", "81.1%", "80.8%", "80.87%", "80.92%", "81.4%", "82.0%", "82.6%",
    )),
    "annual-report-rank": Written(("10", "9", "9", "8", "8", "7位")),
    "licences-revoked": Amounts(0.46, 0.72),
    "households-deregistered": Amounts(0.66, 0.90),
    "four-you-and-me": _counts(1, 0, 3, 2, 2, 3, 3, 3, 3, 2, 2, 1),
    # 队伍建设
    "study-sessions": _counts(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "legal-review-rate": Written(("100%",) * 12),
    "training-coverage": Written((
        "5%", "9%", "18%", "27%", "38%", "49%", "58%", "66%", "76%", "84%", "93%", "98%",
    )),
    "young-officers": _counts(0, 0, 3, 0, 0, 4, 0, 0, 3, 0, 3, 2),
}  # fmt: skip

# First figures that were wrong by this factor and were corrected later.
CORRECTED: dict[tuple[str, int], float] = {
    ("new-entities", 3): 1.06,
    ("trusted-businesses", 5): 1.15,
    ("losses-recovered", 4): 0.92,
    ("inspections", 7): 1.04,
    ("cases-closed", 6): 1.08,
}
# Why it lags, in the words of whoever reported it: made up like the figures, and marked so.
CAUSES: dict[tuple[str, int], str] = {
    ("overdue-complaints", 8): "暑期预付卡投诉集中，2件超期办结，已增派人员（示意）",
    ("overdue-complaints", 9): "无新增超期，累计数已超上限（示意）",
    ("annual-report-rank", 6): "部分个体户年报逾期，名次低于目标（示意）",
    ("starred-market-share", 9): "2家市场改造停业，暂不计入星级（示意）",
    ("metrology-services", 9): "走访计划推迟至四季度，人员抽调支援专项检查（示意）",
    ("trusted-kitchens", 9): "3家单位装修延期，预计四季度集中验收（示意）",
    ("new-night-pharmacies", 9): "2家药房夜间值守药师未到位（示意）",
    ("ip-vitality-index", 9): "发明专利授权量低于预期，名次未变（示意）",
    ("licences-revoked", 9): "清理对象公告期未满，预计11月集中结案（示意）",
    ("pct-applications", 9): "2件申请材料补正中（示意）",
    ("trademark-pledges", 6): "银行放款数据改由平台汇总，7月起待对接（示意）",
}
COUNTED_TWICE, LEFT_OUT = "更正：剔除重复统计（示意）", "更正：补报遗漏（示意）"


@dataclass(frozen=True)
class Row:
    """One observation."""

    kpi: str
    period: str
    value: str
    recorded_at: date
    note: str = ""

    def fields(self) -> tuple[str, ...]:
        """Return the row in the order of the columns."""
        return self.kpi, self.period, self.value, self.recorded_at.isoformat(), SOURCE, "illustrative", self.note


def main() -> None:
    """Write one CSV file for each focus area."""
    for name, text in tables().items():
        (HERE / "observations" / name).write_bytes(text.encode())


def tables() -> dict[str, str]:
    """Return the text of every CSV file by its name."""
    areas = list(_areas())
    known = {kpi["id"]: kpi for _, kpis in areas for kpi in kpis}
    if unknown := SCENARIO.keys() - known.keys():
        message = f"not in the plan: {', '.join(sorted(unknown))}"
        raise SystemExit(message)
    numbers = _numbers(known)
    return {f"{YEAR}-{area}.csv": _table(row for kpi in kpis for row in _rows(kpi, numbers)) for area, kpis in areas}


def _table(rows: Iterator[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.fields() for row in rows)
    return out.getvalue()


def _areas() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every focus area of the plan with the KPIs in it."""
    for file in sorted((HERE / "focus").glob("*.yaml")):
        for goal in yaml.safe_load(file.read_text("utf-8"))["goals"]:
            yield goal["id"], list(_kpis(goal))


def _kpis(goal: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from goal.get("kpis", ())
    for child in goal.get("goals", ()):
        yield from _kpis(child)


def _numbers(known: dict[str, dict[str, Any]]) -> dict[str, list[float]]:
    """Return the monthly numbers of the KPIs that are made from their baselines, and of those that follow from them."""
    found: dict[str, list[float]] = {}
    for name, course in SCENARIO.items():
        if isinstance(course, Amounts):
            found[name] = _amounts(known[name], course)
        elif isinstance(course, Level):
            found[name] = _path(known[name], course)
    parts = ("companies-on-register", "cooperatives-on-register", "households-on-register")
    found["entities-on-register"] = [sum(month) for month in zip(*(found[part] for part in parts), strict=True)]
    base, so_far, growth = _baseline(known["new-entities"]), 0.0, []
    for month, amount in zip(MONTHS, found["new-entities"], strict=True):
        so_far += amount
        growth.append(round((so_far / (base * month / 12) - 1) * 100, 2))
    found["new-entity-growth"] = growth
    return found


def _baseline(kpi: dict[str, Any]) -> float:
    text = str(kpi["baseline"]["value"])
    return float(text.removesuffix(_unit(kpi)))


def _unit(kpi: dict[str, Any]) -> str:
    unit = kpi.get("unit", "")
    return str(unit["zh"] if isinstance(unit, dict) else unit)


def _amounts(kpi: dict[str, Any], course: Amounts) -> list[float]:
    """Return twelve amounts with some noise, which keep to the two sums of `course` but for rounding."""
    rng, base, decimals = _rng(kpi), _baseline(kpi), DECIMALS.get(_unit(kpi), 0)
    weights = [rng.uniform(0.8, 1.2) for _ in MONTHS]
    early, late = sum(weights[:9]), sum(weights[9:])
    shares = [w / early * course.september for w in weights[:9]]
    shares += [w / late * (course.december - course.september) for w in weights[9:]]
    sums = [round(base * sum(shares[:month]), decimals) for month in MONTHS]
    return [round(after - before, decimals) for before, after in zip([0.0, *sums], sums, strict=False)]


def _path(kpi: dict[str, Any], course: Level) -> list[float]:
    """Return twelve readings on the way, with some noise but for September's and December's."""
    rng, base, decimals = _rng(kpi), _baseline(kpi), DECIMALS.get(_unit(kpi), 0)
    found = []
    for month in MONTHS:
        rest = (month - 9) / 3
        change = course.september * month / 9 if rest <= 0 else course.september * (1 - rest) + course.december * rest
        noise = 0.0 if month in (9, 12) else rng.uniform(-0.03, 0.03)
        found.append(round(base * (1 + change * (1 + noise)), decimals))
    return found


def _rng(kpi: dict[str, Any]) -> Random:
    """Return a generator of the KPI's own, so that a change to one KPI leaves the others' figures alone."""
    return Random(f"{SEED}/{kpi['id']}")  # noqa: S311 - no secret


def _rows(kpi: dict[str, Any], numbers: dict[str, list[float]]) -> Iterator[Row]:
    name, rng = kpi["id"], Random(f"{SEED}/{kpi['id']}/rows")  # noqa: S311 - no secret
    in_words = rng.random() < IN_WORDS
    cadence, course = kpi.get("cadence", "monthly"), SCENARIO.get(name)
    values = _values(kpi, course, numbers, rng)
    for place, value in enumerate(values, 1):
        end = place * MONTHS_IN[cadence]
        recorded = _month_end(end) + timedelta(days=rng.randint(5, 8))
        period = _period(place, cadence, in_words=in_words)
        if factor := CORRECTED.get((name, end)):
            first = _style(kpi, round(numbers[name][end - 1] * factor, DECIMALS.get(_unit(kpi), 0)), rng)
            yield Row(name, period, first, recorded)
            note = COUNTED_TWICE if factor > 1 else LEFT_OUT
            yield Row(name, period, value, recorded + timedelta(days=rng.randint(9, 14)), note)
        else:
            yield Row(name, period, value, recorded, CAUSES.get((name, end), ""))


def _values(kpi: dict[str, Any], course: Course | None, numbers: dict[str, list[float]], rng: Random) -> Sequence[str]:
    """Return what is reported for each month, quarter or year."""
    if isinstance(course, Silent):
        return ()
    if isinstance(course, Written):
        return course.values
    if kpi["measure"] == "milestone":
        return _steps(kpi, course.done if isinstance(course, Steps) else {}, rng)
    if kpi["measure"] == "limit":
        return ("0",) * 12
    months = course.months if isinstance(course, Amounts) else 12
    return [_style(kpi, number, rng) for number in numbers[kpi["id"]][:months]]


def _steps(kpi: dict[str, Any], done: dict[str, date], rng: Random) -> list[str]:
    """Return the steps that are done at the end of each quarter, until that of the due date."""
    when = {step["id"]: done.get(step["id"], step["due"] - timedelta(days=rng.randint(1, 12))) for step in kpi["steps"]}
    last = kpi.get("due", date(YEAR, 12, 31))
    quarters = [_month_end(month) for month in (3, 6, 9, 12)]
    return [
        "; ".join(step for step, day in when.items() if day <= end) or "none"
        for place, end in enumerate(quarters)
        if place == 0 or quarters[place - 1] < last
    ]


def _style(kpi: dict[str, Any], number: float, rng: Random) -> str:
    """Write a number as people do: with or without separators, with or without its unit, in 万元 instead of 亿元."""
    unit, draw = _unit(kpi), rng.random()
    decimals = DECIMALS.get(unit, 0)
    if unit == "%":
        return f"{number:.2f}%"
    if unit == "亿元":
        return f"{number:.2f}亿元" if draw < IN_YI else f"{number * 10_000:,.0f}万元"
    plain = f"{number:,.{decimals}f}" if draw < SEPARATED else f"{number:.{decimals}f}"
    return plain + unit if draw > BARE and unit != "件/万人" else plain


def _month_end(month: int) -> date:
    return date(YEAR, month, monthrange(YEAR, month)[1])


def _period(place: int, cadence: str, *, in_words: bool) -> str:
    """Return the name of a month, a quarter or the year, in Chinese or in figures."""
    match cadence:
        case "yearly":
            return f"{YEAR}年" if in_words else str(YEAR)
        case "quarterly":
            return f"{YEAR}年第{'一二三四'[place - 1]}季度" if in_words else f"{YEAR}-Q{place}"
        case _:
            return f"{YEAR}年{place}月" if in_words else f"{YEAR}-{place:02d}"


if __name__ == "__main__":
    main()
