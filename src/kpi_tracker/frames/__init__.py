"""The same scores over frames: Polars, DuckDB and PySpark, and by way of Polars pandas and PyArrow.

    from kpi_tracker import frames
    scores = frames.score(targets, observations, as_of=date(2021, 9, 30), rules=plan, keys=("county", "kpi"))
    areas = frames.roll_up(scores, plan.tree_frame(), plan, by=("county",))

Needs the extra `frames`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kpi_tracker.frames.incremental import Night, next_night
    from kpi_tracker.frames.problem import FrameError
    from kpi_tracker.frames.rows import Usable, usable
    from kpi_tracker.frames.rules import Rules
    from kpi_tracker.frames.scoring import score
    from kpi_tracker.frames.tree import roll_up

_HOMES = {
    "FrameError": "problem", "Night": "incremental", "Rules": "rules", "next_night": "incremental",
    "Usable": "rows", "roll_up": "tree", "score": "scoring", "usable": "rows",
}  # fmt: skip

__all__ = ["FrameError", "Night", "Rules", "Usable", "next_night", "roll_up", "score", "usable"]


def __getattr__(name: str) -> object:
    """Load a public name from its module when it is first asked for."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'kpi_tracker.frames' has no attribute {name!r}")
    try:
        value: object = getattr(import_module(f"kpi_tracker.frames.{_HOMES[name]}"), name)
    except ImportError as error:
        from kpi_tracker.frames.problem import MissingExtraError

        raise MissingExtraError(error) from error
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
