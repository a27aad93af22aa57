"""Fonts of this machine: real ones, with Chinese; what they lack is said, and never drawn as boxes."""

import io
import os
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image

from kpi_tracker.documents import fonts
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.pace import pace_chart
from kpi_tracker.documents.charts.raster import png, texts
from kpi_tracker.documents.extras import MissingExtra
from kpi_tracker.documents.fonts import Font, cover, glyphs, installed, missing_glyphs, needed, subset
from kpi_tracker.language import language
from tests.documents.drawn import pinghu

LATIN, CHINESE = "On track 75%", "平湖市场监管局：应达７５％"
NOWHERE = "\u0378"
"""A character that is not assigned, so that no font has a glyph for it."""


@pytest.fixture(scope="module")
def chinese() -> Font:
    """Return the font that pictures are set in here; only a machine without one that is no CI is forgiven."""
    found = cover(CHINESE)
    if found.missing and not os.environ.get("CI"):
        pytest.skip("there is no Chinese font on this machine")
    assert found.missing == ""
    return found.fonts[0]


def only(*wanted: str) -> tuple[Font, ...]:
    """Return the installed fonts of some families."""
    return tuple(font for font in installed() if font.family in wanted)


def drawing(text: str) -> Drawing:
    """Return a picture of one text."""
    return Drawing(200, 40, "t", "d", (Element("g", children=(Element("text", {"x": 4, "y": 26}, text),)),), "zh")


def test_the_main_font_has_chinese_and_is_of_a_good_family(chinese: Font) -> None:
    """A face of a collection, by its number."""
    assert chinese.family in fonts.FAMILIES
    assert chinese.weight == 400
    assert missing_glyphs(CHINESE + LATIN, chinese) == ""


def test_what_a_font_lacks_is_named_once(chinese: Font) -> None:
    """Spaces, joiners and variation selectors need no glyph."""
    assert missing_glyphs(f"平{NOWHERE}\u200d\ufe0f \n{NOWHERE}", chinese) == NOWHERE
    latin = next(iter(only("DejaVu Sans")), None)
    if latin is not None:
        assert missing_glyphs("平湖 75%", latin) == "平湖"
    assert needed("a b\ta") == {"a", "b"}


def test_a_text_is_covered_by_as_few_fonts_as_it_needs(chinese: Font) -> None:
    """One where one has it all; a second for what it lacks; what nobody has is missing."""
    assert cover("目标 100").fonts == (chinese,)
    assert cover("").fonts == (chinese,)
    braille = cover("目标⡿")
    assert braille.fonts[0] == chinese
    assert len(braille.fonts) == 2 or braille.missing == "⡿"
    assert cover(f"目标{NOWHERE}").missing == NOWHERE
    assert cover("目标", ()) == ((), "标目")


def test_a_subset_has_the_characters_and_little_else(chinese: Font) -> None:
    """WOFF2 of a few kilobytes that is the same every time, out of a collection of many megabytes."""
    made = subset(chinese, CHINESE)
    assert made == subset(chinese, CHINESE[::-1])
    data = b64decode(made)
    assert len(data) < 20_000 < Path(chinese.path).stat().st_size
    with TTFont(io.BytesIO(data)) as opened:
        assert opened.flavor == "woff2"
        assert set(map(ord, needed(CHINESE))) <= set(opened.getBestCmap())
        assert len(opened.getGlyphOrder()) < 3 * len(CHINESE)


def test_without_fontconfig_the_folders_are_searched(
    chinese: Font, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files in folders within folders; what is broken or no font is passed over."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    inner = tmp_path / "fonts" / "inner"
    inner.mkdir(parents=True)
    shutil.copy(chinese.path, inner)
    (inner / "broken.ttf").write_bytes(b"\0\1\0\0not a font at all")
    (inner / "broken.ttc").write_bytes(b"ttcf")
    (inner / "empty.otf").write_bytes(b"")
    (inner / "readme.txt").write_text("no font", encoding="utf-8")
    found = installed((str(tmp_path / "fonts"), str(tmp_path / "no such folder")))
    assert chinese.family in {font.family for font in found}
    assert {font.path for font in found} == {str(inner / Path(chinese.path).name)}
    assert cover(CHINESE, found).fonts[0].number == chinese.number
    installed.cache_clear()


def test_a_font_without_its_tables_is_passed_over(
    tmp_path: Path, chinese: Font, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that says nothing of its weight."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with TTFont(io.BytesIO(b64decode(subset(chinese, "a")))) as opened:
        opened.flavor = None
        opened.save(tmp_path / "good.otf")
        opened["OS/2"].usWeightClass = 300
        opened.save(tmp_path / "light.otf")
        del opened["OS/2"]
        opened.save(tmp_path / "bare.otf")
    assert [Path(font.path).name for font in installed((str(tmp_path),))] == ["good.otf"]
    installed.cache_clear()


def test_a_fontconfig_that_fails_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of its name that ends with an error, or says nothing."""
    for body in ("exit 1", "true"):
        program = tmp_path / "fc-list"
        program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        installed.cache_clear()
        assert installed((str(tmp_path / "empty"),)) == ()
        installed.cache_clear()


def test_fontconfig_is_read_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slanted faces, instances of variable fonts, other weights and other formats are not for pictures."""
    lines = (
        ("/f/a.ttf", "0", "A", "80", "0"), ("/f/a.ttf", "0", "A", "80", "100"), ("/f/b.ttc", "65538", "B", "80", "0"),
        ("/f/c.otf", "0", "C", "200", "0"), ("/f/d.otf", "0", "D", "50", "0"), ("/f/e.pcf.gz", "0", "E", "80", "0"),
        ("/f/f.ttf", "0", "F", "[0 210]", "0"),
    )  # fmt: skip
    (tmp_path / "listed").write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    program = tmp_path / "fc-list"
    program.write_text(f'#!/bin/sh\nwhile IFS= read -r l; do echo "$l"; done < "{tmp_path}/listed"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    installed.cache_clear()
    assert installed() == (Font("/f/a.ttf", 0, "A", 400), Font("/f/c.otf", 0, "C", 700))
    installed.cache_clear()
    assert glyphs(Font("/f/a.ttf", 0, "A", 400)) == frozenset(), "a file that is gone has no glyphs"


@pytest.mark.parametrize(
    ("gone", "call"),
    [
        ("fontTools", "cover('a', (Font('f.ttf', 0, 'F', 400),))"),
        ("brotli", "subset(Font('f.ttf', 0, 'F', 400), 'a')"),
        ("fontTools", "fonts.installed((sys.argv[1],))"),
    ],
)
def test_a_missing_extra_is_named(gone: str, call: str, tmp_path: Path) -> None:
    """In a Python that lacks what the extra brings, with how to get it."""
    (tmp_path / "some.ttf").write_bytes(b"")
    program = (
        f"import os, sys\nsys.modules[{gone!r}] = None\nos.environ['PATH'] = ''\n"
        "from kpi_tracker.documents import fonts\nfrom kpi_tracker.documents.fonts import Font, cover, subset\n"
        "from kpi_tracker.documents.extras import MissingExtra\nfrom kpi_tracker.language import language\n"
        f"try:\n    {call}\nexcept MissingExtra as missing:\n    print(language('en').phrase(missing.phrase))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "src"})
    assert "kpi-tracker[fonts]" in done.stdout


def test_a_picture_for_word_is_drawn_with_real_letters(chinese: Font) -> None:
    """Two different characters are two different pictures, bold ones too; boxes would be the same."""
    one, other = png(drawing("平")), png(drawing("湖"))
    assert one.png is not None
    assert one.png != other.png
    assert (one.missing, png(drawing("平"))) == ("", one)
    with Image.open(io.BytesIO(one.png)) as image:
        assert image.size == (600, 120)
        assert image.convert("RGB").getpixel((599, 0)) == (255, 255, 255)


def test_a_missing_character_leaves_the_picture_out(chinese: Font) -> None:
    """It is named, and no box is drawn for it."""
    assert png(drawing(f"目标{NOWHERE}")) == (None, NOWHERE)
    latin = only("DejaVu Sans")
    assert png(drawing("目标"), fonts=latin) == (None, "标目")


def test_a_picture_without_text_needs_no_font() -> None:
    """A shape is drawn on a machine without any."""
    shape = Drawing(16, 16, "", "", (Element("rect", {"class": "c-fill", "width": 8, "height": 8}),))
    found = png(shape, 2.0, ())
    assert found.png is not None
    with Image.open(io.BytesIO(found.png)) as image:
        assert image.size == (32, 32)
        assert image.convert("RGB").getpixel((4, 4)) == (0x1B, 0x21, 0x29)


def test_without_the_renderer_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Word's pictures need it."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtra, match="docx"):
        png(drawing("a"))


def test_every_text_of_a_chart_is_asked_for(chinese: Font) -> None:
    """Also those within groups."""
    whole = pinghu()
    found = pace_chart(whole.kpis[0], whole, language("zh"))
    assert found is not None
    assert "新增市场主体" in list(texts(found))
    assert list(texts(drawing("内"))) == ["", "内"]
    assert png(found).png is not None
