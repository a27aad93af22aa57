"""The names of files: the same everywhere, apart on every file system."""

from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.documents.naming import page_files

WORDS = st.text("aAbBçÇé中-~1", min_size=1, max_size=3)


def test_each_kind_has_its_folder() -> None:
    """The plan and the list stand at the top; everything else below the folder of its kind."""
    pages: list[tuple[str, str] | tuple[str, str, str]] = [
        ("", "plan"),
        ("kpis", "list", "All"),
        ("a", "goal"),
        ("a/b", "kpi", "B"),
    ]
    assert page_files(pages) == {"": "index", "kpis": "kpis", "a": "goals/a", "a/b": "kpis/a/b"}


def test_names_that_differ_in_case_only_are_numbered() -> None:
    """Windows and macOS hold one of them only; nor do they tell two ways of writing é apart."""
    pages = [("A", "goal"), ("a", "goal"), ("a~2", "goal"), ("\u00e9", "goal"), ("e\u0301", "goal")]
    expected = ["goals/A", "goals/a~2", "goals/a~2~2", "goals/\u00e9", "goals/e\u0301~2"]
    assert list(page_files(pages).values()) == expected


def test_devices_of_windows_are_no_files() -> None:
    """CON, aux and the ports cannot be opened there, whatever ending they have; words that hold them can."""
    pages = [("con", "goal"), ("x/AUX/lpt1", "kpi"), ("console", "goal")]
    assert list(page_files(pages).values()) == ["goals/con~", "kpis/x/AUX~/lpt1~", "goals/console"]


@given(st.lists(st.tuples(st.lists(WORDS, min_size=1, max_size=2).map("/".join), st.sampled_from(["goal", "kpi"])),
                unique_by=lambda pair: pair[0]))  # fmt: skip
def test_no_two_pages_share_a_file(pages: list[tuple[str, str]]) -> None:
    """However alike their ids are."""
    files = page_files(pages)
    assert list(files) == [page for page, _ in pages]
    assert len({file.casefold() for file in files.values()}) == len(pages)


def test_names_too_long_for_a_file_system_are_shortened_and_stay_apart() -> None:
    """An id may have 100 Chinese characters, which are 300 bytes; file systems take 255."""
    pages = [("市" * 99 + end, "kpi") for end in "甲乙"] + [("市" * 66, "kpi")]
    files = list(page_files(pages).values())
    assert [len(file.encode()) for file in files] == [194, 194, 203]
    assert len(set(files)) == 3
    assert all(file.startswith("kpis/" + "市" * 60) for file in files)
