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
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from cattrs import Converter
from cattrs.cols import namedtuple_dict_structure_factory, namedtuple_dict_unstructure_factory
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter

from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.language import Phrase
from kpi_tracker.model.goal import Goal, Plan
from kpi_tracker.model.observation import EMPTY
from kpi_tracker.model.scorecard import Comparison, GoalScore, Growth, KpiScore, Outlook, Scorecard, Share
from kpi_tracker.record import changed

__all__ = ["Item", "Memory", "compact", "recalled", "recalled_score", "remembered"]

TREE = ("goals", "kpis", "broken", "facts")
DEFINED = ("path", "kpi", "goal", "thresholds", "series")
"""What a score has from elsewhere: its place, its definition, its observations."""
NAMED = (Comparison, Outlook, Growth, Share)
PLAIN = (str, int, float, bool, type(None))
SPARSE: dict[str, Any] = {"omit_if_default": True}
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
    converter, home = _converter(), posixpath.dirname(posixpath.normpath(scorecard.plan.where.file))
    plan = converter.unstructure(scorecard.plan)
    faults = converter.unstructure(scorecard.diagnostics, tuple[Diagnostic, ...])
    items = (_item(item, converter, home) for item in scorecard.items.values())
    return Memory(compact(_seen_from(home, plan)), tuple(items), compact(_seen_from(home, faults)))


def _item(item: KpiScore | GoalScore, converter: Converter, home: str) -> Item:
    score = converter.unstructure(item)
    definition = {"thresholds": converter.unstructure(item.thresholds)}
    if isinstance(item, KpiScore):
        definition["kpi"] = converter.unstructure(item.kpi)
        if item.series.illustrative:
            score["illustrative"] = True
    elif item.goal is not None:
        definition["goal"] = converter.unstructure(item.goal)
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


@cache
def _converter() -> Converter:
    """Return the converter, which compiles what it needs for each class when it first meets it."""
    converter = make_converter(omit_if_default=True, detailed_validation=False)
    converter.register_unstructure_hook_factory(
        lambda cls: cls in NAMED,
        lambda cls: namedtuple_dict_unstructure_factory(cls, converter, **SPARSE),
    )
    converter.register_structure_hook_factory(
        lambda cls: cls in NAMED,
        lambda cls: namedtuple_dict_structure_factory(cls, converter),
    )
    converter.register_unstructure_hook(Place, list)
    converter.register_unstructure_hook(Phrase, _argument)
    converter.register_structure_hook(Phrase, lambda value, _: _argument_back(value))
    converter.register_unstructure_hook(Diagnostic, _fault)
    converter.register_structure_hook(Diagnostic, _fault_back)
    for cls, elsewhere in {KpiScore: DEFINED, GoalScore: DEFINED, Plan: TREE, Goal: TREE}.items():
        out: dict[str, Any] = {name: override(omit=True) for name in elsewhere if hasattr(cls, name)}
        sparse: Any = make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True, **out)
        converter.register_unstructure_hook(cls, sparse)
    series = override(omit=True)
    converter.register_structure_hook(KpiScore, make_dict_structure_fn(KpiScore, converter, series=series))
    return converter


def _argument(value: object) -> Any:
    """Return an argument of a message as JSON has it: what is shown as it is becomes its words."""
    if isinstance(value, Phrase):
        return {"message": value.message, "args": {name: _argument(part) for name, part in value.args.items()}}
    if isinstance(value, tuple):
        return [_argument(part) for part in value]
    return value if type(value) in PLAIN else str(value)


def _argument_back(value: Any) -> Any:
    if isinstance(value, dict):
        return Phrase(value["message"], {name: _argument_back(part) for name, part in value["args"].items()})
    return tuple(_argument_back(part) for part in value) if isinstance(value, list) else value


def _fault(fault: Diagnostic) -> dict[str, Any]:
    args = {name: _argument(value) for name, value in fault.args.items()}
    return {"code": fault.code, "place": list(fault.place), "args": args, "path": fault.path,
            "excerpt": fault.excerpt, "length": fault.length}  # fmt: skip


def _fault_back(value: dict[str, Any], _: type) -> Diagnostic:
    args = {name: _argument_back(part) for name, part in value["args"].items()}
    return Diagnostic(value["code"], Place(*value["place"]), args, value["path"], value["excerpt"], value["length"])


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
