"""What a template sees of the place that it writes for: links from this page, pictures, choices of a filter."""

from collections.abc import Iterable, Mapping
from math import isfinite
from urllib.parse import quote

from markupsafe import Markup

from kpi_tracker.documents.blocks import Block, Branch, Entry, Row, Table, Tree
from kpi_tracker.documents.html.shapes import shape_id, shapes
from kpi_tracker.documents.naming import GROUP, LIST, page_files
from kpi_tracker.model.measure import WORST_FIRST, Status

__all__ = ["Choices", "Folder", "View", "kind", "long", "looks", "sort_key", "tags", "unfolded"]

ROOMY = 8
"""The number of columns that fit on a screen in letters of the usual size."""
LARGE = 12
SMALL = 30
DEEP = 99


class Folder:
    """The files of all pages of one document, below the folder of its language."""

    def __init__(self, lang: str, pages: Iterable[Entry]) -> None:
        """Name the file of every page."""
        self.lang = lang
        named = page_files((page.id, page.kind) for page in pages)
        self.files = {page: f"{file}.html" for page, file in named.items()}
        self._links = {page: quote(file) for page, file in self.files.items()}

    def link(self, page: str) -> str | None:
        """Return the address of `page` from this folder, None if there is no such page."""
        return self._links.get(page)


class View:
    """The site as seen from one page; templates call it `here`."""

    def __init__(self, page: str, folder: Folder, others: Mapping[str, Folder]) -> None:
        """Stand on `page` in `folder`; `others` are the folders of the other languages."""
        self._folder, self._page, self._others = folder, page, others
        self.root = "../" * folder.files[page].count("/")
        """The way from here to the folder of the language."""
        self.top = self.root + "../"
        """The way from here to the folder of the whole site."""
        self._used: set[Status] = set()

    def href(self, page: str | None) -> str | None:
        """Return the address of `page` from here; None if there is no such page."""
        link = None if page is None else self._folder.link(page)
        return None if link is None else self.root + link

    def listing(self) -> str | None:
        """Return the address of the list that the counts of this page speak of: of a group it stands on the page itself."""
        return "" if self._page.startswith(GROUP) else self.href(LIST)

    def translations(self) -> list[tuple[str, str]]:
        """Return language and address of this page in the other languages that have it."""
        found = ((lang, folder.link(self._page)) for lang, folder in self._others.items())
        return [(lang, f"{self.top}{lang}/{link}") for lang, link in found if link is not None]

    def shape(self, status: Status) -> str:
        """Return the id of the shape of `status`, which the page holds from then on."""
        self._used.add(status)
        return shape_id(status)

    def shapes(self) -> Markup:
        """Return the shapes that were asked for until now: the last thing in a page."""
        return Markup(shapes(self._used))  # noqa: S704 - drawn by us, there is no text in it


class Choices:
    """What the rows of a table can be filtered by, each once as value and text: statuses, owners, tags."""

    def __init__(self, table: Table) -> None:
        """Collect from all rows: statuses the worst first, all else sorted."""
        found = dict.fromkeys(choice for row in table.rows if (choice := _status(row)))
        self.statuses = sorted(found, key=lambda choice: WORST_FIRST.index(Status(choice[0])))
        self.owners = [(owner, owner) for owner in sorted({row.owner for row in table.rows if row.owner})]
        self.tags = [(tag, tag) for tag in sorted({tag for row in table.rows for tag in tags(row)})]


def kind(block: Block | None) -> str:
    """Return the name of the template that writes `block`."""
    return type(block).__name__.lower()


def long(text: str) -> bool:
    """Tell whether `text` is too long for a figure in large letters; a Chinese one is as wide as two others."""
    return sum(2 if letter > "\u2e80" else 1 for letter in text[: LARGE + 1]) > LARGE


def looks(table: Table) -> str:
    """Return the classes of `table`: where rows stand for items they can be sorted; many columns need smaller letters."""
    items = table.filtered or any(row.status is not None for row in table.rows)
    return " ".join(
        name
        for name, holds in (("sortable", items and len(table.rows) > 1), ("wide", len(table.columns) > ROOMY))
        if holds
    )


def unfolded(tree: Tree) -> int:
    """Return how many levels of `tree` are open at first: all if it is small, else the goals and what is right below."""
    return DEEP if sum(map(_size, tree.branches)) <= SMALL else 1


def _size(branch: Branch) -> int:
    return 1 + sum(map(_size, branch.below))


def tags(row: Row) -> list[str]:
    """Return the tags of `row`, each in one line: lines are what keeps them apart in an attribute."""
    return [" ".join(tag.split()) for tag in row.tags]


def sort_key(value: float | str | None) -> Markup:
    """Return the attribute that holds what a cell is sorted by: as a number or as a text, none without a value."""
    if isinstance(value, str):
        return Markup(' data-text="{}"').format(value)
    return Markup(f' data-sort="{value!r}"') if value is not None and isfinite(value) else _NO_KEY  # noqa: S704 - a number


_NO_KEY = Markup()


def _status(row: Row) -> tuple[str, str] | None:
    badges = [cell.badge for cell in row.cells if cell.badge and cell.badge.status is row.status]
    if row.status is None or not badges:
        return None
    return row.status.value, badges[0].text
