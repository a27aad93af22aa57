"""A store that speaks as much of S3 as reading takes: what a bucket holds, and objects, whole or in part, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

__all__ = ["BUCKET", "serving"]

BUCKET = "province"
WHEN = "2021-10-01T00:00:00.000Z"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the files below `folder` as the objects of BUCKET, and give the address of the store."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Store, folder))
    server.daemon_threads = False  # they are waited for: none is left when other tests fork
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Store(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, *args: object) -> None:
        self._folder = folder
        super().__init__(*args)  # type: ignore[arg-type]  # what the server passes on

    def do_GET(self) -> None:
        """Answer a request for the list of a bucket, or for an object."""
        url = urlsplit(self.path)
        bucket, _, key = unquote(url.path).lstrip("/").partition("/")
        if bucket != BUCKET:
            self._answer(404, b"<Error><Code>NoSuchBucket</Code></Error>", "application/xml")
        elif key:
            self._object(self._folder / key)
        else:
            self._list(parse_qs(url.query).get("prefix", [""])[0])

    do_HEAD = do_GET  # noqa: N815 - so is it called

    def _list(self, prefix: str) -> None:
        files = {file.relative_to(self._folder).as_posix(): file for file in sorted(self._folder.rglob("*"))}
        some = {key: file.stat().st_size for key, file in files.items() if key.startswith(prefix) and file.is_file()}
        held = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{WHEN}</LastModified><Size>{size}</Size></Contents>"
            for key, size in some.items()
        )
        text = f"<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>{len(some)}</KeyCount>{held}</ListBucketResult>"
        self._answer(200, text.encode(), "application/xml")

    def _object(self, file: Path) -> None:
        if not file.is_file():
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", "application/xml")
            return
        whole = file.read_bytes()
        wanted = self.headers.get("Range")
        if wanted is None:
            self._answer(200, whole, "application/octet-stream")
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(0, len(whole) - int(last))
        end = min(int(last) + 1 if first and last else len(whole), len(whole))
        self._answer(206, whole[start:end], "application/octet-stream", f"bytes {start}-{end - 1}/{len(whole)}")

    def _answer(self, code: int, body: bytes, kind: str, part: str = "") -> None:
        self.send_response(code)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "ETag": '"1"'}
        headers["Last-Modified"] = "Fri, 01 Oct 2021 00:00:00 GMT"
        for name, value in {**headers, **({"Content-Range": part} if part else {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            with suppress(BrokenPipeError, ConnectionResetError):  # a reader that has seen enough
                self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""
