"""The Word file of a document: title, contents, chapters, annex."""

from collections.abc import Iterator

from kpi_tracker.documents.blocks import Document, Page
from kpi_tracker.documents.paper import ANNEX, Paper, Part
from kpi_tracker.documents.word.blocks import Blocks
from kpi_tracker.documents.word.cells import Cells
from kpi_tracker.documents.word.elements import Element, anchored, field, linked, paragraph, run
from kpi_tracker.documents.word.package import new_file, saved
from kpi_tracker.documents.word.pictures import Pictures
from kpi_tracker.documents.word.sheet import set_sheet
from kpi_tracker.documents.word.styles import set_styles
from kpi_tracker.language import Phrase

__all__ = ["made_file"]


def made_file(document: Document) -> tuple[bytes, tuple[Phrase, ...]]:
    """Return the Word file of `document` and what there is to say of it."""
    file, paper = new_file(document), Paper(document)
    set_styles(file, document.lang)
    set_sheet(file, paper)
    pictures = Pictures(file)
    blocks = Blocks(Cells(pictures, paper.anchors), paper.item_heads)
    end = file.element.body.sectPr
    for part in _text(paper, blocks):
        end.addprevious(part)
    return saved(file), pictures.remarks()


def _text(paper: Paper, blocks: Blocks) -> Iterator[Element]:
    """Yield the paragraphs and tables of the whole file."""
    yield from _front(paper)
    for chapter, part in enumerate(paper.chapters, 1):
        yield _heading(1, part.heading, part.anchor, chapter, new_page=chapter == 1)
        yield from _chapter(part.page, chapter, paper, blocks)
    if paper.annex:
        yield _heading(1, paper.annex_heading, ANNEX, len(paper.anchors) + 1, new_page=True)
    if paper.left_out:
        yield paragraph("Quiet", run(paper.left_out))
    for item, part in enumerate(paper.annex, len(paper.chapters) + 1):
        yield _heading(2, part.heading, part.anchor, item)
        yield from _item(part, blocks)


def _front(paper: Paper) -> Iterator[Element]:
    """Yield the title and the contents.

    The page numbers are fields of their own, not parts of one table of contents: so LibreOffice shows them at once, and
    Word when it prints or is asked to (F9), without a question when the file is opened.
    """
    document = paper.document
    yield paragraph("Title", run(document.title))
    if document.subtitle:
        yield paragraph("Subtitle", run(document.subtitle))
    for banner in document.banners:
        yield paragraph("Banner", run(banner))
    yield paragraph("Contents", run(paper.contents_heading))
    for line in paper.contents():
        page = field(f"PAGEREF {line.anchor} \\h", [run("…")])
        yield paragraph(f"toc {line.level}", linked(line.anchor, run(line.heading), run("\t"), *page))


def _heading(level: int, text: str, anchor: str, number: int, new_page: bool = False) -> Element:
    return paragraph(f"heading {level}", *anchored(anchor, number, run(text)), new_page=new_page)


def _subtitle(page: Page) -> Iterator[Element]:
    if page.subtitle:
        yield paragraph("Quiet", run(page.subtitle), keep=True)


def _chapter(page: Page, chapter: int, paper: Paper, blocks: Blocks) -> Iterator[Element]:
    yield from _subtitle(page)
    for number, section in enumerate(page.sections, 1):
        yield paragraph("heading 2", run(paper.section(chapter, number, section.heading)))
        for block in section.blocks:
            yield from blocks.written(block)


def _item(part: Part, blocks: Blocks) -> Iterator[Element]:
    yield from _subtitle(part.page)
    for section in part.page.sections:
        if section.heading:
            yield paragraph("heading 3", run(section.heading))
        for block in section.blocks:
            yield from blocks.written(block)
