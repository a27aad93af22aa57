"""The Word file as the real LibreOffice opens and prints it."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.content.document import document
from kpi_tracker.documents.paper import Paper
from kpi_tracker.documents.word import word_file
from kpi_tracker.record import changed
from tests.documents.made import with_blocks
from tests.documents.paper import CAUSE, crowded, opened_by_libreoffice, squeezed, told
from tests.reporting.showcase import scored

BANNER = "示意数据：为演示而编，并非真实结果"


class Printed:
    """A document with what LibreOffice printed of it."""

    def __init__(self, lang: str, folder: Path) -> None:
        self.document: Document = changed(document(scored(), lang), banners=(BANNER,))
        self.paper = Paper(self.document)
        self.file = opened_by_libreoffice(lang, word_file(self.document)[0], folder)
        self.pages = [page.extract_text() for page in pypdf.PdfReader(self.file).pages]

    def body(self) -> str:
        """Return the text without what stands at the head and the foot of each page."""
        return squeezed("".join(self._without_margins()))

    def _without_margins(self) -> Iterator[str]:
        before, between, after = self.paper.page_numbers
        for number, page in enumerate(self.pages, 1):
            text = squeezed(page).removeprefix(squeezed(self.document.title) + squeezed(BANNER))
            yield text.removesuffix(squeezed(f"{before}{number}{between}{len(self.pages)}{after}"))


@pytest.fixture(scope="module", params=["zh", "en"])
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Return the showcase as it is printed, in one language."""
    return Printed(request.param, tmp_path_factory.mktemp("libreoffice"))


def test_every_text_of_every_page_is_there(printed: Printed) -> None:
    body = printed.body()
    missing = [text for part in (*printed.paper.chapters, *printed.paper.annex) for text in told(part.page)
               if squeezed(text) not in body]  # fmt: skip
    assert missing == []


def test_every_sheet_has_the_banner_and_its_number(printed: Printed) -> None:
    before, between, after = printed.paper.page_numbers
    for number, page in enumerate(printed.pages, 1):
        assert squeezed(BANNER) in squeezed(page)
        assert squeezed(f"{before}{number}{between}{len(printed.pages)}{after}") in squeezed(page)


def test_the_contents_say_on_which_page_each_chapter_begins(printed: Printed) -> None:
    expected = ""
    for line in printed.paper.contents():
        begins = next(n for n, page in enumerate(printed.pages[1:], 2) if squeezed(line.heading) in set(lines(page)))
        expected += f"{re.escape(squeezed(line.heading))}[.…]+{begins}"
    assert re.search(expected, squeezed(printed.pages[0]))


def lines(page: str) -> Iterator[str]:
    """Yield the lines of a page, and every two of them as one: a long heading is broken."""
    found = [squeezed(line) for line in page.splitlines()]
    yield from found
    yield from map("".join, pairwise(found))


def test_in_the_table_of_what_lags_figures_are_whole_and_the_cause_has_its_line(tmp_path: Path) -> None:
    """With the fonts that this machine has in the place of Windows' own, which are wider."""
    file = opened_by_libreoffice("lagging", word_file(with_blocks(crowded(CAUSE)))[0], tmp_path)
    lines = [squeezed(line) for page in pypdf.PdfReader(file).pages for line in page.extract_text().splitlines()]
    for whole in ("−24.1%", "超前9.1个百分点", "突破底线", squeezed(CAUSE)):
        assert any(whole in line for line in lines), whole
