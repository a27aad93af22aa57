"""Scores over frames: one scoring for the tables that analysts hold, wherever they are.

    from kpi_tracker import frames
    scores = frames.score(targets, observations, date(2021, 9, 30), rules)
    goals = frames.roll_up(scores, tree, rules)

Names are loaded when they are first used: neither narwhals nor an engine is imported before.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kpi_tracker.frames.problem import FrameError
    from kpi_tracker.frames.rules import Rules
    from kpi_tracker.frames.tree import roll_up

_HOMES = {"FrameError": "problem", "Rules": "rules", "roll_up": "tree"}

__all__ = ["FrameError", "Rules", "roll_up"]


def __getattr__(name: str) -> object:
    """Load a public name from its module when it is first asked for."""
    if name in _HOMES:
        from importlib import import_module

        value: object = getattr(import_module(f"kpi_tracker.frames.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'kpi_tracker.frames' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
