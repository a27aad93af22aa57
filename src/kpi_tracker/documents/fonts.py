"""Fonts on this machine: which of them has the characters of a text, what it lacks, and a small part of one to embed."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category

from kpi_tracker.documents.extras import MissingExtra

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

__all__ = [
    "FAMILIES",
    "FOLDERS",
    "Cover",
    "Font",
    "cover",
    "glyphs",
    "installed",
    "missing_glyphs",
    "needed",
    "reduced",
    "subset",
]

FAMILIES = (
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "SimHei", "DejaVu Sans",
)  # fmt: skip
"""The families that a picture is set in, the best first; other fonts serve for what all of these lack."""
FOLDERS = (
    "~/.fonts", "~/.local/share/fonts", "~/Library/Fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts",
    "/System/Library/Fonts", "/System/Library/AssetsV2", "C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts",
)  # fmt: skip
"""Where fonts are kept, for machines without fontconfig."""
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
_FORMAT = "%{file}\t%{index}\t%{family[0]}\t%{weight}\t%{slant}\n"
_REGULAR, _BOLD = 400, 700
_WEIGHTS = {"80": _REGULAR, "200": _BOLD}
_WITHOUT_GLYPH = ("Cc", "Cf", "Zs", "Zl", "Zp")


class Font(NamedTuple):
    """One face: its file, its number in a collection, its family, and how heavy it is (400 is regular, 700 bold)."""

    path: str
    number: int
    family: str
    weight: int


class Cover(NamedTuple):
    """The fonts that a text needs, the main one first, and the characters that none of them has."""

    fonts: tuple[Font, ...]
    missing: str


def cover(text: str, fonts: Sequence[Font] | None = None) -> Cover:
    """Return the fewest good fonts that have the characters of `text`: one of :data:`FAMILIES`, others for what it lacks.

    Raises:
        MissingExtra: the extra `fonts` is not installed.
    """
    wanted = needed(text)
    chosen: list[Font] = []
    for font in sorted((f for f in (installed() if fonts is None else fonts) if f.weight == _REGULAR), key=_rank):
        if not wanted and chosen:
            break
        found = wanted & glyphs(font)
        if found or not wanted:
            chosen.append(font)
            wanted -= found
    return Cover(tuple(chosen), "".join(sorted(wanted)))


def missing_glyphs(text: str, font: Font) -> str:
    """Return the characters of `text` that `font` cannot draw, each once.

    Raises:
        MissingExtra: the extra `fonts` is not installed.
    """
    return "".join(sorted(needed(text) - glyphs(font)))


def needed(text: str) -> frozenset[str]:
    """Return the characters of `text` that are drawn: no spaces, controls, joiners or variation selectors."""
    return frozenset(c for c in text if category(c) not in _WITHOUT_GLYPH and not "\ufe00" <= c <= "\ufe0f")


def subset(font: Font | bytes, text: str) -> str:
    """Return the part of `font`, a face or the bytes of one, that `text` needs, as WOFF2 in base64.

    The same bytes for the same characters.

    Raises:
        MissingExtra: the extra `fonts` is not installed.
    """
    from base64 import b64encode

    with _needing_extra():
        import brotli  # type: ignore[import-untyped]  # noqa: F401 - WOFF2 is written with it
    return b64encode(reduced(font, text, "woff2")).decode("ascii")


def reduced(font: Font | bytes, text: str, flavor: str | None = None) -> bytes:
    """Return the part of `font` that `text` needs as the bytes of a font; much quicker to take parts of in turn.

    Raises:
        MissingExtra: the extra `fonts` is not installed.
    """
    import io

    with _needing_extra():
        from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    options = Options(hinting=False, notdef_outline=True, name_IDs=[1, 2], layout_features=["kern", "locl", "tnum"])
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    written = io.BytesIO()
    with _opened(font) as opened:
        subsetter.subset(opened)
        opened.flavor = flavor
        opened.save(written)
    return written.getvalue()


@lru_cache(maxsize=64)
def glyphs(font: Font) -> frozenset[str]:
    """Return the characters that `font` has a glyph for; none where its file cannot be read.

    Raises:
        MissingExtra: the extra `fonts` is not installed.
    """
    with _needing_extra():
        from fontTools.ttLib import TTLibError
    try:
        with _opened(font) as opened:
            return frozenset(map(chr, opened.getBestCmap() or ()))
    except (OSError, TTLibError):
        return frozenset()


@contextmanager
def _opened(font: Font | bytes) -> "Iterator[TTFont]":
    import io

    from fontTools.ttLib import TTFont

    if isinstance(font, bytes):
        yield TTFont(io.BytesIO(font), lazy=True, recalcTimestamp=False)
        return
    # fontTools leaves a file open that it opened itself and could not read.
    with open(font.path, "rb") as file:
        yield TTFont(file, fontNumber=font.number, lazy=True, recalcTimestamp=False)


@contextmanager
def _needing_extra() -> Iterator[None]:
    """Say which extra to install where an import fails."""
    try:
        yield
    except ImportError as error:
        raise MissingExtra("fonts", "SVG") from error


@lru_cache(maxsize=8)
def installed(folders: tuple[str, ...] = FOLDERS) -> tuple[Font, ...]:
    """Return the upright faces on this machine, as fontconfig knows them, else from the files in `folders`.

    Raises:
        MissingExtra: the extra `fonts` is not installed, and there is no fontconfig.
    """
    program = shutil.which("fc-list")
    if program is not None:
        listed = subprocess.run(  # noqa: S603 - fontconfig's own program, with nothing of the user's
            [program, "--format", _FORMAT], capture_output=True, encoding="utf-8", errors="surrogateescape", check=False
        )
        if listed.returncode == 0 and listed.stdout:
            return tuple(sorted(_listed(listed.stdout)))
    return tuple(sorted(_in_folders(folders)))


def _listed(lines: str) -> Iterator[Font]:
    for line in lines.splitlines():
        path, number, family, weight, slant = line.split("\t")
        # The upper half of the number names an instance of a variable font; a range of weights is no number at all.
        if path.lower().endswith(_ENDINGS) and slant == "0" and int(number) < 1 << 16 and weight in _WEIGHTS:
            yield Font(path, int(number), family, _WEIGHTS[weight])


def _in_folders(folders: Iterable[str]) -> Iterator[Font]:
    for folder in folders:
        for place, _, names in os.walk(os.path.expanduser(folder)):
            for name in names:
                if name.lower().endswith(_ENDINGS):
                    yield from _faces(os.path.join(place, name))


def _faces(path: str) -> Iterator[Font]:
    """Yield the upright faces of a file, regular and bold."""
    with _needing_extra():
        from fontTools.ttLib import TTCollection, TTFont, TTLibError
    try:
        with open(path, "rb") as file:
            opened = (TTCollection if path.lower().endswith((".ttc", ".otc")) else TTFont)(file, lazy=True)
            for number, face in enumerate(getattr(opened, "fonts", [opened])):
                weight, family = face["OS/2"].usWeightClass, face["name"].getBestFamilyName()
                if weight in (_REGULAR, _BOLD) and not face["post"].italicAngle and family:
                    yield Font(path, number, family, weight)
    except (OSError, KeyError, TTLibError):  # broken, or a font without the tables that every font should have
        return


def _rank(font: Font) -> tuple[int, Font]:
    return FAMILIES.index(font.family) if font.family in FAMILIES else len(FAMILIES), font
