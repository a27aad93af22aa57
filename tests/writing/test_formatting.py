"""Plan files in their one form: what it is, and that nothing is written where something could be lost."""

import os
import shutil
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker.loading.plan import read_plan
from kpi_tracker.writing import files
from kpi_tracker.writing.canon import formatted
from kpi_tracker.writing.formatting import format_plan
from kpi_tracker.writing.problem import WritingError
from kpi_tracker.writing.reading import comments_of
from tests.cli.running import run
from tests.loading.written import HEAD, PLANS, SHIPPED, WHOLE

PLANS_OF_ALL_KINDS = [*sorted((PLANS / "positive").iterdir()), PLANS / "showcase", SHIPPED]
KPI = "kpis:\n  - id: a\n    title: A\n    measure: total\n    baseline: 1\n    target: {value: 2, basis: stated}\n"
UNTIDY = (
    HEAD + "kpis:\n- title: A   # named\n  id: a\n  measure: total\n  baseline: 1\n  target: {basis: stated,value: 2}\n"
)
TIDY = (
    HEAD
    + "kpis:\n  - id: a\n    title: A  # named\n    measure: total\n    baseline: 1\n    target: {value: 2, basis: stated}\n"
)


def anew(body: str) -> str:
    """Return what becomes of the lines below the head of a plan."""
    return formatted(HEAD + body, "plan.yaml").removeprefix(HEAD)


def plan_in(folder: Path, text: str) -> Path:
    """Write a plan file and return its path."""
    folder.mkdir(exist_ok=True)
    path = folder / "plan.yaml"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("folder", PLANS_OF_ALL_KINDS, ids=lambda folder: folder.name)
def test_a_plan_reads_the_same_before_and_after(folder: Path, tmp_path: Path) -> None:
    """Apart from places it is the same plan with the same faults, its comments are there, and again nothing changes."""
    copy = shutil.copytree(folder, tmp_path / folder.name)
    before, comments = read_plan(copy), sorted(all_comments(copy))
    format_plan(copy)
    after = read_plan(copy)
    assert after.plan == before.plan
    assert [fault.code for fault in after.diagnostics] == [fault.code for fault in before.diagnostics]
    assert sorted(all_comments(copy)) == comments
    assert not [one.file for one in format_plan(copy) if one.changed]


def all_comments(folder: Path) -> list[str]:
    """Return the comments of all plan files of a folder."""
    paths = sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])
    return [comment for path in paths for comment in comments_of(path.read_text(encoding="utf-8-sig"))]


def test_the_shipped_plan_is_in_canonical_form() -> None:
    """`kpi-tracker fmt --check goals/pinghu-2021` has nothing to say."""
    ran = run("fmt", "--check", "goals/pinghu-2021")
    assert (ran.code, ran.out, ran.err) == (0, "9 files are in canonical form\n", "")


@pytest.mark.parametrize(("before", "after"), [
    ("kpis:\n- id: a\n  title: A\n", "kpis:\n  - id: a\n    title: A\n"),
    ("kpis:\n    -   id: a\n        title: A\n", "kpis:\n  - id: a\n    title: A\n"),
    ("kpis:\n  -\n    id: a\n", "kpis:\n  - id: a\n"),
    ("owner:   {zh:  甲 ,en: A}\n", "owner: {zh: 甲, en: A}\n"),
    ("owner: {zh: 甲,\n  en: A}\n", "owner: {zh: 甲,\n    en: A}\n"),
    ("owner: {\n  zh: 甲,\n  en: A\n}\n", "owner: {\n    zh: 甲,\n    en: A\n  }\n"),
    ("include: [ a.yaml,b.yaml ]\n", "include: [a.yaml, b.yaml]\n"),
    ("owner: 'It''s'\n", 'owner: "It\'s"\n'),
    ("owner: '\"It\"'\n", "owner: '\"It\"'\n"),
    ("owner: 'C:\\temp'\n", "owner: 'C:\\temp'\n"),
    ("owner: \"a\\tb\"\n", "owner: \"a\\tb\"\n"),
    ("notes: one\n        two\n\n        three\n", "notes: one\n  two\n\n  three\n"),
    ('notes: "one\\ \n     \\ two\\\n     three"\n', 'notes: "one\\ \n  \\ two\\\n  three"\n'),
    ("notes:\n      one\n", "notes: one\n"),
    ("notes: |\n      one\n        two\n\n      three\n", "notes: |\n  one\n    two\n\n  three\n"),
    ("notes: |5\n       one\n     two\n", "notes: |2\n    one\n  two\n"),
    ("notes: >-   # why\n    one\n    two\n", "notes: >-  # why\n  one\n  two\n"),
    ("notes: |+\n    one\n\n\ngrace: 5\n", "grace: 5\nnotes: |+\n  one\n\n\n"),
    ("notes: |\ngrace: 5\n", "grace: 5\nnotes: |\n"),
    ("? owner\n: A\n", "owner: A\n"),
    ("? owner # he\n: A\n", "owner:\n  # he\n  A\n"),
    ("owner: &who # he\n    A\n", "owner: &who # he\n  A\n"),
    ("owner: &who   A\nnotes:    *who\n", "owner: &who A\nnotes: *who\n"),
    ("kpis: &k\n- id: a\n", "kpis: &k\n  - id: a\n"),
    ("kpis:\n- &one\n  id: a\n", "kpis:\n  - &one\n    id: a\n"),
    ("tags: [!!str 1, ! b]\n", "tags: [!!str 1, ! b]\n"),
    ("x: [a: b, c]\n", "x: [a: b, c]\n"),
    ("x: [{a, b: }, &y {c: 1}]\n", "x: [{a, b}, &y {c: 1}]\n"),
    ("x: - y\n".replace("- y", "[]"), "x: []\n"),
    ("x:\n- - 1\n  - 2\n", "x:\n  - - 1\n    - 2\n"),
    ("x: &n v\ny: {*n : 1}\n", "x: &n v\ny: {*n : 1}\n"),
])  # fmt: skip
def test_the_form_of_values(before: str, after: str) -> None:
    """Two blanks a level, dashes one level below their key; brackets stay, and their lines break where they broke."""
    assert anew(before) == after


@pytest.mark.parametrize("text", [
    "1,234", "84.6%", "3分53秒", "012", "2021-9-30", "2021年9月30日", "1e3", "0o14", "1_000", "+1", "yes", "3:00", "１２３",
    '"yes"', '"+10%"', "~", "'a\"b'", "1.50",
])  # fmt: skip
def test_no_spelling_changes(text: str) -> None:
    """A value is written as it was: numbers, dates, words that look like others."""
    assert anew(f"owner: {text}\n") == f"owner: {text}\n"
    if "," not in text:
        assert anew(f"owner: {{zh: {text}}}\n") == f"owner: {{zh: {text}}}\n"


@pytest.mark.parametrize(("before", "after"), [
    ("\n\n\nowner: A\n\n\n\nnotes: B\n\n\n", "\nowner: A\n\nnotes: B\n"),
    ("owner: A # who\n# why\nnotes: B\n", "owner: A  # who\n# why\nnotes: B\n"),
    ("kpis: # all\n\n  # first\n\n  - id: a # it\n    # in a\n  # in kpis\n# in none\n",
     "kpis:  # all\n  # first\n\n  - id: a  # it\n    # in a\n  # in kpis\n# in none\n"),
    ("kpis:\n- # dash\n  id: a\n- # only\n  # two\n  id: b\n", "kpis:\n  -  # dash\n    id: a\n  -  # only\n    # two\n    id: b\n"),
    ("kpis:\n-\n  # above\n  id: a\n", "kpis:\n  -\n    # above\n    id: a\n"),
    ("owner: # who\n  A # he\n", "owner:  # who\n  A  # he\n"),
    ("owner:\n  # who\n  A\n", "owner:\n  # who\n  A\n"),
    ("x: [ # open\n  a, # one\n  # two\n  b # three\n  # four\n]\n",
     "x: [  # open\n    a,  # one\n    # two\n    b  # three\n    # four\n  ]\n"),
    ("x: {a: # why\n  1, b: 2}\n", "x: {a:  # why\n      1, b: 2}\n"),
    ("kpis: &k # named\n- id: a\n", "kpis: &k  # named\n  - id: a\n"),
    ("notes: |\n  text # no comment\n# comment\nx: 1\n", "notes: |\n  text # no comment\n# comment\nx: 1\n"),
])  # fmt: skip
def test_comments_stay_where_they_are(before: str, after: str) -> None:
    """Behind, above, below, between: each with what it was with, and empty lines one at most."""
    assert anew(before) == after


def test_a_comment_moves_with_its_key() -> None:
    """Keys are put in the order of the format; what stands above or behind one goes along."""
    body = (
        "kpis:\n  # the KPI\n  - measure: total  # adds up\n\n    # its name\n    title: A\n    id: a\n    # the end\n"
    )
    assert anew(body) == (
        "kpis:\n  # the KPI\n  - id: a\n\n    # its name\n    title: A\n    measure: total  # adds up\n    # the end\n"
    )


def test_lists_of_items_stay_in_the_order_of_the_author() -> None:
    """KPIs before goals, or behind them: what holds the items stands last, as it was written."""
    body = "goals:\n  - facts: []\n    kpis: []\n    goals: []\n    title: G\n    id: g\n"
    assert anew(body) == "goals:\n  - id: g\n    title: G\n    facts: []\n    kpis: []\n    goals: []\n"


@pytest.mark.parametrize("body", [
    "kpis:\n  - title: &t A\n    id: a\n    notes: *t\n    owner: *t\n  - owner: &o B\n    title: *o\n    id: b\n",
    "kpis:\n  - notes: &t A\n    title: *t\n    id: a\n",
    "owner: &t A\nkpis:\n  - title: *t\n    owner: &t B\n    id: a\n",
    "kpis:\n  - title: &t A\n    owner: &t B\n    id: a\n",
])  # fmt: skip
def test_no_alias_comes_before_its_anchor(body: str) -> None:
    """Where the order of the format would tear them apart, keys stay as they are."""
    assert formatted(HEAD + body, "plan.yaml").count("*") == body.count("*")


def test_keys_within_brackets_over_lines_stay() -> None:
    """There the author has chosen the lines; on one line they are put in order."""
    assert anew("kpis: [{title: A,\n    id: a}, {title: B, id: b}]\n") == (
        "kpis: [{title: A,\n      id: a}, {id: b, title: B}]\n"
    )


def test_what_stands_around_the_document_stays() -> None:
    """A directive, the mark of its start, comments behind its end; the mark of the end is not needed."""
    text = f"# top\n%YAML 1.1\n---   # here\n{WHOLE}...\n# below\n"
    assert formatted(text, "plan.yaml") == f"# top\n%YAML 1.1\n---  # here\n{WHOLE}# below\n"
    assert formatted(f"--- {{a: 1}}\n# {'x' * 3}\n", "a") == "---\n{a: 1}\n# xxx\n"
    assert formatted(
        "# above\n\n{a: 1}   # behind\n\n# below\n", "a"
    ) == "# above\n\n{a: 1}  # behind\n\n# below\n".replace("\n\n{", "\n{")


def test_line_ends_stay_and_the_byte_order_mark_goes(tmp_path: Path) -> None:
    """CR LF stays, since git may have made it; UTF-8 needs no mark."""
    path = plan_in(tmp_path, "\ufeff" + UNTIDY.replace("\n", "\r\n"))
    (one,) = format_plan(path)
    assert one.changed
    assert path.read_bytes() == TIDY.replace("\n", "\r\n").encode()
    path.write_bytes(("\ufeff" + TIDY).encode())
    assert format_plan(path)[0].changed
    assert path.read_bytes() == TIDY.encode()


@pytest.mark.parametrize("text", ["owner: A # \u2028x\n", "owner: A\n# \x85\n", 'owner: "a\u2029b"\n'])
def test_line_ends_that_nobody_sees_are_refused(tmp_path: Path, text: str) -> None:
    """YAML 1.1 ends a line there: what is a comment and what is not could change."""
    path = plan_in(tmp_path, WHOLE + text.replace("\n", "\n"))
    before = path.read_bytes()
    with pytest.raises(WritingError):
        format_plan(path)
    assert path.read_bytes() == before


def test_what_could_not_be_kept_is_refused() -> None:
    """A key over several lines has no place in the form: the text is left, and that is said."""
    with pytest.raises(WritingError, match=r"plan\.yaml is left as it is: written anew it would not say the same"):
        formatted(HEAD + "? |-\n  owner\n: A\n", "plan.yaml")


def test_a_plan_with_faults_is_left_as_it_is(tmp_path: Path) -> None:
    """Its faults are told with their places; no file of the plan is touched, the sound ones neither."""
    plan_in(tmp_path, UNTIDY + "include: [b.yaml]\n")
    (tmp_path / "b.yaml").write_text("format: kpi-tracker/v1\nkpis:\n  - {id: b, titel: B}\n", encoding="utf-8")
    with pytest.raises(WritingError) as caught:
        format_plan(tmp_path)
    assert [(fault.code, fault.place.line) for fault in caught.value.diagnostics] == [
        ("KT202", 3),
        ("KT202", 3),
        ("KT201", 3),
    ]
    assert "KT201" in str(caught.value)
    assert (tmp_path / "plan.yaml").read_text(encoding="utf-8") == UNTIDY + "include: [b.yaml]\n"


@pytest.mark.parametrize("text", ["a: [\n", "", "- 1\n", HEAD + "kpis: [{{}: 1}]\n", "\x00"])
def test_what_is_no_plan_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    """Neither YAML nor a plan: refused with the fault."""
    path = plan_in(tmp_path, text)
    with pytest.raises(WritingError) as caught:
        format_plan(path)
    assert caught.value.diagnostics
    assert path.read_text(encoding="utf-8") == text


def test_there_must_be_a_plan(tmp_path: Path) -> None:
    """An empty folder, and a file that is not there."""
    for path, code in ((tmp_path, "KT118"), (tmp_path / "a.yaml", "KT101")):
        with pytest.raises(WritingError) as caught:
            format_plan(path)
        assert [fault.code for fault in caught.value.diagnostics] == [code]


def test_faults_of_meaning_do_not_matter(tmp_path: Path) -> None:
    """A target on the wrong side, no period to speak of, data that are still to come: the text can be put in order."""
    text = UNTIDY.replace("value: 2", "value: 0").replace("measure: total", "direction: increase\n  measure: total")
    path = plan_in(
        tmp_path, text.replace("2021", "{start: 2021-02-01, end: 2021-01-01}") + "observations: [none.csv]\n"
    )
    assert {"KT306", "KT317", "KT114"} <= {fault.code for fault in read_plan(path).diagnostics}
    assert [one.changed for one in format_plan(path)] == [True]
    assert [one.changed for one in format_plan(path)] == [False]


def test_an_included_file_is_written_by_itself(tmp_path: Path) -> None:
    """What the plan's own file looks like does not matter to it."""
    part = tmp_path / "part.yaml"
    part.write_text("kpis:\n- title: A\n  id: a\n  measure: total\nformat: kpi-tracker/v1\n", encoding="utf-8")
    (one,) = format_plan(part)
    assert (one.file, one.changed) == (part.as_posix(), True)
    assert part.read_text(encoding="utf-8") == (
        "format: kpi-tracker/v1\nkpis:\n  - id: a\n    title: A\n    measure: total\n"
    )


def test_without_writing_nothing_changes(tmp_path: Path) -> None:
    """What would be is told."""
    path = plan_in(tmp_path, UNTIDY)
    (one,) = kpi_tracker.format_plan(tmp_path, write=False)
    assert (one.before, one.after, one.changed) == (UNTIDY, TIDY, True)
    assert path.read_text(encoding="utf-8") == UNTIDY


def test_links_and_permissions_stay(tmp_path: Path) -> None:
    """The file that a link leads to is replaced, with its permissions."""
    real = plan_in(tmp_path / "real", UNTIDY)
    real.chmod(0o640)
    link = tmp_path / "plan.yaml"
    link.symlink_to(real)
    format_plan(link)
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == TIDY
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_file_by_two_names_is_written_once(tmp_path: Path) -> None:
    """Its items are there twice, which is a fault of what the plan means; its text can be put in order."""
    plan = two_files(tmp_path)["plan.yaml"]
    (tmp_path / "c.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "plan.yaml").write_text(plan.replace("[b.yaml]", "[b.yaml, c.yaml]"), encoding="utf-8")
    assert [one.changed for one in format_plan(tmp_path)] == [True, True, True]
    assert [one.changed for one in format_plan(tmp_path)] == [False, False, False]
    assert (tmp_path / "c.yaml").is_symlink()


def two_files(folder: Path) -> dict[str, str]:
    """Write a plan of two untidy files; return their texts by path."""
    plan_in(folder, UNTIDY + "include: [b.yaml]\n")
    (folder / "b.yaml").write_text("kpis:\n- title: B\n  id: b\n  measure: milestone\n  steps: [{id: s, title: S, due: 2021-05-01}]\n"
                                   "format: kpi-tracker/v1\n", encoding="utf-8")  # fmt: skip
    return texts_of(folder)


def texts_of(folder: Path) -> dict[str, str]:
    """Return the texts of all files in a folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.mark.parametrize("call", ["replace", "fsync", "chmod"])
def test_a_failure_puts_all_files_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Where the second file cannot be written the first is as it was, and no draft is left."""
    before = two_files(tmp_path)
    calls: list[object] = []
    real = getattr(os, call)

    def failing(*args: object) -> object:
        calls.append(args)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(*args)

    monkeypatch.setattr(os, call, failing)
    with pytest.raises(
        WritingError, match=r"b\.yaml could not be written, and all is as it was: no room is left on the disk"
    ):
        format_plan(tmp_path)
    assert texts_of(tmp_path) == before


def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is protected stays so, though its folder may be written."""
    before = two_files(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: not path.endswith("b.yaml"))
    with pytest.raises(WritingError, match=r"b\.yaml could not be written"):
        format_plan(tmp_path)
    assert texts_of(tmp_path) == before


def test_what_somebody_saved_in_the_meantime_is_kept(tmp_path: Path) -> None:
    """A file that is no longer what was read is not replaced."""
    path = plan_in(tmp_path, "new")
    with pytest.raises(WritingError, match="it was changed in the meantime"):
        files.replace_files({str(path): (b"old", b"other")})
    assert path.read_text(encoding="utf-8") == "new"


def test_fmt_writes_and_says_what(tmp_path: Path) -> None:
    """Each file that changed, and how many did not; a second time there is nothing to do."""
    path = plan_in(tmp_path, UNTIDY)
    assert run("fmt", str(tmp_path)) == (
        0,
        f"{path}: written anew\n1 was written anew, 0 files are in canonical form\n",
        "",
    )
    assert run("fmt", str(tmp_path), "--lang", "zh") == (0, "1 个文件格式已统一\n", "")
    assert path.read_text(encoding="utf-8") == TIDY


def test_fmt_check_and_diff_write_nothing(tmp_path: Path) -> None:
    """They end with 1 where something would change."""
    path = plan_in(tmp_path, UNTIDY.rstrip("\n"))
    checked = run("fmt", "--check", str(tmp_path))
    assert checked == (
        1,
        f"{path}: would be written anew\n1 would be written anew, 0 files are in canonical form\n",
        "",
    )
    shown = run("fmt", "--diff", str(tmp_path), "--lang", "zh")
    assert shown.code == 1
    assert f"{path}：会重写\n--- {path}\n+++ {path}\n@@" in shown.out
    assert "-- title: A   # named\n" in shown.out
    assert "\\ No newline at end of file\n" in shown.out
    assert path.read_text(encoding="utf-8") == UNTIDY.rstrip("\n")


def test_fmt_goes_on_after_a_plan_with_faults(tmp_path: Path) -> None:
    """The worst counts: 3, though the other plan was written."""
    plan_in(tmp_path / "bad", "a: [\n")
    good = plan_in(tmp_path / "good", UNTIDY)
    ran = run("fmt", str(tmp_path / "*"))
    assert ran.code == 3
    assert "KT106" in ran.err
    assert "is left as it is: it has faults that must be mended first" in ran.err
    assert good.read_text(encoding="utf-8") == TIDY
    assert run("fmt", str(tmp_path / "bad")).out == ""
