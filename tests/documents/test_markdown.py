"""The Markdown pages, read by a real parser: text stays text, links lead somewhere, tables have their cells."""

import posixpath
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kpi_tracker.documents.blocks import Cell, Chart, Column, Document, Facts, Page, Paragraph, Row, Section, Table
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.markdown.escaping import alt, code, lines, md
from kpi_tracker.documents.markdown.site import markdown_files
from kpi_tracker.documents.printable import printable
from kpi_tracker.documents.templates import BrokenTemplateError
from kpi_tracker.model.measure import Status
from tests.documents.made import HOSTILE, badge, both, drawing, every_block, made, page, with_blocks

MARKUP = (
    "# heading", "## heading ##", "title #", "- item", "+ item", "* item", "-", "---", "***", "___", "===", "=",
    "1. first", "2) second", "3.", "> quote", "    code", "\tcode", "```sh", "~~~", "`code`", "``",
    "*em* **strong** _em_ __strong__ ***", "~~gone~~ ~gone~", "[link](https://evil.example)", "[ref]",
    "[ref]: https://evil.example", "![picture](x.png)", "[^1]", "[^1]: note", "[x] done", "[TOC]",
    "https://evil.example/a?b=c", "http://a.b", "www.evil.example", "WWW.evil.example", "someone@evil.example",
    "<https://evil.example>", "mailto:someone@evil.example", "ask @someone and @org/team",
    "see #123, org/repo#12 and GH-1", ":smile: :+1: :100:", "at 12:30:45 a:b", "a | b | c", "|---|---|", "\\|", "\\",
    "ends in \\", "\\\\", "a\\*b", "&amp; &lt;b&gt; &#35; &copy AT&T", "<b>bold</b>", "<!-- gone -->",
    "<script>alert(1)</script>", "<br>", "</td></tr></table>", "$x$ and $$y$$",
    "{{ site.title }} {% include x %} {: .class } {#id}", "!!! note", "??? note", ": definition", "*[HTML]: Hyper",
    "line one  \nline two", "one\n\n# two\n- three", "a\n===", "a\n---\nb", "\n\n", "  both ends  ",
    "snake_case_name", "2021-09-30", "13.4%", "（一）新增24小时药房", "C# and F#", "5 * 3 = 15", "[ ] open", "=== \"Tab\"",
    "a  #", "^sup^ ==mark== ++ins++", "\u3000全角", "\u00a0", "",
)  # fmt: skip
TAGS = {"<br>", "<small>", "</small>", "<span>", "</span>", "<code>", "</code>"}
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ACTIVE = re.compile(r"@\w|:(?!\d\d:)[a-z0-9_+-]+:|://|#\d|\bwww\.\w", re.IGNORECASE | re.ASCII)


@cache
def parsed(text: str) -> tuple[Token, ...]:
    """Return the blocks of a page."""
    return tuple(PARSER.parse(text))


def inline(text: str) -> Iterator[Token]:
    """Yield all that stands in the lines of a page."""
    for token in parsed(text):
        yield from token.children or ()


def shown(token: Token) -> str:
    """Return what a reader reads of a line: without tags, with line breaks."""
    return "".join(
        child.content if child.type != "html_inline" else "\n" if child.content == "<br>" else ""
        for child in token.children or ()
        if child.type in ("text", "code_inline", "html_inline")
    )


def line(text: str) -> str:
    """Return a text as it reads in one line."""
    return re.sub("[ \t\n\r]+", " ", printable(text)).strip()


def site(*documents: Document, overrides: str | None = None) -> dict[str, str]:
    """Return all files by their path."""
    return {path: content.decode() for path, content in markdown_files(documents, overrides)}


def pages(files: Mapping[str, str]) -> dict[str, str]:
    """Return the pages among the files."""
    return {path: text for path, text in files.items() if path.endswith(".md")}


def addresses(text: str) -> Iterator[str]:
    """Yield where the links and the pictures of a page lead."""
    for token in inline(text):
        for name in ("href", "src"):
            if name in token.attrs:
                yield str(token.attrs[name])


def lead_somewhere(files: Mapping[str, str]) -> None:
    """Check that every link and picture is one of the files."""
    for path, text in pages(files).items():
        for address in addresses(text):
            parts = urlsplit(address)
            assert (parts.scheme, parts.netloc) == ("", ""), address
            assert posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) in files, (
                f"{path}: {address}"
            )


def well_formed(text: str) -> None:
    """Check that a page holds nothing but what the templates put there, and that all rows have their cells."""
    tokens = parsed(text)
    assert not [token for token in tokens if token.type in ("html_block", "code_block", "fence")]
    assert {token.content for token in inline(text) if token.type == "html_inline"} <= TAGS
    assert not [token.content for token in inline(text) if token.type == "text" and ACTIVE.search(token.content)]
    cells, rows = 0, []
    for token in tokens:
        cells += token.type in ("th_open", "td_open")
        if token.type == "tr_close":
            rows.append(cells)
            cells = 0
        if token.type == "table_close":
            assert len(set(rows)) == 1, rows
            rows = []


def test_every_block_can_be_written_and_is_well_formed() -> None:
    """Both languages; links lead somewhere; the files have the names that they should."""
    files = site(*both())
    lead_somewhere(files)
    for text in pages(files).values():
        well_formed(text)
        assert text.endswith("\n")
        assert not re.search(r"[ \t]$|\n\n\n", text, re.MULTILINE)
    assert {"README.md", "zh/README.md", "en/README.md", "en/kpis.md", "en/goals/g.md", "zh/kpis/a10.md"} < files.keys()
    assert {f"pictures/status-{status.value}.svg" for status in Status} < files.keys()


def test_the_same_input_gives_the_same_bytes() -> None:
    """So that a nightly commit shows real change only."""
    assert list(markdown_files(both())) == list(markdown_files(both()))


def test_the_first_page_leads_to_every_language() -> None:
    """With title and date of each, and what warns of them."""
    files = site(*both(banners=("Illustrative",)))
    text = files["README.md"]
    assert list(addresses(text)) == ["zh/README.md", "en/README.md"]
    assert text.count("> **Illustrative**") == 2
    assert "中文 · 2021" in text
    assert list(addresses(site(made("zh"))["README.md"])) == ["zh/README.md"]


def test_every_page_has_its_trail_and_its_other_language() -> None:
    """From a KPI to the plan, to the list of all, to the same page in the other language if it is there."""
    only = page("only/en", "kpi", Paragraph("x"))
    files = site(made("zh"), made("en", only))
    first = files["en/kpis/a10.md"].splitlines()[0]
    assert first == "[Plan](../README.md) · [All KPIs](../kpis.md) · [中文](../../zh/kpis/a10.md) · **English**"
    assert (
        files["en/kpis/only/en.md"].splitlines()[0]
        == "[Plan](../../README.md) · [All KPIs](../../kpis.md) · **English**"
    )
    assert files["zh/kpis.md"].splitlines()[0] == "[Plan](README.md) · **中文** · [English](../en/kpis.md)"


def test_a_trail_may_lead_over_what_has_no_page() -> None:
    """A branch that was asked for alone: those above it are named."""
    lost = Page("x", "kpi", "X", (), trail=(("", "Plan"), ("gone", "Gone_")))
    assert site(made("en", lost))["en/kpis/x.md"].startswith("[Plan](../README.md) › Gone\\_ · [All")


@pytest.mark.parametrize("text", [*HOSTILE, *MARKUP])
def test_whatever_a_plan_holds_stays_text(text: str) -> None:
    """Everywhere a text can stand it reads as it was written, and does nothing."""
    lang = "en"
    hostile = page("h", "kpi", *every_block(text, lang), title=text, subtitle=text, badge=badge(text=text))
    sections = (*hostile.sections, Section("more", text, (Paragraph(text),)))
    whole = Page("h", "kpi", text, sections, text, (("", text), ("h", text)), badge(text=text))
    files = site(made(lang, whole, banners=(text,), made_by=text))
    content = files["en/kpis/h.md"]
    well_formed(content)
    lead_somewhere(files)
    tokens = parsed(content)
    headings = [shown(tokens[i + 1]) for i, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == [line(text), "First", line(text)]
    kinds = {token.type for token in tokens if token.type.endswith("_open")}
    assert kinds <= {"heading_open", "paragraph_open", "blockquote_open", "bullet_list_open", "list_item_open",
                     "table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open"}  # fmt: skip
    links = [token.attrs["href"] for token in inline(content) if token.type == "link_open"]
    assert {str(link) for link in links} <= {
        "../README.md",
        "../kpis.md",
        "../kpis/h.md",
        "../kpis/a9.md",
        "../kpis/b.md",
    }
    pictures = [token for token in inline(content) if token.type == "image"]
    assert {token.content and shown(token) for token in pictures} <= {"", line(f"{text}. {text}: from 0 to 40.")}


@pytest.mark.parametrize("text", [*HOSTILE, *MARKUP])
def test_each_way_of_escaping_shows_just_the_text(text: str) -> None:
    """In a paragraph of its own, behind something, in a cell, as code, beside a picture."""
    for before in ("", "x ", "- ", "> ", "## ", "| a |\n| --- |\n| "):
        for written in (md(text), code(text)):
            tokens = [
                token
                for token in parsed(f"{before}{written}")
                if token.type == "inline" and token.content not in ("a", "")
            ]
            read = [shown(token).removeprefix("x ").strip() for token in tokens]
            assert [one for one in read if one and one != "x"] == [line(text)] * bool(line(text)), before
    several = [line(part) for part in printable(text).split("\n") if line(part)]
    assert [shown(token).split("\n") for token in parsed(str(lines(text))) if token.type == "inline"] == [
        several
    ] * bool(several)
    (token,) = inline(f"![{alt('a' + text)}](x.svg)")
    assert (token.type, shown(token)) == ("image", line("a" + text))


def test_what_is_common_is_left_readable() -> None:
    """Numbers, dates, words in Chinese and ordinary signs are not escaped: people read the source too."""
    for text in (
        "2021-09-30",
        "13.4%",
        "−5",
        "-5",
        "（一）新增24小时药房",
        "A/B (C)",
        "5 + 3 = 8",
        "a: b",
        "it's “so”",
        "12:30:45",
        "C# 7",
        "+10%",
    ):
        assert md(text) == text
    assert code("p = a / e * 2") == "`p = a / e * 2`"
    assert md(3) == "3"


def test_a_cell_shows_all_it_has_in_one_line() -> None:
    """Badge, text, marks, detail, each apart from the next; nothing where there is nothing."""
    cells = (
        Cell("text", "detail", badge=badge(), marks=("assumed", "derived")), Cell(detail="detail"), Cell(badge=badge()),
        Cell(badge=badge(), detail="detail"), Cell("a.b", code=True), Cell(), Cell("to", to="gone"),
    )  # fmt: skip
    table = Table("t", tuple(Column("c", "d" if i else "", i > 0) for i in range(len(cells))), (Row(cells),))
    icon = "![](../pictures/status-lagging.svg)&nbsp;lagging"
    rows = [row for row in site(with_blocks(table))["en/README.md"].split("\n") if row.startswith("|")]
    assert rows == [
        "| c |" + " c<br><small>d</small> |" * 6,
        "| --- |" + " ---: |" * 6,
        f"| {icon}<br>text *assumed* *derived*<br><small>detail</small> | detail | {icon} | {icon}<br><small>detail</small> "
        "| `a.b` |  | to |",
    ]


def test_a_tree_is_a_list_of_lists() -> None:
    """As deep as it is; four blanks a level, which both readers take."""
    text = site(made())["en/README.md"]
    assert "\n- [Goal](goals/g.md) · 1\n    - [a10](kpis/a10.md) · 2\n    - [a9](kpis/a9.md) · 2\n" in text
    deepest = max(token.level for token in parsed(text) if token.type == "list_item_open")
    assert deepest == 3


def test_a_headline_repeats_the_status_of_the_page_only_where_it_differs() -> None:
    """At the top it stands anyway."""
    blocks = every_block("w")
    same = site(made("en", page("s", "kpi", *blocks, badge=badge(text="w"))))["en/kpis/s.md"]
    other = site(made("en", page("s", "kpi", *blocks, badge=badge(Status.AHEAD))))["en/kpis/s.md"]
    headline = "**![](../../pictures/status-lagging.svg)&nbsp;w**"
    assert (headline in same, headline in other) == (False, True)


def test_tones_show() -> None:
    """A note is set apart, a warning is bold as well."""
    text = site(
        with_blocks(Paragraph("p"), Paragraph("q", "quiet"), Paragraph("n", "note"), Paragraph("w\nx", "warning"))
    )["en/README.md"]
    assert "\np\n\nq\n\n> n\n\n> **w<br>x**\n" in text


def test_chinese_pages_have_chinese_colons() -> None:
    """Between a name and what belongs to it."""
    facts = page("f", "kpi", Facts((("名称", Cell("值")),)))
    files = site(made("zh", facts), made("en", facts))
    assert "- **名称**：值" in files["zh/kpis/f.md"]
    assert "- **名称**: 值" in files["en/kpis/f.md"]


# Pictures.


def small(name: str, text: str = "Pace") -> Table:
    """Return a table with one row about the page `name` that has a picture."""
    return Table("t", (Column("a"), Column("b")), (Row((Cell("x", to=name), Cell(drawing=drawing(text)))),))


def test_pictures_are_files_that_say_what_they_show() -> None:
    """Well-formed SVG with title and description, its own style, live text; light and dark."""
    files = site(with_blocks(Chart("pace", drawing("words"))))
    found = ET.fromstring(files["en/pictures/README.pace.svg"])
    space = {"s": "http://www.w3.org/2000/svg"}
    assert found.findtext("s:title", "", space) == "words"
    assert found.findtext("s:desc", "", space) == "words: from 0 to 40."
    style = found.findtext("s:style", "", space)
    assert ".c-paper{fill:var(--c-paper)}" in style
    assert "prefers-color-scheme:dark" in style
    assert ".c-dot" not in style, "only what is used"
    assert found.findtext("s:text", "", space) == "words"
    assert "![words. words: from 0 to 40.](pictures/README.pace.svg)" in files["en/README.md"]


def test_shapes_of_statuses_have_their_colour_and_no_ground() -> None:
    """They stand in the text, on whatever it is written on."""
    files = site(made())
    for status in Status:
        text = files[f"pictures/status-{status.value}.svg"]
        ET.fromstring(text)
        assert ".c-paper{fill:none}" in text
        assert f".c-{status.value}" in text


def test_classes_inside_of_groups_are_found() -> None:
    """A rule is kept for what stands deep in a picture."""
    deep = Element("g", children=(Element("g", children=(Element("rect", {"class": "c-dot"}),)),))
    text = site(with_blocks(Chart("c", Drawing(1, 1, "t", "d", (deep,)))))["en/pictures/README.c.svg"]
    assert ".c-dot{" in text


def test_a_small_picture_is_named_after_the_page_that_it_is_about_and_kept_once() -> None:
    """It stays the same file when its row moves from page to page."""
    again = Chart("same", drawing("Pace"))
    files = site(
        made(
            "en",
            page("p", "goal", small("a9")),
            page("q", "goal", small("a9"), small("a9", "Other")),
            page("r", "goal", small("zz"), again),
        )
    )
    found = {path for path in files if path.startswith("en/pictures/") and "/kpis/a9.small" in path}
    assert found == {"en/pictures/kpis/a9.small.svg", "en/pictures/kpis/a9.small~2.svg"}
    assert "../pictures/kpis/a9.small.svg" in files["en/goals/p.md"]
    assert "../pictures/kpis/a9.small.svg" in files["en/goals/q.md"]
    assert "../pictures/kpis/a9.small~2.svg" in files["en/goals/q.md"]
    assert files["en/goals/r.md"].count("../pictures/goals/r.t-1.svg") == 2, (
        "without such a page, after this one; the same picture is one file"
    )


def test_names_of_pictures_differ_by_more_than_case() -> None:
    """Windows and macOS hold one file for both."""
    files = site(made("en", page("p", "goal", Chart("Pace", drawing("a")), Chart("pace", drawing("b")))))
    assert {"en/pictures/goals/p.Pace.svg", "en/pictures/goals/p.pace~2.svg"} <= files.keys()


def test_ids_with_signs_are_quoted_in_addresses() -> None:
    """What an id may hold by the format, and what it may not."""
    names = ("数/据", "a.b", "a b(c)|d", "x%41")
    files = site(made("en", *(page(name, "kpi", Chart("c", drawing(name)), small(name)) for name in names)))
    lead_somewhere(files)
    assert "(../pictures/kpis/a%20b%28c%29%7Cd.c.svg)" in files["en/kpis/a b(c)|d.md"]


# Templates of a user.


def test_a_user_can_replace_one_template(tmp_path: Path) -> None:
    """By its name; ours can still be extended; texts are escaped all the same."""
    (tmp_path / "chart.md.j2").write_text(
        "{% macro chart(block, here, page) %}\nCHART {{ block.drawing.title }}\n{% endmacro %}", "utf-8"
    )
    (tmp_path / "index.md.j2").write_text("{% include 'ours/index.md.j2' %}\n\nOur own\n", "utf-8")
    files = site(with_blocks(Chart("c", drawing("*x*"))), overrides=str(tmp_path))
    assert "CHART \\*x\\*" in files["en/README.md"]
    assert not [path for path in files if path.startswith("en/pictures/")], "a picture that nobody shows is not written"
    assert files["README.md"].endswith("\n\nOur own\n")


def test_a_broken_template_is_told_with_its_place(tmp_path: Path) -> None:
    """File and line."""
    (tmp_path / "chart.md.j2").write_text(
        "{% macro chart(block, here, page) %}\n{{ nothing.here }}\n{% endmacro %}", "utf-8"
    )
    with pytest.raises(BrokenTemplateError, match=r"chart.md.j2:2: 'nothing' is undefined"):
        site(with_blocks(Chart("c", drawing())), overrides=str(tmp_path))
