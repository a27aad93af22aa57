"""Documents made by hand: every kind of block, and texts that try to be more than text."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from kpi_tracker.documents.blocks import (
    Badge,
    Block,
    Branch,
    Cell,
    Chart,
    Column,
    Count,
    Document,
    Entry,
    Facts,
    Headline,
    Page,
    Paragraph,
    Reading,
    Row,
    Section,
    Table,
    Tree,
)
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.model.measure import Status

__all__ = ["HOSTILE", "badge", "both", "every_block", "made", "page", "table", "with_blocks"]

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "'><svg onload=alert(3)>",
    "</title></style></script></textarea><!--",
    "{{ 7 * 7 }} {% raw %} {# gone #}",
    "javascript:alert(4)",
    "&lt;b&gt; &amp; &#x202e;",
    "right to left \u202egnp.exe and \u2066 isolated",
    "smile 😀 and family 👨‍👩‍👧",
    "control \x00 \x07 \x1b[31m \x85 \ud800 \ufffe end",
    "line one\nline two\r\n\ttab",
    "x" * 10_000,
)
WORDS = {"zh": "落后", "en": "lagging"}


def badge(status: Status = Status.LAGGING, text: str = "") -> Badge:
    """Return a badge that reads like its status where `text` does not say otherwise."""
    return Badge(status, text or status.value.replace("_", " "))


def drawing(title: str = "Pace", lang: str = "en") -> Drawing:
    """Return a picture of one line and one word."""
    line = Element("line", {"x1": 0, "y1": 0, "x2": 90, "y2": 40, "class": "actual"})
    return Drawing(100, 50, title, f"{title}: from 0 to 40.", (line, Element("text", {"x": 4, "y": 40}, title)), lang)


def table(rows: Iterable[tuple[str, float | None, Status, str, tuple[str, ...]]], **more: Any) -> Table:
    """Return a table of KPIs that can be filtered: title, figure, status, owner, tags."""
    columns = (Column("KPI"), Column("Status"), Column("Value", "of the year", numeric=True), Column("Owner"))
    filled = tuple(
        Row(
            (
                Cell(title, "a detail", to=title, marks=("assumed",)),
                Cell(badge=badge(status), sort=float(list(Status).index(status))),
                Cell("–" if value is None else f"{value:,}", sort=value),
                Cell(owner),
            ),
            status,
            owner,
            tags,
        )
        for title, value, status, owner, tags in rows
    )
    return Table("all", columns, filled, more.pop("caption", "All KPIs"), filtered=more.pop("filtered", True))


ROWS: tuple[tuple[str, float | None, Status, str, tuple[str, ...]], ...] = (
    ("a10", 10.0, Status.LAGGING, "Bureau of Quality", ("food", "market")),
    ("a9", 9.0, Status.ON_TRACK, "Bureau of Quality", ()),
    ("b", None, Status.NO_DATA, "", ("food",)),
    ("a1", 1200.0, Status.LAGGING, "Safety, Section 2", ("market",)),
)


def every_block(text: str = "words", lang: str = "en") -> tuple[Block, ...]:
    """Return one block of every kind, with `text` wherever a text can be."""
    cell = Cell(text, text, marks=(text,), badge=badge(text=text))
    return (
        Paragraph(text),
        *(Paragraph(text, tone) for tone in ("quiet", "note", "warning")),
        Facts(((text, cell), ("code", Cell(text, code=True)), ("link", Cell(text, to="a9")))),
        Headline(badge(text=text), (Reading(text, text, text), Reading("lag", "3.2")), (Count(badge(text=text), 3),)),
        Tree((Branch(cell, (text, "2"), (Branch(Cell(text, to="b", badge=badge()), ("1", "2")),)),), (text, "Second")),
        Table("hostile", (Column(text, text), Column("n", numeric=True)),
              (Row((cell, Cell("1", sort=1.5))), Row((Cell(text, sort=text), Cell("", sort=None)))), text),
        Table("filters", (Column(text), Column(text)), tuple(Row((Cell(text, badge=badge(status)), Cell(text, drawing=drawing(text))),
              status, text + status.value, (text, status.value)) for status in (Status.LAGGING, Status.AHEAD)), text, True),
        Chart("pace", drawing(text, lang)),
    )  # fmt: skip


def page(id: str, kind: str, *blocks: Block, **more: Any) -> Page:
    """Return a page with one section."""
    trail = () if kind == "plan" else (("", "Plan"),)
    return Page(id, kind, more.pop("title", id or "Plan"), (Section("first", "First", blocks),), trail=trail, **more)


def made(lang: str = "en", *more: Page, **fields: Any) -> Document:
    """Return a document: the plan, the list of its KPIs, a goal, a page for each KPI, and `more`."""
    names = [name for name, *_ in ROWS]
    tree = Tree((Branch(Cell("Goal", to="g"), ("1",), tuple(Branch(Cell(name, to=name), ("2",)) for name in names)),))
    pages = (
        page("", "plan", tree),
        page("kpis", "list", table(ROWS)),
        page("g", "goal", table(ROWS, filtered=False)),
        *(page(name, "kpi", *every_block(lang=lang), badge=badge()) for name in names),
        *more,
    )
    fields.setdefault("contents", (("", "Plan"), ("kpis", "All KPIs"), ("g", "Goal")))
    return _document(lang, f"Plan in {lang}", pages, **fields)


def both(*more: Page, **fields: Any) -> tuple[Document, Document]:
    """Return the document in both languages."""
    return made("zh", *more, **fields), made("en", *more, **fields)


def with_blocks(*blocks: Block, **fields: Any) -> Document:
    """Return a document whose only page holds `blocks`."""
    return _document("en", "Plan", (page("", "plan", *blocks),), **fields)


def _document(lang: str, title: str, pages: tuple[Page, ...], **fields: Any) -> Document:
    index = tuple(Entry(each.id, each.kind, each.title) for each in pages)
    return Document(lang, title, "2021", date(2021, 9, 30), "p", pages, index=index, **fields)
