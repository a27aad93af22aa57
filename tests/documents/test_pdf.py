"""The PDF: its text, fonts, outline and pictures, and what it refuses to be."""

import io
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import ContentStream

from kpi_tracker.documents.blocks import (
    Branch,
    Cell,
    Chart,
    Column,
    Facts,
    Headline,
    Paragraph,
    Row,
    Table,
    Tree,
)
from kpi_tracker.documents.content.document import document
from kpi_tracker.documents.extras import MissingExtra, MissingLibrary
from kpi_tracker.documents.fonts import cover
from kpi_tracker.documents.paper import Paper
from kpi_tracker.documents.pdf import pdf_file
from kpi_tracker.documents.pdf.pictures import Pictures
from kpi_tracker.documents.templates import BrokenTemplateError
from kpi_tracker.language import language
from kpi_tracker.model.measure import Status
from kpi_tracker.record import changed
from tests.documents.made import HOSTILE, badge, drawing, every_block, made, with_blocks
from tests.documents.paper import CAUSE, CHINESE, FONTLESS, Machine, crowded, on_paper, squeezed, told
from tests.reporting.showcase import scored

BANNER = "示意数据：为演示而编，并非真实结果"


@pytest.fixture(autouse=True)
def _fonts() -> None:
    if cover(CHINESE).missing:
        pytest.skip("there is no font with Chinese characters on this machine")


@cache
def showcase(lang: str) -> Any:
    """Return the document of the showcase."""
    return changed(document(scored(), lang), banners=(BANNER,))


@cache
def written(lang: str) -> bytes:
    """Return the PDF of the showcase."""
    return pdf_file(showcase(lang))[0]


def opened(content: bytes) -> Any:
    """Return a PDF as pypdf reads it."""
    return pypdf.PdfReader(io.BytesIO(content))


def text(content: bytes) -> str:
    """Return the text of all pages without spaces."""
    return squeezed("".join(page.extract_text() for page in opened(content).pages))


def of_blocks(*blocks: Any, **more: Any) -> bytes:
    """Return the PDF of a document that holds `blocks` only."""
    return pdf_file(with_blocks(*blocks), **more)[0]


def body(lang: str) -> str:
    """Return the text of the showcase without what stands at the head and the foot of every sheet."""
    before, between, after = (re.escape(squeezed(part)) for part in Paper(showcase(lang)).page_numbers)
    found = re.sub(rf"{before}\d+{between}\d+{after}", "", text(written(lang)))
    return found.replace(squeezed(showcase(lang).title + BANNER), "")


def fonts(reader: Any) -> list[Any]:
    """Return the descriptors of all fonts that the pages use."""
    held = {}
    for page in reader.pages:
        for name, font in page["/Resources"].get("/Font", {}).items():
            held[name] = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    return list(held.values())


def glyphs(reader: Any) -> set[int]:
    """Return the numbers of all glyphs that the pages and the pictures in them draw; 0 is the box."""
    forms = [form.get_object() for page in reader.pages for form in page["/Resources"].get("/XObject", {}).values()]
    shown = [operands for stream in (*(page.get_contents() for page in reader.pages), *forms)
             for operands, operator in ContentStream(stream, reader).operations if operator in (b"Tj", b"TJ")]  # fmt: skip
    strings = [
        part for operands in shown for group in operands for part in (group if isinstance(group, list) else [group])
    ]
    raw = b"".join(part.original_bytes for part in strings if hasattr(part, "original_bytes"))
    return {int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_of_every_page_is_there(lang: str) -> None:
    paper, found = Paper(showcase(lang)), body(lang)
    missing = [one for part in (*paper.chapters, *paper.annex) for one in told(part.page) if squeezed(one) not in found]
    assert missing == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_pictures_say_is_text_too(lang: str) -> None:
    assert {"zh": "时序进度76.4%", "en": "2021-09-30"}[lang] in text(written(lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_has_title_banner_and_number(lang: str) -> None:
    pages = opened(written(lang)).pages
    before, between, after = Paper(showcase(lang)).page_numbers
    assert 10 < len(pages) < 25
    for number, page in enumerate(pages, 1):
        found = squeezed(page.extract_text())
        assert squeezed(showcase(lang).title + BANNER) in found
        assert squeezed(f"{before}{number}{between}{len(pages)}{after}") in found
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_fonts_are_embedded_subsets_and_no_glyph_is_the_box(lang: str) -> None:
    reader = opened(written(lang))
    found = fonts(reader)
    assert any("CJK" in font["/FontName"] for font in found)
    for font in found:
        assert {"/FontFile2", "/FontFile3"} & set(font)
        assert re.match(r"/[A-Z]{6}\+", font["/FontName"])
    assert len(glyphs(reader)) > 100
    assert 0 not in glyphs(reader)


def test_the_outline_has_every_chapter_and_item_where_it_begins() -> None:
    reader, paper = opened(written("zh")), Paper(showcase("zh"))
    top = [one for one in reader.outline if not isinstance(one, list)]
    assert [one["/Title"] for one in top] == [line.heading for line in paper.contents() if line.level == 1]
    for one in top:
        page = reader.pages[reader.get_destination_page_number(one)]
        assert squeezed(str(one["/Title"])) in squeezed(page.extract_text())
    (annex,) = [one for one in reader.outline if isinstance(one, list)][-1:]
    assert [one["/Title"] for one in annex] == [part.heading for part in paper.annex]


def test_long_notes_in_a_crowded_table_stand_below_their_row() -> None:
    """The cause has the whole width; what has no note has no line for it."""
    text = squeezed(opened_text(of_blocks(crowded(CAUSE * 3, "–"))))
    assert f"备注{squeezed(CAUSE)}" in text
    assert text.count("备注") == 1
    assert squeezed(opened_text(of_blocks(crowded("已办")))).count("备注") == 1


def opened_text(content: bytes) -> str:
    """Return the text of a PDF."""
    return "".join(page.extract_text() for page in opened(content).pages)


def test_the_contents_tell_the_pages() -> None:
    reader, paper = opened(written("zh")), Paper(showcase("zh"))
    starts = {
        one["/Title"]: reader.get_destination_page_number(one) + 1
        for one in reader.outline
        if not isinstance(one, list)
    }
    for line in [line for line in paper.contents() if line.level == 1]:
        assert re.search(
            f"{re.escape(squeezed(line.heading))}[.]+{starts[line.heading]}", squeezed(reader.pages[0].extract_text())
        )


def test_links_lead_into_the_file_and_nowhere_else() -> None:
    links = [note.get_object() for page in opened(written("zh")).pages for note in page.get("/Annots", ())]
    assert len(links) > 40
    assert all("/Dest" in link or link["/A"].get("/S") == "/GoTo" for link in links)


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_file_says_what_it_is_and_in_which_language(lang: str, tag: str) -> None:
    reader = opened(written(lang))
    assert reader.trailer["/Root"]["/Lang"] == tag
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    held = reader.metadata
    assert held is not None
    assert (held.title, held.subject, held.author) == (
        showcase(lang).title,
        showcase(lang).subtitle,
        showcase(lang).made_by,
    )
    assert str(held.creation_date).startswith("2021-09-30 00:00:00")


def test_pictures_are_described() -> None:
    described = of_blocks(Chart("pace", drawing("Pace")))
    assert b"Pace: from 0 to 40." in pypdf_objects(described)


def pypdf_objects(content: bytes) -> bytes:
    """Return all strings of a PDF."""
    reader = opened(content)
    held = [reader.get_object(number) for number in range(1, int(reader.trailer["/Size"]))]
    return "\n".join(str(one.get("/Alt", "")) for one in held if isinstance(one, dict)).encode()


def test_the_same_document_gives_the_same_bytes_in_any_process() -> None:
    script = ("import hashlib; from tests.documents.paper import on_paper; from kpi_tracker.documents.pdf import pdf_file; "
              "print(hashlib.sha256(pdf_file(on_paper())[0]).hexdigest())")  # fmt: skip
    sums = {
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(sums) == 1


def test_every_block_has_its_place() -> None:
    tree = Tree(
        (Branch(Cell("root", "2 items", badge=badge()), ("11%",), (Branch(Cell("leaf"), ("22%",)),)),), ("First",)
    )
    wide = Facts(
        (("long name", Cell("value", "its detail")), ("other", Cell("w" * 30)), ("code", Cell("a/b", code=True)))
    )
    blank = Table("t", (Column("Only"),), (Row((Cell(badge=badge(Status.AHEAD), drawing=drawing()),)),), "A caption")
    found = text(of_blocks(tree, wide, blank, Headline(badge(), ()), Paragraph("quiet words", "quiet")))
    for one in ("ItemStatusFirst", "root2items", "leaf", "22%", "longname", "itsdetail", "w" * 30, "a/b", "Only", "ahead", "Acaption",
                "lagging", "quietwords"):  # fmt: skip
        assert one in found


def test_short_facts_stand_two_in_a_row() -> None:
    found = opened(of_blocks(Facts((("a", Cell("1")), ("b", Cell("2")), ("c", Cell("3")))))).pages[1].extract_text()
    assert re.search(r"a\s?1\s?b\s?2", found)


def test_a_long_title_does_not_push_the_text_off_the_page() -> None:
    content = pdf_file(on_paper("en", title="A plan " * 300))[0]
    assert "Trustedkitchens" in text(content)
    assert len(opened(content).pages) < 12


def test_an_annex_that_has_an_end_says_so() -> None:
    assert "2morearenotshownhere" in text(pdf_file(on_paper("en", late=59))[0])


def test_a_document_may_do_without_subtitles_banners_and_annex() -> None:
    found = text(pdf_file(changed(with_blocks(Paragraph("all is well")), subtitle=""))[0])
    assert "alliswell" in found
    assert "Annex" not in found


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_what_tries_to_be_more_than_text_stays_text(hostile: str) -> None:
    hostile = hostile[:1000]  # of the longest, which has a test of its own, the rest says nothing new
    document = changed(
        with_blocks(*every_block(hostile), banners=(hostile,), made_by=hostile), title=hostile, subtitle=hostile
    )
    content, _ = pdf_file(document)
    found = text(content)
    shown = squeezed(hostile.split("\n", maxsplit=1)[0].translate(
        {c: chr(c).encode("unicode_escape").decode() for c in (*range(9), *range(14, 32), 133, 0x202E, 0x2066, 0xD800, 0xFFFE)}
    ))  # fmt: skip
    assert shown[:40].split("👨")[0].split("😀")[0] in found
    reader = opened(content)
    assert "/JavaScript" not in str(reader.trailer["/Root"])
    assert not [note for page in reader.pages for note in page.get("/Annots", ()) if "/URI" in str(note.get_object())]
    assert 0 not in glyphs(reader)


def test_a_word_of_ten_thousand_letters_is_broken_into_lines_and_none_is_lost() -> None:
    word = "&x" * 5000
    found = text(of_blocks(Paragraph(word), Table("t", (Column("a"), Column("b")), (Row((Cell("y"), Cell(word))),))))
    assert (found.count("&x"), found.count("amp")) == (10_000, 0)


def test_nothing_is_fetched_whatever_a_template_asks_for(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    (tmp_path / "print.css").write_text(
        f"@import url('{secret.as_uri()}'); body {{ background: url(http://127.0.0.1:9/x.png) }}", encoding="utf-8"
    )
    asked = "".join(
        f'<img alt="x" src="{url}">'
        for url in (secret.as_uri(), "http://127.0.0.1:9/", "data:text/plain,hi", "drawing:99")
    )
    (tmp_path / "print.html.j2").write_text("{% extends 'ours/print.html.j2' %}", encoding="utf-8")
    (tmp_path / "block.html.j2").write_text(
        "{% macro block(block, paper) %}<p>theirs: {{ block.text }}" + asked + "</p>{% endmacro %}", encoding="utf-8"
    )
    found = text(of_blocks(Paragraph("my words"), overrides=str(tmp_path)))
    assert "theirs:mywords" in found
    assert "secret" not in found


def test_a_broken_template_of_the_user_is_told(tmp_path: Path) -> None:
    (tmp_path / "print.html.j2").write_text("{{ nothing.like.it }}", encoding="utf-8")
    with pytest.raises(BrokenTemplateError, match=r"print\.html\.j2"):
        of_blocks(Paragraph("x"), overrides=str(tmp_path))


def test_a_picture_that_is_not_there_is_not_made_up() -> None:
    with pytest.raises(KeyError):
        Pictures().written("http://127.0.0.1/x.svg")


def test_a_document_that_no_font_can_draw_is_refused_and_not_written_as_boxes(tmp_path: Path) -> None:
    said = Machine(tmp_path, FONTLESS).run(REFUSED.format(document="on_paper('zh')"))
    assert said.startswith("no font here has Chinese characters (")
    assert "fonts-noto-cjk" in said


def test_another_script_that_no_font_can_draw_is_refused_as_well(tmp_path: Path) -> None:
    said = Machine(tmp_path, FONTLESS).run(REFUSED.format(document="with_blocks(Paragraph('བོད་ཡིག་གི་སྐད་ཡིག་ནང'))"))
    assert said.startswith("no font here has the characters ")


def test_a_few_characters_without_a_font_stand_as_their_numbers(tmp_path: Path) -> None:
    said = Machine(tmp_path, FONTLESS).run(
        "import io, pypdf\nfrom tests.documents.made import drawing, with_blocks\n"
        "from kpi_tracker.documents.blocks import Chart, Paragraph\nfrom kpi_tracker.documents.pdf import pdf_file\n"
        "from kpi_tracker.language import language\n"
        "words = 'The quick brown fox jumps over the lazy dog 中 \\U0001fae0 END'\n"
        "content, remarks = pdf_file(with_blocks(Paragraph(words), Chart('c', drawing('Picture \\U0001fae0'))))\n"
        "print(''.join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))\n"
        "print(*(language('en').phrase(remark) for remark in remarks))"
    )
    assert "lazy dog [U+4E2D] [U+1FAE0] END" in said
    assert "Picture [U+1FAE0]" in said
    assert said.splitlines()[-1].startswith("no font here has 中 🫠: they stand in the PDF as their numbers")


def test_nothing_is_said_where_nothing_is_missing() -> None:
    assert pdf_file(made("zh", banners=(CHINESE,)))[1] == ()


REFUSED = """
from tests.documents.paper import on_paper
from tests.documents.made import with_blocks
from kpi_tracker.documents.blocks import Paragraph
from kpi_tracker.documents.glyphs import NoFontError
from kpi_tracker.documents.pdf import pdf_file
from kpi_tracker.language import language
try:
    pdf_file({document})
except NoFontError as refused:
    print(language('en').phrase(refused.phrase))
"""


@pytest.fixture
def _unimported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what was imported for PDF, so that it is imported anew."""
    for name in [
        name
        for name in sys.modules
        if name.partition(".")[0] == "weasyprint" or name == "kpi_tracker.documents.pdf.file"
    ]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.usefixtures("_unimported")
def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(MissingExtra) as found:
        pdf_file(with_blocks())
    assert (
        language("en").phrase(found.value.phrase) == "PDF needs what is not installed: pip install 'kpi-tracker[pdf]'"
    )


@pytest.mark.usefixtures("_unimported")
def test_without_pango_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MissingLibrary) as found:
        pdf_file(with_blocks())
    assert language("en").phrase(found.value.phrase).startswith("PDF needs Pango, which pip does not install")


@pytest.mark.usefixtures("_unimported")
def test_a_broken_import_of_ours_is_not_taken_for_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kpi_tracker.documents.paper", None)
    with pytest.raises(ModuleNotFoundError, match=r"documents\.paper"):
        pdf_file(with_blocks())
