"""The types of single values in a plan: texts, ids, numbers, dates, shares, yes or no."""

from functools import lru_cache
from sys import intern
from typing import Any

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Origin, Schema, Type, list_of, scalar_text, shown
from kpi_tracker.loading.nodes import Mapping, Scalar
from kpi_tracker.loading.wrong import Reported, Wrong
from kpi_tracker.model.unit import Text, Unit
from kpi_tracker.notation.date import read_date
from kpi_tracker.notation.folding import pattern
from kpi_tracker.notation.number import Unreadable, read_share, unit_of

__all__ = [
    "COMMON",
    "COUNT",
    "DATE",
    "FLAG",
    "ID",
    "PLAIN",
    "RAW",
    "SHARE",
    "TEXT",
    "UNIT",
    "WEIGHT",
    "WORDS",
    "YEAR",
    "plain",
]

MAX_ID, MOST = 100, 999_999
NOTHING = ("", "~", "null")
ID_FORM = pattern(r"[^\W_][\w.\-]*")
TEXT_SCHEMA: Schema = {"$ref": "#/definitions/text"}
NUMBER_SCHEMA: Schema = {"type": ["number", "string"]}


def plain(node: Any, _origin: Origin) -> str:
    """Decode a text that is the same in both languages; many items have the same (a section, a tag), which is kept once."""
    if type(node) is Scalar and (text := node.value.strip()) not in NOTHING:
        return intern(text)
    text = (scalar_text(node) or "").strip()
    if not text:
        raise Wrong("KT203", expected=Phrase(N_("a text")))
    return text


def _text(node: Any, origin: Origin) -> Text:
    return Text(*_words(node, origin))


_shared = lru_cache(maxsize=4096)(Text)


def _common(node: Any, origin: Origin) -> Text:
    """Decode a text that many items have, such as an owner or the reason of a target, into one object for all of them."""
    zh, en = _words(node, origin)
    return _shared(zh, en)


def _words(node: Any, origin: Origin) -> tuple[str, str]:
    """Return the Chinese and the English words of a text."""
    if type(node) is Scalar:
        word = plain(node, origin)
        return word, word
    if type(node) is not Mapping:
        raise Wrong("KT203", expected=Phrase(N_("a text, or a mapping with zh and en")))
    if len(node) == 4:  # noqa: PLR2004 - the usual form, quickly
        first, zh, second, en = node
        if first.value == "zh" and second.value == "en" and type(zh) is Scalar and type(en) is Scalar:
            words, english = zh.value.strip(), en.value.strip()
            if words not in NOTHING and english not in NOTHING:
                return words, english
    found: dict[str, str] = {}
    for key, value in zip(node[::2], node[1::2], strict=True):
        name = key.value
        if name in found:
            first = next(k for k in node[::2] if k.value == name)
            origin.wrong(key, "KT110", value=name, first=first.start_mark.line + 1)
            raise Reported
        if name not in ("zh", "en"):
            origin.wrong(
                key, "KT201", value=name, of=Phrase(N_("a text")), expected=("zh", "en"),
                nearest=nearest(name.partition("：")[0], ("zh", "en")),
            )  # fmt: skip
            raise Reported
        word = (scalar_text(value) or "").strip()
        if not word:
            at = value if type(value) is Scalar and value.value else key
            origin.wrong(at, "KT203", key=name, expected=Phrase(N_("a text")), value=shown(value))
            raise Reported
        found[name] = word
    if not found:
        raise Wrong("KT203", expected=Phrase(N_("a text, or a mapping with zh and en")))
    zh = found.get("zh") or found["en"]
    return zh, found.get("en") or zh


def _unit(node: Any, origin: Origin) -> Unit:
    return unit_of(*_words(node, origin))


def _id(node: Any, _origin: Origin) -> str:
    text = scalar_text(node)
    if text is None:
        raise Wrong("KT203", expected=Phrase(N_("an id")))
    if not (text.isascii() and text.replace("-", "a").isalnum() and text[0] != "-") and not ID_FORM().fullmatch(text):
        raise Wrong("KT210", value=text, limit=MAX_ID)
    if len(text) > MAX_ID:
        raise Wrong("KT210", value=text[:MAX_ID] + "…", limit=MAX_ID)
    return text


def _raw(node: Any, _origin: Origin) -> Any:
    """Keep a scalar for later, when the unit that it is in is known."""
    if scalar_text(node) is None:
        raise Wrong("KT203", expected=Phrase(N_("a number or a word")))
    return node


def _date(node: Any, _origin: Origin) -> Any:
    text = scalar_text(node)
    if text is None:
        raise Wrong("KT203", expected=Phrase(N_("a date such as 2021-09-30")))
    if (day := read_date(text)) is None:
        raise Wrong("KT207", value=text)
    return day


def _share(node: Any, _origin: Origin) -> float:
    text = scalar_text(node)
    expected = Phrase(N_("a share from 0 % to 100 %, such as 80% or 0.8"))
    if text is None:
        raise Wrong("KT203", expected=expected)
    try:
        share = read_share(text)
    except Unreadable as unreadable:
        raise Wrong("KT205", value=text, unit="", reason=unreadable.reason) from None
    if not 0 <= share <= 1:
        raise Wrong("KT206", value=text, expected=expected)
    return share


def _flag(node: Any, _origin: Origin) -> bool:
    text = scalar_text(node)
    if text in ("true", "false") and not node.style:
        return text == "true"
    likely = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
    near = likely.get((text or "").lower()) or ((text or "").lower() if text in FLAG_SPELLINGS else "")
    raise Wrong("KT203", expected=Phrase(N_("true or false, without quotes")), nearest=near)


FLAG_SPELLINGS = ("True", "False", "TRUE", "FALSE", "true", "false")


def _weight(node: Any, _origin: Origin) -> float:
    try:
        weight = float(scalar_text(node) or "")
    except ValueError:
        raise Wrong("KT203", expected=Phrase(N_("a number that is 0 or more"))) from None
    if not 0 <= weight < 1e9:  # noqa: PLR2004 - NaN and infinity fail this too
        raise Wrong("KT206", value=node.value, expected=Phrase(N_("a number that is 0 or more")))
    return weight


def _count(node: Any, _origin: Origin) -> int:
    text = scalar_text(node)
    if text is None or not text.isdecimal() or not text.isascii() or len(text) > len(str(MOST)):
        raise Wrong("KT203", expected=Phrase(N_("a whole number from 0 to 999999")))
    return int(text)


def _year(node: Any, _origin: Origin) -> int:
    text = scalar_text(node)
    if text is None or len(text) != 4 or not text.isdecimal() or text[0] == "0":  # noqa: PLR2004
        raise Wrong("KT203", expected=Phrase(N_("a year such as 2020")))
    return int(text)


def _pattern(expression: str, known: str = "") -> str:
    """Return the pattern of a text in a schema: `expression`, with blanks around it.

    A text with signs beyond ASCII is left to the loader, which reads full-width ones as ordinary ones: but for those
    that the expression knows.
    """
    return f"^{BLANKS}(?:{expression}){BLANKS}$|[^\\x00-\\x7F{known}]"


BLANKS = "[\\x00-\\x20]*"
_MONTH, _DAY, _AND = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])", f"{BLANKS}[-/.年月]{BLANKS}"
_WHOLE = r"0*1(?:\.0[0-9]*)?|0+(?:\.[0-9]+)?"
_PERCENT = r"0*100(?:\.0[0-9]*)?|0*[0-9]{1,2}(?:\.[0-9]+)?"
_OTHERWISE = "[0-9][0-9.]*[,eE][-+0-9.,eE]*"
"""A number with commas or an exponent may be of any size."""

TEXT = Type(_text, TEXT_SCHEMA)
PLAIN = Type(plain, {"type": ["string", "number", "boolean"]})
UNIT = Type(_unit, TEXT_SCHEMA)
COMMON = Type(_common, TEXT_SCHEMA)
ID = Type(_id, {
    "type": ["string", "number", "boolean"], "maxLength": MAX_ID, "minimum": 0,
    "pattern": r"^(?:[A-Za-z0-9]|[^\x00-\x7F])(?:[A-Za-z0-9_.-]|[^\x00-\x7F])*$",
})  # fmt: skip
RAW = Type(_raw, NUMBER_SCHEMA)
DATE = Type(_date, {
    "type": "string", "pattern": _pattern(f"[0-9]{{4}}{_AND}{_MONTH}{_AND}{_DAY}{BLANKS}日?", known="年月日"),
})  # fmt: skip
SHARE = Type(_share, {
    **NUMBER_SCHEMA, "minimum": 0, "maximum": 1,
    "pattern": _pattern(
        rf"\+?{BLANKS}(?:{_WHOLE}|(?:{_PERCENT}){BLANKS}%)|-{BLANKS}0[0-9.]*{BLANKS}%?|[-+]?{BLANKS}{_OTHERWISE}{BLANKS}%?"
    ),
})  # fmt: skip
FLAG = Type(_flag, {"type": "boolean"})
WEIGHT = Type(_weight, {
    **NUMBER_SCHEMA, "minimum": 0, "exclusiveMaximum": 10**9,
    "pattern": _pattern("[-+]?[0-9.][0-9._]*(?:[eE][-+]?[0-9_]+)?"),
})  # fmt: skip
YEAR = Type(_year, {
    "type": ["integer", "string"], "minimum": 1000, "maximum": 9999, "pattern": _pattern("[1-9][0-9]{3}"),
})  # fmt: skip
COUNT = Type(_count, {
    "type": ["integer", "string"], "minimum": 0, "maximum": MOST, "pattern": "^[0-9]{1,6}$",
})  # fmt: skip
WORDS = list_of(PLAIN, N_("a list of words"))
