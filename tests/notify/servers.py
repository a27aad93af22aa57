"""Servers on loopback that stand for the services: they answer what they are told, and keep what they were sent."""

import base64
import contextlib
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Answering", "Got", "Hang", "MailServer", "Reply", "Reset", "answering", "certificate", "mail_server"]


class Got(NamedTuple):
    """A request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


class Reply(NamedTuple):
    """An answer of a service."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Hang(NamedTuple):
    """An answer that never ends: a byte now and then, or nothing at all."""

    seconds: float = 3.0
    silent: bool = False


class Reset(NamedTuple):
    """A connection that is cut."""


class Answering:
    """What a server answers, one after the other, the last for ever; or what a function makes of a request."""

    def __init__(self, *answers: Reply | Hang | Reset | Callable[[Got], Reply]) -> None:
        """Answer `answers`."""
        self.answers, self.got, self.url = list(answers), list[Got](), ""

    def next(self) -> Any:
        """Return the next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextlib.contextmanager
def answering(
    *answers: Reply | Hang | Reset | Callable[[Got], Reply], files: tuple[Path, Path] | None = None
) -> Iterator[Answering]:
    """Run a server on loopback that answers `answers`, over TLS where it has `files`; its address is `url`."""
    script = Answering(*answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got = Got(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            script.got.append(got)
            answer = script.next()
            if isinstance(answer, Reset):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            if isinstance(answer, Hang):
                self._drip(answer)
                return
            status, data, headers = answer(got) if callable(answer) else answer
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with contextlib.suppress(OSError):  # who asked may have heard enough
                self.wfile.write(data)

        def _drip(self, answer: Hang) -> None:
            end = time.monotonic() + answer.seconds
            if answer.silent:
                time.sleep(answer.seconds)
                return
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                while time.monotonic() < end:
                    self.wfile.write(b" ")
                    time.sleep(0.05)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Say nothing of a connection that was cut."""

    with Server(("127.0.0.1", 0), Handler) as server:
        script.url = f"http{'s' if files else ''}://127.0.0.1:{server.server_address[1]}"
        if files:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*files)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for localhost that nobody signed, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return cert, key


class MailServer:
    """A small mail server: what it offers, whom it refuses, and what it was given."""

    def __init__(self, context: ssl.SSLContext | None, tls: bool) -> None:
        """Offer STARTTLS where there is a certificate, or speak TLS at once."""
        self.context, self.tls, self.port = context, tls, 0
        self.replies: dict[str, str] = {}
        """What a command is answered instead of success."""
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.logins: list[tuple[str, str, bool]] = []


class _Conversation(socketserver.StreamRequestHandler):
    """One connection to the mail server."""

    def handle(self) -> None:
        mails: MailServer = self.server.mails  # type: ignore[attr-defined]
        self.safe = mails.tls
        if mails.tls:
            self._encrypt(mails)
        self.say("220 ready")
        sender, to = "", list[str]()
        while line := self.rfile.readline(2000):
            words = line.decode("ascii", "replace").strip()
            verb = words.split(" ")[0].upper()
            if verb in mails.replies:
                self.say(mails.replies[verb])
            elif verb == "EHLO":
                self.say("250-localhost")
                if mails.context and not self.safe:
                    self.say("250-STARTTLS")
                self.say("250 AUTH PLAIN")
            elif verb == "STARTTLS":
                self.say("220 go ahead")
                self._encrypt(mails)
            elif verb == "AUTH":
                _, user, password = base64.b64decode(words.split(" ")[2]).decode().split("\0")
                mails.logins.append((user, password, self.safe))
                self.say("235 welcome")
            elif verb == "MAIL":
                sender = words
                self.say("250 ok")
            elif verb == "RCPT":
                to.append(words)
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                mails.mails.append((sender, to, self._data()))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(f"{line}\r\n".encode())

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def _encrypt(self, mails: MailServer) -> None:
        assert mails.context is not None
        self.request = mails.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        self.safe = True

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        with contextlib.suppress(OSError):
            self.request.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a line that was cut."""


@contextlib.contextmanager
def mail_server(files: tuple[Path, Path] | None = None, tls: bool = False) -> Iterator[MailServer]:
    """Run a mail server on loopback."""
    context = None
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
    mails = MailServer(context, tls)
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.mails = mails  # type: ignore[attr-defined]
        mails.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield mails
        finally:
            server.shutdown()
            thread.join()
