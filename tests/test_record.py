"""Classes of facts: what attrs says of its own classes holds for ours, before and after attrs has done its part."""

import copy
import inspect
import pickle
import subprocess
import sys
from typing import Any

import attr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker import record as module
from kpi_tracker.model.unit import Text
from kpi_tracker.record import changed, field, record


@record
class Point:
    """A class with every kind of field."""

    x: float
    y: "float | None"
    label: str = ""
    tags: tuple[str, ...] = ()
    notes: dict[str, int] = field(factory=dict)
    line: int = field(default=0, eq=False)

    @property
    def far(self) -> bool:
        """Tell whether x is large."""
        return self.x > 1


@attr.frozen
class Twin:
    """The same, by attrs itself."""

    x: float
    y: "float | None"
    label: str = ""
    tags: tuple[str, ...] = ()
    notes: dict[str, int] = attr.field(factory=dict)
    line: int = attr.field(default=0, eq=False)


def fresh() -> Any:
    """Return a class that attrs has not touched yet."""

    @record
    class Fresh:
        a: int
        b: int = 2
        c: list[int] = field(factory=list)

    return Fresh


NAMES = ("x", "y", "label", "tags", "notes", "line", "wrong")


@given(st.lists(st.integers(0, 3), max_size=7), st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3)))
def test_it_takes_and_refuses_what_attrs_takes_and_refuses(args: list[int], kwargs: dict[str, int]) -> None:
    """Positional and by name, too few, too many, twice and unknown, with the words of attrs."""

    def made(cls: Any) -> object:
        try:
            item = cls(*args, **kwargs)
        except TypeError as error:
            return str(error).partition("__init__()")[2]
        return [getattr(item, name) for name in NAMES[:-1]]

    assert made(Point) == made(Twin)


def test_before_and_after_attrs_has_done_its_part() -> None:
    """The first items of a class are made without it, those of a class of which there are many with it."""
    fresh_class = fresh()
    first = fresh_class(1)
    assert "__attrs_attrs__" not in fresh_class.__dict__ or not isinstance(
        fresh_class.__dict__["__attrs_attrs__"], tuple
    )
    many = [fresh_class(1, c=[n]) for n in range(module.MANY)]
    assert isinstance(fresh_class.__dict__["__attrs_attrs__"], tuple)
    assert first == fresh_class(1) == fresh_class(1, 2, [])
    assert [one.c for one in many] == [[n] for n in range(module.MANY)]


def test_a_default_that_is_made_is_made_for_each() -> None:
    """No two items share one."""
    fresh_class = fresh()
    assert fresh_class(1).c is not fresh_class(1).c


def test_attrs_knows_it() -> None:
    """Fields with their types, `has`, `evolve`, `asdict`, a signature for editors and documentation."""
    known: Any = Point
    assert [a.name for a in attr.fields(known)] == list(NAMES[:-1])
    assert attr.fields(known).y.type == "float | None"
    assert attr.evolve(known(1, 2), y=3) == Point(1, 3)
    assert attr.asdict(known(1, 2)) == attr.asdict(Twin(1, 2))
    assert all(attr.has(cls) for cls in (Point, fresh()))
    assert str(inspect.signature(fresh())) == "(a: int, b: int = 2, c: list[int] = NOTHING) -> None"


def test_it_cannot_be_changed() -> None:
    """Nor can anything be added to it or taken away."""
    point = Point(1, 2)
    for name in ("x", "z"):
        with pytest.raises(attr.exceptions.FrozenInstanceError):
            setattr(point, name, 2)
    with pytest.raises(attr.exceptions.FrozenInstanceError):
        del point.x
    assert not hasattr(point, "__dict__")


def test_comparison_hash_and_repr_leave_out_what_does_not_count() -> None:
    """A field with eq=False is no part of any of them; `repr` shows what differs from the default."""
    assert Point(1, 2, line=3) == Point(1, 2, line=4) != Point(1, 3)
    assert Point(1, 2) != Twin(1, 2)
    assert hash(Text("一", "one")) == hash(Text("一", "one"))
    assert repr(Point(1, 2, line=3, label="a")) == "Point(x=1, y=2, label='a', notes={})"


@given(st.builds(Point, st.floats(allow_nan=False), st.none() | st.floats(allow_nan=False), st.text()))
def test_copies_are_equal(point: Point) -> None:
    """By pickle, by copy and by `changed`."""
    assert pickle.loads(pickle.dumps(point)) == copy.copy(point) == copy.deepcopy(point) == changed(point) == point
    assert changed(point, x=5.0).far


def test_what_is_not_a_field_cannot_be_changed() -> None:
    """A misspelt name is an error, not a copy without the change."""
    with pytest.raises(TypeError, match="lable"):
        changed(Point(1, 2), lable="a")


def test_a_few_items_do_not_load_attrs() -> None:
    """As the start-up of the nightly check needs it."""
    code = "import sys; from kpi_tracker.model.kpi import Kpi, Step; print('attr' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_class_that_extends_another_has_its_fields_first() -> None:
    """What an item of the one is, an item of the other is too; they are never the same."""

    @record
    class Base:
        """Two fields."""

        one: int
        two: int = 2

    @record
    class Wider(Base):
        """One more."""

        three: str = ""

    wide = Wider(1, three="x")
    assert (wide.one, wide.two, wide.three) == (1, 2, "x")
    assert isinstance(wide, Base)
    assert wide != Base(1, 2)
    assert changed(wide, two=3) == Wider(1, 3, "x")
    assert repr(wide) == "Wider(one=1, three='x')"
    wider: Any = Wider
    assert [(field.name, field.type) for field in attr.fields(wider)] == [("one", int), ("two", int), ("three", str)]


def test_an_item_of_a_class_that_extends_one_stays_of_it() -> None:
    """Once attrs has done its part too, when items are filled while they are of another class."""
    made = fresh()

    class More(made):  # type: ignore[misc, valid-type]
        """An ordinary class on top."""

    attr.fields(made)
    one = More(1, c=[2])
    assert (type(one), one.a, one.b, one.c) == (More, 1, 2, [2])
    assert type(made(1)) is made
    with pytest.raises(attr.exceptions.FrozenInstanceError):
        made(1).a = 2
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        made()
