"""All faults of an item are told at once, each where it is, and the nearest spelling is one that would be right."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.loading.pointing import Pointer

HEAD = """\
format: kpi-tracker/v1
id: p
title: P
period: 2024
time_zone: Asia/Shanghai
"""
KPI = "[{id: k, title: K, measure: level, unit: 件, baseline: 10, target: {value: 20, basis: stated}}]"
GOAL = f"goals:\n  - {{id: g, title: G, kpis: {KPI}}}\n"


def told(folder: Path, text: str, head: str = HEAD) -> list[tuple[str, int]]:
    """Return code and line of each fault."""
    return [(fault.code, fault.place.line) for fault in faults(folder, text, head)]


def faults(folder: Path, text: str, head: str = HEAD) -> Sequence[Diagnostic]:
    """Return the faults of a plan."""
    (folder / "plan.yaml").write_text(head + text, encoding="utf-8")
    return read_plan(folder).diagnostics


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ("baseline: 10, target: {value: 10, basis: statd}", ["KT204", "KT307"]),
        ("direction: increase, baseline: {value: 10, yeer: 2023}, target: {value: 5, basis: statd}", ["KT201", "KT204", "KT306"]),
        ("baseline: {value: zehn, yeer: 2023}, target: {value: 5, basis: stated}", ["KT201", "KT205"]),
        ("baseline: 10, target: {valeu: 5, basis: stated}", ["KT201"]),
        ("baseline: {valeu: 5}, target: {value: 5, basis: stated}", ["KT201", "KT202"]),
        ("baseline: 10, due: 2024-02-31, supports: [nix], target: {value: 20, basis: stated}", ["KT207", "KT302"]),
        ("baseline: 10, due: 2024-02-31, supports: [g, g], target: {value: 20, basis: stated}", ["KT207", "KT303"]),
    ],
)  # fmt: skip
def test_one_fault_hides_no_other(tmp_path: Path, keys: str, codes: list[str]) -> None:
    """Whoever has mended what is told is not told more."""
    kpi = f"kpis:\n  - {{id: a, title: A, measure: level, unit: 件, {keys}}}\n"
    assert sorted(code for code, _ in told(tmp_path, kpi + GOAL)) == codes


def test_a_base_year_lies_before_the_plan_ends_its_first(tmp_path: Path) -> None:
    """That of the plan, and that of one KPI."""
    assert told(tmp_path, GOAL, HEAD + "baseline_year: 2025\n") == [("KT317", 6)]
    assert told(tmp_path, GOAL, HEAD + "baseline_year: 2024\n") == []
    assert told(tmp_path, GOAL.replace("baseline: 10", "baseline: {value: 10, year: 2030}")) == [("KT317", 7)]
    assert told(tmp_path, GOAL.replace("baseline: 10", "baseline: {value: 10, year: 2019}")) == []
    (fault,) = faults(tmp_path, GOAL, HEAD + "baseline_year: 2025\n")
    assert "the base year 2025 lies after 2024" in fault.render("en")


def test_a_duration_of_too_many_seconds_is_a_slip(tmp_path: Path) -> None:
    """3分75秒 was meant as something else; 75 seconds alone are fine, and so is half a second less than a minute."""
    for text, codes in (("3分75秒", ["KT205"]), ("3分60秒", ["KT205"]), ("75秒", []), ("3分59.5秒", [])):
        kpi = GOAL.replace("件", "秒").replace("baseline: 10", f"baseline: {text}").replace("value: 20", "value: 500")
        assert [code for code, _ in told(tmp_path, kpi)] == codes


@pytest.mark.parametrize(
    ("pattern", "near"),
    [("focus/1-integraton.yaml", "focus/1-integration.yaml"), ("focus", "focus/*.yaml"), ("focus/", "focus/*.yaml"),
     ("empty", "empty/*"), ("plam.yaml", "plan.yaml"), ("none/x.yaml", ""), ("focus/zzz", "")],
)  # fmt: skip
def test_a_file_that_is_not_there(tmp_path: Path, pattern: str, near: str) -> None:
    """What is suggested can be written in its place."""
    (tmp_path / "focus").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "focus" / "1-integration.yaml").write_text(HEAD.splitlines()[0] + "\nkpis: []\n", encoding="utf-8")
    (fault,) = faults(tmp_path, f'include: ["{pattern}"]\n' + GOAL)
    assert (fault.code, fault.args.get("nearest", "")) == ("KT114", near)


def test_what_supports_a_goal_twice_counts_once(tmp_path: Path) -> None:
    """The first of the links is the one that is left."""
    twice = GOAL + "  - {id: h, title: H, supports: [{to: g, weight: 2}, {to: g, weight: 5}, g]}\n"
    (tmp_path / "plan.yaml").write_text(HEAD + twice, encoding="utf-8")
    found = read_plan(tmp_path)
    assert [fault.code for fault in found.diagnostics] == ["KT303", "KT303"]
    assert found.plan is not None
    assert [(link.to, link.weight) for link in found.plan.goals[1].supports] == [("g", 2.0)]


def test_a_circle_is_told_from_what_counts_to_what_it_counts_toward(tmp_path: Path) -> None:
    """The arrows go the way of the links, and a link is what is marked."""
    circle = "goals:\n" + "".join(
        f"  - {{id: g{n}, title: G, supports: [g{n % 3 + 1}]{', kpis: ' + KPI if n == 1 else ''}}}\n" for n in (1, 2, 3)
    )
    (fault,) = faults(tmp_path, circle)
    members = str(fault.args["members"]).split(" → ")
    assert len(members) == 4
    assert all(int(b[1]) == int(a[1]) % 3 + 1 for a, b in pairwise(members))
    line = (HEAD + circle).splitlines()[fault.place.line - 1]
    assert line[fault.place.column - 1 :].startswith("g")
    assert "supports: [" in line[: fault.place.column]


def test_a_part_is_pointed_at_where_it_stands() -> None:
    """Also in a text that was kept as lines; what is not there is the item itself."""
    report, text = Report(), "a:\n  steps: [{due: 2021-01-01}, {due: 2021-02-02}]\n  due: 2021-03-03\n"
    for kept in (text.encode(), text.splitlines()):
        report.file("f", kept)
        pointer, item = Pointer(report), Place("f", 2, 3)
        assert pointer.at(item, "due") == (Place("f", 3, 8), 10)
        assert pointer.at(item, "steps", 1, "due") == (Place("f", 2, 36), 10)
        for keys in (("start",), ("steps", "due"), ("due", 0)):
            assert pointer.at(item, *keys) == (item, 1)
        assert pointer.at(Place("f", 9, 9), "due") == (Place("f", 9, 9), 1)
