"""The keys, by which rows of two frames are of one KPI: brought to one kind, without a guess."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kpi_tracker.diagnostics import Diagnostic
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.frames.columns import readable, zoned
from kpi_tracker.frames.engine import is_sql, near
from kpi_tracker.frames.problem import FrameError, fault
from kpi_tracker.language import N_, Phrase

if TYPE_CHECKING:
    import polars as pl

__all__ = ["HUGE", "common_kind", "same_keys", "too_wide", "with_keys_of"]

HUGE = (nw.Int128(), nw.UInt128())
WIDE = (nw.UInt64(), *HUGE)
"""Whole numbers that may be greater than what keys are compared as."""
LEAST, GREATEST = -(2**63), 2**63 - 1


def same_keys(
    targets: "nw.LazyFrame[Any]", observations: "nw.LazyFrame[Any]", keys: Sequence[str]
) -> "tuple[nw.LazyFrame[Any], nw.LazyFrame[Any]]":
    """Return both frames with keys of one kind, so that they can be joined: categories become text, integers long ones.

    Raises:
        FrameError: a key is of one kind here and of another there, such as text and numbers, or does not fit into that kind.
    """
    first, second = targets.collect_schema(), observations.collect_schema()
    found, casts = [], {}
    for key in keys:
        kind = common_kind(first[key], second[key])
        wide = is_sql(targets) and kind in HUGE  # near_table, and Arrow, have no such numbers
        if kind is not None and kind == first[key] == second[key] and not wide:
            continue
        kind = nw.Int64() if wide else kind
        if kind is None:
            expected = Phrase(N_("texts, whole numbers or dates")) if first[key] == second[key] else str(first[key])
            found.append(fault("KT363", "observations", key=key, value=str(second[key]), expected=expected))
            continue
        casts[key] = kind
        for frame, name in ((targets, "targets"), (observations, "observations")):
            found += too_wide(frame, name, key) if kind == nw.Int64() else ()
    if found:
        raise FrameError(found)
    made = [nw.col(key).cast(kind) for key, kind in casts.items()]
    return (targets.with_columns(*made), observations.with_columns(*made)) if made else (targets, observations)


def common_kind(one: nw.dtypes.DType, other: nw.dtypes.DType) -> nw.dtypes.DType | None:
    """Return the kind in which keys of two kinds can be compared without a guess; None where there is none.

    Keys are texts, whole numbers and days; also fractions, since a whole number that is missing makes them such in pandas.
    """
    if not all(_is_key(kind) for kind in (one, other)):
        return None
    if one == other:
        return one
    kinds = [kind for kind in (one, other) if kind != nw.Unknown()]
    if len(kinds) == 1:  # the other is of no kind, as it is all null
        return kinds[0]
    if all(readable(kind, nw.String()) for kind in kinds):
        return nw.String()
    if all(isinstance(kind, nw.Date | nw.Datetime) for kind in kinds):  # a day is its midnight
        return nw.Datetime("us")
    return nw.Int64() if all(kind.is_integer() for kind in kinds) else None


def _is_key(kind: nw.dtypes.DType) -> bool:
    """Tell whether two values of a kind are the same or not, whatever engine compares them."""
    plain = kind.is_numeric() or kind in (nw.Boolean(), nw.Date(), nw.Unknown()) or readable(kind, nw.String())
    return plain or (isinstance(kind, nw.Datetime) and not zoned(kind))


def too_wide(frame: "nw.LazyFrame[Any]", name: str, key: str) -> list[Diagnostic]:
    """Return that a key is a number of more than 64 bits, or of 64 without a sign."""
    if frame.collect_schema()[key] not in WIDE:
        return []
    least, greatest = frame.select(a=nw.col(key).min(), b=nw.col(key).max()).collect("polars").rows()[0]
    wide = [value for value in (least, greatest) if value is not None and not LEAST <= value <= GREATEST]
    expected = Phrase(N_("whole numbers of 64 bits, as there are others in the other frame"))
    return [fault("KT363", name, key=key, value=value, expected=expected) for value in wide[-1:]]


def with_keys_of(rows: "nw.LazyFrame[Any]", keys: Sequence[str], table: "pl.DataFrame", name: str) -> "pl.DataFrame":
    """Return a table, called `name`, with its keys of the kinds that they are of in `rows`; what they cannot be is null.

    Raises:
        FrameError: one is missing, or of a kind that cannot be compared with that of `rows`.
    """
    import polars as pl

    there, wanted = nw.from_native(table).collect_schema(), rows.collect_schema()
    missing = [key for key in keys if key not in there]
    found = [
        fault("KT362", name, value=key, expected=", ".join(there), nearest=nearest(key, list(there))) for key in missing
    ]
    found += [
        fault("KT363", name, key=key, value=str(there[key]), expected=str(wanted[key]))
        for key in keys if len(table) and key not in missing and common_kind(there[key], wanted[key]) is None
    ]  # fmt: skip
    if found:
        raise FrameError(found)
    kinds = near(rows.select(*keys).head(0)).collect_schema()
    if table.is_empty():  # of whatever kind nothing is
        return table.with_columns(pl.lit(None, kind).alias(key) for key, kind in kinds.items())
    return table.with_columns(pl.col(key).cast(kind, strict=False) for key, kind in kinds.items())
