"""What is asked of every group: the targets of the template, and over them what a group has of its own."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kpi_tracker.league.group import Group
from kpi_tracker.many.owntargets import Own
from kpi_tracker.model.goal import Plan

if TYPE_CHECKING:
    import polars

__all__ = ["targets_of"]

OWN = {"baseline": "Float64", "target": "Float64", "tolerance": "Float64", "form": "String"}


def targets_of(
    plan: Plan, column: str, groups: Sequence[Group], own: Mapping[tuple[str, str], Own | None]
) -> "polars.DataFrame":
    """Return one row a group and KPI, as `frames.score` takes them."""
    import polars as pl

    template = plan.to_frame()
    found = pl.DataFrame({column: [group.id for group in groups]}, schema={column: pl.String}).join(
        template.drop(column, strict=False), how="cross"
    )
    if not any(own.values()):
        return found
    rows = pl.DataFrame(
        [(*key, *figures) for key, figures in own.items() if figures is not None],
        schema={column: pl.String, "kpi": pl.String, **{f"_{name}": getattr(pl, kind) for name, kind in OWN.items()}},
        orient="row",
    )
    found = found.join(rows, on=[column, "kpi"], how="left")
    found = found.with_columns(pl.coalesce(f"_{name}", name).alias(name) for name in OWN if name in template.columns)
    return found.drop(f"_{name}" for name in OWN)
