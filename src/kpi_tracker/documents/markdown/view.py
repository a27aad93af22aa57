"""What a template sees of the place that it writes for: links from this page, and the pictures beside it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from markupsafe import Markup

from kpi_tracker.documents.blocks import Block, Entry, Row
from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.documents.letters import Letters
from kpi_tracker.documents.markdown.pictures import picture_file, status_name
from kpi_tracker.documents.naming import PLAN, page_files
from kpi_tracker.model.measure import Status

__all__ = ["NAMES", "Folder", "View", "about", "kind"]

NAMES = {"zh": "中文", "en": "English"}
"""Each language in its own words, as a reader of it looks for it."""
FRONT = "README"
"""The page that GitHub shows for a folder and MkDocs takes for its index."""


SMALL = "small"
"""What pictures in tables are called."""


class Folder:
    """The files of all pages of one document, and of the pictures made so far, below the folder of its language."""

    def __init__(self, lang: str, pages: Iterable[Entry]) -> None:
        """Name the file of every page."""
        self.lang = lang
        named = page_files((page.id, page.kind) for page in pages)
        self.files = {page: FRONT if page == PLAN else file for page, file in named.items()}
        self._pictures: dict[bytes, str] = {}
        self._taken: set[str] = set()

    def link(self, page: str | None) -> str | None:
        """Return the address of `page` from this folder, None if there is no such page."""
        return quote(f"{self.files[page]}.md") if page is not None and page in self.files else None

    def add_picture(self, page: str, name: str, content: bytes) -> tuple[str, bool]:
        """Return the file for a picture about `page` and whether it is new.

        The same picture is kept once; another of the same name is numbered.
        """
        stem = self.files[page]
        digest = hashlib.sha256(content + stem.encode()).digest()
        if digest in self._pictures:
            return self._pictures[digest], False
        free, number = f"pictures/{stem}.{name}", 1
        while free.casefold() in self._taken:
            number += 1
            free = f"pictures/{stem}.{name}~{number}"
        self._taken.add(free.casefold())
        self._pictures[digest] = f"{free}.svg"
        return f"{free}.svg", True


class View:
    """The documents as seen from one page; templates call it `here`."""

    def __init__(
        self, page: str, folder: Folder, folders: Mapping[str, Folder], letters: Letters | None = None
    ) -> None:
        """Stand on `page` in `folder`, one of `folders`, which has those of all languages."""
        self._page, self._folder, self._folders, self._letters = page, folder, folders, letters
        self.lang = folder.lang
        self.root = "../" * folder.files[page].count("/")
        """The way from here to the folder of the language."""
        self._made: list[tuple[str, bytes]] = []

    def href(self, page: str | None) -> Markup | None:
        """Return the address of `page` from here; None if there is no such page."""
        link = self._folder.link(page)
        return None if link is None else _address(self.root + link)

    def languages(self) -> list[tuple[str, Markup | None]]:
        """Return each language in its own words, with the address of this page in it: None for the one that it is in.

        A language that lacks the page is left out.
        """
        found = [(lang, folder.link(self._page)) for lang, folder in self._folders.items()]
        return [
            (NAMES[lang], None if lang == self._folder.lang else _address(f"{self.root}../{lang}/{link}"))
            for lang, link in found
            if link is not None
        ]

    def icon(self, status: Status) -> Markup:
        """Return the address of the shape of `status`."""
        return _address(f"{self.root}../{status_name(status)}")

    def picture(self, drawing: Drawing, name: str, about: Iterable[str | None] = ()) -> Markup:
        """Return the address of a picture, which is written with this page.

        A picture about another page (the first of `about` that there is) is named after that one, so that its name
        stays when it moves from page to page.
        """
        content = picture_file(drawing, self._letters.of(drawing) if self._letters else "")
        page = next((one for one in about if one is not None and one in self._folder.files), None)
        if page is None:
            file, new = self._folder.add_picture(self._page, name, content)
        else:
            file, new = self._folder.add_picture(page, SMALL, content)
        if new:
            self._made.append((file, content))
        return _address(self.root + quote(file))

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of the pictures that this page was the first to show."""
        for file, content in self._made:
            yield f"{self._folder.lang}/{file}", content


def kind(block: Block) -> str:
    """Return the name of the template that writes `block`."""
    return type(block).__name__.lower()


def about(row: Row) -> list[str | None]:
    """Return the pages that the cells of a row lead to, in their order."""
    return [cell.to for cell in row.cells]


def _address(quoted: str) -> Markup:
    """Return an address in which nothing is left to escape."""
    return Markup(quoted)  # noqa: S704
