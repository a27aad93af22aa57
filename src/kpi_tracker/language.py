"""The two languages of everything a user sees: English as written in the code, Chinese from one gettext catalogue.

Text is rendered late: code below the reporters carries :class:`Phrase` values (a message and its arguments) and a
reporter turns them into words. Data (titles, notes, values of a plan) is never translated, only shown.
"""

import gettext
import os.path
from collections.abc import Mapping
from typing import Literal, NamedTuple

__all__ = ["LANGUAGES", "N_", "Language", "Phrase", "language", "negotiate"]

LanguageCode = Literal["zh", "en"]
LANGUAGES: tuple[LanguageCode, ...] = ("zh", "en")
DOMAIN = "kpi_tracker"
LOCALE_FOLDER = os.path.join(os.path.dirname(__file__), "locale")


def N_(message: str) -> str:
    """Mark `message` for the catalogue where it is declared and translated elsewhere."""
    return message


class Phrase(NamedTuple):
    """A message of the catalogue with its arguments, in no language yet; arguments may be phrases themselves."""

    message: str
    args: Mapping[str, object] = {}


class Language:
    """One language: :meth:`text` translates and fills in, :meth:`count` does so for a number of things."""

    def __init__(self, code: LanguageCode) -> None:
        """Load the catalogue of `code`; English needs none."""
        self.code: LanguageCode = code
        self._catalogue: gettext.NullTranslations = (
            gettext.translation(DOMAIN, LOCALE_FOLDER, languages=[code]) if code != "en" else gettext.NullTranslations()
        )

    def text(self, message: str, **args: object) -> str:
        """Return `message` in this language with `{name}` places filled from `args`."""
        return self._fill(self._catalogue.gettext(message), args)

    def count(self, one: str, many: str, n: int, **args: object) -> str:
        """Return the form for `n` things, with `{n}` filled in."""
        return self._fill(self._catalogue.ngettext(one, many, n), {"n": n, **args})

    def phrase(self, phrase: Phrase) -> str:
        """Return `phrase` in this language."""
        return self._fill(self._catalogue.gettext(phrase.message), phrase.args)

    def argument(self, value: object) -> str:
        """Return an argument of a message as it stands in it: phrases in this language, lists with commas."""
        return str(self._word(value))

    def _fill(self, template: str, args: Mapping[str, object]) -> str:
        if not args:
            return template
        return template.format_map({name: self._word(value) for name, value in args.items()})

    def _word(self, value: object) -> object:
        if isinstance(value, Phrase):
            return self.phrase(value)
        if isinstance(value, tuple):
            return ("、" if self.code == "zh" else ", ").join(str(self._word(part)) for part in value)
        return value


_loaded: dict[str, Language] = {}


def language(code: str) -> Language:
    """Return the :class:`Language` for `code` (`zh` or `en`), loaded once.

    Raises:
        ValueError: `code` is neither.
    """
    if code not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {code!r}")
    if code not in _loaded:
        _loaded[code] = Language(code)
    return _loaded[code]


def negotiate(option: str | None, environ: Mapping[str, str]) -> LanguageCode:
    """Choose the language: the option, else the first of LC_ALL, LC_MESSAGES, LANG that is set; English otherwise."""
    wanted = option or next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "zh" if wanted.lower().startswith("zh") else "en"
