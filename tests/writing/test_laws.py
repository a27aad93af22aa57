"""What holds of every text that is written anew: it says the same, keeps its comments, and a second time changes nothing."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kpi_tracker.loading.plan import PlanReading, read_plan
from kpi_tracker.writing.canon import formatted, says_the_same
from kpi_tracker.writing.emission import emitted
from kpi_tracker.writing.formatting import format_plan
from kpi_tracker.writing.problem import WritingError
from kpi_tracker.writing.reading import comments_of, read_page
from tests.loading.test_fuzz import documents, edited, edits
from tests.loading.written import PLANS, SHIPPED

TEXTS = [
    path.read_text(encoding="utf-8")
    for folder in (*sorted((PLANS / "positive").iterdir()), PLANS / "showcase", SHIPPED)
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])
]
SMALL = [text for text in TEXTS if text.count("\n") < 120]
KEYS = st.text(st.sampled_from("ab1.-é中 "), min_size=1, max_size=8)
WORDS = st.text(st.sampled_from("ab 1.,:#-’“中文é%\"'\\{}[]&*!|>?@`~\n\t"), max_size=12)
COMMENTS = st.text(st.sampled_from("ab 中：#:-{}'\""), max_size=8).map(lambda words: f"# {words}".rstrip())


def keyed(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a list or a mapping of what `below` gives."""
    return st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=4)


TREES = st.recursive(WORDS, keyed, max_leaves=20).filter(lambda tree: not isinstance(tree, str))


class Plain(yaml.SafeDumper):
    """Writes texts in every style, and everything that is the same object with an alias."""


@st.composite
def decorated(draw: Callable[..., Any], text: str) -> str:
    """Return a text with comments and empty lines put between and behind its lines, where they change nothing."""
    found: list[str] = []
    every = draw(st.lists(st.integers(0, 40), min_size=1, max_size=12))
    at = 0
    for i, written in enumerate(text.rstrip("\n").split("\n")):
        line = written
        if i - at == every[at % len(every)]:
            at = i
            match draw(st.integers(0, 3)):
                case 0:
                    found += [""] * draw(st.integers(1, 3))
                case 1:
                    found.append(" " * draw(st.integers(0, 14)) + draw(COMMENTS))
                case 2:
                    line = f"{line} {draw(COMMENTS)}"
                case _:
                    found.append(draw(COMMENTS))
                    found.append("")
        found.append(line)
    anew = "\n".join(found) + draw(st.sampled_from(["", "\n", "\n\n", "\n# end\n", "\n  # end"]))
    assume(_valid(anew) and says_the_same(_bare(text), _bare(anew)))
    return str(anew)


def _valid(text: str) -> bool:
    try:
        list(yaml.parse(text))
    except yaml.YAMLError:
        return False
    return True


def _bare(text: str) -> str:
    """Return a text without its comments: what it says, in YAML of its own."""
    return str(yaml.serialize(yaml.compose(text, Loader=yaml.BaseLoader), allow_unicode=True))


@given(st.sampled_from(SMALL).flatmap(decorated), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
@settings(deadline=None)
def test_law_a_plan_with_comments_anywhere_is_kept(text: str, ends: str, mark: str) -> None:
    """Comments and empty lines between, behind and below everything, odd indentation, both kinds of line ends."""
    anew = formatted((mark + text).removeprefix("\ufeff").replace("\n", ends), "plan.yaml")
    plain = anew.replace("\r\n", "\n")
    assert says_the_same(text, plain)
    assert sorted(comments_of(text)) == sorted(comments_of(plain))
    assert formatted(anew, "plan.yaml") == anew
    assert "\n\n\n" not in plain
    assert plain.rstrip("\n") + "\n" == plain
    assert all(line == line.rstrip() for line in plain.split("\n"))


@given(TREES, st.sampled_from([None, True, False]), st.sampled_from([None, "'", '"', "|", ">"]), st.integers(2, 9),
       st.sampled_from([20, 80, 4096]), st.booleans())  # fmt: skip
@settings(deadline=None)
def test_law_every_yaml_says_the_same(
    tree: Any, flow: bool | None, style: str | None, indent: int, width: int, explicit: bool
) -> None:
    """Whatever the style, the depth, the width: taken apart and put together it says what it said."""
    text = yaml.dump(tree, Dumper=Plain, default_flow_style=flow, default_style=style, indent=indent, width=width,
                     allow_unicode=True, explicit_start=explicit, explicit_end=explicit)  # fmt: skip
    anew = emitted(read_page(text))
    assert yaml.safe_load(anew) == yaml.safe_load(text)  # which is not always what was dumped
    assert emitted(read_page(anew)) == anew


@given(st.sampled_from(SMALL).flatmap(decorated))
@settings(deadline=None)
def test_law_comments_stay_in_their_order_where_keys_do(text: str) -> None:
    """Taken apart and put together without moving a key, the comments are those of before, one by one."""
    assert comments_of(emitted(read_page(text))) == comments_of(text)


@given(documents | st.builds(edited, st.sampled_from(SMALL), edits))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_law_whatever_stands_in_a_file_it_is_written_or_refused(text: str) -> None:
    """What the loader takes is put in form or left with a reason; what it does not take is left with its faults."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        before, data = read_plan(path), path.read_bytes()
        with suppress(WritingError):
            format_plan(path)
        after = read_plan(path)
        assert after.plan == before.plan
        assert path.read_bytes() == data or sorted(_codes(after)) == sorted(_codes(before))


def _codes(reading: PlanReading) -> list[str]:
    return [fault.code for fault in reading.diagnostics]
