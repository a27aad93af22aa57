"""A scorecard reduced to what is remembered of it, as JSON, and back.

What an item *is* (its definition in the plan, with the thresholds that hold for it) is kept apart from how it stood (its
score): the one changes a few times a year, the other with each new figure, and each is stored once however many nights it
held. Observations are not remembered, nor the tree of the plan: the paths of the items have it.

A file is named as seen from the plan's folder, so that it does not matter where a check was started. Values that are the
default of their field are left out. What a library reads that has since gained or lost fields stays readable: a field
that is missing takes its default, one that is unknown is passed over.
"""

import json
import posixpath
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import attr

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.language import Phrase
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import EMPTY
from kpi_tracker.model.part import Discrepancy
from kpi_tracker.model.scorecard import Comparison, GoalScore, Growth, KpiScore, Outlook, Scorecard, Share
from kpi_tracker.record import changed

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["Item", "Memory", "compact", "recalled", "recalled_score", "remembered"]

TREE = ("goals", "kpis", "broken", "facts")
DEFINED = ("path", "kpi", "goal", "thresholds", "series", "parts", "unreported")
ELSEWHERE = {Plan: (*TREE, "sources"), Goal: TREE, KpiScore: DEFINED, GoalScore: DEFINED}
"""What is not remembered with an object: what stands below it, and where figures are fetched; of a score its place, definition,
observations and parts.
"""
NAMED = (Comparison, Outlook, Growth, Share, Discrepancy)
PLAIN = (str, int, float, bool, type(None))
ILLUSTRATIVE = changed(EMPTY, illustrative=True)


class Item(NamedTuple):
    """One item of a night, as JSON texts: what it is, and how it stood."""

    path: str
    definition: str
    score: str


class Memory(NamedTuple):
    """One night: the plan without its items, the items in the plan's order, and the faults, as JSON texts."""

    plan: str
    items: tuple[Item, ...]
    faults: str


def remembered(scorecard: Scorecard) -> Memory:
    """Return what is to be remembered of a whole plan's scorecard.

    Raises:
        ValueError: it is that of a branch; what is not in it would look removed.
    """
    if scorecard.branch:
        raise ValueError(f"only the whole plan is remembered, not the branch {scorecard.branch!r}")
    home = posixpath.dirname(posixpath.normpath(scorecard.plan.where.file))
    items = (_item(item, home) for item in scorecard.items.values())
    faults = [_seen_from(home, _fault(fault)) for fault in scorecard.diagnostics]
    return Memory(compact(_seen_from(home, _plain(scorecard.plan))), tuple(items), compact(faults))


def _item(item: KpiScore | GoalScore, home: str) -> Item:
    score = _plain(item)
    definition = {"thresholds": _plain(item.thresholds)}
    if isinstance(item, KpiScore):
        definition["kpi"] = _plain(item.kpi)
        if item.illustrative:
            score["illustrative"] = True
    elif item.goal is not None:
        definition["goal"] = _plain(item.goal)
    return Item(item.path, compact(_seen_from(home, definition)), compact(score))


def recalled(memory: Memory, as_of: date, known_at: datetime | None) -> Scorecard:
    """Return the scorecard that was remembered: without observations, and its plan without the tree."""
    converter = _converter()
    items = {item.path: recalled_score(item) for item in memory.items}
    faults = (fault for fault in json.loads(memory.faults) if fault["code"] in FAULTS)
    diagnostics = converter.structure(faults, tuple[Diagnostic, ...])
    return Scorecard(converter.structure(json.loads(memory.plan), Plan), as_of, known_at, items, diagnostics)


@lru_cache(maxsize=2048)
def recalled_score(item: Item) -> KpiScore | GoalScore:
    """Return the score of one item that was remembered; most nights hold what the night before them held."""
    definition, score = json.loads(item.definition), json.loads(item.score)
    if "kpi" not in definition:
        return _converter().structure({"goal": None, **score, **definition, "path": item.path}, GoalScore)
    found = _converter().structure({**score, **definition, "path": item.path}, KpiScore)
    return changed(found, series=ILLUSTRATIVE) if score.get("illustrative") else found


def compact(value: object) -> str:
    """Return `value` as JSON in as few characters as it takes, the same for the same value."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:  # the name of a file that is no text; databases take none but text
        return json.dumps(value, separators=(",", ":"))
    return text


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; of our own classes the fields that hold something else than they would by default.

    The way back is left to cattrs. This way is so short that a check need not wait for cattrs to be loaded and to compile
    a function for each class.
    """
    kind: Any = type(value)
    if kind in PLAIN:
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if kind is Phrase:
        return {"message": value.message, "args": {name: _argument(part) for name, part in value.args.items()}}
    if kind in NAMED or attr.has(kind):
        return {
            name: _plain(part) for name, default in _fields(kind)
            if (part := getattr(value, name)) is not default and part != default
        }  # fmt: skip
    if isinstance(value, Mapping):
        return {_plain(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value]


@cache
def _fields(kind: Any) -> list[tuple[str, Any]]:
    """Return the fields of a class that are remembered with it, each with its default."""
    if kind in NAMED:
        return [(name, kind._field_defaults.get(name, attr.NOTHING)) for name in kind._fields]
    elsewhere = ELSEWHERE.get(kind, ())
    return [
        (a.name, a.default.factory() if hasattr(a.default, "factory") else a.default)
        for a in attr.fields(kind) if a.name not in elsewhere
    ]  # fmt: skip


def _argument(value: object) -> Any:
    """Return an argument of a message: what it shows as it is becomes its words."""
    if isinstance(value, Phrase):
        return _plain(value)
    if isinstance(value, tuple):
        return [_argument(part) for part in value]
    return value if type(value) in PLAIN else str(value)


@cache
def _converter() -> "Converter":
    """Return the converter of what was remembered, which compiles what it needs for each class when it first meets it."""
    from cattrs.cols import namedtuple_dict_structure_factory
    from cattrs.gen import make_dict_structure_fn, override
    from cattrs.preconf.json import make_converter

    _resolve_types()
    converter = make_converter(detailed_validation=False)
    converter.register_structure_hook_factory(
        lambda cls: cls in NAMED,
        lambda cls: namedtuple_dict_structure_factory(cls, converter),
    )
    converter.register_structure_hook(Phrase, lambda value, _: _argument_back(value))
    converter.register_structure_hook(Diagnostic, _fault_back)
    out = override(omit=True)
    hook = make_dict_structure_fn(KpiScore, converter, series=out, parts=out, unreported=out)
    converter.register_structure_hook(KpiScore, hook)
    return converter


def _resolve_types() -> None:
    """Let cattrs know the classes that the model names without importing them, as most plans have none of them."""
    from kpi_tracker.model import breakdown, part

    kinds: tuple[Any, ...] = (Plan, Kpi, KpiScore)
    for kind in kinds:
        attr.resolve_types(kind, localns={**vars(part), **vars(breakdown)})


def _argument_back(value: Any) -> Any:
    if isinstance(value, dict):
        return Phrase(value["message"], {name: _argument_back(part) for name, part in value["args"].items()})
    return tuple(_argument_back(part) for part in value) if isinstance(value, list) else value


def _fault(fault: Diagnostic) -> Any:
    args = {name: _argument(value) for name, value in fault.args.items()}
    return {**_plain(changed(fault, args={})), "args": args}


def _fault_back(value: dict[str, Any], _: type) -> Diagnostic:
    known = {name: value[name] for name, _ in _fields(Diagnostic) if name in value}
    args = {name: _argument_back(part) for name, part in value["args"].items()}
    return Diagnostic(**{**known, "place": Place(*value["place"]), "args": args})


def _seen_from(home: str, value: Any) -> Any:
    """Return `value` with every file in it named as seen from the folder `home`."""
    if isinstance(value, list):
        return [_seen_from(home, part) for part in value]
    if not isinstance(value, dict):
        return value
    seen = {}
    for key, part in value.items():
        if key in ("where", "place"):
            seen[key] = [_local(home, part[0]), *part[1:]]
        elif key in ("files", "observation_files"):
            seen[key] = [_local(home, name) for name in part]
        else:
            seen[key] = _seen_from(home, part) if isinstance(part, (dict, list)) else part
    return seen


def _local(home: str, file: str) -> str:
    return posixpath.normpath(file).removeprefix(home + "/") if file else file
