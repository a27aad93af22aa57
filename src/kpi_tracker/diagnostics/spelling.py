"""The nearest valid spelling."""

__all__ = ["nearest"]


def nearest(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """Return the known word that `word` most likely means, or "" where none is close."""
    from difflib import get_close_matches  # only where something is wrong

    found = get_close_matches(word, known, 1, 0.6)
    if found:
        return found[0]
    folded = {k.lower().replace("-", "_"): k for k in known}
    return folded.get(word.lower().replace("-", "_").replace(" ", "_"), "")
