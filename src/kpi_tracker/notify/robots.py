"""The robots of chat services and the webhook: what each is sent, and what its answer means.

DingTalk, WeCom and Feishu answer HTTP 200 whatever happened, with an error code in the body.
"""

import base64
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_
from kpi_tracker.notify.markup import DIALECTS
from kpi_tracker.notify.message import Message
from kpi_tracker.notify.outcome import SENT, Outcome, failed
from kpi_tracker.notify.post import Answer, post

__all__ = ["dingtalk", "feishu", "slack", "webhook", "wecom"]

LONGEST_REASON = 200
DINGTALK_BUSY = (-1, 130101, 410100)
WECOM_BUSY = (-1, 45009, 45033)
FEISHU_BUSY = (9499, 11232, 11233)
SECTION = 2900
"""The characters of one section of Slack, which takes 3,000."""


def dingtalk(message: Message, url: str, secret: str, now: datetime) -> Outcome:
    """Send a message to a robot of DingTalk; the signature goes into the address, encoded once."""
    if secret:
        stamp = str(round(now.timestamp() * 1000))
        sign = quote_plus(_signature(secret.encode(), f"{stamp}\n{secret}".encode()))
        url = f"{url}{'&' if '?' in url else '?'}timestamp={stamp}&sign={sign}"
    body: dict[str, Any] = {"msgtype": "markdown", "markdown": {"title": message.subject, "text": message.text}}
    if message.mention:
        mobiles = [one for one in message.mention if one.isdecimal()]
        users = [one for one in message.mention if not one.isdecimal()]
        body["at"] = {"atMobiles": mobiles, "atUserIds": users, "isAtAll": False}
    return post(url, _json(body), {}, lambda answer: _coded(answer, ("errcode",), "errmsg", DINGTALK_BUSY))


def wecom(message: Message, url: str, _secret: str, _now: datetime) -> Outcome:
    """Send a message to a group robot of WeCom."""
    body = {"msgtype": "markdown", "markdown": {"content": message.text}}
    return post(url, _json(body), {}, lambda answer: _coded(answer, ("errcode",), "errmsg", WECOM_BUSY))


def feishu(message: Message, url: str, secret: str, now: datetime) -> Outcome:
    """Send a card to a robot of Feishu; the signature goes into the body, its key is what is signed elsewhere."""
    signed: dict[str, str] = {}
    if secret:
        stamp = str(int(now.timestamp()))
        signed = {"timestamp": stamp, "sign": _signature(f"{stamp}\n{secret}".encode(), b"")}
    card = {
        "config": {"wide_screen_mode": True},
        "header": {"title": {"tag": "plain_text", "content": message.subject}},
        "elements": [{"tag": "markdown", "content": message.text}],
    }
    body = {**signed, "msg_type": "interactive", "card": card}
    return post(url, _json(body), {}, lambda answer: _coded(answer, ("code", "StatusCode"), "msg", FEISHU_BUSY))


def slack(message: Message, url: str, _secret: str, _now: datetime) -> Outcome:
    """Send a message to an incoming webhook of Slack, which answers `ok`."""
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": part, "verbatim": True}} for part in _parts(message.text)
    ]
    text = DIALECTS[message.kind].escape(message.subject)

    def judge(answer: Answer) -> Outcome:
        return SENT if answer.body.strip() == b"ok" else _unread(answer)

    return post(url, _json({"text": text, "blocks": blocks}), {}, judge)


def webhook(message: Message, url: str, secret: str, now: datetime) -> Outcome:
    """Send the facts of a message with its text, signed over time and body, with its key against being taken twice."""
    facts = json.loads(message.facts)
    told = {"key": message.key, "route": message.route, "subject": message.subject, "text": message.text}
    body = _json({**facts, **told})
    headers = {"Idempotency-Key": message.key}
    if secret:
        stamp = str(int(now.timestamp()))
        sign = hmac.new(secret.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
        headers |= {"X-Kpi-Tracker-Timestamp": stamp, "X-Kpi-Tracker-Signature": f"sha256={sign}"}
    return post(url, body, headers, lambda _answer: SENT)


def _signature(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, "sha256").digest()).decode()


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _coded(answer: Answer, keys: Iterable[str], reason: str, busy: tuple[int, ...]) -> Outcome:
    """Judge an answer by the code in it: 0 is success, and only 0; a body without one is none."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        said = None
    code = next((said[key] for key in keys if key in said), None) if isinstance(said, dict) else None
    if type(code) is not int:
        return _unread(answer)
    if code == 0:
        return SENT
    why = _shown(str(said.get(reason, "")))
    return failed(N_("the robot refused it: {code} {reason}"), again=code in busy, code=code, reason=why)


def _unread(answer: Answer) -> Outcome:
    shown = _shown(answer.body[: LONGEST_REASON * 4].decode("utf-8", "replace"))
    return failed(N_("the answer is not that of the service: “{answer}”"), answer=shown)


def _shown(text: str) -> str:
    return plain(" ".join(text.split()))[:LONGEST_REASON]


def _parts(text: str) -> list[str]:
    """Return a text in parts that Slack takes as sections, broken between lines."""
    parts = [""]
    for line in text.strip().split("\n"):
        if len(parts[-1]) + len(line) >= SECTION:
            parts.append("")
        parts[-1] += f"{line[: SECTION - 1]}\n"
    return [part.strip("\n") for part in parts if part.strip("\n")]
