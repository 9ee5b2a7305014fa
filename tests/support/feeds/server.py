"""A real HTTP server on this machine that answers as a test tells it, and remembers who asked."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Page:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    """Answered 304 to who holds it."""
    length: int | None = None
    """What ``Content-Length`` says, if not the truth."""


@dataclass
class FeedServer:
    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    """Paths with the headers of their requests, names in lower case."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[FeedServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append((self.path, headers))
            page = server.pages.get(self.path, Page(status=404))
            if page.etag and headers.get("if-none-match") == page.etag:
                page = Page(status=304, etag=page.etag)
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.etag:
                self.send_header("ETag", page.etag)
            if page.status != 304:
                length = len(page.body) if page.length is None else page.length
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(page.body)

        def handle(self) -> None:
            with suppress(OSError):  # the client refused the certificate, or hung up
                super().handle()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server = FeedServer(http.server_address[1])
        if tls:
            # Shaken by the thread that reads, so that who refuses the certificate blocks no one.
            http.socket = tls.wrap_socket(
                http.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
