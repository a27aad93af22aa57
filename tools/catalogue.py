"""Check, rewrite and compile the catalogue of translations.

    python -m tools.catalogue              say what is missing, unused, unreviewed or wrong
    python -m tools.catalogue --update     bring the .po file in line with the source, compile it, then check it
    python -m tools.catalogue --compile    compile the .po file as it stands, then check it

A message is marked in the source with `N_("…")`, and a plural with `.count(N_("…"), N_("…"), n)`. Messages of click are
translated in the same catalogue: those in click_messages.txt must be, as our commands show them; others may be.
"""

import argparse
import ast
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "kpi_tracker"
PO = SOURCE / "locale" / "zh" / "LC_MESSAGES" / "kpi_tracker.po"
CLICK_LIST = Path(__file__).with_name("click_messages.txt")
MARKS = {"N_", "_", "gettext"}
TAKERS = {"Phrase", "text"}  # their first argument is a message, to be marked
FIELDS = {"Field"}  # their second argument is a message as it stands: the description of a key of the format
HEADER = "Chinese words of kpi_tracker. `make catalogue` keeps this file in order and compiles it."

Key = str | tuple[str, str]


class Found(NamedTuple):
    """A message, or something that should be one, and where it stands."""

    key: Key
    place: str
    fault: str = ""


class ByteStable(Catalog):
    """A catalogue with nothing in its header that changes by itself."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the lines of the header, without dates."""
        return [
            ("Language", "zh"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: object) -> None:
        """Leave the header as it is: it is ours alone."""


def messages_of(tree: ast.AST, file: str) -> Iterator[Found]:
    """Find the messages in one source file, and what should be one but cannot be found by its mark."""
    parts: set[ast.expr] = set()
    for call in ast.walk(tree):  # breadth first: a plural is met before the marks inside it
        if not isinstance(call, ast.Call) or call in parts or not call.args:
            continue
        name, first, place = _name(call.func), call.args[0], f"{file}:{call.lineno}"
        if name == "ngettext" and _text(first):
            yield Found((_text(first), _text(call.args[1])), place)
        elif name == "count" and all(_is_mark(argument) for argument in call.args[:2]):
            one, many = (mark for mark in call.args[:2] if isinstance(mark, ast.Call))
            parts.update((one, many))
            yield Found((_text(one.args[0]), _text(many.args[0])), place)
        elif name in MARKS and _text(first):
            yield Found(_text(first), place)
        elif name in FIELDS and len(call.args) > 1 and _text(call.args[1]):
            yield Found(_text(call.args[1]), place)
        elif name == "N_":
            yield Found("", place, "what N_ marks must be written out inside it")
        elif name in TAKERS and _text(first):
            yield Found("", place, f"not marked with N_: {_text(first)!r}")


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(argument: ast.expr) -> str:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _is_mark(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Call) and _name(argument.func) == "N_"


def messages_in(folder: Path) -> Iterator[Found]:
    """Find the messages in all source files of a folder."""
    for file in sorted(folder.rglob("*.py")):
        yield from messages_of(ast.parse(file.read_bytes()), file.relative_to(folder).as_posix())


@cache
def clicks() -> dict[str, Key]:
    """Return the messages of the installed click by their (singular) text."""
    spec = importlib.util.find_spec("click")
    if spec is None or spec.origin is None:
        raise SystemExit("click is not installed")
    keys = (found.key for found in messages_in(Path(spec.origin).parent) if not found.fault)
    return {key if isinstance(key, str) else key[0]: key for key in keys}


def wanted_of_click() -> list[str]:
    """Return the messages of click that we translate, from the list."""
    lines = CLICK_LIST.read_text(encoding="utf-8").splitlines()
    return [ast.literal_eval(line) for line in lines if line and not line.startswith("#")]


def template(present: Catalog) -> tuple[ByteStable, list[str]]:
    """Return a catalogue of all messages that belong in it, and what is wrong with their marks."""
    catalogue = ByteStable(locale="zh", fuzzy=False)
    said = []
    for found in messages_in(SOURCE):
        if found.fault:
            said.append(f"{found.place}: {found.fault}")
        else:
            catalogue.add(found.key)
    known = clicks()
    for text in wanted_of_click():
        if text in known:
            catalogue.add(known[text])
        else:
            said.append(f"{CLICK_LIST.name}: click has no such message: {text!r}")
    for text, key in known.items():
        if text in present:
            catalogue.add(key)
    return catalogue, said


def read() -> Catalog:
    """Return the catalogue in the .po file."""
    if not PO.exists():
        return ByteStable(locale="zh", fuzzy=False)
    with PO.open("rb") as file:
        return read_po(file, locale="zh", abort_invalid=True)


def stable(read_in: Catalog) -> ByteStable:
    """Return the messages of a catalogue, with its translations, in one whose header does not change."""
    catalogue = ByteStable(locale="zh", fuzzy=False, header_comment=f"# {HEADER}")
    for message in read_in:
        if message.id:
            flags = message.flags & {"fuzzy"}
            catalogue.add(message.id, message.string, flags=flags, user_comments=message.user_comments)
            catalogue[message.id].flags = set(flags)
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the text of a .po file: sorted, without dates and places."""
    buffer = BytesIO()
    write_po(buffer, stable(catalogue), width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return a .mo file, the same for the same translations."""
    buffer = BytesIO()
    write_mo(buffer, stable(catalogue))
    return buffer.getvalue()


def _texts(value: str | Iterable[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _places(text: str) -> set[str]:
    """Return the names of the `{places}` in a text."""
    return {name.partition(".")[0].partition("[")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}


def _wrong(message: Message) -> str:
    """Return what is wrong with a translation, as far as it can be seen from outside."""
    if not all(_texts(message.string)) or not _texts(message.string):
        return "is not translated"
    if message.fuzzy:
        return "has a translation that was guessed: look at it, then remove the word fuzzy"
    try:
        wanted, given = _places(_texts(message.id)[-1]), [_places(text) for text in _texts(message.string)]
    except ValueError as fault:
        return f"has braces that do not fit: {fault}"
    for places in given:
        if places != wanted:
            return f"has {sorted(wanted)}, its translation has {sorted(places)}"
    return ""


def faults() -> list[str]:
    """Return everything that is wrong with the catalogue."""
    present = read()
    wanted, said = template(present)
    for message in wanted:
        if message.id and message.id not in present:
            said.append(f"missing: {message.id!r}")
    for message in present:
        if not message.id:
            continue
        there = wanted.get(_texts(message.id)[0])
        if there is None:
            said.append(f"unused: {message.id!r}")
        elif _texts(there.id) != _texts(message.id):
            said.append(f"{message.id!r} should be {there.id!r}")
        elif fault := _wrong(message):
            said.append(f"{message.id!r} {fault}")
    if not PO.exists() or PO.read_bytes() != po_bytes(present):
        said.append(f"{PO.name} is not as --update writes it")
    mo = PO.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != mo_bytes(present):
        said.append(f"{mo.name} was not compiled from {PO.name} as it is now")
    return said


def update() -> None:
    """Bring the .po file in line with the source: new messages come in empty or guessed, unused ones go."""
    present = stable(read())
    wanted, _ = template(present)
    before = {message.id: message for message in present if message.id}
    present.update(wanted)
    for key in before.keys() - {message.id for message in present}:
        print(f"dropped: {key!r}")
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(present))


def compile_it() -> None:
    """Compile the .po file."""
    PO.with_suffix(".mo").write_bytes(mo_bytes(read()))


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say; return 1 where the catalogue has faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="bring the .po file in line with the source, compile it")
    parser.add_argument("--compile", action="store_true", help="compile the .po file as it stands")
    given = parser.parse_args(arguments)
    if given.update:
        update()
    if given.update or given.compile:
        compile_it()
    found = faults()
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{PO.name}: {len(read())} messages, {len(found) or 'no'} fault{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
