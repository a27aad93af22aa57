"""What each channel is sent of one night, as it was looked at and found good.

`KPI_TRACKER_UPDATE_GOLDEN=1 pytest tests/notify/test_golden.py` writes the files anew; a person reads the difference.
"""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi_tracker.notify.config import ChannelKind, DigestDay, Lang
from kpi_tracker.notify.message import Message, messages
from kpi_tracker.notify.senders import Sender
from tests.notify.made import NOW, channel, config, route, showcase_night
from tests.notify.servers import Reply, answering

GOLDEN = Path(__file__).resolve().parent / "golden"
UPDATE = os.environ.get("KPI_TRACKER_UPDATE_GOLDEN") == "1"
KINDS = (ChannelKind.DINGTALK, ChannelKind.WECOM, ChannelKind.FEISHU, ChannelKind.SLACK, ChannelKind.WEBHOOK)
MENTIONED = ("13800000000",)


def made(kind: ChannelKind, lang: str, **more: Any) -> Message:
    """Return the message of a night in which much happened."""
    people = MENTIONED if kind in KINDS[:4] else ()
    to = channel(kind) if kind is ChannelKind.MAIL else channel(kind, signed=True)
    one = route(to, lang=Lang(lang), mention=people, **more)
    [found] = messages(config(one, link="https://plans.example.org/2021"), showcase_night())
    return found


def same(name: str, text: str) -> None:
    """Compare a text with its golden file, or write that."""
    file = GOLDEN / name
    if UPDATE:
        file.write_text(text, "utf-8")
    assert file.read_text("utf-8") == text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_body_that_a_channel_is_sent(kind: ChannelKind, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken from the wire, signature and all."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with answering(Reply(200, b"ok")) as server:
        sender = Sender(channel(kind, signed=True), {"URL": server.url, "SECRET": "s"})
        sender.send(made(kind, lang), NOW)
    body = json.loads(server.got[0].body)
    same(f"{kind}.{lang}.json", json.dumps(body, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_and_the_page_of_a_mail(lang: str) -> None:
    """With a digest, so that every section is there."""
    found = made(ChannelKind.MAIL, lang, digest=DigestDay.MONTH_END)
    same(f"mail.{lang}.txt", f"{found.subject}\n\n{found.text}")
    same(f"mail.{lang}.html", found.html)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_for_other_services(lang: str) -> None:
    """Cut to what most of them take."""
    same(f"apprise.{lang}.txt", made(ChannelKind.APPRISE, lang).text)


def test_no_golden_file_is_left_over() -> None:
    """Each is asked for by a test."""
    names = {f"{kind}.{lang}.json" for kind in KINDS for lang in ("zh", "en")}
    names |= {f"{name}.{lang}.{end}" for name, end in (("mail", "txt"), ("mail", "html"), ("apprise", "txt"))
              for lang in ("zh", "en")}  # fmt: skip
    assert {file.name for file in GOLDEN.iterdir()} == names
    assert date(2021, 9, 30).isoformat() in (GOLDEN / "mail.zh.txt").read_text("utf-8")
