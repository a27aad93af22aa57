"""Checked plans for the tests of the outputs for machines: the showcase, one with hostile text, those that cannot be judged."""

import os
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

import kpi_tracker
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.model.scorecard import Scorecard
from kpi_tracker.model.unit import Text, Unit
from kpi_tracker.pipeline import run
from kpi_tracker.record import changed
from kpi_tracker.reporting.checked import Checked
from tests.builders import card, goal, kpi, obs, plan
from tests.cli.running import ROOT, SHOWCASE
from tests.reporting.showcase import AS_OF

__all__ = ["HOSTILE", "NOWHERE", "UNREADABLE", "checked", "golden", "hostile", "late", "showcase", "sound"]

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("KPI_TRACKER_UPDATE_GOLDEN") == "1"
NASTY = (
    "]]><script>alert(1)</script>&amp;", "line\nline\r\n::error::x", "::error file=a,line=1::%0A%25", "##[error]x",
    "\x00\x1b[31m\x7f", "\u202egnp.exe", "👩\u200d👧 🇨🇳", "x" * 3000, "a|b=1;2 'c'", '\\"{}', "=1+1", "+1", "-1", "@x", "\t=1",
    "＝1", "| a | b |", "**b** [l](http://x.y) <b>", "完成“率”，", "\ufffe\uffff\ufeff", "\u2028\u2029\x85", "", " ", "../../..",
)  # fmt: skip
HOSTILE = st.sampled_from(NASTY) | st.text(max_size=30)
UNREADABLE = Checked("plans/broken", None, run("plans/broken").diagnostics)
NOWHERE = Checked("plans/nowhere", None)


def checked(scorecard: Scorecard, source: str = "plans/p") -> Checked:
    """Return a scorecard as a check of a plan."""
    return Checked(source, scorecard, scorecard.diagnostics)


@cache
def showcase() -> Checked:
    """Return the check of the showcase, with places named from the root of the repository."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        found = run(SHOWCASE, AS_OF)
    finally:
        os.chdir(before)
    return Checked(SHOWCASE, found.scorecard, found.diagnostics)


def hostile(words: str) -> Checked:
    """Return a plan in which every text, and the name of a file, is `words`: one KPI lags, one is fine, one has no data."""
    text, unit = Text(words, words), Unit(Text(words, words))
    place = Place(f"plans/{words}/plan.yaml", 3, 5)
    more = {"owner": text, "unit": unit, "where": place, "tags": (words,)}
    kpis = (changed(kpi(name, b=100.0, t=120.0, **more), title=text) for name in ("late", "fine", "none"))  # type: ignore[arg-type]
    whole = changed(plan(changed(goal("g", *kpis), title=text), where=place), title=text)
    figures = {"late": 10.0, "fine": 80.0}
    rows = [obs(name, f"2021-0{month}-28", value / 6) for name, value in figures.items() for month in range(1, 7)]
    faults = (
        Diagnostic("KT405", Place(f"data/{words}.csv", 2, 1), {"value": words}, "g/late"),
        Diagnostic("KT412", Place(f"data/{words}.csv", 4), {"date": words}),
    )
    scorecard = kpi_tracker.score(whole, rows, AS_OF.replace(month=6, day=30), diagnostics=faults)
    return Checked(f"plans/{words}", scorecard, faults)


def sound() -> Checked:
    """Return a plan that is on track, without a fault."""
    rows = [obs("k", f"2021-0{month}-28", 10.0) for month in range(1, 7)]
    return checked(card(plan(kpi(b=100.0, t=120.0)), rows, "2021-06-30"))


def late(number: int) -> Checked:
    """Return a plan in which so many KPIs lag, the more the higher their number."""
    names = [f"k{i:03}" for i in range(number)]
    rows = [obs(name, f"2021-0{month}-28", 1.0 - i / number) for i, name in enumerate(names) for month in range(1, 7)]
    return checked(card(plan(*(kpi(name, b=100.0, t=120.0) for name in names)), rows, "2021-06-30"))


def golden(name: str, text: str) -> None:
    """Assert that `text` is what the golden file holds, byte for byte; KPI_TRACKER_UPDATE_GOLDEN=1 writes it anew."""
    file = GOLDEN / name
    if UPDATE:
        GOLDEN.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
    assert file.read_bytes().decode() == text
