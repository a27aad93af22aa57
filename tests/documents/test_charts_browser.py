"""Charts in the real browser: no text on another, none cut off, right in both themes and without any Chinese font."""

import io
import json
import os
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image
from playwright.sync_api import Browser, Page

from kpi_tracker.documents.charts.bullet import bullet_chart
from kpi_tracker.documents.charts.colours import DARK, LIGHT
from kpi_tracker.documents.charts.counts import counts_bar
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.pace import pace_chart
from kpi_tracker.documents.charts.svg import STYLE, svg
from kpi_tracker.documents.fonts import cover, subset
from kpi_tracker.language import language
from kpi_tracker.model.measure import WORST_FIRST
from kpi_tracker.model.scorecard import Scorecard
from tests.documents.browser import CHROMIUM, FLAGS, chromium, opened, violations
from tests.documents.drawn import pinghu
from tests.reporting.showcase import scored as showcase

OVERLAPS = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const box = svg.getBoundingClientRect(), found = [];
  const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  texts.forEach(([text, a], i) => {
    if (a.left < box.left - 1 || a.right > box.right + 1 || a.top < box.top - 1 || a.bottom > box.bottom + 1)
      found.push(`${svg.querySelector('title').textContent}: ${text} is cut off`);
    texts.slice(i + 1).forEach(([other, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 5) found.push(`${svg.querySelector('title').textContent}: ${text} on ${other}`);
    });
  });
  return found;
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the browser, run once for all tests of this file."""
    with chromium() as running:
        yield running


def pictures(whole: Scorecard, lang: str) -> list[Drawing]:
    """Return every picture of a scorecard."""
    words = language(lang)
    made = [pace_chart(score, whole, words) for score in whole.kpis]
    made += [bullet_chart(score, words) for score in whole.kpis]
    return [drawing for drawing in made if drawing] + [counts_bar(dict.fromkeys(WORST_FIRST, 3), words, True)]


def page_of(drawings: list[Drawing], folder: Path, theme: str = "") -> str:
    """Write a page of pictures and return its address."""
    body = "".join(f"<p>{svg(drawing, inline=True)}</p>" for drawing in drawings)
    theme = f' data-theme="{theme}"' if theme else ""
    head = f'<!doctype html><html lang="en"{theme}><meta charset="utf-8"><title>Charts</title><style>{STYLE}</style>'
    page = f"{head}<main><h1>Charts</h1>{body}</main>"
    (folder / "charts.html").write_text(page, encoding="utf-8")
    return (folder / "charts.html").as_uri()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_lies_on_another_or_is_cut_off(browser: Browser, lang: str, tmp_path: Path) -> None:
    """All KPIs of both plans, as the browser lays their letters out; and nothing is asked for or complained of."""
    address = page_of([*pictures(pinghu(), lang), *pictures(showcase(), lang)], tmp_path)
    with opened(browser, address) as (page, heard):
        assert page.evaluate(OVERLAPS) == []
        assert heard.nothing_but(address)


def test_pictures_are_open_to_all(browser: Browser, tmp_path: Path) -> None:
    """axe finds nothing serious; every picture is one image with a name for a screen reader."""
    drawings = pictures(showcase(), "en")
    with opened(browser, page_of(drawings, tmp_path)) as (page, _):
        assert violations(page) == []
        assert page.get_by_role("img").count() == len(drawings)
        assert page.get_by_role("img", name=drawings[0].title).count() >= 1


def colour(page: Page, name: str) -> str:
    """Return the colour of the texts of a class as the page has it."""
    found: str = page.evaluate(f"getComputedStyle(document.querySelector('.{name}')).fill")
    return found


def rgb(code: str) -> str:
    """Return a colour as a browser writes it."""
    full = code[1:] if len(code) == 7 else "".join(c * 2 for c in code[1:])
    return f"rgb({', '.join(str(int(full[i : i + 2], 16)) for i in (0, 2, 4))})"


@pytest.mark.parametrize(
    ("screen", "chosen", "theme"),
    [("light", "", LIGHT), ("dark", "", DARK), ("dark", "light", LIGHT), ("light", "dark", DARK)],
)
def test_the_theme_follows_the_page_then_the_screen(
    browser: Browser, screen: str, chosen: str, theme: Any, tmp_path: Path
) -> None:
    """Within a page; printed it is always light."""
    address = page_of(pictures(showcase(), "en")[:1], tmp_path, chosen)
    with opened(browser, address, color_scheme=screen) as (page, _):
        assert colour(page, "c-title") == rgb(theme["ink"])
        page.emulate_media(media="print")
        assert colour(page, "c-title") == rgb(LIGHT["ink"])


@pytest.mark.parametrize(("screen", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_a_file_of_its_own_has_both_themes(browser: Browser, screen: str, theme: Any, tmp_path: Path) -> None:
    """With paper below it in the colour of the screen."""
    file = tmp_path / "one.svg"
    file.write_text(svg(pictures(showcase(), "zh")[0], inline=False), encoding="utf-8")
    with opened(browser, file.as_uri(), color_scheme=screen) as (page, heard):
        assert (colour(page, "c-title"), colour(page, "c-paper")) == (rgb(theme["ink"]), rgb(theme["paper"]))
        assert heard.nothing_but(file.as_uri())


def test_the_font_it_brings_serves_where_there_is_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an image tag, in a browser that sees no Chinese font: two characters are two shapes, not the same box twice."""
    covered = cover("平湖")
    if covered.missing and not os.environ.get("CI"):
        pytest.skip("there is no Chinese font on this machine to embed")
    with TTFont(io.BytesIO(b64decode(subset(covered.fonts[0], "abc")))) as latin:
        latin.flavor = None
        latin.save(tmp_path / "latin.otf")
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>", encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(bare))
    for name, font in (("with", subset(covered.fonts[0], "平湖")), ("without", "")):
        for character in "平湖":
            text = Element("text", {"x": 4, "y": 20}, character)
            file = tmp_path / f"{name}-{json.dumps(character)[2:-1]}.svg"
            file.write_text(svg(Drawing(24, 24, "", "", (text,), "zh"), inline=False, font=font), encoding="utf-8")
            (tmp_path / f"{file.stem}.html").write_text(
                f'<!doctype html><img alt="" src="{file.name}">', encoding="utf-8"
            )
    seen = {page.stem: shot(page, tmp_path) for page in tmp_path.glob("*.html")}
    assert seen["without-u5e73"] == seen["without-u6e56"], "this browser has a Chinese font after all"
    assert seen["with-u5e73"] != seen["with-u6e56"]


def shot(page: Path, folder: Path) -> bytes:
    """Return the pixels of a page, in a browser of its own that reads the environment of this test."""
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip("there is no Chromium on this machine")
    picture = folder / "page.png"
    command = [CHROMIUM, "--headless", *FLAGS, f"--user-data-dir={folder / page.stem}", "--window-size=200,200"]
    subprocess.run([*command, f"--screenshot={picture}", page.as_uri()], check=True, capture_output=True, timeout=120)
    with Image.open(picture) as image:
        return image.convert("L").tobytes()
