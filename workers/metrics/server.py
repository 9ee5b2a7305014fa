"""Metrics and health over HTTP, on threads of their own: they answer while the event loop does not.

Each request has a thread, at most ``MOST_REQUESTS`` at a time: one more ends the oldest, since
clients that send a letter now and then would else keep probes out, and who runs this restarts what
no probe reaches. A client that is silent for ``SILENT_S`` is cut off.
"""

import contextlib
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET6, SHUT_RDWR, SO_REUSEADDR, SOL_SOCKET, socket
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from workers.errors import CantListen
from workers.metrics.health import Trouble

log = logging.getLogger("onestory.metrics")

MOST_REQUESTS = 16
SILENT_S = 5.0
_POLL_S = 0.1

Check = Callable[[], Sequence[Trouble]]


class MetricsServer:
    """Serves ``/metrics``, and 200 or 503 for each check, as long as the context is open."""

    def __init__(
        self, host: str, port: int, registry: CollectorRegistry, checks: Mapping[str, Check]
    ) -> None:
        """``checks``: by path.

        Raises:
            CantListen: the port can't be had.
        """
        handler = type("Handler", (_Handler,), {"registry": registry, "checks": checks})
        self._server = _listening(host, port, handler)
        self.port: int = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, name="metrics", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def await_free(host: str, port: int, within_s: float) -> None:
    """Returns once a worker could have the port.

    Raises:
        CantListen: it can't be had within this time.
    """
    deadline = time.monotonic() + within_s
    while True:
        try:
            _listening(host, port, BaseHTTPRequestHandler).server_close()
        except CantListen:
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL_S)
        else:
            return


def _listening(host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> "_Server":
    try:
        return _Server(host, port, handler)
    except (OSError, OverflowError) as error:  # the latter: no such port
        raise CantListen(
            host,
            port,
            error if isinstance(error, OSError) else OSError(str(error)),
            options="ONESTORY_METRICS_HOST or ONESTORY_METRICS_PORT",
            another="set another ONESTORY_METRICS_PORT, one for each worker",
        ) from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Threads of slow clients end by themselves; nobody waits for them at the end.
    block_on_close = False

    def __init__(self, host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        if ":" in host:
            self.address_family = AF_INET6
        self._open: dict[socket, None] = {}
        """Connections, oldest first."""
        self._lock = Lock()
        super().__init__((host, port), handler)

    def server_bind(self) -> None:
        # HTTPServer's own looks the host's name up, which may take long. Without the option a port
        # is lost for a minute after a scrape: the side that closes first holds it (TIME_WAIT).
        self.socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            if len(self._open) >= MOST_REQUESTS:
                oldest = next(iter(self._open))
                del self._open[oldest]
                with contextlib.suppress(OSError):  # it has ended
                    oldest.shutdown(SHUT_RDWR)  # its thread wakes up and closes it
            self._open[request] = None
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.pop(request, None)

    def handle_error(self, *_: Any) -> None:
        """A client that goes away in the middle is no event."""


class _Handler(BaseHTTPRequestHandler):
    timeout = SILENT_S
    server_version = "onestory"
    sys_version = ""
    registry: CollectorRegistry
    checks: Mapping[str, Check]

    def do_GET(self) -> None:
        try:
            self._serve()
        except OSError:
            raise
        except Exception:
            log.exception("%s failed", self.path)
            self._problem(HTTPStatus.INTERNAL_SERVER_ERROR, "see the log of this process")

    def _serve(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/metrics":
            encode, content_type = choose_encoder(self.headers.get("Accept", ""))
            self._answer(HTTPStatus.OK, encode(self.registry), content_type)
        elif path in self.checks:
            self._judge(self.checks[path]())
        else:
            self._problem(HTTPStatus.NOT_FOUND, f"there are /metrics, {', '.join(self.checks)}")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _judge(self, troubles: Sequence[Trouble]) -> None:
        if not troubles:
            self._answer(HTTPStatus.OK, b'{"status":"ok"}', "application/json")
            return
        self._problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "; ".join(f"{each.check}: {each.detail}" for each in troubles),
            checks=[{"check": each.check, "detail": each.detail} for each in troubles],
        )

    def _problem(self, status: HTTPStatus, detail: str, **more: Any) -> None:
        body = {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
            **more,
        }
        self._answer(status, json.dumps(body).encode(), "application/problem+json")

    def _answer(self, status: HTTPStatus, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """A line a scrape says nothing."""
