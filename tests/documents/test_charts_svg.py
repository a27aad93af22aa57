"""A drawing written as SVG: whole and harmless whatever is in it, the same bytes every time."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.documents.charts.colours import DARK, LIGHT
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.marks import status_shape
from kpi_tracker.documents.charts.svg import FLAT, HALO, STYLE, number, svg
from kpi_tracker.model.measure import Status
from tests.documents.made import HOSTILE

SPACE = "{http://www.w3.org/2000/svg}"
TEXTS = ("quiet", "ink", "actual", "expected", "good", "warn", "bad", "none")
GRAPHICS = ("axis", "base", "actual", "expected", "good", "warn", "bad", "none", "ink")


def drawing(text: str = "words", **more: str | float) -> Drawing:
    """Return a drawing of one text."""
    return Drawing(100, 50, text, text, (Element("text", {"x": 1.0, "y": 2.5, **more}, text),), "zh")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("inline", [True, False])
def test_text_stays_text(text: str, inline: bool) -> None:
    """Nothing in a title, a description, a text or an attribute becomes markup or breaks the file."""
    written = svg(drawing(text, **{"class": text}), inline, "")
    tree = ElementTree.fromstring(written)
    tags = [element.tag.removeprefix(SPACE) for element in tree.iter()]
    assert tags == ["svg", "title", "desc", *([] if inline else ["style", "rect"]), "text"]
    shown = (
        re.sub("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )
    assert [tree[0].text, tree[1].text, tree[-1].text] == [shown, shown, shown]


@given(st.text(st.characters(codec=None)))
def test_whatever_the_text_the_file_is_xml(text: str) -> None:
    """Surrogates, controls, quotes: every parser reads it."""
    tree = ElementTree.fromstring(svg(drawing(text), inline=False, style="").encode())
    assert tree.tag.endswith("}svg")


def test_a_file_of_its_own_brings_style_paper_and_font() -> None:
    """It opens by itself; for screen readers it is one picture with a title and a description."""
    written = svg(drawing(), inline=False, font="AAAA")
    assert written.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" xml:lang="zh-CN" class="chart" width="100" height="50" '
    )
    assert (
        'viewBox="0 0 100 50" role="img" lang="zh-CN"><title>words</title><desc>words</desc><style>@font-face'
        in written
    )
    assert "src:url(data:font/woff2;base64,AAAA)" in written
    assert '<rect class="c-paper"' in written
    assert written.endswith("</svg>\n")


def test_inline_it_has_neither_style_nor_ids() -> None:
    """The page has the style, and the same picture can stand in it twice."""
    written = svg(drawing(), inline=True)
    assert "<style" not in written
    assert "@font-face" not in svg(drawing(), inline=False)
    assert not re.search(r"\sid=|xmlns", written)


def test_nothing_is_loaded_from_anywhere() -> None:
    """No address but the name of the format and data within the file."""
    assert re.findall(r"https?://[^\"]+", svg(drawing(), inline=False)) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"url\(|@import", STYLE + FLAT) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.125, "0.12"), (-0.001, "0"), (1234.5, "1234.5"), (100, "100"), (-2.5, "-2.5"), (1e9, "1000000000")],
)
def test_coordinates_have_two_decimals_at_most(value: float, text: str) -> None:
    """Short, and never −0."""
    assert number(value) == text


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG defines it."""
    full = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    lit = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]


def contrast(one: str, two: str) -> float:
    """Return the contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_have_contrast_aa(theme: Mapping[str, str]) -> None:
    """4.5 for text, also on the grounds that it stands on; 3 for lines and shapes."""
    for name in TEXTS:
        for ground in ("paper", "high"):
            assert contrast(theme[name], theme[ground]) >= 4.5, (name, ground)
    assert contrast(theme["mark-ink"], theme["mark"]) >= 4.5
    for name in GRAPHICS:
        assert contrast(theme[name], theme["paper"]) >= 3, name


def test_both_themes_have_the_same_colours_and_the_style_uses_no_other() -> None:
    """A colour that one theme lacks would be no colour at all."""
    assert set(LIGHT) == set(DARK)
    assert set(re.findall(r"var\(--c-([\w-]+)\)", STYLE)) <= set(LIGHT)
    assert "var(" not in FLAT
    assert "@" not in FLAT
    assert "paint-order" not in FLAT, "a renderer that does not know it would cover the letters with their halo"
    assert HALO in re.sub(r"var\(--c-([\w-]+)\)", lambda found: LIGHT[found[1]], STYLE)
    assert not re.search(r"#[0-9a-f]{3}", STYLE.rpartition("@media")[2].partition("\n")[2]), "rules name no colour"


def test_every_status_has_a_shape_of_its_own() -> None:
    """Told apart without colour: no two shapes are the same paths."""
    shapes = {status: str(status_shape(status, 0, 0, 14).children) for status in Status}
    assert len(set(shapes.values())) == len(Status)


def test_a_shape_stands_where_it_is_put() -> None:
    """In the square of the size asked for."""
    shape = status_shape(Status.LAGGING, 3, 4.5, 8)
    assert shape.attributes == {"class": "c-lagging", "transform": "translate(3.00 4.50) scale(0.5000)"}
