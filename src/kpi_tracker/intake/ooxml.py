"""What an .xlsx file tells of its cells beyond their values: which are shown as percentages, which were never calculated."""

import io
import re
from posixpath import join, normpath
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - it is an exception

__all__ = ["details"]

Place = tuple[int, int]
Details = tuple[frozenset[Place], frozenset[Place]]
CELL = re.compile(rb"<c ([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
STYLE = re.compile(rb'\bs="([0-9]+)"')
VALUE = re.compile(rb"<v[^>]*>[^<]|<is>")
SHEET = re.compile(r"<sheet\s[^>]*>")
RELATION = re.compile(r"<Relationship\s[^>]*>")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
FORMATS = re.compile(r'<numFmt\s[^>]*numFmtId="(\d+)"[^>]*formatCode="([^"]*)"')
STYLES = re.compile(r"<cellXfs\b.*?</cellXfs>", re.DOTALL)
USED = re.compile(r'<xf\s[^>]*numFmtId="(\d+)"')
BUILT_IN = {"9", "10"}  # 0% and 0.00%


def details(data: bytes) -> dict[str, Details]:
    """Return by sheet the cells that are shown as percentages, and those with a formula and no value.

    Empty for files of another kind, and for one that is built otherwise than Excel and its kin build them.
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return {}
            styles = _percent_styles(archive)
            return {name: _cells(archive.read(part), styles) for name, part in _parts(archive)}
    except (BadZipFile, KeyError, ValueError, ZlibError, EOFError, NotImplementedError):
        return {}


def _parts(archive: ZipFile) -> list[tuple[str, str]]:
    """Return the name of each sheet with the part of the file that holds it."""
    from html import unescape

    relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    found = [dict(ATTRIBUTE.findall(tag)) for tag in RELATION.findall(relations)]
    targets = {one["Id"]: normpath(join("xl", one["Target"])).lstrip("/") for one in found}
    sheets = [dict(ATTRIBUTE.findall(tag)) for tag in SHEET.findall(archive.read("xl/workbook.xml").decode())]
    return [(unescape(one["name"]), targets[one["r:id"]]) for one in sheets]


def _percent_styles(archive: ZipFile) -> set[int]:
    if "xl/styles.xml" not in archive.namelist():
        return set()
    text = archive.read("xl/styles.xml").decode()
    percent = BUILT_IN | {number for number, code in FORMATS.findall(text) if "%" in code}
    block = STYLES.search(text)
    return {i for i, number in enumerate(USED.findall(block[0] if block else "")) if number in percent}


def _cells(text: bytes, styles: set[int]) -> Details:
    percent, uncalculated = set(), set()
    if not styles and b"<f" not in text:
        return frozenset(), frozenset()
    for attributes, content in CELL.findall(text):
        reference, style = REFERENCE.search(attributes), STYLE.search(attributes)
        if reference is None:
            continue
        if style and int(style[1]) in styles:
            percent.add(_place(reference))
        if b"<f" in content and not VALUE.search(content):
            uncalculated.add(_place(reference))
    return frozenset(percent), frozenset(uncalculated)


def _place(reference: "re.Match[bytes]") -> Place:
    column = 0
    for letter in reference[1]:
        column = column * 26 + letter - ord("A") + 1
    return int(reference[2]) - 1, column - 1
