"""What all notations share: full-width characters made ordinary, and patterns that are compiled when first needed."""

import re
from collections.abc import Callable
from functools import cache

__all__ = ["folded_text", "pattern"]

# Digits, letters and signs as Chinese input methods write them, the ideographic blank, and every minus.
_ORDINARY = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0xFFE5: 0xA5}
_ORDINARY |= dict.fromkeys((0x2212, 0x2013, 0x2010, 0x2011), 0x2D)


def folded_text(text: str) -> str:
    """Return `text` with full-width characters as ordinary ones, every minus as a hyphen, and no blanks around it."""
    return text.strip() if text.isascii() else text.translate(_ORDINARY).strip()


def pattern(expression: str) -> Callable[[], re.Pattern[str]]:
    """Return a function that gives the compiled `expression`: compiling costs more than the whole import of a module."""

    @cache
    def compiled() -> re.Pattern[str]:
        return re.compile(expression)

    return compiled
