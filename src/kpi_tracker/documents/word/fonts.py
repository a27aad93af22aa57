"""The fonts of a Word file. It only names them: the machine of the reader brings them, or what is nearest to them."""

from collections.abc import Mapping
from typing import NamedTuple

from docx.document import Document as File
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from kpi_tracker.documents.word.elements import Element, element

__all__ = ["FONTS", "Fonts", "set_fonts"]


class Fonts(NamedTuple):
    """The fonts of a style: for Latin letters and digits, and for Chinese."""

    latin: str
    chinese: str


# In Chinese the fonts of official documents, which Windows, WPS and Word for Mac have in China.
FONTS: Mapping[str, Mapping[str, Fonts]] = {
    "zh": {
        "head": Fonts("Times New Roman", "黑体"), "second": Fonts("Times New Roman", "楷体"),
        "body": Fonts("Times New Roman", "仿宋"), "table": Fonts("Times New Roman", "宋体"),
        "code": Fonts("Courier New", "宋体"),
    },
    "en": {
        "head": Fonts("Arial", "黑体"), "second": Fonts("Arial", "黑体"), "body": Fonts("Arial", "宋体"),
        "table": Fonts("Arial", "宋体"), "code": Fonts("Courier New", "宋体"),
    },
}  # fmt: skip
_OTHER_NAMES = {"黑体": "SimHei", "宋体": "SimSun", "仿宋": "FangSong", "楷体": "KaiTi"}
_GB2312 = "86"


def set_fonts(file: File, fonts: Mapping[str, Fonts]) -> None:
    """Name the fonts in the table of `file`, with what they are called elsewhere, for machines that lack them."""
    names = sorted({name for pair in fonts.values() for name in pair})
    table = element("w:fonts", None, *(_font(name) for name in names))
    package = file.part.package
    part = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, serialize_part_xml(table), package)
    file.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _font(name: str) -> Element:
    if name not in _OTHER_NAMES:
        return element("w:font", {"name": name})
    other, charset = element("w:altName", {"val": _OTHER_NAMES[name]}), element("w:charset", {"val": _GB2312})
    return element("w:font", {"name": name}, other, charset)
