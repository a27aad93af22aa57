"""What `import kpi_tracker` offers."""

import inspect
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.pipeline import run

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", kpi_tracker.__all__)
def test_every_public_name_resolves_and_is_documented(name: str) -> None:
    """A name in `__all__` is there, comes from this package, and says what it is."""
    value = getattr(kpi_tracker, name)
    if name == "__version__":
        assert re.fullmatch(r"\d+\.\d+\.\d+", value)
        return
    assert value.__module__.startswith("kpi_tracker.")
    assert inspect.getdoc(value)


def test_all_is_sorted_and_without_repetition() -> None:
    """The list can be read, and nothing stands in it twice."""
    assert kpi_tracker.__all__ == sorted(set(kpi_tracker.__all__))


def test_all_is_what_the_type_checker_sees() -> None:
    """The names that load late and those under TYPE_CHECKING are the same."""
    source = (ROOT / "src/kpi_tracker/__init__.py").read_text(encoding="utf-8")
    block = source.partition("if TYPE_CHECKING:\n")[2].partition("\n__version__")[0]
    seen = {name for line in block.splitlines() for name in line.partition(" import ")[2].split(", ") if name}
    assert seen | {"__version__"} == set(kpi_tracker.__all__)


def test_dir_lists_the_public_names() -> None:
    """`dir` shows what is public, loaded or not."""
    assert dir(kpi_tracker) == sorted(kpi_tracker.__all__)


def test_names_load_when_first_used_and_stay() -> None:
    """A public name is loaded on first use only, and is the same object after."""
    code = (
        "import sys, kpi_tracker\n"
        "assert 'kpi_tracker.model.unit' not in sys.modules\n"
        "first = kpi_tracker.Text\n"
        "assert 'Text' in vars(kpi_tracker) and kpi_tracker.Text is first\n"
        "print(first('甲', 'A').en)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "src", capture_output=True, text=True, check=True)
    assert done.stdout == "A\n"


def test_a_late_name_is_kept_in_the_package() -> None:
    """The package asks for a name once."""
    vars(kpi_tracker).pop("Text", None)
    assert kpi_tracker.Text is vars(kpi_tracker)["Text"]


def test_unknown_names_are_refused_by_name() -> None:
    """A misspelt name fails as with any module."""
    with pytest.raises(AttributeError, match=r"module 'kpi_tracker' has no attribute 'chek'"):
        getattr(kpi_tracker, "chek")  # noqa: B009


def test_the_example_of_the_package_is_true() -> None:
    """What the docstring shows runs."""
    scorecard = kpi_tracker.check(ROOT / "tests/plans/showcase", as_of=date(2021, 9, 30))
    assert [(kpi.path, kpi.status.value) for kpi in scorecard.lagging][:2] == [
        ("safety/accidents", "breached"),
        ("safety/elevators-checked", "missed"),
    ]


def test_check_raises_where_nothing_could_be_read(tmp_path: Path) -> None:
    """The convenient function has one exception with every fault."""
    with pytest.raises(kpi_tracker.PlanError) as caught:
        kpi_tracker.check(tmp_path)
    assert [fault.code for fault in caught.value.diagnostics] == ["KT118"]
    assert "KT118" in str(caught.value)


def test_a_run_tells_what_was_broken_and_how_long_its_phases_took(tmp_path: Path) -> None:
    """The pipeline returns faults as values, and the seconds of each phase."""
    whole = run(ROOT / "tests/plans/showcase", date(2021, 9, 30))
    assert (whole.broken, whole.scorecard is not None) == (False, True)
    assert list(whole.seconds) == ["load", "observe", "score"]
    assert all(seconds >= 0 for seconds in whole.seconds.values())
    none = run(tmp_path)
    assert (none.broken, none.scorecard, list(none.seconds)) == (True, None, ["load"])
