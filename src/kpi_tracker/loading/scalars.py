"""The types of single values in a plan: texts, ids, numbers, dates, shares, yes or no."""

import re
from typing import Any

from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.fields import Origin, Schema, Type, list_of, scalar_text
from kpi_tracker.loading.nodes import Mapping, Scalar
from kpi_tracker.loading.report import Reported, Wrong, nearest
from kpi_tracker.model.unit import Text
from kpi_tracker.notation.date import read_date
from kpi_tracker.notation.number import Unreadable, read_share

__all__ = ["COUNT", "DATE", "FLAG", "ID", "PLAIN", "RAW", "SHARE", "TEXT", "WEIGHT", "WORDS", "plain"]

MAX_ID = 100
ID_FORM = re.compile(r"[^\W_][\w.\-]*")
TEXT_SCHEMA: Schema = {"$ref": "#/definitions/text"}
NUMBER_SCHEMA: Schema = {"type": ["number", "string"]}


def plain(node: Any, _origin: Origin) -> str:
    """Decode a text that is the same in both languages."""
    text = (scalar_text(node) or "").strip()
    if not text:
        raise Wrong("KT203", expected=Phrase(N_("a text")))
    return text


def _text(node: Any, origin: Origin) -> Text:
    if type(node) is Scalar:
        word = plain(node, origin)
        return Text(word, word)
    if type(node) is not Mapping:
        raise Wrong("KT203", expected=Phrase(N_("a text, or a mapping with zh and en")))
    if len(node) == 4 and node[0].value == "zh" and node[2].value == "en":  # noqa: PLR2004 - the usual form, quickly
        zh, en = scalar_text(node[1]), scalar_text(node[3])
        if zh and en and not zh.isspace() and not en.isspace():
            return Text(zh.strip(), en.strip())
    found: dict[str, str] = {}
    for key, value in zip(node[::2], node[1::2], strict=True):
        name = key.value
        if name in found:
            origin.wrong(key, "KT110", value=name, first=node[0].start_mark.line + 1)
            raise Reported
        if name not in ("zh", "en"):
            origin.wrong(
                key, "KT201", value=name, of=Phrase(N_("a text")), expected=("zh", "en"),
                nearest=nearest(name, ("zh", "en")),
            )  # fmt: skip
            raise Reported
        word = scalar_text(value)
        if word is None or not word.strip():
            at = value if type(value) is Scalar and value.value else key
            origin.wrong(at, "KT203", key=name, expected=Phrase(N_("a text")), value=Phrase(N_("nothing")))
            raise Reported
        found[name] = word.strip()
    if not found:
        raise Wrong("KT203", expected=Phrase(N_("a text, or a mapping with zh and en")))
    zh = found.get("zh") or found["en"]
    return Text(zh, found.get("en") or zh)


def _id(node: Any, _origin: Origin) -> str:
    text = scalar_text(node)
    if text is None:
        raise Wrong("KT203", expected=Phrase(N_("an id")))
    if not (text.isascii() and text.replace("-", "a").isalnum() and text[0] != "-") and not ID_FORM.fullmatch(text):
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
    if text is None or (day := read_date(text)) is None:
        raise Wrong("KT207", **({} if text is None else {"value": text}))
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
    raise Wrong("KT203", expected=Phrase(N_("true or false")), nearest=near)


FLAG_SPELLINGS = ("True", "False", "TRUE", "FALSE", "true", "false")


def _weight(node: Any, _origin: Origin) -> float:
    text = scalar_text(node)
    expected = Phrase(N_("a number that is 0 or more"))
    try:
        weight = float(text or "")
    except ValueError:
        raise Wrong("KT203", expected=expected) from None
    if not 0 <= weight < 1e9:  # noqa: PLR2004 - NaN and infinity fail this too
        raise Wrong("KT206", value=text, expected=expected)
    return weight


def _count(node: Any, _origin: Origin) -> int:
    text = scalar_text(node)
    if text is None or not text.isdecimal() or not text.isascii() or len(text) > 6:  # noqa: PLR2004
        raise Wrong("KT203", expected=Phrase(N_("a whole number that is 0 or more")))
    return int(text)


TEXT = Type(_text, TEXT_SCHEMA)
PLAIN = Type(plain, {"type": ["string", "number", "boolean"]})
ID = Type(_id, {"type": ["string", "integer"], "maxLength": MAX_ID})
RAW = Type(_raw, NUMBER_SCHEMA)
DATE = Type(_date, {"type": "string"})
SHARE = Type(_share, NUMBER_SCHEMA)
FLAG = Type(_flag, {"type": "boolean"})
WEIGHT = Type(_weight, {"type": "number", "minimum": 0})
COUNT = Type(_count, {"type": "integer", "minimum": 0})
WORDS = list_of(PLAIN, N_("a list of words"))
