"""Characters that no font here can draw: told to the reader, written out as numbers, or reason enough to write nothing."""

from collections.abc import Iterable
from unicodedata import category, name

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.documents.fonts import cover, needed
from kpi_tracker.documents.problem import DocumentsError
from kpi_tracker.language import N_, Phrase

__all__ = ["NoFontError", "drawable", "letters_left_out", "pictures_left_out", "written_as_numbers"]

SHOWN = 8
"""So many characters are named."""


class NoFontError(DocumentsError):
    """No font here has the letters of a script; `phrase` says which, and what to install."""

    def __init__(self, letters: str) -> None:
        """Tell of `letters`, all of one script."""
        self.phrase = (
            Phrase(N_("no font here has Chinese characters ({characters}), a PDF would show boxes: install one, such as "
                      "fonts-noto-cjk on Debian and Ubuntu"), {"characters": _listed(letters)})
            if _script(letters[0]) == _CHINESE
            else Phrase(N_("no font here has the characters {characters}, a PDF would show boxes: install one that has them, "
                           "such as those of fonts-noto on Debian and Ubuntu"), {"characters": _listed(letters)})
        )  # fmt: skip
        super().__init__(f"no font has {_listed(letters)}")


def drawable(text: str) -> tuple[dict[int, str], tuple[Phrase, ...]]:
    """Return what stands for the characters of `text` that no font here has (`[U+1F600]`), and what to say of it.

    Raises:
        NoFontError: fonts lack most letters of a script that much of the text is in, so that nobody could read it.
        MissingExtra: the extra `fonts` is not installed.
    """
    missing = set(cover(text).missing)
    if not missing:
        return {}, ()
    letters = [c for c in needed(text) if category(c).startswith("L")]
    for script in sorted({_script(c) for c in missing.intersection(letters)}):
        written = {c for c in letters if _script(c) == script}
        lacking = written & missing
        if 2 * len(lacking) > len(written) and len(lacking) > len(letters) * FEW:
            raise NoFontError("".join(sorted(lacking)))
    return {ord(c): f"[U+{ord(c):04X}]" for c in missing}, (written_as_numbers(missing),)


FEW = 0.05
"""The share of the letters of a text that may stand as numbers: a name or two, not the text."""


def written_as_numbers(missing: Iterable[str]) -> Phrase:
    """Return the remark on characters that stand in a file as their numbers."""
    message = N_("no font here has {characters}: they stand in the PDF as their numbers, like [U+1F600]")
    return Phrase(message, {"characters": _listed(missing)})


def pictures_left_out(number: int, missing: Iterable[str]) -> Phrase:
    """Return the remark on pictures that would have had boxes in them."""
    message = N_("pictures left out of the Word file and told in words instead: {n}, for no font here has {characters}; "
                 "fonts-noto-cjk on Debian and Ubuntu has the Chinese ones")  # fmt: skip
    return Phrase(message, {"n": number, "characters": _listed(missing)})


def letters_left_out(missing: Iterable[str]) -> Phrase:
    """Return the remark on characters that pictures could not bring along."""
    message = N_("pictures do not bring {characters} along: the font that they take theirs from has none")
    return Phrase(message, {"characters": _listed(missing)})


_CHINESE = "CJK"


def _script(character: str) -> str:
    """Return the script of a letter by the first word of its name."""
    return name(character, "-").split(maxsplit=1)[0].split("-")[0]


def _listed(characters: Iterable[str]) -> str:
    found = sorted(set(characters))
    more = " …" if len(found) > SHOWN else ""
    return plain(" ".join(found[:SHOWN])) + more
