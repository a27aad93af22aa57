"""Robots on loopback: what each is sent, byte for byte, and what each of its true answers means."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kpi_tracker.changes import compare
from kpi_tracker.language import language
from kpi_tracker.notify import post
from kpi_tracker.notify.config import ChannelKind, DigestDay
from kpi_tracker.notify.message import messages
from kpi_tracker.notify.outcome import SENT, Outcome
from kpi_tracker.notify.senders import Sender
from tests.notify.made import NOW, channel, config, message, night, one_kpi, route, showcase_night
from tests.notify.servers import Got, Hang, Reply, Reset, answering, certificate

TOKEN = "0123456789abcdef-token"
SECRET = "SEC-never-shown-42"
GOOD = {
    ChannelKind.DINGTALK: b'{"errcode":0,"errmsg":"ok"}',
    ChannelKind.WECOM: b'{"errcode":0,"errmsg":"ok"}',
    ChannelKind.FEISHU: b'{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}',
    ChannelKind.SLACK: b"ok",
    ChannelKind.WEBHOOK: b"",
}
KINDS = tuple(GOOD)


@pytest.fixture(autouse=True)
def _straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is reached without a proxy, whatever the machine says."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def send(kind: ChannelKind, url: str, signed: bool = True, seconds: float = 20.0, **more: object) -> Outcome:
    """Send a message by a channel of this kind and return what came of it; no secret may be in that."""
    by = kind in (ChannelKind.DINGTALK, ChannelKind.FEISHU, ChannelKind.WEBHOOK) and signed
    to = channel(kind, signed=by)
    environ = {"URL": f"{url}/robot/send?access_token={TOKEN}", "SECRET": SECRET}
    outcome = Sender(to, environ, seconds).send(message(kind, channel=to, **more), NOW)
    for lang in ("en", "zh"):
        shown = f"{outcome!r} {language(lang).phrase(outcome.problem) if outcome.problem else ''}"
        assert TOKEN not in shown
        assert SECRET not in shown
    return outcome


def said(outcome: Outcome) -> str:
    """Return why a message was not taken."""
    assert outcome.problem is not None
    return language("en").phrase(outcome.problem)


def sign(key: str, text: str) -> str:
    """Return a signature, made here as the manuals say."""
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


@pytest.mark.parametrize("kind", KINDS)
def test_the_true_answer_of_success_is_success(kind: ChannelKind) -> None:
    """One request, as JSON in UTF-8."""
    with answering(Reply(200, GOOD[kind])) as server:
        assert send(kind, server.url) == SENT
    [got] = server.got
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    assert "滞后" in got.body.decode()


def test_dingtalk_checks_a_signature_that_is_encoded_once() -> None:
    """The server decodes the address once and compares, as DingTalk does; some signature has a sign that needs it."""

    def check(got: Got) -> Reply:
        query = parse_qs(urlsplit(got.path).query)
        [stamp], [given], [token] = (query.get(name, [""]) for name in ("timestamp", "sign", "access_token"))
        good = given == sign(SECRET, f"{stamp}\n{SECRET}") and stamp == str(int(NOW.timestamp() * 1000))
        wrong = b'{"errcode":310000,"errmsg":"sign not match, more: [https://ding-doc.dingtalk.com/doc#]"}'
        return Reply(200, GOOD[ChannelKind.DINGTALK] if good and token == TOKEN else wrong)

    assert set("+/=") & set(sign(SECRET, f"{int(NOW.timestamp() * 1000)}\n{SECRET}"))
    with answering(check) as server:
        assert send(ChannelKind.DINGTALK, server.url, mention=("13800000000", "u1")) == SENT
        assert said(send(ChannelKind.DINGTALK, server.url, signed=False)).startswith(
            "the robot refused it: 310000 sign"
        )
        bare = Sender(channel(ChannelKind.DINGTALK), {"URL": server.url + "/hook"})
        assert "refused" in said(bare.send(message(ChannelKind.DINGTALK), NOW))
    body = json.loads(server.got[0].body)
    assert body["msgtype"] == "markdown"
    assert body["at"] == {"atMobiles": ["13800000000"], "atUserIds": ["u1"], "isAtAll": False}
    assert body["markdown"]["text"].endswith("@13800000000 @u1\n")
    assert "at" not in json.loads(server.got[1].body)


def test_feishu_checks_a_signature_in_the_body() -> None:
    """Its key is time and secret, and what is signed is empty."""

    def check(got: Got) -> Reply:
        body = json.loads(got.body)
        good = body.get("sign") == sign(f"{body.get('timestamp')}\n{SECRET}", "")
        wrong = (
            b'{"code":19021,"data":{},"msg":"sign match fail or timestamp is not within one hour from current time"}'
        )
        return Reply(200, GOOD[ChannelKind.FEISHU] if good else wrong)

    with answering(check) as server:
        assert send(ChannelKind.FEISHU, server.url) == SENT
        outcome = send(ChannelKind.FEISHU, server.url, signed=False)
    assert said(outcome).startswith("the robot refused it: 19021 sign match fail")
    assert not outcome.again
    assert json.loads(server.got[0].body)["timestamp"] == str(int(NOW.timestamp()))


def test_a_webhook_can_be_checked_and_taken_once() -> None:
    """The signature is over time and body; the key says which message it is."""
    with answering(Reply(204)) as server:
        assert send(ChannelKind.WEBHOOK, server.url) == SENT
        assert send(ChannelKind.WEBHOOK, server.url, signed=False) == SENT
    signed, bare = server.got
    stamp = signed.headers["x-kpi-tracker-timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + signed.body, hashlib.sha256).hexdigest()
    assert signed.headers["x-kpi-tracker-signature"] == f"sha256={expected}"
    assert signed.headers["idempotency-key"] == bare.headers["idempotency-key"] == message().key
    assert "x-kpi-tracker-signature" not in bare.headers
    assert json.loads(bare.body)["subject"] == message().subject


def test_slack_gets_sections_that_it_takes() -> None:
    """None is too long, none is empty, and all of the text is there."""
    happened = showcase_night()
    with answering(Reply(200, b"ok")) as server:
        assert send(ChannelKind.SLACK, server.url, night=happened, digest=DigestDay.MONTH_END) == SENT
    blocks = json.loads(server.got[0].body)["blocks"]
    assert len(blocks) > 1
    assert all(0 < len(block["text"]["text"]) <= 3000 and block["text"]["verbatim"] for block in blocks)
    made = message(ChannelKind.SLACK, night=happened, digest=DigestDay.MONTH_END)
    shown = [line for block in blocks for line in block["text"]["text"].split("\n") if line]
    assert shown == [line for line in made.text.split("\n") if line]


def test_slack_gets_a_line_of_a_template_that_is_too_long_for_a_section(tmp_path: Path) -> None:
    """What does not fit is left out, rather than the message refused."""
    (tmp_path / "slack.j2").write_text("x" * 2899 + "\n" + "y" * 5000, "utf-8")
    happened = night(one_kpi(), changes=compare(one_kpi(value=80.0), one_kpi()))
    [made] = messages(config(route(channel(ChannelKind.SLACK)), overrides=str(tmp_path)), happened)
    with answering(Reply(200, b"ok")) as server:
        assert Sender(channel(ChannelKind.SLACK), {"URL": server.url}).send(made, NOW) == SENT
    blocks = json.loads(server.got[0].body)["blocks"]
    assert [len(block["text"]["text"]) for block in blocks] == [2899, 2899]


@pytest.mark.parametrize(
    ("kind", "body", "reason", "again"),
    [
        ("dingtalk", b'{"errcode":300005,"errmsg":"token is not exist"}', "300005 token is not exist", False),
        ("dingtalk", b'{"errcode":310000,"errmsg":"keywords not in content"}', "310000", False),
        ("dingtalk", b'{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', "130101", True),
        (
            "dingtalk",
            b'{"errcode":-1,"errmsg":"\xe7\xb3\xbb\xe7\xbb\x9f\xe7\xb9\x81\xe5\xbf\x99"}',
            "-1 系统繁忙",
            True,
        ),
        ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url, hint: [1]"}', "93000 invalid webhook url", False),
        ("wecom", b'{"errcode":40058,"errmsg":"markdown.content exceed max length 4096."}', "40058", False),
        ("wecom", b'{"errcode":45009,"errmsg":"api freq out of limit"}', "45009", True),
        ("feishu", b'{"code":9499,"msg":"too many request","data":{}}', "9499 too many request", True),
        ("feishu", b'{"code":11232,"msg":"frequency limited psm[lark.oapi.app_platform_runtime]"}', "11232", True),
        ("feishu", b'{"code":19024,"msg":"Key Words Not Found"}', "19024", False),
        ("feishu", b'{"StatusCode":19001,"msg":"param invalid"}', "19001", False),
        ("dingtalk", b'{"errcode":1}', "1 ", False),
    ],
)
def test_an_error_code_behind_http_200_is_a_failure(kind: str, body: bytes, reason: str, again: bool) -> None:
    """Only what a robot says to be for now is tried again."""
    with answering(Reply(200, body)) as server:
        outcome = send(ChannelKind(kind), server.url)
    assert said(outcome).startswith(f"the robot refused it: {reason}")
    assert outcome.again is again


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not ChannelKind.WEBHOOK])
@pytest.mark.parametrize(
    "body",
    [b"", b"<html>login</html>", b"[]", b"null", b"{}", b'{"errcode":"0","code":"0"}', b'{"errcode":false,"code":true}',
     b"\xff\xfe", b"[" * 50_000, b'{"errcode":null}', b"OK\x1b[31m"],
)  # fmt: skip
def test_an_answer_that_is_not_the_services_is_a_failure(kind: ChannelKind, body: bytes) -> None:
    """A captive portal answers HTTP 200 as well."""
    with answering(Reply(200, body)) as server:
        outcome = send(kind, server.url)
    assert said(outcome).startswith("the answer is not that of the service: “")
    assert said(outcome).isprintable()
    assert len(said(outcome)) < 300


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "wait", "again", "seconds"),
    [
        (429, "7", True, 7.0),
        (429, "Fri, 01 Oct 2021 03:00:00 GMT", True, None),
        (429, "9" * 40, True, None),
        (503, "", True, None),
        (500, "", True, None),
        (408, "", True, None),
        (400, "", False, None),
        (403, "", False, None),
        (404, "", False, None),
    ],
)
def test_a_status_of_http_is_a_failure(
    kind: ChannelKind, status: int, wait: str, again: bool, seconds: float | None
) -> None:
    """Too many and broken are for now, the rest for ever; a time to wait is heeded where it is a number."""
    headers = (("Retry-After", wait),) if wait else ()
    with answering(Reply(status, GOOD[kind], headers)) as server:
        outcome = send(kind, server.url)
    assert said(outcome) == f"the server answered HTTP {status}"
    assert (outcome.again, outcome.wait) == (again, seconds)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    """The other server hears nothing, and the message was not sent."""
    with answering(Reply(200, b"ok")) as other, answering(Reply(status, b"", (("Location", other.url),))) as server:
        outcome = send(ChannelKind.WEBHOOK, server.url)
    assert other.got == []
    assert said(outcome) == f"the server sends us to another address (HTTP {status}), which is not followed"
    assert not outcome.again


def test_an_answer_of_ten_megabytes_is_not_read() -> None:
    """It is no answer of a robot."""
    with answering(Reply(200, b"x" * 10_000_000)) as server:
        assert said(send(ChannelKind.WEBHOOK, server.url)) == "the answer is too long to be one"


def test_an_answer_that_never_ends_is_given_up() -> None:
    """A byte now and then keeps every limit of a single step; the attempt as a whole has one too."""
    with answering(Hang()) as server:
        start = time.monotonic()
        outcome = send(ChannelKind.DINGTALK, server.url, seconds=0.4)
    assert time.monotonic() - start < 3.5
    assert (said(outcome), outcome.again) == ("no answer in time", True)


def test_a_server_that_says_nothing_is_given_up_at_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the attempt as a whole is over."""
    monkeypatch.setattr(post, "SECONDS", 0.2)
    with answering(Hang(0.6, silent=True)) as server:
        outcome = send(ChannelKind.FEISHU, server.url)
    assert (said(outcome), outcome.again) == ("no answer in time", True)


def test_a_certificate_is_checked_before_anything_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is trusted is what the system trusts, or the file that the environment names."""
    files = certificate(tmp_path)
    with answering(Reply(200), files=files) as server:
        outcome = send(ChannelKind.WEBHOOK, server.url)
        assert server.got == []
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
        assert send(ChannelKind.WEBHOOK, server.url) == SENT
    assert said(outcome).startswith("the certificate of the server is not trusted: ")
    assert not outcome.again


def test_a_connection_that_is_cut_or_refused_is_tried_again() -> None:
    """Nothing was heard, so nothing is known."""
    with answering(Reset()) as server:
        cut = send(ChannelKind.SLACK, server.url)
    refused = send(ChannelKind.SLACK, server.url)
    assert (cut.again, refused.again) == (True, True)
    assert said(refused) == "the connection failed: Connection refused"
    assert said(cut).startswith("the connection failed: ")


@pytest.mark.parametrize(
    "url",
    ["ftp://127.0.0.1/x", "file:///etc/passwd", "nonsense", "http://", "http://127.0.0.1/a b", "http://例.example"],
)
def test_an_address_that_is_none_is_not_shown(url: str) -> None:
    """It may hold a token all the same."""
    outcome = Sender(channel(), {"URL": f"{url}{TOKEN}"}).send(message(), NOW)
    assert said(outcome) == "the address is none of http or https" or url == "http://"
    assert TOKEN not in repr(outcome)


def test_a_port_that_is_none_tells_nothing_of_the_address() -> None:
    """The words of Python's own exception would hold it."""
    outcome = Sender(channel(), {"URL": f"http://127.0.0.1:{TOKEN}/x"}).send(message(), NOW)
    assert said(outcome) == "the connection failed: InvalidURL"
    assert TOKEN not in repr(outcome)


def test_a_name_that_nobody_knows_is_tried_again() -> None:
    """The network may be down."""
    outcome = Sender(channel(), {"URL": "http://nobody.invalid/x"}).send(message(), NOW)
    assert (said(outcome), outcome.again) == ("the name of the server is not known", True)


def test_a_token_that_a_server_says_back_is_not_shown() -> None:
    """Nor is a part of the address in its words."""
    body = json.dumps({"errcode": 300001, "errmsg": f"token {TOKEN} of {SECRET} is bad"}).encode()
    with answering(Reply(200, body)) as server:
        assert said(send(ChannelKind.DINGTALK, server.url)) == "the robot refused it: 300001 token *** of *** is bad"


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_recovers_takes_the_message(kind: ChannelKind) -> None:
    """Each attempt stands alone."""
    answers: list[Reply | Reset] = [Reply(503), Reset(), Reply(200, GOOD[kind])]
    with answering(*answers) as server:
        outcomes = [send(kind, server.url) for _ in answers]
    assert [outcome.problem is None for outcome in outcomes] == [False, False, True]
    assert len({got.body for got in server.got}) == 1


CALLS: tuple[Callable[[Sender], object], ...] = (repr, str, vars)


@pytest.mark.parametrize("call", CALLS)
def test_a_sender_holds_no_secret_of_a_file(call: Callable[[Sender], object]) -> None:
    """What is read to send is kept nowhere."""
    sender = Sender(channel(signed=True), {})
    assert SECRET not in str(call(sender))
