"""Frozen data: how the package declares its classes of facts.

They are attrs classes with slots. attrs would also compile a comparison and a `repr` for each class while it is
imported, which is most of the start-up time of the whole check; here these are written once, for all of them.
"""

from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

import attr
from attr import field

__all__ = ["changed", "field", "record"]

T = TypeVar("T")


def _compared(item: Any) -> tuple[Any, ...]:
    """Return the values that make two items equal: of all fields but those declared with ``eq=False``."""
    return tuple([getattr(item, a.name) for a in attr.fields(type(item)) if a.eq])


def _eq(self: Any, other: object) -> bool:
    """Tell whether two items of one class hold the same."""
    return _compared(self) == _compared(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    """Return a hash that agrees with equality."""
    return hash((type(self), _compared(self)))


def _reduce(self: Any) -> tuple[Any, ...]:
    """Return how pickle makes it again: by its own `__init__`, which is quicker than setting a mapping of fields."""
    return type(self), tuple([getattr(self, a.name) for a in attr.fields(type(self))])


def _repr(self: Any) -> str:
    """Return the class with its fields, without those that hold what they would by default."""
    shown = [a for a in attr.fields(type(self)) if a.eq and getattr(self, a.name) != a.default]
    return f"{type(self).__name__}({', '.join(f'{a.name}={getattr(self, a.name)!r}' for a in shown)})"


if TYPE_CHECKING:

    @dataclass_transform(frozen_default=True, field_specifiers=(field,))
    def record(cls: type[T]) -> type[T]:
        """Make `cls` a frozen class with slots."""

else:

    def record(cls):
        """Make `cls` a frozen class with slots."""
        cls.__eq__, cls.__hash__, cls.__repr__, cls.__reduce__ = _eq, _hash, _repr, _reduce
        return attr.frozen(cls, eq=False, repr=False, match_args=False, weakref_slot=False, getstate_setstate=False)


def changed(item: T, **changes: Any) -> T:
    """Return a copy of `item` with some fields changed."""
    copy: T = attr.evolve(item, **changes)  # type: ignore[misc]
    return copy
