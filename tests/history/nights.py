"""Nights to remember: small scorecards of a plan in memory, and a plan in a folder."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kpi_tracker import Scorecard
from kpi_tracker.history.revision import Revision
from tests.builders import card, goal, kpi, obs, plan

__all__ = ["FILES", "FIRST", "NOW", "PLAN", "night", "written_plan"]

PLAN = "p"
FIRST = date(2021, 9, 30)
NOW = datetime(2021, 10, 1, 2, 0, tzinfo=UTC)
FILES = Revision("plan", "data", "c0ffee", dirty=False)


def night(days: int = 0, value: float = 40.0, target: float = 100.0) -> Scorecard:
    """Return the scorecard of a plan of two KPIs and a goal, so many days after the first night."""
    whole = plan(kpi("a", t=target), goal("g", kpi("b", t=10.0)))
    when = FIRST + timedelta(days=days)
    return card(whole, [obs("a", "2021-09-30", value), obs("b", "2021-09-30", 9.0)], when.isoformat())


def written_plan(folder: Path, target: float = 100.0) -> Path:
    """Write a plan of one KPI into a folder and return the folder."""
    (folder / "observations").mkdir(parents=True, exist_ok=True)
    (folder / "plan.yaml").write_text(
        "format: kpi-tracker/v1\nid: small\ntitle: Small\nperiod: 2021\ntime_zone: UTC\ngrace: 31\nkpis:\n"
        f"- {{id: a, title: =1+1, measure: total, direction: increase, target: {{value: {target:g}, basis: stated}}}}\n",
        encoding="utf-8",
    )
    (folder / "observations" / "a.csv").write_text("kpi,date,value\na,2021-09-30,40\n", encoding="utf-8")
    return folder
