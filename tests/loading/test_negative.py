"""Every folder of tests/plans/negative is a plan with one kind of fault; its expected.txt has what is said about it.

`KPI_TRACKER_UPDATE=1 pytest tests/loading/test_negative.py` writes the files anew: read the difference before it stays.
"""

import os
from pathlib import Path

import pytest

from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.loading.plan import PlanReading, read_plan
from tests.loading.written import PLANS, broken, paths

NEGATIVE = sorted(folder for folder in (PLANS / "negative").iterdir() if folder.is_dir())
DIRECTLY = {"KT120", "KT121", "KT122", "KT123", "KT124", "KT101", "KT105", "KT117"}
"""Faults that no folder under version control can show; test_files.py and test_limits.py do."""
OF_MANY = {*(f"KT37{digit}" for digit in range(10)), "KT385", "KT388"}
"""Faults of the data of many groups, not of a plan; tests/many shows each."""

OF_FRAMES = {f"KT{n}" for n in (*range(356, 360), *range(360, 370), *range(380, 385), 386, 387)}
"""Faults of frames, which no plan has; tests/frames shows them."""


def told(reading: PlanReading) -> str:
    """Return all that is said about a plan, and what is left of it."""
    faults = "\n".join(fault.render("en") for fault in reading.diagnostics)
    if reading.plan is None:
        return f"{faults}\n\nno plan\n"
    facts = [fact.id for fact in reading.plan.facts]
    left = {"items": paths(reading.plan), "broken": broken(reading.plan), "facts": facts}
    return f"{faults}\n\n" + "".join(f"{what}: {', '.join(names) or '-'}\n" for what, names in left.items())


@pytest.mark.parametrize("folder", NEGATIVE, ids=lambda folder: folder.name)
def test_negative_plan_is_refused_as_expected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault has its code, place, excerpt and message, and what is sound beside it is read."""
    monkeypatch.chdir(folder.parent)
    reading = read_plan(folder.name)
    expected = folder / "expected.txt"
    if os.environ.get("KPI_TRACKER_UPDATE"):
        expected.write_text(told(reading), encoding="utf-8")
    assert reading.diagnostics
    assert told(reading) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", [f for f in NEGATIVE if f.name.startswith("KT")], ids=lambda folder: folder.name)
def test_negative_folder_shows_the_fault_that_it_is_named_after(folder: Path) -> None:
    """A folder called KT205-… holds a KT205."""
    found = {fault.code for fault in read_plan(folder).diagnostics}
    assert folder.name[:5] in found


def test_every_fault_of_a_plan_is_shown_by_a_folder_or_directly() -> None:
    """No code of KT1xx–KT3xx is without an example, and none is exempt that has one."""
    shown = {folder.name[:5] for folder in NEGATIVE if folder.name.startswith("KT")}
    declared = {code for code in FAULTS if code < "KT4"} - OF_FRAMES - OF_MANY
    assert shown | DIRECTLY == declared
    assert not shown & DIRECTLY


@pytest.mark.parametrize("folder", NEGATIVE, ids=lambda folder: folder.name)
def test_every_fault_renders_in_both_languages(folder: Path) -> None:
    """No message lacks an argument in either language, none is empty, and none leaves a place to fill."""
    for fault in read_plan(folder).diagnostics:
        for code in ("en", "zh"):
            message = fault.message(code)
            assert message.strip()
            assert "{expected}" not in message
            assert fault.render(code).startswith(str(fault.place))


@pytest.mark.parametrize("folder", NEGATIVE, ids=lambda folder: folder.name)
def test_every_fault_has_a_place_in_a_file_of_the_plan(folder: Path) -> None:
    """The line that a fault names exists, and what it shows of it is what stands there."""
    for fault in read_plan(folder).diagnostics:
        assert fault.place.file.startswith(str(folder))
        if fault.excerpt:
            text = Path(fault.place.file).read_bytes().decode("utf-8-sig", "replace")
            assert text.splitlines()[fault.place.line - 1] == fault.excerpt
            assert 1 <= fault.place.column <= len(fault.excerpt) + 1
