"""A tree and its links read from frames, checked, and laid out as tables for every group that has a tree of its own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.frames.branches import NOBODY, Branches, Item, Link, lay_out
from kpi_tracker.frames.checking import word
from kpi_tracker.frames.engine import is_sql
from kpi_tracker.frames.keys import HUGE, common_kind, too_wide
from kpi_tracker.frames.native import ANY, DAY, NUMBER, WORD, at_hand, require
from kpi_tracker.frames.problem import FrameError, fault, first
from kpi_tracker.frames.rules import Rules
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Grown", "grown"]

Key = tuple[Any, ...]
COLUMNS = {
    "node": WORD, "parent": WORD, "weight": NUMBER, "thresholds": WORD, "exempt": DAY, "missing": NUMBER, "unread": NUMBER,
}  # fmt: skip
LINK_COLUMNS = {"item": WORD, "node": WORD, "weight": NUMBER}


class Grown(NamedTuple):
    """The tables of a tree, each with the columns `by` in which trees differ.

    `groups` has what a group is when nothing of it is scored; it is None where the tree does not tell which groups
    there are. `goals` are the nodes, each after its group as text.
    """

    by: tuple[str, ...]
    inflows: "pl.DataFrame"
    routes: "pl.DataFrame"
    shares: "pl.DataFrame"
    steps: "tuple[pl.DataFrame, ...]"
    finals: "pl.DataFrame"
    groups: "pl.DataFrame | None"
    goals: frozenset[tuple[str, ...]]
    thresholds: tuple[str, ...]


def grown(tree: Any, links: Any, by: Sequence[str], rules: Rules, as_of: date | None) -> Grown:
    """Return a tree laid out.

    Raises:
        FrameError: it cannot be used; every reason is given.
    """
    table = at_hand(tree, "tree", (*by, *COLUMNS))
    require("tree", nw.from_native(table).collect_schema(), COLUMNS, tuple(COLUMNS)[2:])
    own = tuple(name for name in by if name in table.columns)
    groupless = [name for name in own if table[name].null_count()]
    if groupless:
        nodes = {name: table.filter(table[name].is_null())["node"].fill_null("") for name in groupless}
        told = {name: first(f"“{node}”" for node in some) for name, some in nodes.items()}
        raise FrameError(fault("KT366", "tree", key=name, rows=rows) for name, rows in told.items())
    items = {key: [_item(row) for row in rows] for key, rows in _by_group(table, own).items()}
    crossing: dict[Key, list[Link]] = {}
    if links is not None:
        beside = at_hand(links, "links", (*own, *LINK_COLUMNS))
        require(
            "links",
            nw.from_native(beside).collect_schema(),
            {**dict.fromkeys(own, ANY), **LINK_COLUMNS},
            ("weight", *own),
        )
        same = tuple(name for name in own if name in beside.columns)
        by_group = {key: [_link(row) for row in rows] for key, rows in _by_group(beside, same).items()}
        places = [own.index(name) for name in same]
        crossing = {key: by_group.get(tuple(key[i] for i in places), []) for key in items}
    laid, faults = _laid_out(items, crossing, as_of)
    used = sorted({item.thresholds for some in items.values() for item in some if item.thresholds is not None})
    faults += [_no_preset(name, rules) for name in used if name not in rules.presets]
    if faults:
        raise FrameError(faults)
    goals = frozenset((*map(word, key), item.node) for key, some in items.items() for item in some)
    return _tables(own, table, laid, own == tuple(by), goals, tuple(used))


def same_groups(
    rows: "nw.LazyFrame[Any]", by: Sequence[str], made: Grown
) -> "tuple[nw.LazyFrame[Any], list[str]]":  # fmt: skip
    """Return rows with groups of a kind in which those of the tree are some, too, and the names of those that stay as they are.

    A group of the tree alone may be none of the rows' kind: another category, a number that is too large for it.

    Raises:
        FrameError: groups are of one kind here and of another in the tree.
    """
    there, own = rows.collect_schema(), nw.from_native(made.finals).collect_schema()
    huge = [name for name in made.by if is_sql(rows) and there.get(name) in HUGE]
    kinds = {
        name: nw.Int64() if name in huge else own[name] if own[name] == there[name] else common_kind(there[name], own[name])
        for name in made.by if name in there
    }  # fmt: skip
    faults = [
        fault("KT363", "tree", key=name, value=str(own[name]), expected=str(there[name]))
        for name, kind in kinds.items() if kind is None
    ]  # fmt: skip
    casts = {name: kind for name, kind in kinds.items() if kind is not None and kind != there[name]}
    for name in (name for name, kind in casts.items() if kind == nw.Int64()):
        faults += [*too_wide(rows, "scores", name), *too_wide(nw.from_native(made.finals).lazy(), "tree", name)]
    if faults:
        raise FrameError(faults)
    found = rows.with_columns(nw.col(name).cast(kind) for name, kind in casts.items()) if casts else rows
    return found, [name for name in by if name not in casts or name in huge]


def _by_group(table: "pl.DataFrame", by: Sequence[str]) -> dict[Key, list[dict[str, Any]]]:
    found: dict[Key, list[dict[str, Any]]] = {} if by else {(): []}
    for row in table.iter_rows(named=True):
        found.setdefault(tuple(row[name] for name in by), []).append(row)
    return found


def _item(row: Mapping[str, Any]) -> Item:
    exempt, missing = row.get("exempt"), row.get("missing")
    return Item(
        row["node"] or "", row["parent"], _filled(row, "weight", 1.0), row.get("thresholds"),
        exempt.date() if isinstance(exempt, datetime) else exempt,
        _filled(row, "unread", float(missing is not None)), _filled(row, "missing", 0.0),
    )  # fmt: skip


def _link(row: Mapping[str, Any]) -> Link:
    weight = row.get("weight")
    return Link(row["item"] or "", row["node"] or "", None if weight is None else float(weight))


def _filled(row: Mapping[str, Any], name: str, default: float) -> float:
    value = row.get(name)
    return default if value is None else float(value)


def _laid_out(
    items: Mapping[Key, list[Item]], crossing: Mapping[Key, list[Link]], as_of: date | None
) -> tuple[dict[Key, Branches], list[Diagnostic]]:
    """Return the branches by group; groups with the same tree share what is laid out once."""
    faults: list[Diagnostic] = []
    known: dict[Any, Branches | None] = {}
    laid = {}
    for key, some in items.items():
        links = crossing.get(key, [])
        same = (tuple(some), tuple(links))
        if same not in known:
            group = "/".join(map(str, key))
            known[same] = lay_out(some, links, as_of, lambda one, at=group: faults.append(one.at_path(at)))  # type: ignore[misc]
        found = known[same]
        if found is not None:
            laid[key] = found
    return laid, faults


def _no_preset(name: str, rules: Rules) -> Diagnostic:
    values = {"value": name, "expected": ", ".join(rules.presets)}
    reason = Phrase(N_("the rules have no thresholds “{value}”; they have: {expected}"), values)
    return fault("KT381", "tree", reason=reason, nearest=nearest(name, tuple(rules.presets)))


def _tables(
    own: tuple[str, ...], table: "pl.DataFrame", laid: Mapping[Key, Branches], whole: bool, goals: frozenset[tuple[str, ...]],
    thresholds: tuple[str, ...],
) -> Grown:  # fmt: skip
    import polars as pl

    text, number, whole_number = pl.String(), pl.Float64(), pl.Int64()
    groups = {name: table.schema[name] for name in own}

    def made(rows: Iterable[tuple[Any, ...]], columns: Mapping[str, Any]) -> pl.DataFrame:
        return pl.DataFrame(list(rows), schema={**groups, **columns}, orient="row")

    def every(name: str) -> Iterable[tuple[Any, ...]]:
        return ((*key, *row) for key, one in laid.items() for row in getattr(one, name))

    step = {"_node": whole_number, "_to": whole_number, "_own": number}
    heights = max((len(one.steps) for one in laid.values()), default=0)
    return Grown(
        own,
        made(every("inflows"), {"_path": text, "_to": text, "_way": whole_number, "_own": number}),
        made(every("routes"), {"_goal": text, **dict.fromkeys(("_way", "_node", "_mean", "_count", "_out"), whole_number)}),
        made(every("shares"), {"_node": whole_number, "_to": whole_number, "_missing": whole_number, "_broken_weight": number}),
        tuple(made(_steps(laid, level), step) for level in range(heights)),
        made(every("finals"), {"_node": whole_number, "_path": text, "_thresholds": text, "_out": whole_number}),
        made(((*key, NOBODY) for key in laid), {"_node": whole_number}) if whole else None,
        goals,
        thresholds,
    )  # fmt: skip


def _steps(laid: Mapping[Key, Branches], level: int) -> Iterable[tuple[Any, ...]]:
    """Yield the ways upward from one height; in a tree that is not so high every node stays as it is."""
    for key, one in laid.items():
        if level < len(one.steps):
            yield from ((*key, *step) for step in one.steps[level])
        else:
            yield from ((*key, final.node, final.node, None) for final in one.finals)
