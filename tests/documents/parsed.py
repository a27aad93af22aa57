"""The files of a site taken apart without a browser."""

from collections import Counter
from functools import cache
from html.parser import HTMLParser

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.html.site import site_files
from tests.documents.made import HOSTILE, badge, both, every_block, page, with_blocks

__all__ = ["Parsed", "files", "one", "parsed", "whole"]

VOID = {"meta", "link", "input", "br", "hr", "img"}


class Parsed(HTMLParser):
    """A page taken apart: its elements, its texts, and what is out of balance in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.faults: list[str] = []
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if len(dict(attrs)) != len(attrs):
            self.faults.append(f"an attribute twice in {tag}")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def all(self, name: str) -> list[str]:
        """Return the values of the attribute `name` in the order of the page."""
        return [value or "" for _, attributes in self.elements for key, value in attributes.items() if key == name]

    def tags(self) -> Counter[str]:
        return Counter(tag for tag, _ in self.elements)


def files(*documents: Document, overrides: str | None = None) -> dict[str, bytes]:
    """Return the site of `documents`; no file is written twice."""
    made_files = list(site_files(documents, overrides))
    assert len(dict(made_files)) == len(made_files)
    return dict(made_files)


def hostile_pages() -> list[str]:
    return [f"h{number}" for number in range(len(HOSTILE))]


@cache
def whole() -> dict[str, bytes]:
    """Return a site in both languages with every block, and a page for every hostile text."""
    pages = [
        page(name, "kpi", *every_block(text), title=text, subtitle=text, badge=badge(text=text))
        for name, text in zip(hostile_pages(), HOSTILE, strict=True)
    ]
    return files(*both(*pages, banners=HOSTILE[:4], made_by=HOSTILE[0]))


@cache
def parsed() -> dict[str, Parsed]:
    return {path: Parsed(data.decode()) for path, data in whole().items() if path.endswith(".html")}


def one(*blocks: object, **fields: object) -> Parsed:
    """Return the only page of a document that holds `blocks`."""
    return Parsed(files(with_blocks(*blocks, **fields))["en/index.html"].decode())  # type: ignore[arg-type]
