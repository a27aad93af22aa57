"""The XML of a Word file in small: elements, runs of text, fields, bookmarks and links."""

from collections.abc import Iterable, Iterator, Mapping

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from kpi_tracker.documents.printable import printable

__all__ = ["Element", "anchored", "element", "field", "linked", "paragraph", "parsed", "run", "style_id",
           "swap"]  # fmt: skip

Element = BaseOxmlElement


def element(tag: str, attributes: Mapping[str, str | int] | None = None, *children: Element) -> Element:
    """Return an element; the prefix of Word's own names (`w:`) may be left out of the names of attributes."""
    made: Element = OxmlElement(tag, {_named(name): str(value) for name, value in (attributes or {}).items()})
    made.extend(children)
    return made


def style_id(name: str) -> str:
    """Return the id of the style of a name."""
    return "".join(word[:1].upper() + word[1:] for word in name.split())


def run(text: str, style: str = "", **looks: str | int) -> Element:
    """Return `text` in one run, in a character style; `looks` are properties of the run (`color="B0271D"`)."""
    properties = element("w:rPr")
    if style:
        properties.append(element("w:rStyle", {"val": style_id(style)}))
    properties.extend(element(f"w:{name}", {"val": value}) for name, value in looks.items())
    made = element("w:r", None, *([properties] if len(properties) else []))
    made.extend(_pieces(printable(text)))
    return made


def paragraph(style: str, *children: Element, inset: float = 0, right: bool = False, keep: bool = False,
              new_page: bool = False) -> Element:  # fmt: skip
    """Return a paragraph in a style: `inset` points further in, to the `right`, on one page with the next, on a new one."""
    properties = element("w:pPr", None, element("w:pStyle", {"val": style_id(style)}))
    if keep:
        properties.append(element("w:keepNext"))
    if new_page:
        properties.append(element("w:pageBreakBefore"))
    if inset:
        properties.append(element("w:ind", {"left": round(inset * 20)}))
    if right:
        properties.append(element("w:jc", {"val": "right"}))
    return element("w:p", None, properties, *children)


def field(instruction: str, shown: Iterable[Element]) -> Iterator[Element]:
    """Yield the runs of a field: what it is, and what it shows until it is brought up to date."""
    yield element("w:r", None, element("w:fldChar", {"fldCharType": "begin"}))
    code = element("w:instrText", {"xml:space": "preserve"})
    code.text = f" {instruction} "
    yield element("w:r", None, code)
    yield element("w:r", None, element("w:fldChar", {"fldCharType": "separate"}))
    yield from shown
    yield element("w:r", None, element("w:fldChar", {"fldCharType": "end"}))


def anchored(name: str, number: int, *runs: Element) -> Iterator[Element]:
    """Yield `runs` between the ends of a bookmark; `number` is its own within the file."""
    yield element("w:bookmarkStart", {"id": number, "name": name})
    yield from runs
    yield element("w:bookmarkEnd", {"id": number})


def linked(anchor: str, *runs: Element) -> Element:
    """Return `runs` as a link to the bookmark `anchor` of the same file."""
    return element("w:hyperlink", {"anchor": anchor, "history": 1}, *runs)


def swap(parent: Element, *children: Element) -> None:
    """Put `children` in the place of all that `parent` holds."""
    for child in list(parent):
        parent.remove(child)
    parent.extend(children)


def parsed(xml: str) -> Element:
    """Return the element that `xml` holds."""
    made: Element = parse_xml(xml)
    return made


def _named(name: str) -> str:
    return qn(name if ":" in name else f"w:{name}")


def _pieces(text: str) -> Iterator[Element]:
    """Yield the text with its line breaks and tabs as Word has them."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield element("w:br")
        for place, piece in enumerate(line.split("\t")):
            if place:
                yield element("w:tab")
            if piece:
                made = element("w:t", {"xml:space": "preserve"})
                made.text = piece
                yield made
