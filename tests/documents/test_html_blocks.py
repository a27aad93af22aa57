"""What the site makes of each block, and of the templates and the stylesheet of a user."""

import re
from pathlib import Path

import pytest

from kpi_tracker.documents.blocks import (
    Branch,
    Cell,
    Column,
    Count,
    Facts,
    Headline,
    Paragraph,
    Reading,
    Row,
    Section,
    Table,
    Tree,
)
from kpi_tracker.documents.charts.colours import DARK, LIGHT
from kpi_tracker.documents.html.words import SITE_WORDS
from kpi_tracker.documents.templates import BrokenTemplateError
from kpi_tracker.model.measure import Status
from kpi_tracker.record import changed
from tests.documents.made import ROWS, badge, both, every_block, made, page, table
from tests.documents.parsed import Parsed, files, one, whole


def test_banners_stand_on_every_page() -> None:
    site = files(*both(banners=("illustrative figures",)))
    for path, data in site.items():
        if path.endswith(".html") and path != "index.html":
            assert b'<p class="banner">illustrative figures</p>' in data, path


def test_a_page_lists_its_sections_where_there_are_many() -> None:
    document = made()
    sections = tuple(Section(name, name.upper(), ()) for name in "abcd")
    pages = tuple(changed(each, sections=sections) for each in document.pages)
    found = Parsed(files(changed(document, pages=pages))["en/index.html"].decode())
    assert [address for address in found.all("href") if address.startswith("#")] == ["#content", "#a", "#b", "#c", "#d"]


def test_the_trail_links_the_pages_that_there_are() -> None:
    document = made()
    pages = tuple(changed(each, trail=(("", "Plan"), ("gone", "Gone"))) for each in document.pages)
    text = files(changed(document, pages=pages))["en/kpis/a9.html"].decode()
    assert '<li><a href="../index.html">Plan</a></li>' in text
    assert "<li>Gone</li>" in text


def test_cells_lead_to_the_pages_that_there_are() -> None:
    found = one(Facts((("plan", Cell("The plan", to="")), ("none", Cell("Nowhere", to="gone")))))
    links = [attributes["href"] for tag, attributes in found.elements if tag == "a"]
    assert links.count("index.html") == 3
    assert "Nowhere" in "".join(found.texts)


def test_cells_are_sorted_by_their_figure_not_by_their_text() -> None:
    cells = (Cell("a", sort="z"), Cell("1,200", sort=1200.5), Cell("–", sort=None), Cell("?", sort=float("nan")))
    found = one(Table("t", tuple(Column(c, numeric=True) for c in "abcd"), (Row(cells),)))
    shown = [
        {k: v for k, v in a.items() if k and k.startswith("data-")} for tag, a in found.elements if tag in ("td", "th")
    ]
    assert shown[4:] == [{"data-text": "z"}, {"data-sort": "1200.5"}, {}, {}]


def test_a_table_has_a_caption_and_heads_of_columns_and_rows() -> None:
    found = one(table(ROWS, filtered=False))
    scopes = [attributes["scope"] for tag, attributes in found.elements if tag == "th"]
    assert scopes == ["col"] * 4 + ["row"] * len(ROWS)
    assert found.tags()["caption"] == 1
    assert found.tags()["form"] == 0


def test_a_table_without_a_caption_is_still_called_something() -> None:
    found = one(Table("t", (Column("a"),), (Row((Cell("b"),)),)))
    assert found.all("data-label") == ["Table"]
    assert "sortable" not in found.all("class")


def test_filters_offer_what_the_rows_have_once_and_in_order() -> None:
    found = one(table(ROWS))
    assert found.all("value") == [
        "", "light", "dark", "", "lagging", "no_data", "on_track", "", "Bureau of Quality", "Safety, Section 2",
        "", "food", "market",
    ]  # fmt: skip
    assert "data-tag" in dict(next(a for tag, a in found.elements if tag == "tr" and "data-status" in a))


def test_a_filter_that_could_not_tell_rows_apart_is_not_offered() -> None:
    found = one(table([("a", 1.0, Status.LAGGING, "one", ("x\ny",)), ("b", 2.0, Status.LAGGING, "one", ("x\ny",))]))
    assert found.all("data-by") == ["q"]
    assert found.all("data-tag") == ["x y", "x y"]


def test_a_row_that_is_no_item_has_no_status_to_be_filtered_by() -> None:
    plain = Table("t", (Column("a"),), (Row((Cell("b"),)), Row((Cell("c"),), Status.AHEAD)), filtered=True)
    found = one(plain)
    assert found.all("data-status") == ["", "ahead"]
    assert found.all("data-by") == ["q"]  # there is no word for the status in the row


def test_a_page_holds_the_shapes_that_it_uses_and_no_others() -> None:
    found = one(Facts((("a", Cell(badge=badge(Status.AHEAD))), ("b", Cell(badge=badge(Status.STALE))))))
    assert [one_id for one_id in found.all("id") if one_id.startswith("s-")] == ["s-stale", "s-ahead"]
    assert not [one_id for one_id in one(Paragraph("words")).all("id") if one_id.startswith("s-")]


def test_a_picture_is_followed_by_its_words() -> None:
    text = "".join(one(*every_block("Pace")).texts)
    assert text.count("Pace: from 0 to 40.") >= 2


def test_a_headline_leads_from_each_count_to_the_kpis_counted() -> None:
    head = Headline(badge(), (), (Count(badge(Status.AT_RISK), 3),))
    linked = Parsed(files(made("en", page("x", "kpi", head)))["en/kpis/x.html"].decode())
    assert "../kpis.html#status=at_risk" in linked.all("href")
    assert not [address for address in one(head).all("href") if "status=" in address]  # there is no list to lead to


def test_the_status_of_a_page_is_not_said_twice() -> None:
    said = [
        Parsed(files(made("en", page("x", "kpi", *blocks, badge=badge(text="very late"))))["en/kpis/x.html"].decode())
        for blocks in ((), (Paragraph("words"),), (Headline(badge(text="very late"), ()),))
    ]
    assert [found.texts.count("very late") for found in said] == [1, 1, 1]


def test_only_what_stands_for_items_is_sorted_and_many_columns_are_small() -> None:
    rows = (Row((Cell("a"),)), Row((Cell("b"),)))
    few, many = (Column("c"),), (Column("c"),) * 9
    late = tuple(changed(row, status=Status.LAGGING) for row in rows)
    tables = [
        Table("a", few, rows),
        Table("b", few, rows, filtered=True),
        Table("c", few, late),
        Table("d", many, late[:1]),
    ]
    found = one(*tables)
    assert [attributes.get("class") for tag, attributes in found.elements if tag == "table"] == [
        None, "sortable", "sortable", "wide",
    ]  # fmt: skip


@pytest.mark.parametrize(("leaves", "folded"), [(3, 0), (40, 1)])
def test_a_large_tree_is_folded_below_its_second_level(leaves: int, folded: int) -> None:
    kpis = tuple(Branch(Cell(f"k{number}")) for number in range(leaves))
    found = one(Tree((Branch(Cell("top"), below=(Branch(Cell("goal"), below=kpis),)),)))
    branches = [attributes for tag, attributes in found.elements if tag == "details"]
    assert sum("open" not in attributes for attributes in branches) == folded
    assert found.all("aria-label")[-2:] == ["top", "goal"]


def test_a_stylesheet_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("body { color: teal }", "utf-8")
    style = files(made(), overrides=str(tmp_path))["assets/style.css"].decode()
    assert style.endswith("body { color: teal }")
    assert ".chart" in style  # the pictures keep their colours
    assert "--paper" not in style


def test_a_template_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "paragraph.html.j2").write_text(
        "{% macro paragraph(block, here, words) %}<p>Theirs: {{ block.text }}</p>{% endmacro %}", "utf-8"
    )
    text = files(made(), overrides=str(tmp_path))["en/kpis/a9.html"].decode()
    assert "<p>Theirs: words</p>" in text
    assert text.count("<h2") == 1


def test_every_page_can_be_written_in_the_sandbox(tmp_path: Path) -> None:
    assert files(*both(), overrides=str(tmp_path)) == files(*both())


def test_a_broken_template_of_the_user_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts.html.j2").write_text("\n{% macro facts(block) %}\n{{ block.x }}{% endmacro %}", "utf-8")
    with pytest.raises(BrokenTemplateError, match=r"facts\.html\.j2: macro 'facts' takes"):
        files(made(), overrides=str(tmp_path))
    (tmp_path / "style.css").write_bytes(b"\xff")
    with pytest.raises(BrokenTemplateError, match=r"style\.css: "):
        files(made(), overrides=str(tmp_path))


def test_the_site_has_the_colours_of_its_pictures() -> None:
    """The stylesheet stands for itself, so that it can be replaced; its colours are still those of the charts."""
    style = whole()["assets/style.css"].decode().rpartition(".c-")[2]
    blocks = [
        dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in re.findall(r"\{([^{}]*--paper[^{}]*)\}", style)
    ]
    light, dark, chosen = blocks[:3]
    shared = set(light) & set(LIGHT)
    assert {"paper", "ink", "quiet", "good", "warn", "bad", "none", "mark", "mark-ink"} <= shared
    assert {name: light[name] for name in shared} == {name: LIGHT[name] for name in shared}
    assert {name: dark[name] for name in shared} == {name: DARK[name] for name in shared}
    assert dark == chosen


def _luminance(colour: str) -> float:
    short = colour.removeprefix("#")
    parts = [part * 2 for part in short] if len(short) == 3 else [short[i : i + 2] for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (int(p, 16) / 255 for p in parts)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_texts_stand_out_from_what_is_below_them() -> None:
    """Every colour of a text has a contrast of 4.5 (WCAG AA) with the paper and with the tint, in every theme."""
    style = whole()["assets/style.css"].decode()
    themes = [
        dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in re.findall(r"\{([^{}]*--paper:[^{}]*)\}", style)
    ]
    assert len(themes) == 4
    for theme in themes:
        pairs = [(name, below) for name in ("ink", "quiet", "link", "good", "warn", "bad", "none")
                 for below in ("paper", "tint") if name in theme]  # fmt: skip
        for name, below in [*pairs, ("mark-ink", "mark")]:
            light, dark = sorted((_luminance(theme[name]), _luminance(theme[below])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, below)


def test_every_word_of_the_site_is_used() -> None:
    folder = Path(__file__).parents[2] / "src/kpi_tracker/documents/html/templates"
    used = "".join(path.read_text("utf-8") for path in folder.iterdir())
    assert {name for name in SITE_WORDS if f"words.{name}" not in used} == set()


def test_a_figure_in_many_letters_is_written_smaller() -> None:
    values = ("74%", "100个百分点", "at most 5 cases (assumed)", "不超过5件（自拟）", "x" * 10_000)
    found = one(Headline(badge(), tuple(Reading("n", value) for value in values)))
    assert ["long" in (a.get("class") or "") for tag, a in found.elements if tag == "dd"] == [
        False,
        False,
        True,
        True,
        True,
    ]
