"""The nouns of a progress document: pages of blocks in one language, in words already, in no format yet.

Every format writes the same blocks. Texts are plain text: whatever a plan or a table held, it is for the format to
keep it harmless. A reference to another page is that page's id: "" is the plan, a path of ids an item, `kpis` the
list of all KPIs (see :attr:`Page.id`).
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import NamedTuple

from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.model.measure import Status
from kpi_tracker.record import field, record

__all__ = ["Badge", "Block", "Branch", "Cell", "Chart", "Column", "Count", "Document", "Entry", "Facts", "Headline", "Page",
           "Pages", "Paragraph", "Reading", "Row", "Section", "Table", "Tiles", "Tree"]  # fmt: skip


@record
class Badge:
    """A status in words; formats put its shape beside it, so that it is never a colour alone."""

    status: Status
    text: str


@record
class Cell:
    """One cell: a text, a quieter line below it, the page it leads to, a status, a picture, and short marks (assumed).

    `sort` is what the cell is sorted by where that is not its text: a number, or None for what has no value.
    """

    text: str = ""
    detail: str = ""
    to: str | None = None
    badge: Badge | None = None
    marks: tuple[str, ...] = ()
    drawing: Drawing | None = None
    sort: float | str | None = None
    code: bool = False


@record
class Column:
    """One column: its heading, a quieter second heading, and whether it holds numbers."""

    title: str
    detail: str = ""
    numeric: bool = False


@record
class Row:
    """One row; `status`, `owner` and `tags` are what it can be filtered by, where it stands for an item."""

    cells: tuple[Cell, ...]
    status: Status | None = None
    owner: str = ""
    tags: tuple[str, ...] = ()


@record
class Table:
    """A table; a `filtered` one can be searched and filtered where the format can do that.

    `owners` is what the owners of its rows are called where they are something else, such as provinces.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    filtered: bool = False
    owners: str = ""


@record
class Tiles(Table):
    """A table of groups that a page can lay out like a map: a tile a row, set by `owner`; elsewhere it is a table.

    The first cell of a row names it, with its link, its badge and the figure below the name. `legend` has the number of
    rows by status.
    """

    legend: "tuple[Count, ...]" = ()


@record
class Paragraph:
    """A sentence or two; `tone` is `plain`, `quiet`, `note` or `warning`."""

    text: str
    tone: str = "plain"


@record
class Facts:
    """Names with what belongs to them."""

    rows: tuple[tuple[str, Cell], ...]


@record
class Reading:
    """One figure of a headline: its name, its value, a quieter remark."""

    name: str
    value: str
    detail: str = ""


@record
class Count:
    """How many KPIs below have a status."""

    badge: Badge
    number: int


@record
class Headline:
    """The result at a glance: the status, the figures that carry it, and the counts below it."""

    badge: Badge
    readings: tuple[Reading, ...]
    counts: tuple[Count, ...] = ()


@record
class Branch:
    """One item of a tree with those below it."""

    cell: Cell
    figures: tuple[str, ...] = ()
    below: "tuple[Branch, ...]" = ()


@record
class Tree:
    """The goals and KPIs as a tree."""

    branches: tuple[Branch, ...]
    titles: tuple[str, ...] = ()


@record
class Chart:
    """A picture of its own; `name` is unique within its page."""

    name: str
    drawing: Drawing


Block = Paragraph | Facts | Headline | Tree | Table | Chart


@record
class Section:
    """A part of a page under a heading; `id` is unique within the page and the same in every language."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


@record
class Page:
    """One page. `kind` is `plan`, `goal`, `kpi` or `list`; `trail` leads from the plan to it (page id, title)."""

    id: str
    kind: str
    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    badge: Badge | None = None


class Entry(NamedTuple):
    """What is known of a page before it is made: its id, its kind, its title."""

    id: str
    kind: str
    title: str


class Pages(Collection[Page]):
    """Pages that are made one by one while they are read, and again each time: a large plan is never held whole."""

    def __init__(self, index: tuple[Entry, ...], make: Callable[[Entry], Page]) -> None:
        """Keep the entries of all pages, and what makes a page of an entry."""
        self._index, self._make = index, make

    def __iter__(self) -> Iterator[Page]:
        """Make the pages in the order of the index."""
        return map(self._make, self._index)

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._index)

    def __contains__(self, page: object) -> bool:
        """Tell whether `page` is an entry of the index, or a page that one of them stands for."""
        return any(page == entry or (isinstance(page, Page) and page.id == entry.id) for entry in self._index)


@record
class Document:
    """All pages in one language. `banners` stand on every page (illustrative data, faults in the plan).

    `pages` can be read again and again; a tuple will do, and :class:`Pages` makes them one by one. `index` has the id,
    kind and title of each, in their order, without making it. `contents` lists the pages of the plan, the list of KPIs
    and the top goals for a menu: page id and title.
    """

    lang: str
    title: str
    subtitle: str
    as_of: date
    plan_id: str
    pages: Collection[Page] = field(eq=False)
    banners: tuple[str, ...] = ()
    illustrative: bool = False
    contents: tuple[tuple[str, str], ...] = ()
    made_by: str = ""
    words: dict[str, str] = field(factory=dict, eq=False)
    index: tuple[Entry, ...] = ()
