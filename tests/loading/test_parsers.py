"""The C parser and the one in Python: the same plan, the same faults in the same lines."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kpi_tracker.loading import nodes
from kpi_tracker.loading.plan import PlanReading, read_plan
from kpi_tracker.model.goal import Plan
from tests.loading.test_fuzz import written
from tests.loading.written import PLANS, SHIPPED, SOUND

FOLDERS = sorted(folder for kind in ("positive", "negative") for folder in (PLANS / kind).iterdir() if folder.is_dir())


def both(path: Path) -> tuple[PlanReading, PlanReading]:
    """Return what the two parsers read."""
    fast = read_plan(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes, "EventLoader", yaml.SafeLoader)
        return fast, read_plan(path)


def told(reading: PlanReading) -> list[tuple[str, str, int]]:
    """Return code, file and line of every fault; of what is no YAML at all, each parser has its own line."""
    return [(f.code, f.place.file, 0 if f.code == "KT106" else f.place.line) for f in reading.diagnostics]


def places(plan: Plan | None) -> list[tuple[str, str]]:
    """Return where every item stands."""
    return [] if plan is None else [(path, str(item.where)) for path, item in plan.walk()]


def test_the_c_parser_is_used_where_there_is_one() -> None:
    """PyYAML's wheels come with it."""
    assert nodes.EventLoader is yaml.CSafeLoader


@pytest.mark.parametrize("folder", [*FOLDERS, SHIPPED], ids=lambda folder: folder.name)
def test_both_parsers_read_the_same(folder: Path) -> None:
    """Plans are equal, items stand in the same place, faults in the same line."""
    fast, slow = both(folder)
    assert fast.plan == slow.plan
    assert places(fast.plan) == places(slow.plan)
    assert told(fast) == told(slow)


@settings(deadline=None)
@given(written)
def test_both_parsers_read_any_document_alike(text: str) -> None:
    """Whatever stands in the fields of valid YAML; only half of a surrogate pair, escaped, is refused by libyaml and not by PyYAML."""
    assume("\\ud" not in text.lower())
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plan.yaml"
        file.write_text(text, encoding="utf-8")
        fast, slow = both(file)
    assert fast.plan == slow.plan
    assert told(fast) == told(slow)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@given(before=st.text(alphabet="计划 a#é𝄞", max_size=20))
def test_both_parsers_find_a_forbidden_character_in_the_same_place(newline: str, before: str) -> None:
    """libyaml counts bytes, PyYAML characters: the column is that of the character, in any script."""
    text = newline.join(["format: kpi-tracker/v1", f"# {before}\x07", "kpis:", SOUND])
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plan.yaml"
        file.write_bytes(text.encode())
        for reading in both(file):
            (fault,) = reading.diagnostics
            assert (fault.code, fault.place.line, fault.place.column) == ("KT106", 2, 3 + len(before))
            assert fault.message("en") == "this is not valid YAML: there is a control character in the text"
