"""The file around the text: what its template brings and we do not want, its properties, and bytes that stay the same."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, time

import docx
from docx.document import Document as File
from docx.opc.constants import RELATIONSHIP_TYPE

from kpi_tracker.documents.blocks import Document
from kpi_tracker.documents.printable import printable
from kpi_tracker.documents.word.elements import element

__all__ = ["new_file", "saved"]

_UNWANTED = {
    RELATIONSHIP_TYPE.CUSTOM_XML, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.FONT_TABLE,
    RELATIONSHIP_TYPE.NUMBERING, RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.WEB_SETTINGS,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
}  # fmt: skip
_UNIX = 3
_LONGEST = 255  # characters of a property
_MODE = "15"  # of Word 2013 and later; a lower one opens in its compatibility mode
_SETTINGS: Mapping[str, Mapping[str, str | int]] = {
    "zoom": {"percent": 100},
    "themeFontLang": {"val": "en-GB", "eastAsia": "zh-CN"},
}


def new_file(document: Document) -> File:
    """Return an empty Word file with the properties of `document`; its dates are those of what it tells of."""
    file = docx.Document()
    for part in (file.part, file.part.package):
        for name, relation in list(part.rels.items()):
            if relation.reltype in _UNWANTED:
                del part.rels[name]
    properties, day = file.core_properties, datetime.combine(document.as_of, time(), UTC)
    properties.title = printable(document.title)[:_LONGEST]
    properties.subject = printable(document.subtitle)[:_LONGEST]
    properties.author = properties.last_modified_by = printable(document.made_by)[:_LONGEST]
    properties.comments = printable(" ".join(document.banners))[:_LONGEST]
    properties.language = {"zh": "zh-CN"}.get(document.lang, document.lang)
    properties.created = properties.modified = day
    settings = file.settings.element
    for name, values in _SETTINGS.items():
        made = element(f"w:{name}", values)
        settings.replace(settings.find(made.tag), made)
    mode = settings.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']")[0]
    mode.attrib.update(element("w:compatSetting", {"val": _MODE}).attrib)
    return file


def saved(file: File) -> bytes:
    """Return the bytes of `file`: the same for the same content, whenever they are made."""
    written, stable = io.BytesIO(), io.BytesIO()
    file.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as kept:
        for part in parts.infolist():
            about = zipfile.ZipInfo(part.filename)  # without the time of day, and the same on every system
            about.create_system = _UNIX
            kept.writestr(about, parts.read(part), zipfile.ZIP_DEFLATED)
    return stable.getvalue()
