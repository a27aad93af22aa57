"""The sheet of paper: A4, its margins, what stands at the head and the foot of every page."""

from docx.document import Document as File
from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from kpi_tracker.documents.charts.texts import fitted
from kpi_tracker.documents.charts.texts import width as text_width
from kpi_tracker.documents.paper import Paper
from kpi_tracker.documents.word.elements import Element, element, field, paragraph, run, swap
from kpi_tracker.documents.word.styles import LINE, WIDTH

__all__ = ["set_sheet"]


def set_sheet(file: File, paper: Paper) -> None:
    """Give `file` the sheet with the title and the banners of the document at its head and page numbers at its foot."""
    section, document = file.sections[0], paper.document
    section.page_width, section.page_height, section.orientation = Mm(210), Mm(297), WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(26), Mm(22)
    section.left_margin = section.right_margin = Mm(20)
    section.header_distance, section.footer_distance = Mm(13), Mm(12)
    title, banner = fitted(document.title, WIDTH, SIZE), fitted(" · ".join(document.banners), WIDTH * 2, SIZE)
    apart = "\t" if text_width(title + banner, SIZE) < WIDTH - GAP else "\n"
    line = paragraph("header", run(title), *([run(apart + banner, "Mark")] if banner else []))
    line.pPr.insert(
        1, element("w:pBdr", None, element("w:bottom", {"val": "single", "sz": 4, "space": 4, "color": LINE}))
    )
    swap(section.header._element, line)
    swap(section.footer._element, paragraph("footer", *_page_of_pages(paper)))


SIZE, GAP = 8.5, 20.0
"""Points: of the text at the head, and between what stands at its left and right."""


def _page_of_pages(paper: Paper) -> list[Element]:
    before, between, after = paper.page_numbers
    page, pages = field("PAGE", [run("1")]), field("NUMPAGES", [run("1")])
    return [run(before), *page, run(between), *pages, run(after)]
