"""Notify files as they are read: what they say, and every fault with its place and without a secret."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_tracker.changes import ChangeKind
from kpi_tracker.notify.config import Channel, ChannelKind, DigestDay, Lang, Mailbox, NotifyConfig, Route, Security
from kpi_tracker.notify.night import Level
from kpi_tracker.notify.reading import NotifyReading, read_notify
from kpi_tracker.secret import Secret

WHOLE = """\
format: kpi-tracker/notify/v1
link: https://plans.example.org/2021/
channels:
  office: {type: dingtalk, url: {env: URL}, secret: {file: ding.secret}}
  post:
    type: mail
    host: smtp.example.org
    user: plan
    password: {env: PASSWORD}
    from: plan@example.org
    to: [a@example.org, b@example.org, a@example.org]
routes:
  - name: everything
    channel: office
    lang: zh
    digest: month-end
    mention: [13800000000]
  - name: growth
    channel: post
    owner: [发展科]
    branch: [/growth/fund/]
    plan: [p]
    changes: [newly_lagging, recovered]
    level: orange
"""
START = "format: kpi-tracker/notify/v1\n"
MAIL = "channels:\n  m: {type: mail, host: h, from: a@b.c, to: [a@b.c]%s}\n"
ROBOT = "channels:\n  c: {type: slack, url: {env: U}}\n"


def read(folder: Path, text: str) -> NotifyReading:
    """Return the reading of a file that holds `text`."""
    (folder / "notify.yaml").write_text(text, "utf-8")
    return read_notify(folder / "notify.yaml")


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    """Every key has its place, and a secret's file is looked for beside the notify file."""
    office = Channel("office", ChannelKind.DINGTALK, Secret("URL"), Secret(file=str(tmp_path / "ding.secret")))
    box = Mailbox("smtp.example.org", "plan@example.org", ("a@example.org", "b@example.org"), 587, Security.STARTTLS,
                  "plan", Secret("PASSWORD"))  # fmt: skip
    post = Channel("post", ChannelKind.MAIL, mail=box)
    kinds = (ChangeKind.NEWLY_LAGGING, ChangeKind.RECOVERED)
    routes = (
        Route("everything", office, Lang.ZH, digest=DigestDay.MONTH_END, mention=("13800000000",)),
        Route("growth", post, Lang.BOTH, ("发展科",), ("growth/fund",), ("p",), kinds, Level.ORANGE),
    )
    found = read(tmp_path, WHOLE)
    assert found == NotifyReading(NotifyConfig(routes, (office, post), "https://plans.example.org/2021"), ())


def test_without_routes_every_channel_is_told_everything(tmp_path: Path) -> None:
    """Each channel has a route of its name; ports follow from the security, templates lie beside the file."""
    (tmp_path / "notify-templates").mkdir()
    found = read(tmp_path, START + MAIL % ", security: tls")
    assert found.config is not None
    [only] = found.config.routes
    assert (only.name, only.channel.mail and only.channel.mail.port) == ("m", 465)
    assert found.config.overrides == str(tmp_path / "notify-templates")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "KT102"),
        ("# nothing\n", "KT102"),
        ("a: [\n", "KT106"),
        ("- a\n", "1:1 KT203 must be a mapping that starts with “format: kpi-tracker/notify/v1”"),
        ("format: kpi-tracker/v1\n" + ROBOT, "1:9 KT211"),
        (START, "1:1 KT202 a notify file needs the key “channels”"),
        (START + "channels: {}\n", "2:11 KT203"),
        (START + "channels: 3\n", "2:11 KT203"),
        (START + "channels:\n  c: 3\n", "3:6 KT203 “c” must be a mapping with the type"),
        (START + "channels:\n  c: {url: {env: U}}\n", "3:6 KT202 a channel needs the key “type”"),
        (START + "channels:\n  c: {type: wecomm}\n", "3:13 KT204 did you mean “wecom”?"),
        (START + "channels:\n  c: {type: [1]}\n", "3:13 KT203"),
        (START + ROBOT + "  c: {type: slack, url: {env: U}}\n", "4:3 KT110 a second time; the first is in line 3"),
        (START + "channels:\n  c: {type: slack, url: {env: U}, secret: {env: U}}\n", "3:35 KT201 a Slack channel"),
        (START + "channels:\n  c: {type: slack, url: {}}\n", "3:25 KT209 it has none"),
        (START + "channels:\n  c: {type: slack, url: {env: U, file: f}}\n", "3:25 KT209 it has env, file"),
        (START + MAIL.replace("[a@b.c]", "[]") % "", "3:45 KT203 “to” must be a list of mail addresses"),
        (START + MAIL % ", port: 0", "KT206 “port” must be a port from 1 to 65535, not “0”"),
        (START + MAIL % ", user: u", "KT202 a mail channel needs the key “password”"),
        (START + MAIL % ", password: {env: P}", "KT202 a mail channel needs the key “user”"),
        (START + MAIL % ", user: u, password: {env: P}, security: none", "KT702"),
        (START + MAIL.replace("[a@b.c]", '["a@b.c\\nBcc: x@y.z"]') % "", "KT203 must be a mail address"),
        (START + ROBOT + "link: javascript:alert(1)\n", "4:7 KT203 “link” must be an address"),
        (START + ROBOT + "link: https://[x/\n", "4:7 KT203"),
        (START + ROBOT + "routes: [{name: r, channel: d}]\n", "4:29 KT703 no channel “d” in this file; there are: c"),
        (START + ROBOT + "routes: [{name: r, chanel: c}]\n", "4:20 KT201 did you mean “channel”?"),
        (START + ROBOT + "routes: [{name: r, channel: c}, {name: r, channel: c}]\n", "4:40 KT301 another route has it"),
        (START + ROBOT + "routes: [{name: r, channel: c, mention: [all]}]\n", "4:42 KT203 one person"),
        (START + MAIL % "" + "routes: [{name: r, channel: m, mention: [u1]}]\n", "4:41 KT704"),
        (START + ROBOT + "routes: [{name: r, channel: c, digest: mondays}]\n", "KT204 did you mean “monday”?"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    """There is no configuration where anything is wrong with it."""
    found = read(tmp_path, text)
    assert found.config is None
    parts = re.fullmatch(r"(\d+:\d+)? ?(KT\d+) ?(.*)", fault)
    assert parts is not None
    place, code, words = parts.groups()
    told = [one.render() for one in found.diagnostics]
    assert any(words in one and f"{place or ''}: error {code}: " in one for one in told)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A broken channel does not make a fault of the routes that name it."""
    text = START + "channels:\n  c: {type: slack, url: 3}\nroutes: [{name: r, channel: c}, {name: s, channel: x}]\n"
    assert [fault.code for fault in read(tmp_path, text).diagnostics] == ["KT701", "KT703"]


@pytest.mark.parametrize(
    "line",
    [
        "c: {type: slack, url: %s}",
        "c: {type: slack, url: {env: %s}}",
        "c: {type: slack, url: [%s]}",
        "c: {type: dingtalk, url: {env: U}, secret: '%s'}",
        "c: {type: dingtalk, url: {env: U}, secrt: '%s'}",
        "c: {type: dingtalk, url: {env: U}, secret: !%s x}",
        "c: {type: dingtalk, url: {env: U}, secret: *%s }",
        "c: %s",
        "c:%s",
        "c: {type: %s}",
        "c: {type: mail, host: h, from: '%s', to: [a@b.c], password: '%s'}",
    ],
)
@pytest.mark.parametrize(
    "secret", ["SECabcdef123-not-for-eyes", "https://oapi.example/robot/send?access_token=abcdef123"]
)
def test_a_secret_that_stands_in_the_file_is_refused_and_not_shown(tmp_path: Path, line: str, secret: str) -> None:
    """Neither what is printed nor what a debugger shows holds it, wherever it was written by mistake."""
    if secret.startswith("https") and line.endswith((" x}", "*%s }")):
        secret = "oapi-abcdef123"
    if line == "c: {type: %s}" and not secret.startswith("https"):
        secret = "x" * 50 + "abcdef123"
    found = read(tmp_path, START + "channels:\n  " + line.replace("%s", secret) + "\n")
    assert found.config is None
    assert found.diagnostics
    for fault in found.diagnostics:
        for shown in (fault.render("en"), fault.render("zh"), repr(fault), str(fault.to_dict())):
            assert "abcdef123" not in shown


PIECES = st.sampled_from(
    [*WHOLE.splitlines(keepends=True), "- ", ": ", "{", "}", "[", "]", "*a", "&a ", "!x ", "\n", "~", "\t", "'"]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 30), PIECES), min_size=1, max_size=4))
def test_no_file_ends_in_a_traceback(tmp_path: Path, edits: list[tuple[int, int, str]]) -> None:
    """Whatever somebody does to it, it is read or its faults are told."""
    text = WHOLE
    for at, gone, new in edits:
        text = text[:at] + new + text[at + gone :]
    found = read(tmp_path, text)
    assert (found.config is None) == bool(found.diagnostics)
    for fault in found.diagnostics:
        fault.render("zh")
