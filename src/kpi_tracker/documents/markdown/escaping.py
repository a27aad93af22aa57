"""Text that stays text in Markdown: nothing of a plan becomes a heading, a link, a list, a mention or an emoji.

Two readers must agree: that of GitHub (CommonMark with tables) and Python-Markdown, which MkDocs uses and which knows
fewer backslashes; so some characters are written as entities. GitHub looks for mentions, references, addresses and
emoji in the finished text, whatever was escaped: there a `<span>` around one character keeps the word apart.
"""

import re

from markupsafe import Markup

from kpi_tracker.documents.printable import printable

__all__ = ["alt", "code", "lines", "md"]

_BLANKS = re.compile("[ \t\n\r\f\v]+")
_BACKSLASH = r"(?P<backslash>[\\`*_\[\]])"
_ENTITY = r"(?P<entity>[<>{|~$]|^\^|&(?=[#\w]))"
_START = r"(?P<start>^(?:[-+](?=[\s-]|$)|[=!?:](?=[=!?:\s]|$)))|^(?P<number>\d+)(?P<point>[.)])(?=\s|$)"
_APART = r"(?P<apart>@(?=\w)|(?<!\S)\#|\#(?=\d|\#*$)|:(?=//|(?!\d\d:)[a-z\d_+-]+:)|(?<=\bwww)\.(?=\w))"
_ACTIVE = re.compile("|".join((_START, _BACKSLASH, _ENTITY, _APART)), re.IGNORECASE | re.ASCII)
_IN_ALT = re.compile(f"{_BACKSLASH}|{_ENTITY}")
_NO_CODE = re.compile(r"[`|]|{[{%#]|^$")


def md(text: object) -> Markup:
    """Return `text` as one line of Markdown that shows just it; what is Markdown already stays as it is."""
    if isinstance(text, Markup):
        return text
    return Markup(_ACTIVE.sub(_escaped, _line(str(text))))  # noqa: S704 - nothing in it is active any more


def lines(text: str) -> Markup:
    """Return `text` with its line breaks kept."""
    found = (md(line) for line in printable(text).split("\n"))
    return Markup("<br>").join(line for line in found if line)


def code(text: str) -> Markup:
    """Return `text` in the type of code."""
    line = _line(text)
    if _NO_CODE.search(line):  # what would end the code, the cell of a table, or begin a template of Jekyll
        return Markup("<code>{}</code>").format(md(line))
    return Markup(f"`{line}`")  # noqa: S704 - nothing is active in there


def alt(text: str) -> Markup:
    """Return `text` for the place where a picture is described; there are no elements in it."""
    return Markup(_IN_ALT.sub(_escaped, _line(text)))  # noqa: S704 - nothing in it is active any more


def _line(text: str) -> str:
    return _BLANKS.sub(" ", printable(text)).strip()


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    match found.lastgroup:
        case "backslash":
            return f"\\{sign}"
        case "point":
            return f"{found['number']}\\{found['point']}"
        case "apart":
            return f"<span>{sign}</span>"
        case _:
            return f"&#{ord(sign)};"
