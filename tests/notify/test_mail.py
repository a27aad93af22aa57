"""Mail on loopback: a real conversation by SMTP, encrypted before anybody logs in, and what each refusal means."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from kpi_tracker.language import language
from kpi_tracker.notify.config import ChannelKind, Security
from kpi_tracker.notify.mail import letter_of
from kpi_tracker.notify.outcome import SENT, Outcome
from kpi_tracker.notify.senders import Sender
from kpi_tracker.secret import Secret
from tests.notify.made import NOW, channel, message
from tests.notify.servers import MailServer, certificate, mail_server

PASSWORD = "correct-horse-battery"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate of localhost with its key."""
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Return the same, trusted by this process."""
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    return files


@pytest.fixture
def offers(trusted: tuple[Path, Path]) -> Iterator[MailServer]:
    """Return a mail server that offers STARTTLS."""
    with mail_server(trusted) as server:
        yield server


def send(server: MailServer, security: Security, login: bool = True, **more: Any) -> Outcome:
    """Send a message by the server and return what came of it; the password is never in that."""
    who: dict[str, Any] = {"user": "plan", "password": Secret("PASSWORD")} if login else {}
    to = channel(ChannelKind.MAIL, port=server.port, security=security, **who)
    outcome = Sender(to, {"PASSWORD": PASSWORD}).send(message(channel=to, **more), NOW)
    assert PASSWORD not in repr(outcome)
    return outcome


def said(outcome: Outcome) -> str:
    """Return why a mail was not taken."""
    assert outcome.problem is not None
    return language("en").phrase(outcome.problem)


def parsed(data: bytes) -> EmailMessage:
    """Return a mail as a reader sees it."""
    found = message_from_bytes(data, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_mail_is_text_and_html_and_goes_over_an_encrypted_line(offers: MailServer) -> None:
    """Whoever logs in does so after STARTTLS, and the certificate was checked."""
    assert send(offers, Security.STARTTLS) == SENT
    assert offers.logins == [("plan", PASSWORD, True)]
    [(sender, to, data)] = offers.mails
    assert (sender.split(" ")[1], to) == ("FROM:<plan@example.org>", ["rcpt TO:<a@example.org>"])
    mail, made = parsed(data), message(ChannelKind.MAIL)
    assert str(mail["Subject"]) == made.subject
    assert (mail["From"], mail["To"]) == ("plan@example.org", "a@example.org")
    assert mail["Message-ID"].endswith("@example.org>")
    assert (mail["Date"], mail["Auto-Submitted"]) == ("Fri, 01 Oct 2021 03:00:00 +0800", "auto-generated")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == made.text
    assert html.get_content().replace("\r\n", "\n") == made.html


def test_tls_from_the_start(trusted: tuple[Path, Path]) -> None:
    """The other usual way."""
    with mail_server(trusted, tls=True) as server:
        assert send(server, Security.TLS) == SENT
        assert server.logins == [("plan", PASSWORD, True)]


def test_an_open_line_without_login() -> None:
    """A relay of the own network."""
    with mail_server() as server:
        assert send(server, Security.NONE, login=False) == SENT
        assert server.logins == []
        assert len(server.mails) == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_is_not_trusted_is_refused(files: tuple[Path, Path], security: Security) -> None:
    """Before the password is sent."""
    with mail_server(files, tls=security is Security.TLS) as server:
        outcome = send(server, security)
        assert server.logins == []
    assert said(outcome).startswith("the certificate of the server is not trusted: ")
    assert not outcome.again


def test_a_server_without_encryption_gets_no_password() -> None:
    """It may be somebody in between who took the offer out."""
    with mail_server() as server:
        outcome = send(server, Security.STARTTLS)
        assert server.logins == []
    assert said(outcome) == "the mail server offers no encryption or no login"


@pytest.mark.parametrize(
    ("verb", "reply", "reason", "again"),
    [
        ("AUTH", "535 5.7.8 bad credentials", "535 5.7.8 bad credentials", False),
        ("AUTH", "454 4.7.0 not now", "454 4.7.0 not now", True),
        ("MAIL", "451 try later", "451 try later", True),
        ("RCPT", "550 5.1.1 no such user", "550 5.1.1 no such user", False),
        ("RCPT", "450 4.2.0 greylisted", "450 4.2.0 greylisted", True),
        ("DATA", "554 spam", "554 spam", False),
        ("EHLO", "421 shutting down", "421 shutting down", True),
    ],
)
def test_a_refusal_is_for_now_or_for_ever(offers: MailServer, verb: str, reply: str, reason: str, again: bool) -> None:
    """4xx is tried again, 5xx is not."""
    offers.replies[verb] = reply
    offers.replies["HELO"] = reply
    outcome = send(offers, Security.STARTTLS)
    assert said(outcome) == f"the mail server refused it: {reason}"
    assert outcome.again is again
    assert offers.mails == []


def test_a_server_that_says_the_password_back_is_not_repeated(offers: MailServer) -> None:
    """Its words are shown without it."""
    offers.replies["AUTH"] = f"535 no user plan with {PASSWORD}"
    assert said(send(offers, Security.STARTTLS)) == "the mail server refused it: 535 no user plan with ***"


def test_a_server_that_is_not_there_is_tried_again() -> None:
    """Nothing listens at this port."""
    with mail_server() as server:
        pass
    outcome = send(server, Security.STARTTLS)
    assert (said(outcome), outcome.again) == ("the connection failed: Connection refused", True)


def test_a_password_that_is_not_there_is_named(offers: MailServer) -> None:
    """Nothing is sent."""
    to = channel(ChannelKind.MAIL, port=offers.port, user="plan", password=Secret("PASSWORD"))
    assert said(Sender(to, {}).send(message(channel=to), NOW)) == "the environment variable PASSWORD is not set"


@pytest.mark.parametrize("subject", ["a\r\nBcc: x@y.z", "a\nb", "\x00\x1b[31m a", "题" * 300])
def test_a_subject_adds_no_header(subject: str) -> None:
    """A title with line ends stays in its line."""
    to = channel(ChannelKind.MAIL)
    assert to.mail is not None
    letter = letter_of(message(channel=to)._replace(subject=subject), to.mail, NOW)
    assert parsed(letter.as_bytes()).keys() == parsed(letter_of(message(channel=to), to.mail, NOW).as_bytes()).keys()
    assert str(parsed(letter.as_bytes())["Subject"]).isprintable()
