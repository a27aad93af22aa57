"""Pictures that bring their letters along: only those that they show, out of one font of this machine."""

import io
import re
from base64 import b64decode
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

import kpi_tracker
from kpi_tracker.documents.charts.svg import FONT
from kpi_tracker.documents.fonts import installed
from kpi_tracker.language import language
from kpi_tracker.record import changed
from tests.builders import card, goal, kpi, obs, plan, text

EMBEDDED = re.compile(rf'@font-face{{font-family:"{FONT}";src:url\(data:font/woff2;base64,([^)]+)\)}}')
pytestmark = pytest.mark.skipif(not any("CJK" in font.family for font in installed()), reason="no Chinese font here")


def pictures(folder: Path, title: str, embed: bool = True) -> tuple[dict[str, str], str]:
    """Write the Chinese Markdown of a plan with one KPI; return its charts by name, and what is remarked in English."""
    whole = plan(goal("g", changed(kpi("k", t=10.0), title=text(title))))
    score = card(whole, [obs("k", "2021-06-30", 4.0)], "2021-06-30")
    written = kpi_tracker.write_documents(score, str(folder), languages=["zh"], formats=["markdown"], embed_fonts=embed)
    remarks = " ".join(language("en").phrase(one) for one in written.remarks)
    charts = {file.stem: file.read_text(encoding="utf-8") for file in (folder / "zh").rglob("*.svg")}
    assert charts
    return charts, remarks


def letters(chart: str) -> set[str]:
    """Return the characters that the font inside a chart has."""
    found = EMBEDDED.search(chart)
    assert found
    with TTFont(io.BytesIO(b64decode(found[1]))) as font:
        return set(map(chr, font.getBestCmap()))


def test_every_chart_brings_what_it_shows_and_little_else(tmp_path: Path) -> None:
    """The title of the KPI in the chart of that KPI, and no character that it does not show."""
    charts, remarks = pictures(tmp_path / "out", "平湖群众满意度")
    assert remarks == ""
    pace = next(chart for name, chart in charts.items() if "pace" in name)
    shown = set("".join(re.findall(r"<text[^>]*>([^<]*)", pace)))
    assert set("平湖群众满意度") <= letters(pace) <= shown | {" "}


def test_without_being_asked_no_picture_brings_a_font(tmp_path: Path) -> None:
    """So that a nightly commit stays small, and the same on every machine."""
    charts, _ = pictures(tmp_path / "out", "平湖", embed=False)
    assert not any(EMBEDDED.search(chart) for chart in charts.values())


def test_what_the_font_lacks_is_told(tmp_path: Path) -> None:
    """The picture is written all the same."""
    charts, remarks = pictures(tmp_path / "out", "平湖\U0001f600")
    assert "pictures do not bring \U0001f600 along" in remarks
    assert all(EMBEDDED.search(chart) for chart in charts.values())


def test_without_any_font_the_pictures_are_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is told which characters they rely on others for."""
    monkeypatch.setattr("kpi_tracker.documents.fonts.installed", lambda: ())
    charts, remarks = pictures(tmp_path / "out", "平湖")
    assert not any(EMBEDDED.search(chart) for chart in charts.values())
    assert "pictures do not bring" in remarks
