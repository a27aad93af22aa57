"""Somebody's text in a table that a spreadsheet opens: it is shown, and never calculated."""

__all__ = ["LIVE", "harmless", "is_live"]

LIVE = ("=", "+", "-", "−", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would take for a formula, or that hides one behind a blank of its own."""


def is_live(text: str) -> bool:
    """Tell whether a spreadsheet might take a cell of this text for a formula."""
    return text.startswith(LIVE)


def harmless(text: str) -> str:
    """Return `text` as a cell that no spreadsheet takes for a formula: with an apostrophe before it, where it might."""
    return f"'{text}" if is_live(text) else text
