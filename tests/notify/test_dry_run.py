"""What would be sent to whom, without a secret and without a sign that a terminal obeys."""

from pathlib import Path

import pytest

from kpi_tracker.changes import compare
from kpi_tracker.notify.config import ChannelKind, Lang
from kpi_tracker.notify.dryrun import KIND_WORDS, dry_run
from kpi_tracker.notify.message import messages
from kpi_tracker.notify.senders import missing_secrets, senders
from kpi_tracker.secret import Secret
from tests.notify.made import channel, config, message, night, one_kpi, route


def test_each_message_with_its_route_and_whom_it_is_for() -> None:
    """The text as it would be sent, in the language of its route; the rest in that of the reader."""
    mail = channel(ChannelKind.MAIL, "post", to=("a@example.org",))
    happened = night(one_kpi(), changes=compare(one_kpi(value=80.0), one_kpi())[1:])
    found = messages(config(route(channel(ChannelKind.WECOM, "office"), "o", lang=Lang.EN), route(mail, "p", lang=Lang.EN)),
                     happened)  # fmt: skip
    assert dry_run(found) == (
        "2 messages would be sent\n\n"
        "Route o, to office (WeCom): p: Newly lagging 1 (2021-09-30)\n"
        "  | **p: Newly lagging 1 (2021-09-30)**\n"
        "  |\n"
        "  | **Newly lagging 1**\n"
        "  |\n"
        "  | - One · on track 80% → lagging 10% · 10 on 2021-09-30, target 100 · lag 65 pp · takes 30 a month, 27 times "
        "the rate so far\n\n"
        "Route p, to a@example.org (mail): p: Newly lagging 1 (2021-09-30)\n"
        "  | p: Newly lagging 1 (2021-09-30)\n"
        "  |\n"
        "  | Newly lagging 1\n"
        "  | - One · on track 80% → lagging 10% · 10 on 2021-09-30, target 100 · lag 65 pp · takes 30 a month, 27 times "
        "the rate so far\n"
    )
    assert dry_run(found, "zh").startswith("将发送 2 条消息\n\n路由 o，发往 office（企业微信）：p: Newly lagging 1")


def test_nothing_would_be_sent() -> None:
    """That is said, too."""
    assert dry_run(()) == "Nothing would be sent: nothing changed.\n"
    assert dry_run((), "zh") == "没有需要发送的消息：没有变化。\n"


def test_a_template_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """Below the message that goes out by ours."""
    (tmp_path / "text.j2").write_text("{{ x }}", "utf-8")
    happened = night(one_kpi(), changes=compare(one_kpi(value=80.0), one_kpi()))
    shown = dry_run(messages(config(route(), overrides=str(tmp_path)), happened))
    assert f"\n  the template {tmp_path}/text.j2:1 cannot be used: 'x' is undefined\n" in shown


@pytest.mark.parametrize("kind", ChannelKind)
def test_every_channel_has_its_name(kind: ChannelKind) -> None:
    """A terminal gets no control character of a title or a template."""
    shown = dry_run([message(kind)._replace(subject="\x1b[31m", text="a\x07b\n")])
    assert KIND_WORDS[kind] in shown
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_secrets_that_are_missing_are_told_before_anything_is_sent(tmp_path: Path) -> None:
    """By channel, and never what those that are there hold."""
    (tmp_path / "key").write_text("value-abcdef", "utf-8")
    mail = channel(ChannelKind.MAIL, "post", user="u", password=Secret(file=str(tmp_path / "key")))
    file = config(route(channel(signed=True), "a"), route(mail, "b"))
    found = missing_secrets(file, {"URL": "x"})
    assert [(name, list(phrase.args)) for name, phrase in found] == [("c", ["name"]), ("post", ["file", "reason"])]
    assert "abcdef" not in repr(found)
    (tmp_path / "key").chmod(0o600)
    assert missing_secrets(file, {"URL": "x", "SECRET": "y"}) == ()
    assert set(senders(file, {})) == {"c", "post"}
