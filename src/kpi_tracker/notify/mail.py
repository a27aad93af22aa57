"""Mail by SMTP: text with an HTML alternative, over a line that is encrypted before anybody logs in."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.language import N_
from kpi_tracker.notify.config import Mailbox, Security
from kpi_tracker.notify.message import Message
from kpi_tracker.notify.outcome import SENT, Outcome, failed, network_failure

__all__ = ["letter_of", "mail"]

SECONDS = 10.0
FOR_NOW, FOR_EVER = 400, 500
LONGEST_REASON = 200


def mail(message: Message, box: Mailbox, password: str, now: datetime) -> Outcome:
    """Send a message to its one address."""
    try:
        with _connected(box) as server:
            if box.user:
                server.login(box.user, password)
            server.send_message(letter_of(message, box, now))
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(*error.recipients[message.to])
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError:
        return failed(N_("the mail server offers no encryption or no login"))
    except (OSError, smtplib.SMTPException) as error:
        return network_failure(error)
    return SENT


def letter_of(message: Message, box: Mailbox, now: datetime) -> EmailMessage:
    """Return the mail. Its id follows from the key: one that is sent again after a crash is known as the same."""
    letter = EmailMessage()
    letter["Subject"] = plain(" ".join(message.subject.split()))
    letter["From"], letter["To"] = box.sender, message.to
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{message.key}@{box.sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text, cte="base64")
    letter.add_alternative(message.html, subtype="html", cte="base64")
    return letter


def _connected(box: Mailbox) -> smtplib.SMTP:
    if box.security is Security.TLS:
        return smtplib.SMTP_SSL(box.host, box.port, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(box.host, box.port, timeout=SECONDS)
    if box.security is Security.STARTTLS:
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _refused(code: int, reason: bytes | str) -> Outcome:
    """Return what a reply of the server comes to: 4xx is for now, 5xx for ever."""
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    shown = plain(" ".join(words.split()))[:LONGEST_REASON]
    again = FOR_NOW <= code < FOR_EVER
    return failed(N_("the mail server refused it: {code} {reason}"), again=again, code=code, reason=shown)
