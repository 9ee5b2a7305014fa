"""The HTTP server: uvicorn, made wary of clients that are slow on purpose, and quick to stop.

Uvicorn gives a client for ever to send the head of a request and to read its answer. Here a
head has a deadline, a client that reads nothing is cut off, and connections have places
(`workers/api/places.py`).
"""

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, cast

import h11
import uvicorn
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from workers.api.places import GUEST, PROBES, Places, share_of
from workers.api.problems import MEDIA_TYPE, Problem, problem_body, problem_response
from workers.errors import CantListen
from workers.settings import Settings

log = logging.getLogger("onestory.api")

_GRACE_S = 2
"""For requests in work when the server is told to stop."""
_KEEP_ALIVE_S = 15
_MOST_WAITING = 2_048
"""Connections that nobody has taken up yet; as many as uvicorn's own."""
_CROWDED = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "too many connections at once; try again",
    headers={"Retry-After": "5", "Connection": "close"},
)
_AMBIGUOUS = Problem(
    HTTPStatus.BAD_REQUEST,
    "Transfer-Encoding beside Content-Length, or in HTTP/1.0: where such a request ends is read "
    "in two ways (RFC 9112, 6.1)",
    headers={"Connection": "close"},
)


class _Config(uvicorn.Config):
    limits: Settings
    places: Places


class WaryProtocol(H11Protocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        config = cast(_Config, self.config)
        self._limits, self._places = config.limits, config.places
        self.app = self._answer
        self.address = ""
        self.is_known = False
        self._is_spare = False
        self._deadline: asyncio.TimerHandle | None = None
        """By which the head of the next request has to be there."""
        self._heard = False
        """Anything at all."""
        self._stuck: asyncio.TimerHandle | None = None
        """When it is looked whether the client reads."""

    @property
    def is_busy(self) -> bool:
        """A request is being answered."""
        return not getattr(self.cycle, "response_complete", True)  # None before the first

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place."""
        super().connection_made(cast(asyncio.Transport, transport))
        self.address = share_of(self.client[0]) if self.client else ""
        self._is_spare = not self._places.take(self)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave no timer behind."""
        super().connection_lost(exc)
        self._places.leave(self)
        self._unset_keepalive_if_required()
        for timer in (self._deadline, self._stuck):
            if timer is not None:
                timer.cancel()

    def give_way(self) -> None:
        """Hang up; on who reads nothing without a word."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Take bytes; while they make no whole head, its deadline stands."""
        self._heard = True
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            if self._deadline is None:
                self._expect_head()
        elif self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def pause_writing(self) -> None:
        """The client does not read, or not as fast as it is sent."""
        super().pause_writing()
        self._cut_off_later()

    def resume_writing(self) -> None:
        """It read."""
        super().resume_writing()
        if self._stuck is not None and not self.transport.is_closing():
            self._stuck.cancel()
            self._stuck = None

    def on_response_complete(self) -> None:
        """What is still to be written when a connection closes has a deadline too."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._cut_off_later()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection."""
        super().timeout_keep_alive_handler()
        self._cut_off_later()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is answered all the same."""
        self._refuse(Problem(HTTPStatus.BAD_REQUEST, msg))

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(self._limits.api_body_timeout_s, self._too_slow)

    def _too_slow(self) -> None:
        self._deadline = None
        if not self._heard:  # a browser's, in reserve: an answer to nothing would confuse it
            self.transport.close()
        elif not self.transport.is_closing():
            within = f"no request within {self._limits.api_body_timeout_s:g} s"
            self._refuse(Problem(HTTPStatus.REQUEST_TIMEOUT, within))

    def _refuse(self, problem: Problem) -> None:
        """Answer outside of any request; h11 would not, after a fault of the client."""
        body = problem_body(problem)
        head = (
            f"HTTP/1.1 {problem.status.value} {problem.status.phrase}\r\n"
            f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
        self._cut_off_later()

    def _cut_off_later(self) -> None:
        if self._stuck is None:
            self._watch(self.transport.get_write_buffer_size())

    def _watch(self, unsent: int) -> None:
        after = self._limits.api_write_timeout_s
        self._stuck = self.loop.call_later(after, self._cut_off, unsent)

    def _cut_off(self, unsent_before: int) -> None:
        """Hang up on who read nothing since; a slow line has as long as it needs."""
        unsent = self.transport.get_write_buffer_size()
        if 0 < unsent < unsent_before:
            self._watch(unsent)
        else:
            self._stuck = None
            self.transport.abort()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        scope[GUEST] = self
        if _is_ambiguous(scope):
            await problem_response(Request(scope), _AMBIGUOUS)(scope, receive, send)
        elif self._is_spare and scope["path"] not in PROBES:
            await problem_response(Request(scope), _CROWDED)(scope, receive, send)
        else:
            await self.config.loaded_app(scope, receive, send)


def _is_ambiguous(scope: Scope) -> bool:
    """Whether a proxy may have seen the end of this request elsewhere. What else is ambiguous
    (lengths that differ, unknown codings) h11 refuses.
    """
    names = {name for name, _ in scope["headers"]}
    if b"transfer-encoding" not in names:
        return False
    return b"content-length" in names or scope["http_version"] != "1.1"


class ApiServer(uvicorn.Server):
    """Ends with exit code 0 on SIGTERM, and does not wait for clients of the event stream."""

    def __init__(
        self,
        config: uvicorn.Config,
        after_startup: Callable[[], None],
        before_shutdown: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._after_startup = after_startup
        self._before_shutdown = before_shutdown

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer."""
        await super().startup(sockets)
        self._after_startup()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; streams that would never end are ended first."""
        self._before_shutdown()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn would raise the signal once more at the end, and so die of it."""
        with contextlib.ExitStack() as undo:
            for name in (signal.SIGTERM, signal.SIGINT):
                with contextlib.suppress(ValueError):  # not in the main thread: tests
                    before = signal.signal(name, self.handle_exit)
                    undo.callback(signal.signal, name, before)
            yield


def _nothing() -> None:
    pass


def api_server(
    app: Any,
    settings: Settings,
    *,
    after_startup: Callable[[], None] = _nothing,
    before_shutdown: Callable[[], None] = _nothing,
) -> ApiServer:
    """A server of an app; ``serve`` takes the sockets it listens at."""
    config = _Config(
        app,
        http=WaryProtocol,
        ws="none",
        log_config=None,
        log_level="error",  # else a line for whatever is no HTTP
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    config.limits = settings
    config.places = Places(settings.api_most_connections, settings.api_most_per_address)
    return ApiServer(config, after_startup, before_shutdown)


def listening(host: str, port: int) -> list[socket.socket]:
    """Sockets at every address of a host; port 0 takes a free one, the same for all.

    They listen at once: a port that is only bound may be bound by another process as well, and
    whoever comes second would hear of it when all else has been started. Who connects early waits.

    Raises:
        CantListen: the port is taken, or the host has no address here.
    """
    try:
        return _listening(host, port)
    except OSError as error:
        raise CantListen(host, port, error) from error


def _listening(host: str, port: int) -> list[socket.socket]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    fault = OSError(f"{host} has no address on this machine")
    with contextlib.ExitStack() as undo:
        sockets: list[socket.socket] = []
        for family, address in dict.fromkeys((each[0], each[4]) for each in found):
            taken = sockets[0].getsockname()[1] if sockets else port
            try:
                listener = _bound(family, (address[0], taken, *address[2:]))
            except OSError as error:
                # ``localhost`` names ::1 also where there is no IPv6.
                if error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                    raise
                fault = error
                continue
            sockets.append(undo.enter_context(listener))
        undo.pop_all()
    if not sockets:
        raise fault
    return sockets


def _bound(family: int, address: Any) -> socket.socket:
    # Named, or asyncio does not know that it is TCP, and each answer waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(_MOST_WAITING)
    except OSError:
        listener.close()
        raise
    return listener
