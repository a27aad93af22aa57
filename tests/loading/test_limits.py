"""What keeps a file from taking all memory, all time or the interpreter with it."""

from pathlib import Path
from time import perf_counter

import pytest
import yaml

from kpi_tracker.loading import nodes
from kpi_tracker.loading.nodes import MAX_ALIASES, MAX_DEPTH
from tests.loading.written import HEAD, SOUND, WHOLE, codes, paths, places, plan_of, read


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with the C parser, and as where there is none."""
    if request.param == "python":
        monkeypatch.setattr(nodes, "EventLoader", yaml.SafeLoader)


@pytest.mark.parametrize(
    ("opening", "code"), [("[", "KT107"), ("{a: ", "KT107"), ("- ", "KT107"), ("[{a: ", "KT107"), ("? ", "KT111")]
)
def test_200_000_levels_do_not_crash(tmp_path: Path, opening: str, code: str) -> None:
    """What `yaml.load` does not survive is a fault with a place, found at once."""
    started = perf_counter()
    reading = read(tmp_path, HEAD + "notes:\n  " + opening * 200_000 + "\n")
    assert codes(reading) == [code]
    assert reading.diagnostics[0].place.line == 7
    assert perf_counter() - started < 20


def test_depth_up_to_the_limit_is_read(tmp_path: Path) -> None:
    """The root mapping is one level, so 59 lists may stand in it."""
    inner = MAX_DEPTH - 1
    assert codes(read(tmp_path, WHOLE + "notes: " + "[" * inner + "]" * inner + "\n")) == ["KT203"]
    assert codes(read(tmp_path, WHOLE + "notes: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "\n")) == ["KT107"]


def test_billion_laughs_stay_small(tmp_path: Path) -> None:
    """Ten aliases of ten aliases of … are refused before they are followed far."""
    laughs = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10))
    started = perf_counter()
    reading = read(tmp_path, WHOLE + laughs)
    assert codes(reading) == ["KT108"]
    assert reading.diagnostics[0].place.line > 8
    assert perf_counter() - started < 5


def test_doubling_aliases_stay_small(tmp_path: Path) -> None:
    """Fewer than the permitted aliases cannot double a document without end either."""
    doubled = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    assert codes(read(tmp_path, WHOLE + doubled)) == ["KT108"]


def test_aliases_up_to_the_limit_are_followed(tmp_path: Path) -> None:
    """Two hundred uses of one text are read, one more is refused."""
    tags = "facts:\n  - {id: f, title: F, tags: [&t word" + ", *t" * MAX_ALIASES
    reading = read(tmp_path, WHOLE + tags + "]}\n")
    assert codes(reading) == []
    assert plan_of(reading).facts[0].tags == ("word",) * (MAX_ALIASES + 1)
    assert codes(read(tmp_path, WHOLE + tags + ", *t]}\n")) == ["KT108"]


def test_alias_of_what_is_not_finished_is_refused(tmp_path: Path) -> None:
    """A mapping cannot stand in itself, however deep."""
    reading = read(tmp_path, HEAD + "goals:\n  - &g\n    id: g\n    title: G\n    goals: [*g]\n")
    assert places(reading) == [("KT109", 10, 13)]


def test_alias_of_a_goal_and_of_a_kpi_are_items_of_their_own(tmp_path: Path) -> None:
    """An item that stands in two places has the same id twice: the first keeps it."""
    text = HEAD + "goals:\n  - &g {id: g, title: G, kpis: [&k " + SOUND[4:-1] + "]}\n  - *g\n"
    reading = read(tmp_path, text + "kpis: [*k]\n")
    assert set(codes(reading)) == {"KT301"}
    assert paths(plan_of(reading)) == ["g", "g/sound", "line-7"]


def test_wide_plan_is_read_in_one_piece(tmp_path: Path) -> None:
    """Two thousand KPIs in one list are two thousand KPIs."""
    lines = "".join(SOUND.replace("sound", f"k{i}") for i in range(2000))
    reading = read(tmp_path, HEAD + "kpis:\n" + lines)
    assert codes(reading) == []
    assert plan_of(reading).counts == (0, 2000, 0)


def test_long_line_is_cut_in_the_message(tmp_path: Path) -> None:
    """A line of a million characters is shown around the place only."""
    reading = read(tmp_path, WHOLE + "notes: " + "x" * 1_000_000 + "\nowner: {zz: '" + "y" * 1_000_000 + "'}\n")
    assert places(reading) == [("KT201", 9, 9)]
    assert len(reading.diagnostics[0].render("en")) < 400


def test_many_faults_are_all_told(tmp_path: Path) -> None:
    """A thousand broken KPIs are a thousand faults, in the order of their lines."""
    lines = "".join(SOUND.replace("sound", f"k{i}").replace("total", "totl") for i in range(1000))
    reading = read(tmp_path, HEAD + "kpis:\n" + lines + SOUND)
    assert [fault.place.line for fault in reading.diagnostics] == list(range(7, 1007))
    assert paths(plan_of(reading)) == ["sound"]
