"""A document as it stands on paper, in Word and PDF alike: numbered chapters, an annex, contents, and its few own words."""

from collections.abc import Iterator
from typing import NamedTuple

from kpi_tracker.documents.blocks import Document, Page
from kpi_tracker.documents.excerpt import excerpt
from kpi_tracker.language import N_, Language, language

__all__ = ["ANNEX", "Line", "Paper", "Part"]

ANNEX = "annex"
"""The anchor of the annex."""
_DIGITS = "零一二三四五六七八九"


class Part(NamedTuple):
    """A chapter or an item of the annex: its heading with its number, its anchor, its page."""

    heading: str
    anchor: str
    page: Page


class Line(NamedTuple):
    """A line of the contents."""

    level: int
    heading: str
    anchor: str


class Paper:
    """What of a document goes on paper, in its order: 一、（一）as in official documents in Chinese, 1 and 1.1 in English."""

    def __init__(self, document: Document) -> None:
        """Take from `document` what paper has room for."""
        held = excerpt(document)
        self.document = document
        self.words: Language = language(document.lang)
        self.chapters = tuple(
            Part(self._chapter(n) + page.title, f"page{n}", page) for n, page in enumerate(held.chapters, 1)
        )
        self.annex = tuple(
            Part(self._item(n) + page.title, f"page{len(held.chapters) + n}", page)
            for n, page in enumerate(held.annex, 1)
        )
        self.anchors = {part.page.id: part.anchor for part in self.chapters + self.annex}
        self._left_out = held.left_out

    def section(self, chapter: int, section: int, heading: str) -> str:
        """Return the heading of a section with its number; both are counted from 1."""
        if self.words.code == "zh":
            return f"（{_chinese(section)}）{heading}"
        return f"{chapter}.{section}\u2002{heading}"

    def contents(self) -> Iterator[Line]:
        """Yield the lines of the contents: chapters, the annex, and below it its items."""
        yield from (Line(1, part.heading, part.anchor) for part in self.chapters)
        if self.annex:
            yield Line(1, self.annex_heading, ANNEX)
        yield from (Line(2, part.heading, part.anchor) for part in self.annex)

    @property
    def annex_heading(self) -> str:
        """What stands above the annex."""
        return self.words.text(N_("Annex: KPIs that lag or whose data are missing, old or incomplete"))

    @property
    def contents_heading(self) -> str:
        """What stands above the contents."""
        return self.words.text(N_("Contents"))

    @property
    def left_out(self) -> str:
        """What is to be said of those for which the annex has no room; nothing where it has."""
        if not self._left_out:
            return ""
        return self.words.count(
            N_(
                "{n} more is not shown here: it stands in the tables above, and has a page of its own in the HTML files."
            ),
            N_(
                "{n} more are not shown here: they stand in the tables above, and have pages of their own in the HTML files."
            ),
            self._left_out,
        )

    @property
    def item_heads(self) -> tuple[str, str]:
        """The heads over the items of a tree and their statuses."""
        return self.words.text(N_("Item")), self.words.text(N_("Status"))

    @property
    def page_numbers(self) -> tuple[str, str, str]:
        """What stands before the number of a page, between it and the number of all pages, and after that."""
        before, between, after = self.words.text(N_("Page {n} of {all}"), n="\0", all="\0").split("\0")
        return before, between, after

    def _chapter(self, number: int) -> str:
        return f"{_chinese(number)}、" if self.words.code == "zh" else f"{number}\u2002"

    def _item(self, number: int) -> str:
        return f"{number}．" if self.words.code == "zh" else f"A.{number}\u2002"


def _chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese digits; a higher one, of which no paper has chapters, in ours."""
    tens, ones = divmod(number, 10)
    if tens >= len(_DIGITS):
        return str(number)
    shown = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return shown + (_DIGITS[ones] if ones else "")
