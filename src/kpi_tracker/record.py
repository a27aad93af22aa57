"""Frozen data: how the package declares its classes of facts.

They are attrs classes with slots, to which attrs does its part when it is first asked to. For a class that is made at
import it compiles functions for 0.7 ms, and it is slow to be imported itself: together a fifth of a whole nightly check,
which makes few items of most classes. So a class comes with its slots and with functions that are written once, for all
of them; attrs is loaded where a class has many items, which its compiled `__init__` makes faster, where an item is
wrongly made, and where somebody looks at the fields (`attrs.fields`, `attrs.evolve`, `inspect.signature`, cattrs).
"""

from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, dataclass_transform

__all__ = ["changed", "field", "record"]

T = TypeVar("T")
MANY = 1000
"""So many items of a class pay for the `__init__` that attrs compiles."""
MISSING: Any = object()


class _Field(NamedTuple):
    """What a class says about one of its fields."""

    default: Any = MISSING
    factory: Callable[[], Any] | None = None
    eq: bool = True


PLAIN = _Field()


def field(*, default: Any = MISSING, factory: Callable[[], Any] | None = None, eq: bool = True) -> Any:
    """Declare a field: its default, or what makes one for each item; with ``eq=False`` items do not differ by it."""
    return _Field(default, factory, eq)


class _OfAttrs:
    """An attribute of a class that is only there once attrs has done its part."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, item: object, owner: Any) -> Any:
        _finish(owner)
        return owner.__dict__[self._name]


def _finish(cls: Any) -> None:
    """Let attrs do its part to `cls`: the declaration of its fields, and an `__init__` of its own."""
    from inspect import get_annotations, signature

    import attr

    def declared(name: str, one: _Field) -> Any:
        default = attr.NOTHING if one.default is MISSING else one.default
        return attr.ib(default=default, factory=one.factory, eq=one.eq, type=annotations[name])

    annotations = {name: said for one in reversed(cls.__mro__) for name, said in get_annotations(one).items()}
    fields = {name: declared(name, one) for name, one in cls.__declared__.items()}
    twin: Any = attr.make_class(cls.__name__, fields, frozen=True, slots=True, eq=False, repr=False)
    cls.__attrs_attrs__, cls.__signature__, cls.__init__ = twin.__attrs_attrs__, signature(twin), twin.__init__
    loose = type(cls.__name__, (), {"__slots__": tuple(cls.__declared__)})
    with suppress(TypeError):  # of another layout, as where a class extends one
        object.__setattr__(object.__new__(cls), "__class__", loose)
        cls.__init__ = _quick(cls, loose, twin.__init__)


def _quick(cls: Any, loose: type, plain: Callable[..., None]) -> Callable[..., None]:
    """Return an `__init__` by which an item is of the class `loose` while it is filled.

    To set a field of a frozen class takes a call that goes around its own `__setattr__`, to set one of any other is a
    single instruction. It is compiled for its fields, as that of attrs is, because to pass arguments on takes half as
    long again; an item of a class that extends this one is left to that of attrs (`plain`).
    """
    known = {"become": object.__setattr__, "cls": cls, "loose": loose, "missing": MISSING, "plain": plain}
    taken, made, set_ = [], [], []
    for number, (name, one) in enumerate(cls.__declared__.items()):
        known |= {f"default_{number}": one.default, f"factory_{number}": one.factory}
        needed = one.default is MISSING and one.factory is None
        taken.append(name if needed else f"{name}=default_{number}")
        if one.factory is not None:
            made += [f" if {name} is missing:", f"  {name} = factory_{number}()"]
        set_.append(f" self.{name} = {name}")
    lines = [f"def __init__(self, {', '.join(taken)}):", *made,
             " if type(self) is not cls:", f"  return plain(self, {', '.join(cls.__declared__)})",
             " become(self, '__class__', loose)", *set_, " self.__class__ = cls"]  # fmt: skip
    exec("\n".join(lines), known)  # noqa: S102 - the names of fields are those of a class body
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = plain.__qualname__
    return init


def _values_of(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function that gives the values of so many fields of an item; for many it is one of C."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda item: tuple([getattr(item, name) for name in names])


def _init(slots: list[Callable[..., None]], declared: dict[str, _Field]) -> Callable[..., None]:
    """Return an `__init__` that fills `slots`: as that of attrs, but nothing has to be compiled for it."""
    count, ways, left = len(slots), list(declared.items()), MANY

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        nonlocal left
        left -= 1
        if left == 0:
            _finish(type(self))
        values = args
        if kwargs or len(args) != count:
            rest = [(kwargs.get(name, one.default), name in kwargs, one.factory) for name, one in ways[len(args) :]]
            values = (*args, *[factory() if factory and not named else value for value, named, factory in rest])
            known = sum([named for _, named, _ in rest])
            if len(values) != count or known != len(kwargs) or any(value is MISSING for value in values):
                _finish(type(self))
                type(self).__init__(self, *args, **kwargs)  # attrs says what is wrong
        for fill, value in zip(slots, values, strict=True):
            fill(self, value)

    return __init__


def _compared(item: Any) -> tuple[Any, ...]:
    """Return the values that make two items equal: of all fields but those declared with ``eq=False``."""
    return item.__compared__(item)  # type: ignore[no-any-return]  # see record()


def _eq(self: Any, other: object) -> bool:
    """Tell whether two items of one class hold the same."""
    return _compared(self) == _compared(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    """Return a hash that agrees with equality."""
    return hash((type(self), _compared(self)))


def _reduce(self: Any) -> tuple[Any, ...]:
    """Return how pickle makes it again: by its own `__init__`, which is quicker than setting a mapping of fields."""
    return type(self), self.__values__(self)


def _repr(self: Any) -> str:
    """Return the class with its fields, without those that hold what they would by default."""
    shown = [name for name, one in self.__declared__.items() if one.eq and getattr(self, name) != one.default]
    return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _frozen(_: Any, *__: Any) -> None:
    from attr.exceptions import FrozenInstanceError

    raise FrozenInstanceError


SHARED = {
    "__eq__": _eq, "__hash__": _hash, "__repr__": _repr, "__reduce__": _reduce, "__setattr__": _frozen,
    "__delattr__": _frozen, "__attrs_attrs__": _OfAttrs("__attrs_attrs__"), "__signature__": _OfAttrs("__signature__"),
}  # fmt: skip

if TYPE_CHECKING:

    @dataclass_transform(frozen_default=True, field_specifiers=(field,))
    def record(cls: type[T]) -> type[T]:
        """Make `cls` a frozen class with slots."""

else:

    def record(cls):
        """Make `cls` a frozen class with slots; the fields of the one that it extends come first."""
        said = {name: cls.__dict__.get(name, PLAIN) for name in cls.__annotations__}
        own = {name: one if type(one) is _Field else _Field(one) for name, one in said.items()}
        declared = {**getattr(cls, "__declared__", {}), **own}
        body = {name: value for name, value in cls.__dict__.items() if name not in (*said, "__dict__", "__weakref__")}
        made = type(cls.__name__, cls.__bases__, {**body, **SHARED, "__slots__": tuple(said), "__declared__": declared})
        made.__values__ = staticmethod(_values_of(list(declared)))
        made.__compared__ = staticmethod(_values_of([name for name, one in declared.items() if one.eq]))
        made.__init__ = _init([getattr(made, name).__set__ for name in declared], declared)
        return made


def changed(item: T, **changes: Any) -> T:
    """Return a copy of `item` with some fields changed."""
    kept: Any = item
    return type(item)(**{**{name: getattr(item, name) for name in kept.__declared__}, **changes})
