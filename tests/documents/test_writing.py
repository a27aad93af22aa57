"""One call makes the documents: languages, formats, templates of the plan, what changed, what is remarked."""

import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker import write_documents
from kpi_tracker.documents.extras import MissingExtra
from kpi_tracker.documents.folder import FolderError
from kpi_tracker.documents.templates import BrokenTemplateError
from kpi_tracker.documents.writing import FORMATS
from kpi_tracker.language import language
from tests.builders import card, kpi, obs
from tests.builders import plan as whole
from tests.reporting.showcase import AS_OF, PLAN, scored


def under(folder: Path, ending: str = "") -> set[str]:
    """Return the files in a folder that end so, but for the list of them."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {path for path in found if path.endswith(ending) and not path.startswith(".")}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A copy of the showcase."""
    return Path(shutil.copytree(PLAN, tmp_path / "plan"))


def test_a_template_whose_name_is_none_of_ours_is_remarked_on(plan: Path, tmp_path: Path) -> None:
    """With the nearest of our names; what another file includes, what is hidden, and what is no template are left alone."""
    folder = plan / "templates"
    (folder / "html").mkdir(parents=True)
    for name, text in {
        "tabel.html.j2": "", "html/style.css": "", "zzz.css": "", "index.md.j2": '{% include "foot.md.j2" %}', "foot.md.j2": "f",
        ".table.html.j2.swp": "", "README.md": "", ".git/x.j2": "",
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "gone.j2").symlink_to(tmp_path / "nowhere")
    written = write_documents(kpi_tracker.check(plan, AS_OF), str(tmp_path / "out"), formats=("markdown",))
    nothing = "does nothing: no template or stylesheet of ours has that name"
    assert [language("en").phrase(remark) for remark in written.remarks] == [
        f"{folder / 'gone.j2'} {nothing}",
        f"{folder / 'html' / 'style.css'} {nothing}; did you mean style.css?",
        f"{folder / 'tabel.html.j2'} {nothing}; did you mean table.html.j2?",
        f"{folder / 'zzz.css'} {nothing}",
    ]


def test_by_default_a_site_in_both_languages_is_written(tmp_path: Path) -> None:
    """A page for the plan, the list, and each item, in both."""
    written = write_documents(scored(), str(tmp_path / "out"))
    pages = len(scored().items) + 1
    assert under(tmp_path / "out") == set(written.files)
    assert len([path for path in written.files if path.startswith("zh/")]) == pages
    assert len([path for path in written.files if path.startswith("en/")]) == pages
    assert "index.html" in written.files
    assert (written.removed, written.remarks) == ((), ())
    assert write_documents(scored(), str(tmp_path / "out")).changed == ()


def test_every_format_in_one_folder(tmp_path: Path) -> None:
    """A file for each language where it is one file; what was not asked for again is removed."""
    out = tmp_path / "out"
    written = write_documents(scored(), str(out), formats=("markdown", "pdf", "docx", "html"))
    assert {"showcase.zh.docx", "showcase.en.docx", "showcase.zh.pdf", "showcase.en.pdf"} < set(written.files)
    assert {"index.html", "README.md", "zh/index.html", "zh/README.md", "zh/kpis.html", "zh/kpis.md"} < set(
        written.files
    )
    assert (out / "showcase.zh.pdf").read_bytes().startswith(b"%PDF")
    assert (out / "showcase.zh.docx").read_bytes().startswith(b"PK")
    again = write_documents(scored(), str(out), formats=("docx",), languages=["en"])
    assert (again.changed, under(out)) == ((), {"showcase.en.docx"})


def test_one_language_and_one_format(tmp_path: Path) -> None:
    """What is asked for, once."""
    write_documents(scored(), str(tmp_path / "out"), languages=("en", "en"), formats=("markdown", "markdown"))
    assert {path.partition("/")[0] for path in under(tmp_path / "out")} == {"README.md", "en", "pictures"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"formats": ("html", "htm")},
            r"format must be one of html, markdown, docx, pdf, not 'htm'; did you mean 'html'\?",
        ),
        ({"formats": ("xlsx",)}, "format must be one of html, markdown, docx, pdf, not 'xlsx'$"),
        ({"formats": ()}, "formats: at least one of html"),
        ({"languages": ("fr",)}, "language must be one of zh, en, not 'fr'"),
        ({"languages": ()}, "languages: at least one of zh, en"),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(
    settings: dict[str, tuple[str, ...]], message: str, tmp_path: Path
) -> None:
    """A wrong use is told before anything is written."""
    with pytest.raises(ValueError, match=message):
        write_documents(scored(), str(tmp_path / "out"), **settings)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_what_changed_since_an_earlier_scorecard_is_told(tmp_path: Path) -> None:
    """The pages of the plan differ by it."""
    before = kpi_tracker.check(PLAN, date(2021, 8, 31), date(2021, 8, 31))
    write_documents(scored(), str(tmp_path / "out"), languages=("en",), formats=("markdown",), since=before)
    write_documents(scored(), str(tmp_path / "alone"), languages=("en",), formats=("markdown",))
    assert "## What changed since 2021-08-31" in (tmp_path / "out/en/README.md").read_text("utf-8")
    assert "What changed" not in (tmp_path / "alone/en/README.md").read_text("utf-8")


def test_templates_beside_the_plan_are_taken(plan: Path, tmp_path: Path) -> None:
    """A folder `templates`; another can be named."""
    (plan / "templates").mkdir()
    (plan / "templates" / "index.md.j2").write_text("Ours {{ documents|length }}\n", encoding="utf-8")
    (plan / "templates" / "style.css").write_text("/* our style */\n", encoding="utf-8")
    found = kpi_tracker.check(plan, AS_OF)
    out = tmp_path / "out"
    write_documents(found, str(out), formats=("markdown", "html"))
    assert (out / "README.md").read_text("utf-8") == "Ours 2\n"
    assert (out / "assets" / "style.css").read_text("utf-8").endswith("/* our style */\n")
    write_documents(found, str(out), formats=("markdown",), overrides=str(tmp_path))
    assert (out / "README.md").read_text("utf-8").startswith("# [")


def test_a_broken_template_leaves_the_folder_as_it_was(plan: Path, tmp_path: Path) -> None:
    """Told by its place."""
    (plan / "templates").mkdir()
    found, out = kpi_tracker.check(plan, AS_OF), tmp_path / "out"
    written = write_documents(found, str(out), formats=("markdown",))
    (plan / "templates" / "page.md.j2").write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(BrokenTemplateError, match=r"page.md.j2:1"):
        write_documents(found, str(out), formats=("markdown",))
    assert under(out) == set(written.files)


def test_a_missing_extra_is_named_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any page is made."""
    monkeypatch.setitem(sys.modules, "docx", None)
    for module in [name for name in sys.modules if name.startswith("kpi_tracker.documents.word")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(MissingExtra, match=r"kpi-tracker\[docx\]"):
        write_documents(scored(), str(tmp_path / "out"), formats=("html", "docx"))
    assert not (tmp_path / "out").exists()


def test_the_folder_of_the_plan_is_not_written_over(plan: Path, tmp_path: Path) -> None:
    """Nor one that holds it; one inside it is."""
    found = kpi_tracker.check(plan, AS_OF)
    for place in (plan, tmp_path):
        with pytest.raises(FolderError, match="it is or holds"):
            write_documents(found, str(place))
    write_documents(found, str(plan / "docs"), languages=("en",))
    assert kpi_tracker.check(plan, AS_OF).items == found.items


def test_a_scorecard_is_all_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was made in memory, with a plan that was never a file."""
    memory = card(whole(kpi("k", t=12)), [obs("k", "2021-06-30", 5)], "2021-09-30")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "index.md.j2").write_text("not of this plan", encoding="utf-8")
    write_documents(memory, "out", formats=("markdown",))
    assert (tmp_path / "out" / "README.md").read_text("utf-8").startswith("# [")


def test_progress_counts_pages(tmp_path: Path) -> None:
    """One by one up to all, whatever else is written."""
    told: list[tuple[int, int]] = []
    write_documents(
        scored(), str(tmp_path / "out"), formats=FORMATS, languages=("en",), progress=lambda *now: told.append(now)
    )
    whole = 2 * (len(scored().items) + 1) + 2
    assert told == [(n, whole) for n in range(1, whole + 1)]
