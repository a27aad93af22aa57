"""Numbers as people write them, with scale and unit; conversions give what decimal arithmetic would, to 15 digits."""

from functools import lru_cache

from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.exactness import added, exact
from kpi_tracker.model.unit import Text, Unit, UnitFamily
from kpi_tracker.notation.folding import folded_text, pattern

__all__ = ["Unreadable", "is_unit", "read_change", "read_number", "read_share", "unit_of"]

DIGITS = 15
PLAIN = pattern(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
NUMBER = pattern(r"(?s)([+-]?)\s*([0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)\s*(.*)")
COUNTING = pattern(r"[\d+\-.,]|[eE][+-]?\d")
GROUPED = pattern(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")

# Longest first: 万亿 is one scale, not 万 and then 亿.
SCALES = {
    "万亿": 10**12, "千万": 10**7, "百万": 10**6, "十万": 10**5, "亿": 10**8, "万": 10**4, "千": 10**3, "百": 10**2,
    "billion": 10**9, "million": 10**6, "thousand": 10**3,
}  # fmt: skip
PREFIXED = ("千克", "千米", "千瓦", "千伏", "千卡", "千焦", "千帕", "百帕", "千赫", "千升", "千字节")
PERCENT_WORDS = {"%": 1, "percent": 1, "pp": 1, "percentage points": 1, "百分点": 1, "个百分点": 1}
DURATIONS = {
    "秒": 1, "秒钟": 1, "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "分": 60, "分钟": 60, "m": 60, "min": 60, "minute": 60, "minutes": 60,
    "时": 3600, "小时": 3600, "h": 3600, "hour": 3600, "hours": 3600,
    "天": 86400, "日": 86400, "d": 86400, "day": 86400, "days": 86400,
}  # fmt: skip
NOT_ONLY_DURATIONS = {"分", "m"}  # as a unit these are points and metres; in 3分53秒 and 3m53s they are minutes
DURATION_PART = pattern(r"([0-9]+(?:\.[0-9]+)?)\s*([^\W\d]+)\s*")
VAGUE = ("多", "余", "约", "近", "more than", "over", "about")
APPROXIMATE = Phrase(N_("write the printed number alone and mark it “approximate: true”"))
LARGEST = 1e100
TOO_LARGE = Phrase(N_("it is too large"))


class Unreadable(Exception):  # noqa: N818 - it is caught next door, never shown as an error of ours
    """The text is not a number in this unit; `reason` says why."""

    def __init__(self, reason: Phrase) -> None:
        """Keep the reason as a phrase, to be shown in the user's language."""
        super().__init__(reason.message)
        self.reason = reason


@lru_cache(maxsize=1024)
def unit_of(zh: str, en: str) -> Unit:
    """Return the unit written `zh` / `en`: `万元` is 10 000 元, `%` a share, `秒` a duration."""
    text = Text(zh, en)
    folded = folded_text(zh)
    if folded in ("%", "％", "百分点", "个百分点"):
        return Unit(text, UnitFamily.PERCENT)
    if not NOT_ONLY_DURATIONS & {folded, en} and (seconds := DURATIONS.get(folded) or DURATIONS.get(en)):
        return Unit(text, UnitFamily.DURATION, seconds, (folded, en))
    scale, base = _scale(folded)
    return Unit(text, UnitFamily.PLAIN, scale, (base, folded, en))


def is_unit(text: str) -> bool:
    """Tell whether a text may stand behind a number as its unit: 10,000 would become a part of the number."""
    return not COUNTING().match(folded_text(text))


def read_number(text: str, unit: Unit) -> float:
    """Return the number that `text` states, in `unit`.

    `1,234`, `１２３４`, `4.92亿元` (49200 where the unit is 万元), `84.6%`, `3分53秒` (233 where the unit is 秒).

    Raises:
        Unreadable: it is no number, or in another unit.
    """
    if text.isdigit() and text.isascii() and len(text) <= DIGITS:  # what most figures are, without an expression
        return float(text)
    text = text.strip()
    if PLAIN().fullmatch(text):
        return float(text)
    return _finite(_in_unit(text, unit))


def _in_unit(text: str, unit: Unit) -> float:
    folded = folded_text(text)
    if not folded:
        raise Unreadable(Phrase(N_("it is empty")))
    if unit.family is UnitFamily.DURATION and (seconds := _seconds(folded)) is not None:
        return seconds / unit.factor
    if (
        unit.names and unit.names[0] in ("元", "yuan") and folded.startswith("¥")
    ):  # ¥5 is 5元, also where the unit is 万元
        folded = folded[1:].strip().removesuffix(unit.names[0]) + unit.names[0]
    number, suffix = _split(folded)
    return number * _conversion(suffix, unit)


def _split(folded: str) -> tuple[float, str]:
    """Return the number at the start of `folded` and what follows it."""
    match = NUMBER().fullmatch(folded)
    if not match:
        raise Unreadable(APPROXIMATE if folded.startswith(VAGUE) else Phrase(N_("no number is found in it")))
    sign, digits, suffix = match.groups()
    if "," in digits:
        if not GROUPED().fullmatch(digits):
            raise Unreadable(Phrase(N_("its commas do not separate thousands")))
        digits = digits.replace(",", "")
    return float(sign + digits), suffix.strip()


def _conversion(suffix: str, unit: Unit) -> float:
    """Return what a number followed by `suffix` is multiplied with to be in `unit`."""
    if not suffix or suffix in (unit.text.zh, unit.text.en):
        return 1.0
    if _scale(suffix)[1].startswith((*VAGUE, "+")):
        raise Unreadable(APPROXIMATE)
    if unit.family is UnitFamily.PERCENT and suffix in PERCENT_WORDS:
        return 1.0
    if unit.family is UnitFamily.PLAIN:
        scale, name = (1, suffix) if suffix in unit.names else _scale(suffix)
        if not name or unit.names[:1] == (name,):
            return scale / unit.factor
        if name in unit.names:  # 3百万元 where the unit is 万元 … but 3万万元 is 3万 times the whole unit
            return float(scale)
    if not unit.text.zh:
        raise Unreadable(
            Phrase(N_("no unit is declared for it, and “{suffix}” follows the number"), {"suffix": suffix})
        )
    raise Unreadable(Phrase(N_("its unit is {unit}, not “{suffix}”"), {"unit": unit.text.zh, "suffix": suffix}))


def _scale(text: str) -> tuple[int, str]:
    """Split a leading scale word off: `万元` → 10 000, `元`; the 千 of 千瓦时 belongs to the name."""
    if text.startswith(PREFIXED):
        return 1, text
    for word, scale in SCALES.items():
        if text.startswith(word):
            return scale, text[len(word) :].strip()
    return 1, text


def _seconds(folded: str) -> float | None:
    """Return the seconds of `3分53秒` or `3m53s`, or None where the text is not such a duration."""
    total, at, last = 0.0, 0, None
    while at < len(folded):
        part = DURATION_PART().match(folded, at)
        if not part or (size := DURATIONS.get(part[2])) is None or (last is not None and size >= last):
            return None
        if last is not None and float(part[1]) * size >= last:
            raise Unreadable(Phrase(N_("what follows a larger unit must be less than one of it")))
        total, at, last = total + float(part[1]) * size, part.end(), size
    return total


def read_share(text: str) -> float:
    """Return the share that `20%` or `0.2` states, as a fraction.

    Raises:
        Unreadable: it is neither.
    """
    number, suffix = _split(folded_text(text) or " ")
    if suffix not in ("", "%"):
        raise Unreadable(Phrase(N_("a share is written 20% or 0.2")))
    return _finite(number / 100 if suffix else number)


def read_change(text: str, base: float, unit: Unit) -> tuple[float, bool]:
    """Return the value that a change of `base` by `text` leads to, and whether the change was relative.

    `+10%` is relative (for a unit in % too); `+2`, `+2pp`, `+2个百分点`, `+3万户` are absolute.

    Raises:
        Unreadable: it is no change.
    """
    amount, suffix = _change(text)
    relative = suffix == "%"
    value = added(base, abs(base) * amount / 100 if relative else amount * _conversion(suffix, unit))
    return _within_reach(value), relative


@lru_cache(maxsize=1024)
def _change(text: str) -> tuple[float, str]:
    """Return the number and the suffix of a change; most changes in a plan are the same few."""
    folded = folded_text(text)
    if folded[:1] not in ("+", "-"):
        raise Unreadable(Phrase(N_("a change starts with + or −")))
    number, suffix = _split(folded)
    return _finite(number), suffix


def _finite(value: float) -> float:
    """Return a number that every formula can work with: squares and quotients of such numbers stay finite."""
    return exact(_within_reach(value))


def _within_reach(value: float) -> float:
    if not abs(value) < LARGEST:  # NaN and infinity too
        raise Unreadable(TOO_LARGE)
    return 0.0 if abs(value) < 1 / LARGEST else value
