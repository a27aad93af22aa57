"""Letters set by a template in the signs of a channel, cut at a whole item where they are too long for it."""

import os
from collections.abc import Sequence
from functools import cache

from markupsafe import Markup

from kpi_tracker.documents.templates import BrokenTemplateError, Templates
from kpi_tracker.language import Phrase, language
from kpi_tracker.notify.letter import Letter
from kpi_tracker.notify.markup import HTML, Dialect

__all__ = ["Rendered", "Renderer"]

OURS = os.path.join(os.path.dirname(__file__), "templates")


class Rendered:
    """A text, and what is wrong with the user's template where ours had to take its place."""

    def __init__(self, text: str, html: str = "", problem: Phrase | None = None) -> None:
        """Keep them."""
        self.text, self.html, self.problem = text, html, problem


class Renderer:
    """Sets letters; a message is sent even where a template of the user is broken, then by ours."""

    def __init__(self, overrides: str | None) -> None:
        """Look for templates in the folder `overrides`, then among ours."""
        self._overrides = overrides
        self._theirs: dict[Dialect, Templates] = {}

    def render(self, letters: Sequence[Letter], dialect: Dialect, tail: str, html: bool) -> Rendered:
        """Return `letters` in the signs of `dialect` with the line `tail`, and in HTML where that is asked for."""
        try:
            return self._render(letters, dialect, tail, html, self._overrides)
        except BrokenTemplateError as error:
            whole = self._render(letters, dialect, tail, html, None)
            whole.problem = error.phrase
            return whole

    def _render(
        self, letters: Sequence[Letter], dialect: Dialect, tail: str, html: bool, folder: str | None
    ) -> Rendered:
        def text(keep: int) -> str:
            set_ = self._set([one.cut(keep, language(one.lang)) for one in letters], dialect, folder)
            return f"{set_}\n{tail}\n" if tail else set_

        keep = most = max(one.size for one in letters)
        if len(text(most).encode()) > dialect.limit:
            keep, above = 0, most
            while above - keep > 1:  # the most items that still fit
                middle = (keep + above) // 2
                keep, above = (middle, above) if len(text(middle).encode()) <= dialect.limit else (keep, middle)
        cut = [one.cut(keep, language(one.lang)) for one in letters]
        return Rendered(_bounded(text(keep), dialect.limit), self._set(cut, HTML, folder) if html else "")

    def _set(self, letters: Sequence[Letter], dialect: Dialect, folder: str | None) -> str:
        if folder is None:
            templates: Templates = _ours(dialect)
        else:
            templates = self._theirs.setdefault(dialect, _Escaping(dialect, folder))
        return _tidied(templates.render(dialect.template, letters=letters))


class _Escaping(Templates):
    """Templates in which every text is escaped for one dialect."""

    def __init__(self, dialect: Dialect, overrides: str | None) -> None:
        super().__init__((OURS,), overrides)
        self._environment.finalize = lambda value: (
            value if isinstance(value, Markup) else Markup(dialect.escape(str(value)))  # noqa: S704 - escaped right here
        )


@cache
def _ours(dialect: Dialect) -> Templates:
    """Return our own templates, which do not change while the process runs, compiled once."""
    return _Escaping(dialect, None)


def _tidied(text: str) -> str:
    """Return a text without blanks at line ends, and with one empty line where there are more."""
    kept: list[str] = []
    for line in map(str.rstrip, text.split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"


def _bounded(text: str, limit: int) -> str:
    """Return a text that is refused by no channel, were its head alone too long for it."""
    return text if len(text.encode()) <= limit else text.encode()[: limit - 3].decode(errors="ignore") + "…"
