"""The Word file as python-docx and a reader of XML see it."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from kpi_tracker.documents.blocks import (
    Branch,
    Cell,
    Chart,
    Column,
    Document,
    Facts,
    Headline,
    Paragraph,
    Reading,
    Row,
    Table,
    Tree,
)
from kpi_tracker.documents.charts.texts import width
from kpi_tracker.documents.columns import DRAWN, PADDING, table_widths
from kpi_tracker.documents.extras import MissingExtra
from kpi_tracker.documents.fonts import cover
from kpi_tracker.documents.word import word_file
from kpi_tracker.documents.word.styles import WIDTH
from kpi_tracker.language import language
from kpi_tracker.model.measure import Status
from kpi_tracker.record import changed
from tests.documents.made import HOSTILE, badge, drawing, every_block, with_blocks
from tests.documents.paper import CAUSE, CHINESE, FONTLESS, Machine, crowded, on_paper

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def written(lang: str = "zh") -> bytes:
    """Return the Word file of the document made by hand."""
    return word_file(on_paper(lang))[0]


def opened(content: bytes) -> Any:
    """Return a Word file as python-docx reads it."""
    return docx.Document(io.BytesIO(content))


def of_blocks(*blocks: Any, **fields: Any) -> Any:
    """Return the file of a document that holds `blocks` only."""
    return opened(word_file(with_blocks(*blocks, **fields))[0])


def parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every part of the package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.infolist():
            yield part.filename, package.read(part)


def texts(file: Any) -> str:
    """Return all text of the body."""
    return "\n".join("".join(node.itertext(f"{W}t")) for node in file.element.body.iter(f"{W}p"))


def test_headings_are_headings_so_that_the_navigation_pane_works() -> None:
    found = [(p.style.name, p.text) for p in opened(written()).paragraphs if p.style.name.startswith("Heading")]
    assert found[:3] == [
        ("Heading 1", f"一、{CHINESE}"),
        ("Heading 2", "（一）总体情况"),
        ("Heading 2", "（二）滞后指标"),
    ]
    assert ("Heading 2", "1．投诉举报超期办结") in found
    assert ("Heading 3", "如何赶上") in found
    levels = {p.style.name: p.style.element.find(f".//{W}outlineLvl").get(f"{W}val") for p in opened(written()).paragraphs
              if p.style.name.startswith("Heading")}  # fmt: skip
    assert levels == {"Heading 1": "0", "Heading 2": "1", "Heading 3": "2"}


def test_the_contents_have_every_chapter_with_a_link_and_the_field_of_its_page() -> None:
    file = opened(written())
    lines = [p for p in file.paragraphs if p.style.name.startswith("toc")]
    assert [p.text.split("\t")[0] for p in lines][:2] == [f"一、{CHINESE}", "二、聚焦安全守护"]
    marks = {node.get(f"{W}name") for node in file.element.iter(f"{W}bookmarkStart")}
    for line in lines:
        anchor = line._p.find(f"{W}hyperlink").get(f"{W}anchor")
        assert anchor in marks
        assert f"PAGEREF {anchor} \\h" in "".join(node.text for node in line._p.iter(f"{W}instrText"))


def test_a_document_without_an_annex_has_none_in_its_contents() -> None:
    file = of_blocks(Paragraph("all is well"))
    assert [p.text.split("\t")[0] for p in file.paragraphs if p.style.name.startswith("toc")] == ["1\u2002Plan"]
    assert "Annex" not in texts(file)


def test_an_annex_that_has_an_end_says_so() -> None:
    assert language("en").text("Contents") in texts(opened(written("en")))
    assert "2 more are not shown here" in texts(opened(word_file(on_paper("en", late=59))[0]))


def test_every_sheet_is_a4_with_title_and_banner_at_its_head_and_page_numbers_at_its_foot() -> None:
    section = opened(written("en")).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "".join(node.text for node in section.header._element.iter(f"{W}t")) == f"{CHINESE}示意数据：并非真实结果"
    foot = section.footer._element
    assert [node.text.strip() for node in foot.iter(f"{W}instrText")] == ["PAGE", "NUMPAGES"]
    assert "".join(node.text for node in foot.iter(f"{W}t")) == "Page 1 of 1"


def test_a_long_title_and_a_long_banner_have_lines_of_their_own_and_an_end() -> None:
    file = opened(word_file(on_paper("en", title="A plan " * 2000, banners=("Made up " * 2000,)))[0])
    head = file.sections[0].header._element
    assert len(list(head.iter(f"{W}br"))) == 1
    assert all(len(node.text) < 400 for node in head.iter(f"{W}t"))


def test_without_banners_the_head_has_the_title_alone() -> None:
    head = of_blocks(Paragraph("x")).sections[0].header._element
    assert [node.text for node in head.iter(f"{W}t")] == ["Plan"]


def test_tables_repeat_their_heads_keep_rows_whole_and_fill_the_width() -> None:
    file = opened(written())
    heads = [table for table in file.tables if table._tbl.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None]
    assert len(heads) == 3  # what lags, what has no data, the tree
    for table in file.tables:
        rows = table._tbl.findall(f"{W}tr")
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in rows[1:])
        columns = [int(column.get(f"{W}w")) for column in table._tbl.iter(f"{W}gridCol")]
        assert sum(columns) == pytest.approx(481 * 20, abs=len(columns))
        assert min(columns) > 20 * 20


def test_numbers_stand_at_the_right() -> None:
    table = Table("t", (Column("Name"), Column("Number", "share", numeric=True)), (Row((Cell("a"), Cell("7", "70%"))),))
    (made,) = of_blocks(table).tables
    sides = [[p._p.find(f".//{W}jc") is not None for p in cell.paragraphs] for row in made.rows for cell in row.cells]
    assert sides == [[False], [True, True], [False], [True, True]]


def test_long_texts_get_more_room_than_short_ones_and_no_column_is_starved() -> None:
    long = "A sentence that goes on for quite a while and says little. " * 3
    row = Row((Cell("Item"), Cell(long), Cell("1", drawing=drawing()), *(Cell("word") for _ in range(9))))
    (made,) = of_blocks(Table("t", tuple(Column(f"C{n}") for n in range(12)), (row,))).tables
    columns = [int(column.get(f"{W}w")) / 20 for column in made._tbl.iter(f"{W}gridCol")]
    assert columns[1] == max(columns)
    assert min(columns) > 18


def test_more_columns_than_there_is_room_for_share_it() -> None:
    (made,) = of_blocks(Table("t", tuple(Column("Attainment") for _ in range(30)), ())).tables
    assert len({column.get(f"{W}w") for column in made._tbl.iter(f"{W}gridCol")}) == 1


def test_long_notes_in_a_crowded_table_stand_below_their_row() -> None:
    """The cause has the whole width, and stays on the page of its row; what has no note has no line for it."""
    (one,) = of_blocks(crowded(CAUSE, "–")).tables
    assert [len(row._tr.tc_lst) for row in one.rows] == [7, 7, 1, 7]
    assert one.rows[2].cells[0].text == f"备注\u2002{CAUSE}\u2002节点为假定"
    assert one.rows[2]._tr.tc_lst[0].grid_span == 7
    assert [row._tr.xpath("count(.//w:keepNext)") > 0 for row in one.rows] == [True, True, False, False]
    (short,) = of_blocks(crowded("已办")).tables
    assert [len(row._tr.tc_lst) for row in short.rows] == [8, 8]


def test_figures_and_statuses_are_whole_and_pictures_large_enough_to_be_read() -> None:
    """Each has the points that its longest text takes at 9 points, also in a font that is wider than ours."""
    widths = table_widths(crowded(CAUSE), WIDTH)
    for at, text in ((1, "突破底线"), (3, "−24.1%"), (4, "超前9.1个百分点")):
        assert widths[at] - PADDING >= width(text, 9.0), text
    picture = Cell(drawing=changed(drawing(), width=232.0))
    row = Row((Cell("聚焦高质量发展"), *[Cell("76.8%")] * 3, picture))
    wide = Table("goals", (Column("板块"), *[Column("完成率", numeric=True)] * 3, Column("图")), (row,))
    assert table_widths(wide, WIDTH)[-1] >= DRAWN + PADDING


def test_a_tree_is_a_table_whose_branches_stand_further_in() -> None:
    leaf = Branch(Cell("leaf", marks=("assumed",)), ("3",))
    tree = Tree((Branch(Cell("root", "2 items", badge=badge()), ("1", "2", "3"), (leaf,)),), ("First",))
    (made,) = of_blocks(tree).tables
    assert [[cell.text.strip() for cell in row.cells] for row in made.rows] == [
        ["Item", "Status", "First", "", ""], ["root\u20022 items", "lagging", "1", "2", "3"],
        ["leaf [assumed]", "", "3", "", ""],
    ]  # fmt: skip
    insets = [row.cells[0].paragraphs[0]._p.find(f".//{W}ind") for row in made.rows]
    assert [None if inset is None else inset.get(f"{W}left") for inset in insets] == [None, None, "220"]


def test_an_empty_tree_has_its_heads() -> None:
    (made,) = of_blocks(Tree((), ())).tables
    assert [cell.text for cell in made.rows[0].cells] == ["Item", "Status"]


def test_short_facts_stand_two_in_a_row_and_long_ones_alone() -> None:
    short = Facts((("a", Cell("1")), ("b", Cell("2")), ("c", Cell("3"))))
    long = Facts((("a", Cell("1", "with a detail")), ("b", Cell("2"))))
    two, alone = of_blocks(short, long).tables
    assert [[cell.text for cell in row.cells] for row in two.rows] == [["a", "1", "b", "2"], ["c", "3", "", ""]]
    assert len(alone.columns) == 2


def test_facts_of_a_few_rows_stay_on_one_page_and_many_do_not() -> None:
    few, many = (Facts(tuple((str(i), Cell("x", "detail")) for i in range(n))) for n in (3, 30))
    kept, free = of_blocks(few, many).tables
    assert [row._tr.find(f".//{W}keepNext") is not None for row in kept.rows] == [True, True, False]
    assert free._tbl.find(f".//{W}keepNext") is None


def test_readings_stand_side_by_side_five_in_a_row() -> None:
    readings = tuple(Reading(f"name {n}", f"{n}%", "detail" if n else "") for n in range(7))
    (made,) = of_blocks(Headline(badge(), readings)).tables
    assert [[cell.text.split("\n")[0] for cell in row.cells] for row in made.rows] == [
        ["name 0", "name 1", "name 2", "name 3", "name 4"], ["name 5", "name 6", "", "", ""],
    ]  # fmt: skip
    assert made.rows[0].cells[1].text == "name 1\n1%\ndetail"


def test_a_status_is_a_shape_and_a_word() -> None:
    for status in Status:
        made = of_blocks(Headline(badge(status), ()))
        (line,) = (p for p in made.paragraphs if p.style.name == "Verdict")
        assert line.text.strip() == status.value.replace("_", " ")
        assert line._p.find(f".//{W}drawing") is not None


def test_statuses_of_different_kinds_have_different_shapes() -> None:
    rows = tuple(Row((Cell(badge=badge(status)),)) for status in Status)
    content = word_file(with_blocks(Table("t", (Column("Status"),), rows)))[0]
    assert len([name for name, _ in parts(content) if name.startswith("word/media/")]) == len(Status)


def test_shapes_are_marked_as_decoration_and_pictures_are_described() -> None:
    pictures = list(opened(written()).element.iter(qn("wp:docPr")))
    shapes = [
        one
        for one in pictures
        if one.find(".//{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative") is not None
    ]
    told = [one for one in pictures if one not in shapes]
    assert {one.get("descr") for one in told} == {f"{title}: from 0 to 40." for title in
                                                  ("各状态指标数", "投诉举报超期办结", "Trusted kitchens", "注销企业评价")}  # fmt: skip
    assert shapes
    assert len({one.get("id") for one in pictures}) == len(pictures)


def test_pictures_are_sharp_and_fit_the_page() -> None:
    wide = drawing().__class__(2000, 400, "Wide", "Very wide.", drawing().elements)
    made = of_blocks(
        Chart("wide", wide), Table("t", (Column("a"), Column("b")), (Row((Cell("x"), Cell(drawing=drawing()))),))
    )
    sizes = [int(extent.get("cx")) / 12700 for extent in made.element.iter(qn("wp:extent"))]
    assert sizes == [pytest.approx(481), pytest.approx(66)]
    (pixels, *_) = sorted((part.image.px_width for part in made.part.package.image_parts), reverse=True)
    assert pixels == 6000


def test_links_lead_to_what_is_in_the_file_and_nowhere_else() -> None:
    file = opened(written())
    marks = {node.get(f"{W}name") for node in file.element.iter(f"{W}bookmarkStart")}
    links = [
        ("".join(node.text for node in link.iter(f"{W}t")), link.get(f"{W}anchor"))
        for link in file.element.iter(f"{W}hyperlink")
    ]
    assert {anchor for _, anchor in links} <= marks
    assert ("聚焦安全守护", "page2") in links
    assert "A KPI that is fine" not in {text for text, _ in links}
    assert not any(relation.is_external for relation in file.part.rels.values())


def test_every_paragraph_has_a_style_that_the_file_has() -> None:
    file = opened(word_file(with_blocks(*every_block()))[0])
    known = {style.style_id for style in file.styles}
    used = {
        node.get(f"{W}val") for name in ("pStyle", "rStyle", "tblStyle") for node in file.element.iter(f"{W}{name}")
    }
    used |= {node.get(f"{W}val") for part in ("header", "footer") for node in
             getattr(file.sections[0], part)._element.iter(f"{W}pStyle")}  # fmt: skip
    assert used <= known


@pytest.mark.parametrize(("lang", "title", "body"), [("zh", "黑体", "仿宋"), ("en", "黑体", "宋体")])
def test_fonts_are_named_for_chinese_and_for_latin_letters(lang: str, title: str, body: str) -> None:
    styles = opened(written(lang)).styles
    found = [styles[name].element.find(f".//{W}rFonts") for name in ("Heading 1", "Normal")]
    assert [fonts.get(f"{W}eastAsia") for fonts in found] == [title, body]
    assert all(fonts.get(f"{W}ascii") == fonts.get(f"{W}hAnsi") for fonts in found)
    table = dict(parts(written(lang)))["word/fontTable.xml"].decode()
    assert 'w:altName w:val="SimHei"' in table


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_properties_are_those_of_the_document_and_not_of_a_template(lang: str, tag: str) -> None:
    held = opened(written(lang)).core_properties
    assert (held.title, held.subject, held.author, held.language) == (CHINESE, "截至 2021-09-30", "kpi-tracker", tag)
    assert held.created.isoformat() == held.modified.isoformat() == "2021-09-30T00:00:00+00:00"
    names = {name for name, _ in parts(written(lang))}
    assert not {name for name in names if "thumbnail" in name or "stylesWithEffects" in name or "customXml" in name}


def test_the_same_document_gives_the_same_bytes_in_any_process() -> None:
    script = ("import hashlib; from tests.documents.paper import on_paper; from kpi_tracker.documents.word import word_file; "
              "print(hashlib.sha256(word_file(on_paper())[0]).hexdigest())")  # fmt: skip
    sums = {
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(sums) == 1
    with zipfile.ZipFile(io.BytesIO(written())) as package:
        assert {(part.date_time, part.create_system) for part in package.infolist()} == {((1980, 1, 1, 0, 0, 0), 3)}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_tries_to_be_more_than_text_stays_text(text: str) -> None:
    document = with_blocks(*every_block(text), banners=(text,), made_by=text)
    content, _ = word_file(Document("en", text, text, document.as_of, text, document.pages, (text,), made_by=text))
    for name, part in parts(content):
        if name.endswith((".xml", ".rels")):
            etree.fromstring(part, etree.XMLParser(resolve_entities=False))
    file = opened(content)
    shown = text.replace("\r\n", "\n").split("\n", maxsplit=1)[0]
    shown = shown.translate(
        {
            c: chr(c).encode("unicode_escape").decode()
            for c in (*range(9), *range(14, 32), 133, 0x202E, 0x2066, 0xD800, 0xFFFE)
        }
    )
    assert shown in texts(file)
    assert not any(relation.is_external for relation in file.part.rels.values())


def test_line_breaks_and_tabs_of_a_text_are_those_of_word() -> None:
    (line,) = (p for p in of_blocks(Paragraph("one\ntwo\tthree")).paragraphs if p.text.startswith("one"))
    assert line.text == "one\ntwo\tthree"
    assert [len(list(line._p.iter(f"{W}{name}"))) for name in ("br", "tab")] == [1, 1]


def test_cells_with_nothing_and_with_a_picture_alone_are_cells() -> None:
    rows = (
        Row((Cell("x"), Cell(), Cell(detail="d"))),
        Row((Cell(badge=badge()), Cell("x"), Cell(drawing=drawing(), detail="e"))),
    )
    (made,) = of_blocks(Table("t", tuple(Column(n) for n in "abc"), rows)).tables
    assert [[len(cell.paragraphs) for cell in row.cells] for row in made.rows] == [[1, 1, 1], [1, 1, 1], [1, 1, 2]]


def test_a_code_is_set_as_code_and_two_tables_never_become_one() -> None:
    file = of_blocks(Facts((("id", Cell("a/b", code=True)),)), Facts((("id", Cell("c")),)))
    assert [node.get(f"{W}val") for node in file.tables[0]._tbl.iter(f"{W}rStyle")] == ["Name", "Code"]
    kinds = [child.tag.removeprefix(W) for child in file.element.body]
    assert "tbl tbl" not in " ".join(kinds)


def test_where_no_font_has_chinese_pictures_are_left_out_and_told(tmp_path: Any) -> None:
    machine = Machine(tmp_path, FONTLESS)
    said = machine.run(
        "import io, docx\nfrom tests.documents.paper import on_paper\nfrom kpi_tracker.documents.word import word_file\n"
        "from kpi_tracker.language import language\n"
        "content, remarks = word_file(on_paper('en'))\n"
        "print(*(language('en').phrase(remark) for remark in remarks), sep='\\n')\n"
        "text = '|'.join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)\n"
        "print('投诉举报超期办结: from 0 to 40.' in text, 'Trusted kitchens: from 0 to 40.' in text)"
    )
    first, second = said.splitlines()
    assert first.startswith("pictures left out of the Word file and told in words instead: 3, for no font here has ")
    assert second == "True False"


def test_nothing_is_said_where_nothing_is_missing() -> None:
    if cover(CHINESE).missing:
        pytest.skip("there is no font with Chinese characters on this machine")
    assert word_file(on_paper())[1] == ()


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "kpi_tracker.documents.word.file")
    monkeypatch.setitem(sys.modules, "docx", None)
    for name in [
        name for name in sys.modules if name.startswith("kpi_tracker.documents.word.") and "writer" not in name
    ]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(MissingExtra) as found:
        word_file(with_blocks())
    assert (
        language("en").phrase(found.value.phrase) == "Word needs what is not installed: pip install 'kpi-tracker[docx]'"
    )


def test_a_broken_import_of_ours_is_not_taken_for_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "kpi_tracker.documents.word.file")
    monkeypatch.setitem(sys.modules, "kpi_tracker.documents.paper", None)
    with pytest.raises(ModuleNotFoundError, match=r"documents\.paper"):
        word_file(with_blocks())


def test_a_document_and_its_pages_may_do_without_subtitles() -> None:
    file = opened(word_file(changed(with_blocks(Paragraph("x")), subtitle=""))[0])
    assert not [p for p in file.paragraphs if p.style.name in ("Quiet", "Subtitle")]
