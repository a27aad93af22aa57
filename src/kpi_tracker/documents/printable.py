"""Text as it can be printed: what cannot be seen, or would steer the reader's screen, is written out."""

import re

__all__ = ["printable"]


def printable(text: str) -> str:
    r"""Return `text` with control characters, those that turn its direction, and half characters written out (\u202e).

    Line breaks and tabs stay. What is returned can be a part of any XML file.
    """
    return _UNSEEN.sub(_written_out, text.replace("\r\n", "\n"))


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff]"
    "|[\U0001fffe\U0001ffff\U000e0000-\U0010ffff]"
)


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
