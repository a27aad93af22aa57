"""Apprise: what it reaches beyond our own senders, without its address in any word of ours."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from kpi_tracker.language import language
from kpi_tracker.notify.config import ChannelKind
from kpi_tracker.notify.outcome import SENT, Outcome
from kpi_tracker.notify.senders import Sender
from tests.notify.made import NOW, channel, message
from tests.notify.servers import Answering, Reply, answering

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # plugins of Apprise import what Python drops
TOKEN = "token-never-shown-42"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    """Return a service on loopback that Apprise can reach."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with answering(Reply(200)) as server:
        yield server


def send(url: str) -> Outcome:
    """Send a message by Apprise."""
    to = channel(ChannelKind.APPRISE)
    return Sender(to, {"URL": url}).send(message(channel=to), NOW)


def said(outcome: Outcome) -> str:
    """Return why a message was not taken."""
    assert outcome.problem is not None
    assert TOKEN not in repr(outcome)
    return language("en").phrase(outcome.problem)


def test_a_service_gets_the_text(service: Answering) -> None:
    """Nobody is mentioned by it, nor by its title."""
    pytest.importorskip("apprise")
    url, to = service.url.replace("http://", "json://") + f"/{TOKEN}", channel(ChannelKind.APPRISE)
    made = message(channel=to)._replace(subject="Plan of @everyone")
    assert Sender(to, {"URL": url}).send(made, NOW) == SENT
    body = json.loads(service.got[0].body)
    assert (body["title"], body["message"].strip()) == ("Plan of ＠everyone", made.text.strip())


def test_a_service_that_refuses_is_a_failure(service: Answering, caplog: pytest.LogCaptureFixture) -> None:
    """It may be for now: Apprise does not say. What it logs is without the address."""
    pytest.importorskip("apprise")
    service.answers = [Reply(500)]
    with caplog.at_level(logging.DEBUG):
        outcome = send(service.url.replace("http://", "json://") + f"/{TOKEN}")
    assert said(outcome) == "Apprise says that the service did not take it"
    assert outcome.again
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("url", [f"nothing://{TOKEN}", TOKEN, f"slack://{TOKEN}"])
def test_an_address_that_apprise_does_not_know_is_not_shown(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """It may hold a token all the same."""
    pytest.importorskip("apprise")
    with caplog.at_level(logging.DEBUG):
        assert said(send(url)) == "the address is none that Apprise knows"
    assert TOKEN not in caplog.text


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that brings it."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert said(send("json://localhost")) == "Apprise is not installed: pip install 'kpi-tracker[notify]'"
