"""Messages and how far people were told, in history: both go on together, and what history refuses is told all the same."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kpi_tracker.history.delivery import DeliveryStatus
from kpi_tracker.history.mark import Mark
from kpi_tracker.history.store import open_history
from kpi_tracker.language import language
from kpi_tracker.nightly.ledger import HistoryLedger
from kpi_tracker.notify.ledger import LEASE, Wanted
from tests.history.conftest import where

__all__ = ["where"]

NOW = datetime(2021, 10, 1, 3, tzinfo=UTC)
BEFORE, AFTER = Mark(), Mark(None, date(2021, 9, 30))
TWO = (Wanted("a", "c", "r", "{}"), Wanted("b", "c", "r", "{}"))


def test_a_night_is_claimed_whole_and_the_mark_moves_with_it(where: str) -> None:
    """Another run that set out from the same mark is given nothing, also where it would tell something else."""
    with open_history(where) as history:
        assert HistoryLedger(history, "p", (BEFORE, AFTER)).claim_all(TWO, NOW) == {"a", "b"}
        assert history.mark("p") == AFTER
        other = HistoryLedger(history, "p", (BEFORE, AFTER))
        assert other.claim_all((Wanted("c", "c", "r", "{}"),), NOW) == frozenset()
        assert [one.key for one in other.unsent()] == ["a", "b"]
        history.begin("p", Mark(7))
        assert history.mark("p") == AFTER
        later = Mark(None, date(2021, 10, 1), "broken", date(2021, 9, 1))
        assert HistoryLedger(history, "p", (AFTER, later)).claim_all((), NOW) == frozenset()
        assert history.mark("p") == later


def test_messages_without_a_mark_are_claimed_one_by_one(where: str) -> None:
    """Those of a plan of which history knows nothing; what was claimed long ago is given anew."""
    with open_history(where) as history:
        ledger = HistoryLedger(history, "p")
        assert ledger.claim_all(TWO, NOW) == {"a", "b"}
        ledger.finish("a", sent=True, error="", now=NOW)
        assert ledger.claim_all(TWO, NOW + timedelta(minutes=1)) == frozenset()
        assert ledger.claim_all(TWO, NOW + LEASE + timedelta(minutes=1)) == {"b"}
        assert history.mark("p") is None
        assert ledger.problem is None


@pytest.mark.parametrize("at_first", [True, False])
def test_what_history_refuses_is_told_all_the_same(tmp_path: Path, at_first: bool) -> None:
    """From the first word on, or in the middle: nothing is sent twice for it, and the reason is known."""
    history = open_history(tmp_path / "h.sqlite3")
    ledger = HistoryLedger(history, "p", (BEFORE, AFTER))
    if at_first:
        history._database.close()
    assert ledger.claim_all(TWO, NOW) == {"a", "b"}
    history._database.close()
    ledger.finish("a", sent=True, error="", now=NOW)
    ledger.give_up("d")
    assert ledger.claim("d", "c", "r", NOW, "{}")
    ledger.give_up("d")
    assert ledger.claim("c", "c", "r", NOW, "{}")
    assert {one.key for one in ledger.unsent()} == ({"b", "c"} if at_first else {"c"})
    assert ledger.problem is not None
    assert language("en").phrase(ledger.problem)


def test_what_is_given_up_is_tried_by_nobody_again(where: str) -> None:
    """It stays in history, with why it could not be sent; what another run has in hand is not given up."""
    with open_history(where) as history:
        ledger = HistoryLedger(history, "p")
        ledger.claim_all(TWO, NOW)
        ledger.finish("a", sent=False, error="no answer", now=NOW)
        ledger.give_up("a")
        assert [one.key for one in ledger.unsent()] == ["a", "b"]
        assert ledger.claim("a", "c", "r", NOW, "{}")
        ledger.give_up("a")
        assert [one.key for one in ledger.unsent()] == ["b"]
        assert not ledger.claim("a", "c", "r", NOW + timedelta(days=9), "{}")
        dropped = history.deliveries("p")[0]
        assert (dropped.status, dropped.last_error, dropped.content) == (DeliveryStatus.GIVEN_UP, "no answer", "")
