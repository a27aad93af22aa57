"""Files and folders that a plan may or may not be read from."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.loading.files import MAX_BYTES
from kpi_tracker.loading.plan import MAX_FILES, read_plan
from tests.loading.written import HEAD, SOUND, WHOLE, broken, codes, paths, places, plan_of, read

INCLUDED = "format: kpi-tracker/v1\n"
NOBODY = 65534


@pytest.fixture
def public() -> Iterator[Path]:
    """Return a folder that everybody may read."""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@contextmanager
def without_rights() -> Iterator[None]:
    """Let the permissions of files count for this process too, which may run as root.

    What is imported late must be imported before: Python's own files may be out of reach.
    """
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def message(path: Path) -> str:
    """Return the one message about the plan at `path`, which has no plan."""
    reading = read_plan(path)
    assert reading.plan is None
    (fault,) = reading.diagnostics
    return f"{fault.code}: {fault.message('en')}"


def test_missing_path_is_said_to_be_missing(tmp_path: Path) -> None:
    """A path that leads nowhere has its own words, whatever it looks like."""
    assert message(tmp_path / "plan.yaml") == "KT101: the file cannot be read: there is no such file"
    assert message(tmp_path / "folder") == "KT101: the file cannot be read: there is no such file"


def test_folder_without_a_plan_is_no_plan(tmp_path: Path) -> None:
    """Also where the folder itself is called like a file."""
    folder = tmp_path / "x.yaml"
    folder.mkdir()
    assert message(folder) == "KT118: there is no plan.yaml in this folder"
    (folder / "plan.yaml").mkdir()
    assert message(folder) == "KT118: there is no plan.yaml in this folder"


def test_path_with_a_zero_byte_is_no_file() -> None:
    """What the system does not take as a path is a fault like any other."""
    assert read_plan("a\0b").diagnostics[0].code == "KT101"
    assert "embedded null" in read_plan("a\0b").diagnostics[0].message("en")


def test_path_below_a_file_says_what_the_system_says(tmp_path: Path) -> None:
    """A file is no folder: the system's own reason is passed on."""
    (tmp_path / "file").write_text("")
    assert message(tmp_path / "file" / "plan.yaml") == "KT101: the file cannot be read: a part of its path is no folder"


def test_pipe_is_not_read(tmp_path: Path) -> None:
    """Nothing waits for a pipe or reads a device."""
    os.mkfifo(tmp_path / "plan.yaml")
    assert message(tmp_path / "plan.yaml") == "KT101: the file cannot be read: it is not a regular file"
    assert message(Path("/dev/zero")) == "KT101: the file cannot be read: it is not a regular file"


def test_file_without_permission_says_so(public: Path) -> None:
    """A plan that may not be read is refused, an included file that may not be read leaves the rest."""
    secret = public / "secret.yaml"
    secret.write_text(INCLUDED)
    (public / "plan.yaml").write_text(HEAD + "include: [secret.yaml]\nkpis:\n" + SOUND)
    assert codes(read_plan(public)) == []
    secret.chmod(0)
    with without_rights():
        refused = read_plan(secret)
        reading = read_plan(public)
    assert [fault.message("en") for fault in refused.diagnostics] == ["the file cannot be read: no permission"]
    assert codes(reading) == ["KT101"]
    assert paths(plan_of(reading)) == ["sound"]


def test_folder_without_permission_suggests_nothing(public: Path) -> None:
    """A file that is missing from a folder that may not be listed has no nearest name."""
    closed = public / "closed"
    closed.mkdir()
    (closed / "area.yaml").write_text(INCLUDED)
    closed.chmod(0o311)
    (public / "plan.yaml").write_text(HEAD + "include: [closed/aera.yaml]\nkpis:\n" + SOUND)
    (fault,) = read_plan(public).diagnostics
    assert fault.message("en") == "no file matches “closed/aera.yaml”; did you mean “closed/area.yaml”?"
    with without_rights():
        (fault,) = read_plan(public).diagnostics
    assert fault.message("en") == "no file matches “closed/aera.yaml”"


def test_single_file_is_a_plan_of_its_own(tmp_path: Path) -> None:
    """It may have any name, and its folder is where its includes and observations are."""
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "b.csv").write_text("")
    (tmp_path / "observations" / "a.csv").write_text("")
    (tmp_path / "goals 2021.yml").write_text(WHOLE)
    plan = plan_of(read_plan(tmp_path / "goals 2021.yml"))
    assert [Path(file).name for file in plan.observation_files] == ["a.csv", "b.csv"]
    assert [Path(file).name for file in plan.files] == ["goals 2021.yml"]


def test_plan_yaml_comes_before_plan_yml(tmp_path: Path) -> None:
    """Where a folder has both, plan.yaml is the plan; plan.yml alone serves as well."""
    (tmp_path / "plan.yml").write_text(WHOLE.replace("id: p", "id: yml"))
    assert plan_of(read_plan(tmp_path)).id == "yml"
    (tmp_path / "plan.yaml").write_text(WHOLE.replace("id: p", "id: yaml"))
    assert plan_of(read_plan(str(tmp_path))).id == "yaml"


def test_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that one stands in, and a file in it, can be named by their short names."""
    read(tmp_path, HEAD + "include: [a.yaml]\nkpis:\n" + SOUND, a=INCLUDED)
    monkeypatch.chdir(tmp_path)
    for path in (".", "plan.yaml", "./plan.yaml", "../" + tmp_path.name):
        reading = read_plan(path)
        assert reading.diagnostics == ()
        assert len(plan_of(reading).files) == 2


@pytest.mark.parametrize("name", ["plan [2021]", "计划*", "a?b", "with blank", "[!x]"])
def test_folder_may_be_called_as_it_likes(tmp_path: Path, name: str) -> None:
    """Signs that mean something in a glob mean nothing in the name of the plan's folder."""
    folder = tmp_path / name
    (folder / "observations").mkdir(parents=True)
    (folder / "observations" / "2021.csv").write_text("")
    reading = read(folder, HEAD + "include: ['areas/*.yaml']\nkpis:\n" + SOUND, areas__a=INCLUDED, areas__b=INCLUDED)
    assert codes(reading) == []
    assert [Path(file).name for file in plan_of(reading).files] == ["plan.yaml", "a.yaml", "b.yaml"]
    assert len(plan_of(reading).observation_files) == 1


def test_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """UTF-8 as Windows editors save it, and columns are counted behind the mark."""
    assert codes(read(tmp_path, b"\xef\xbb\xbf" + WHOLE.encode())) == []
    reading = read(tmp_path, b"\xef\xbb\xbf" + WHOLE.replace("format:", "fromat:").encode())
    assert ("KT201", 1, 1) in places(reading)
    assert codes(read(tmp_path, b"\xef\xbb\xbf")) == ["KT102"]
    reading = read(tmp_path, b"\xef\xbb\xbf# \xb0\n" + WHOLE.encode())
    assert places(reading) == [("KT104", 1, 3)]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system_are_accepted(tmp_path: Path, newline: str) -> None:
    """A fault has the same line, column and excerpt whatever ends a line."""
    text = WHOLE.replace("measure: total", "measure: totl").replace("\n", newline)
    (fault,) = read(tmp_path, text).diagnostics
    assert (fault.code, fault.place.line, fault.place.column) == ("KT204", 7, 36)
    assert fault.excerpt == SOUND.rstrip("\n").replace("measure: total", "measure: totl")
    wrong = text.replace("title: A plan", "title: \xb0").encode("latin-1", "ignore")
    assert places(read(tmp_path, wrong)) == [("KT104", 3, 8)]


def test_wrong_byte_has_its_line_and_column(tmp_path: Path) -> None:
    """Characters are counted, not bytes."""
    reading = read(tmp_path, "# 第一\n# 第二行 ".encode() + b"\xff and more\n")
    assert places(reading) == [("KT104", 2, 7)]
    assert reading.diagnostics[0].excerpt == "# 第二行 � and more"
    assert places(read(tmp_path, b"\xff")) == [("KT104", 1, 1)]


def test_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Its size is enough to refuse it."""
    with (tmp_path / "plan.yaml").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert message(tmp_path) == "KT105: the file is too large: 268435457 bytes, at most 268435456 are read"


def test_too_many_files_are_not_read(tmp_path: Path) -> None:
    """The files up to the limit are read, the fault stands where the others are included."""
    (tmp_path / "many").mkdir()
    for i in range(MAX_FILES):
        (tmp_path / "many" / f"{i:04}.yaml").write_text(INCLUDED)
    reading = read(tmp_path, HEAD + "include: ['many/*.yaml']\nkpis:\n" + SOUND)
    assert places(reading) == [("KT117", 6, 11)]
    assert len(plan_of(reading).files) == MAX_FILES


def test_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    """A symbolic link is where it leads; one that stays inside the plan's folder is a file like any other."""
    outside, folder = tmp_path / "outside", tmp_path / "plan"
    outside.mkdir()
    folder.mkdir()
    (outside / "x.yaml").write_text(INCLUDED + "facts: [{id: secret, title: S}]\n")
    (folder / "link.yaml").symlink_to(outside / "x.yaml")
    (folder / "linked").symlink_to(outside)
    (folder / "real").mkdir()
    (folder / "real" / "a.yaml").write_text(INCLUDED + "facts: [{id: a, title: A}]\n")
    (folder / "inside.yaml").symlink_to(folder / "real" / "a.yaml")
    include = "include: [link.yaml, linked/x.yaml, 'li*.yaml', 'linked/*.yaml', inside.yaml]\nkpis:\n"
    reading = read(folder, HEAD + include + SOUND)
    assert codes(reading) == ["KT116"] * 4
    assert [fact.id for fact in plan_of(reading).facts] == ["a"]


def test_glob_keeps_what_is_inside(tmp_path: Path) -> None:
    """Of what a glob finds, only what leads outside is refused."""
    folder = tmp_path / "plan"
    folder.mkdir()
    (tmp_path / "x.yaml").write_text(INCLUDED)
    (folder / "b.yaml").symlink_to(tmp_path / "x.yaml")
    reading = read(
        folder, HEAD + "include: ['[ab].yaml']\nkpis:\n" + SOUND, a=INCLUDED + "facts: [{id: a, title: A}]\n"
    )
    assert codes(reading) == ["KT116"]
    assert [fact.id for fact in plan_of(reading).facts] == ["a"]


def test_observations_outside_are_not_read_unasked(tmp_path: Path) -> None:
    """The default glob follows no link out of the plan's folder, and says so."""
    folder = tmp_path / "plan"
    (folder / "observations").mkdir(parents=True)
    (tmp_path / "x.csv").write_text("")
    (folder / "observations" / "link.csv").symlink_to(tmp_path / "x.csv")
    (folder / "observations" / "own.csv").write_text("")
    reading = read(folder)
    assert codes(reading) == ["KT116"]
    assert [Path(file).name for file in plan_of(reading).observation_files] == ["own.csv"]


@pytest.mark.parametrize("pattern", ['"a\\0b.yaml"', '"a\\0/*.yaml"', '"\\x1b.yaml"', "nothing/", "'**/none.yaml'"])
def test_pattern_that_matches_nothing_is_a_fault(tmp_path: Path, pattern: str) -> None:
    """Also one that no file could be called."""
    reading = read(tmp_path, HEAD + f"include: [{pattern}]\nkpis:\n" + SOUND)
    assert codes(reading) == ["KT114"]
    assert paths(plan_of(reading)) == ["sound"]


def test_file_named_twice_in_one_list_is_read_once(tmp_path: Path) -> None:
    """By name and by a glob, a file is one file."""
    facts = INCLUDED + "facts: [{id: a, title: A}]\n"
    reading = read(tmp_path, HEAD + "include: [a.yaml, ./a.yaml, '*a.yaml']\nkpis:\n" + SOUND, a=facts)
    assert codes(reading) == []
    assert [Path(file).name for file in plan_of(reading).files] == ["plan.yaml", "a.yaml"]


def test_included_files_follow_in_the_order_of_their_names(tmp_path: Path) -> None:
    """A glob is read in the order of names, whatever order they were written in, each with what it includes."""
    names = [f"{i:02}" for i in range(12)]
    random.Random(7).shuffle(names)
    (tmp_path / "areas").mkdir()
    for name in names:
        (tmp_path / "areas" / f"{name}.yaml").write_text(INCLUDED + f"facts: [{{id: f{name}, title: F}}]\n")
    reading = read(tmp_path, HEAD + "include: ['areas/*.yaml']\nkpis:\n" + SOUND)
    assert [fact.id for fact in plan_of(reading).facts] == [f"f{i:02}" for i in range(12)]


def test_include_is_relative_to_the_file_that_includes(tmp_path: Path) -> None:
    """A file in a folder includes its neighbours by name, and may go up as long as it stays in the plan's folder."""
    reading = read(
        tmp_path, HEAD + "include: [areas/a.yaml]\nkpis:\n" + SOUND,
        areas__a=INCLUDED + "include: [b.yaml, ../c.yaml, ../../d.yaml]\n",
        areas__b=INCLUDED + "facts: [{id: b, title: B}]\n", c=INCLUDED + "facts: [{id: c, title: C}]\n",
    )  # fmt: skip
    assert codes(reading) == ["KT116"]
    assert [fact.id for fact in plan_of(reading).facts] == ["b", "c"]


def test_broken_include_takes_nothing_else_with_it(tmp_path: Path) -> None:
    """Each faulty file has its fault, and what the others hold is read."""
    reading = read(
        tmp_path, HEAD + "include: [a.yaml, b.yaml, c.yaml, d.yaml]\nkpis:\n" + SOUND,
        a="", b=INCLUDED + "kpis: [\n", c="- a list\n", d=INCLUDED + "kpis:\n" + SOUND.replace("sound", "other"),
    )  # fmt: skip
    assert codes(reading) == ["KT102", "KT106", "KT203"]
    assert paths(plan_of(reading)) == ["sound", "other"]
    assert broken(plan_of(reading)) == []


def test_included_file_has_no_header(tmp_path: Path) -> None:
    """What belongs to the plan's own file is refused in one that it includes."""
    reading = read(tmp_path, HEAD + "include: [a.yaml]\nkpis:\n" + SOUND, a=INCLUDED + "period: 2022\ngrace: 5\n")
    assert places(reading) == [("KT201", 2, 1), ("KT201", 3, 1)]


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=5))
def test_nearest_word_is_one_of_those_known(word: str, known: list[str]) -> None:
    """A suggestion is never made up."""
    assert nearest(word, known) in [*known, ""]


def test_nearest_word_sees_through_spelling() -> None:
    """Another case and other signs between the words are the same word."""
    assert nearest("AT END", ["elapsed", "at-end"]) == "at-end"
    assert nearest("TOTAL", ("total", "level")) == "total"
    assert nearest("perhaps", ("total", "level")) == ""


def test_report_has_no_line_for_a_file_that_it_does_not_know() -> None:
    """A fault about a file that was never read shows no line."""
    from kpi_tracker.diagnostics import Place

    report = Report()
    report.file("a.yaml", b"one\ntwo\n")
    assert [report.line(Place(*place)) for place in (("a.yaml", 2), ("a.yaml", 3), ("a.yaml", 0), ("b.yaml", 1))] == [
        "two", "", "", "",
    ]  # fmt: skip


def test_what_is_wrong_with_the_bytes_is_all_that_is_said_of_a_file(tmp_path: Path) -> None:
    """A byte that is not UTF-8 behind a broken KPI: the file has to be saved again, so nothing else is said of it."""
    path = tmp_path / "plan.yaml"
    path.write_bytes(
        "format: kpi-tracker/v1\nkpis:\n- id: a\n  wieght: 2\n- id: \ufeff二\n".encode() + b"  title: \xd6\xd0\n"
    )
    assert [(fault.code, fault.place.line, fault.place.column) for fault in read_plan(path).diagnostics] == [
        ("KT104", 6, 10)
    ]


def test_utf_16_is_not_followed(tmp_path: Path) -> None:
    """The YAML parser would read UTF-16; a plan is UTF-8, so that every tool can read it."""
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"\xff\xfe" + "计划：甲".encode("utf-16-le"))
    assert [fault.code for fault in read_plan(path).diagnostics] == ["KT104"]
