"""History against a plain model: whatever nights, corrections, acknowledgements and messages come in whatever order."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kpi_tracker.history.acknowledgement import Acknowledgement
from kpi_tracker.history.store import open_history
from tests.history.conftest import emptied
from tests.history.nights import FILES, FIRST, NOW, PLAN, night

DAYS = st.integers(0, 3)
VALUES = st.sampled_from([40.0, 41.0, 90.0])
FLAGS = st.sampled_from([{}, {"a": {"state": "raised"}}])
KEYS = st.sampled_from(["m1", "m2"])


class Machine(RuleBasedStateMachine):
    """The model is a list of runs by day, a list of acknowledgements, and the status of each message."""

    place: Callable[[], str]

    def __init__(self) -> None:
        """Begin with an empty history."""
        super().__init__()
        self.where = type(self).place()
        self.history = open_history(self.where)
        self.days: dict[date, list[tuple[float, dict[str, Any]]]] = {}
        self.given: list[Acknowledgement] = []
        self.messages: dict[str, str] = {}

    def teardown(self) -> None:
        """Let go of it."""
        self.history.close()

    @rule(days=DAYS, value=VALUES, flags=FLAGS)
    def check(self, days: int, value: float, flags: dict[str, Any]) -> None:
        """Append a night, a correction of one, or the same again."""
        day = self.days.setdefault(FIRST + timedelta(days=days), [])
        new = not day or day[-1] != (value, flags)
        assert self.history.append(night(days, value), NOW, flags, FILES).new == new
        if new:
            day.append((value, flags))

    @rule(path=st.sampled_from(["a", "g"]), withdrawn=st.booleans())
    def acknowledge(self, path: str, withdrawn: bool) -> None:
        """Give an acknowledgement, or take one back."""
        self.given.append(Acknowledgement(path, "Li", "known", NOW, FIRST, withdrawn))
        self.history.acknowledge(PLAN, self.given[-1])

    @rule(key=KEYS)
    def claim(self, key: str) -> None:
        """Claim a message."""
        free = self.messages.get(key, "failed") == "failed"
        assert self.history.claim(PLAN, key, "mail", "owner", NOW) == free
        if free:
            self.messages[key] = "claimed"

    @rule(key=KEYS, error=st.sampled_from(["", "HTTP 503"]))
    def finish(self, key: str, error: str) -> None:
        """Send a message, or fail to."""
        self.history.finish(PLAN, key, error)
        if self.messages.get(key) == "claimed":
            self.messages[key] = "failed" if error else "sent"

    @rule()
    def reopen(self) -> None:
        """Close it and open it again."""
        self.history.close()
        self.history = open_history(self.where)

    @invariant()
    def agrees(self) -> None:
        """Everything that was appended is there, in order, and nothing else."""
        expected = {day: runs for day, runs in sorted(self.days.items()) if runs}
        found = [(run.as_of, run.turn) for run in self.history.runs(PLAN)]
        assert found == [(day, turn) for day, runs in expected.items() for turn in range(1, len(runs) + 1)]
        course = [(point.run.as_of, point.score.attainment, point.flag) for point in self.history.path_of(PLAN, "a")]
        assert course == [(day, runs[-1][0] / 100, runs[-1][1].get("a", {})) for day, runs in expected.items()]
        assert list(self.history.acknowledgements(PLAN)) == self.given
        assert {one.key: one.status.value for one in self.history.deliveries(PLAN)} == self.messages

    @invariant()
    def tells_what_was_found(self) -> None:
        """The newest run gives its scorecard and its flags."""
        newest = self.history.latest(PLAN)
        if newest is not None:
            value, flags = self.days[newest.as_of][-1]
            assert self.history.scorecard(newest).items["a"].attainment == value / 100
            assert self.history.flags(newest) == flags


def tried(place: Callable[[], str], examples: int) -> None:
    """Try the machine on a kind of database."""
    machine = type("Tried", (Machine,), {"place": staticmethod(place)})
    checks = settings(max_examples=examples, stateful_step_count=15, deadline=None,
                      suppress_health_check=list(HealthCheck))  # fmt: skip
    run_state_machine_as_test(machine, settings=checks)


def test_a_file_agrees_with_the_model(tmp_path: Path) -> None:
    """A SQLite file holds what the model holds, after every step."""
    numbers = iter(range(100_000))
    tried(lambda: str(tmp_path / f"{next(numbers)}.sqlite3"), 30)


def test_a_server_agrees_with_the_model(postgresql: str) -> None:
    """So does a PostgreSQL."""
    tried(lambda: emptied(postgresql), 10)


@pytest.mark.parametrize("statement", ["UPDATE", "DELETE"])
def test_nothing_that_was_recorded_is_changed(statement: str) -> None:
    """No statement of ours changes or deletes a run, an item, a text or an acknowledgement: only messages have a status, and marks move."""
    source = Path(__file__).resolve().parents[2] / "src" / "kpi_tracker" / "history"
    lines = [line for file in source.glob("*.py") for line in file.read_text("utf-8").splitlines()]
    found = [
        line
        for line in lines
        if f"{statement} " in line and not any(f"{statement} {t} SET" in line for t in ("delivery", "told"))
    ]
    assert found == []
