"""How fields are declared: a type decodes a node and describes itself as JSON Schema; a record is fields by key.

The plan format is declared with these once (:mod:`kpi_tracker.loading.records`); the loader and the published schema
both come from that declaration.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from sys import intern
from typing import Any, NamedTuple

from kpi_tracker.diagnostics import Place
from kpi_tracker.diagnostics.report import Report
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.nodes import Mapping, Scalar, Sequence, length_of, place_of
from kpi_tracker.loading.wrong import Reported, Wrong

__all__ = [
    "BROKEN",
    "ENTRY",
    "Field",
    "Origin",
    "Record",
    "Type",
    "Written",
    "choice",
    "entries",
    "items_of",
    "length_of",
    "list_of",
    "not_empty",
    "scalar_text",
    "shown",
    "whole",
]

Schema = dict[str, Any]
BROKEN: Any = object()
"""Stands for the value of a field whose fault is in the report."""
ENTRY = Phrase(N_("this entry"))
"""What stands in a list is called in messages."""


class Origin(NamedTuple):
    """The file that is read, and where its faults go."""

    file: str
    report: Report

    def place(self, node: Any) -> Place:
        """Return where `node` starts."""
        return place_of(self.file, node)

    def wrong(self, node: Any, code: str, **args: Any) -> None:
        """Report a fault at `node`."""
        self.report.add(code, self.place(node), length_of(node), **args)


class Type(NamedTuple):
    """A kind of value: how it is decoded (raising Wrong or Reported), and its JSON Schema."""

    decode: Callable[[Any, Origin], Any]
    schema: Schema


class Field(NamedTuple):
    """A key of a record. `doc` is for editors, in English; `required` ones must be there."""

    type: Type
    doc: str
    required: bool = False


class Record:
    """A mapping with known keys."""

    def __init__(
        self, name: str, title: str, fields: dict[str, Field], short: Type | None = None, forms: tuple[str, ...] = ()
    ) -> None:
        """Declare it: `name` in the schema, `title` in messages; `short` is what may be written instead of a mapping.

        Of the keys in `forms` exactly one is to be there; who reads the values asks for that with :meth:`given`.
        """
        self.name, self.title, self.fields, self.short, self.forms = name, Phrase(title), fields, short, forms
        # With the key as the program has it: a call that takes values by name finds a text of the file five times slower.
        self._decoders = {key: (intern(key), field.type.decode) for key, field in fields.items()}
        self._required = frozenset(key for key, field in fields.items() if field.required)

    def read(self, node: Any, origin: Origin) -> dict[str, Any]:
        """Return the values of `node` by key; what is broken is reported and stands as BROKEN.

        Raises:
            Wrong: `node` is no mapping.
        """
        if type(node) is not Mapping:
            raise Wrong("KT203", expected=Phrase(N_("a mapping with keys such as {keys}"), {"keys": self._some_keys()}))
        diagnostics, decoders = origin.report.diagnostics, self._decoders
        before = len(diagnostics)
        values: dict[str, Any] = {}
        entries = iter(node)
        try:  # as if all were well, which takes a fifth less time for the nearly all that are
            for key, value in zip(entries, entries):  # noqa: B905 - keys and values take turns; to say so takes as long as a key
                name, decode = decoders[key.value]
                values[name] = decode(value, origin)
        except (KeyError, Wrong, Reported):
            pass
        else:
            if 2 * len(values) == len(node) and values.keys() >= self._required:
                return values
        del diagnostics[before:]
        return self._read_with_faults(node, origin)

    def _read_with_faults(self, node: Any, origin: Origin) -> dict[str, Any]:
        """Return the same of a mapping in which something is wrong, each fault reported."""
        values: dict[str, Any] = {}
        decoders = self._decoders
        entries = iter(node)
        for key, value in zip(entries, entries, strict=False):
            name = key.value
            if name in values:
                first = next(k for k in node[::2] if k.value == name)
                origin.wrong(key, "KT110", value=name, first=first.start_mark.line + 1)
                if type(values[name]) is not list:  # a list of items keeps those that it has
                    values[name] = BROKEN
                continue
            if name not in decoders:
                known = tuple(decoders)
                origin.wrong(
                    key,
                    "KT201",
                    value=name,
                    of=self.title,
                    expected=known,
                    nearest=nearest(name.partition("：")[0], known),
                )
                values[name] = BROKEN
                continue
            try:
                values[name] = decoders[name][1](value, origin)
            except Wrong as wrong:
                at = value if isinstance(value, (Scalar, Mapping, Sequence)) else key
                origin.wrong(at, wrong.code, **{"key": name, "value": shown(value), **wrong.args_of_fault})
                values[name] = BROKEN
            except Reported:
                values[name] = BROKEN
        for name in sorted(self._required - values.keys()):
            expected = Phrase(self.fields[name].doc)
            origin.wrong(node, "KT202", of=self.title, key=name, expected=expected)
            values[name] = BROKEN
        return values

    def given(self, values: dict[str, Any], node: Any, origin: Origin, of: Phrase | None = None) -> str:
        """Return the one of its forms that is written in `node`; messages call it `of`.

        Raises:
            Reported: it is none of them, or more than one.
        """
        found = [key for key in values if key in self.forms]
        if len(found) != 1:
            value = tuple(found) or Phrase(N_("none"))
            origin.wrong(node, "KT209", of=of or self.title, expected=self.forms, value=value)
            raise Reported
        return found[0]

    def _some_keys(self) -> tuple[str, ...]:
        return (*self.forms[:1], *sorted(self._required)) or tuple(self.fields)[:4]

    @property
    def schema(self) -> Schema:
        """The JSON Schema of this record."""
        properties = {
            key: {**field.type.schema, "description": field.doc} if "$ref" not in field.type.schema
            else {"allOf": [field.type.schema], "description": field.doc}
            for key, field in self.fields.items()
        }  # fmt: skip
        schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
        if self._required:
            schema["required"] = sorted(self._required)
        if self.forms:
            schema["oneOf"] = [{"required": [form]} for form in self.forms]
        return schema if self.short is None else {"anyOf": [self.short.schema, schema]}

    @property
    def reference(self) -> Schema:
        """A reference to this record's schema."""
        return {"$ref": f"#/definitions/{self.name}"}


class Written(NamedTuple):
    """A mapping that waits for what it depends on (its unit, its baseline): its values, its node, which form it has."""

    values: dict[str, Any]
    node: Any
    form: str = ""


def whole(record: Record, node: Any, origin: Origin) -> dict[str, Any]:
    """Return the values of a record that is of no use with a part missing.

    Raises:
        Wrong: it is no mapping.
        Reported: a part is broken.
    """
    diagnostics = origin.report.diagnostics
    before = len(diagnostics)
    values = record.read(node, origin)
    if len(diagnostics) > before:
        raise Reported
    return values


def usable(record: Record, node: Any, origin: Origin, one_of: tuple[str, ...]) -> dict[str, Any]:
    """Return what could be read of a record that will be refused where a part is broken, so that the rest is checked too.

    Raises:
        Wrong: it is no mapping.
        Reported: a part is broken, and none of `one_of` could be read.
    """
    diagnostics = origin.report.diagnostics
    before = len(diagnostics)
    values = record.read(node, origin)
    if len(diagnostics) == before:
        return values
    values = {key: value for key, value in values.items() if value is not BROKEN}
    if not any(key in values for key in one_of):
        raise Reported
    return values


def shown(node: Any) -> Any:
    """Return a value of the file as a message shows it."""
    if isinstance(node, Scalar):
        return f"“{node.value}”" if node.value or node.style else Phrase(N_("nothing"))
    if isinstance(node, Sequence):
        return Phrase(N_("a list"))
    return Phrase(N_("a mapping"))


def scalar_text(node: Any) -> str | None:
    """Return the text of a scalar; None for a list, a mapping, or nothing (an empty value, `~`, `null`)."""
    if type(node) is not Scalar:
        return None
    value: str = node.value
    if not node.style and value in ("", "~", "null"):
        return None
    return value


def entries(node: Mapping, origin: Origin) -> list[tuple[Any, Any]]:
    """Return keys and values of a mapping whose keys are the user's own; a key that stands twice is reported."""
    first: dict[str, Any] = {}
    for key in node[::2]:
        if key.value in first:
            origin.wrong(key, "KT110", value=key.value, first=first[key.value].start_mark.line + 1)
            raise Reported
        first[key.value] = key
    return list(zip(node[::2], node[1::2], strict=True))


def list_of(item: Type, what: str) -> Type:
    """Return the type of a list of `item`; broken items are left out after they were reported."""

    def decode(node: Any, origin: Origin) -> tuple[Any, ...]:
        if type(node) is not Sequence:
            raise Wrong("KT203", expected=Phrase(what))
        values, whole = [], True
        for entry in node:
            try:
                values.append(item.decode(entry, origin))
            except Wrong as wrong:
                at = entry if isinstance(entry, (Scalar, Mapping, Sequence)) else node  # an alias of `kpis` holds KPIs
                origin.wrong(at, wrong.code, **{"key": ENTRY, "value": shown(entry), **wrong.args_of_fault})
                whole = False
            except Reported:
                whole = False
        if not whole:
            raise Reported
        return tuple(values)

    return Type(decode, {"type": "array", "items": item.schema})


def not_empty(items: Type, expected: str) -> Type:
    """Return the type of a list that holds something."""

    def decode(node: Any, origin: Origin) -> Any:
        if type(node) is Sequence and not node:
            raise Wrong("KT206", value="[]", expected=Phrase(expected))
        return items.decode(node, origin)

    return Type(decode, {**items.schema, "minItems": 1})


def choice(words: Iterable[StrEnum]) -> Type:
    """Return the type of a word of a closed list."""
    known = tuple(word.value for word in words)
    members = {word.value: word for word in words}

    def decode(node: Any, _origin: Origin) -> Any:
        if type(node) is Scalar and (word := members.get(node.value)) is not None:
            return word
        text = scalar_text(node)
        if text is None:
            raise Wrong("KT203", expected=Phrase(N_("one of {words}"), {"words": known}))
        raise Wrong("KT204", value=text, expected=known, nearest=nearest(text, known))

    return Type(decode, {"enum": list(known)})


def items_of(what: str, decode: Callable[[Any, Origin], Any], reference: str) -> Type:
    """Return the type of a list whose broken items must not take the others with them."""

    def read(node: Any, origin: Origin) -> list[Any]:
        if type(node) is not Sequence:
            raise Wrong("KT203", expected=Phrase(what))
        found = []
        for item in node:
            try:
                found.append(decode(item, origin))
            except Wrong as wrong:
                at = item if isinstance(item, (Scalar, Mapping, Sequence)) else node  # an alias of `kpis` holds KPIs
                origin.wrong(at, wrong.code, **{"key": ENTRY, "value": shown(item), **wrong.args_of_fault})
        return found

    return Type(read, {"type": "array", "items": {"$ref": f"#/definitions/{reference}"}})
