"""Request bodies: bounded in size and in time, and let go of politely.

Uvicorn waits for a body for ever, and closes a connection under a client that still sends,
which then often sees a reset in place of the answer. So a layer around the endpoints gives
every kilobyte a deadline, counts bytes, unpacks them, and after an early answer reads on for a
moment.
"""

import asyncio
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workers.api.codings import Unpacking, coding_of, without_coding
from workers.api.problems import Problem, problem_response
from workers.settings import Settings

_DIGITS = re.compile(r"[0-9]{1,18}")
_LEAST_BYTES = 1_000
"""That a client must bring within ``api_body_timeout_s``."""
_LINGER_S = 2.0
"""Reading on after an early answer."""


ROOM = "onestory.room"
"""Where a request's scope has its `Room`."""
_MOST_HELD = 128_000_000
"""Bytes of bodies that one process holds at a time: every connection may bring one."""


@dataclass(slots=True)
class _Held:
    """Bytes of bodies in memory, of all requests of an app."""

    total: int = 0


@dataclass(slots=True)
class Room:
    """What one request holds of its body; given back at its end."""

    _of_all: _Held = field(default_factory=_Held)
    _mine: int = 0

    def take(self, size: int) -> None:
        """Hold so many bytes more.

        Raises:
            Problem: all requests together hold too much.
        """
        self._mine += size
        self._of_all.total += size
        if self._of_all.total > _MOST_HELD:
            self.give_back()
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too many large bodies at once; try again",
                headers={"Retry-After": "2"},
            )

    def give_back(self, size: int | None = None) -> None:
        """Let go of so many bytes, by default of all."""
        size = self._mine if size is None else size
        self._mine -= size
        self._of_all.total -= size


def room_of(request: Request) -> Room:
    """The room of a request."""
    return cast(Room, request.scope.get(ROOM) or Room())


async def read_body(request: Request, most_bytes: int, what: str) -> bytes:
    """The body of a request; what is over the limit is never held.

    Raises:
        Problem: it is larger, or empty.
    """
    declared = declared_bytes(request.headers)
    too_large = f"{what} over {most_bytes} bytes"
    if declared is not None and declared > most_bytes:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
    pieces, size, room = [], 0, room_of(request)
    async for piece in request.stream():
        size += len(piece)
        room.take(len(piece))
        if size > most_bytes:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
        pieces.append(piece)
    body = b"".join(pieces)
    if not body.strip():
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body is empty, expected {what}")
    return body


def declared_bytes(headers: Headers) -> int | None:
    """``Content-Length``; None if there is none, and more than anything if it is no number."""
    declared = headers.get("content-length")
    if declared is None:
        return None
    return int(declared) if _DIGITS.fullmatch(declared) else 10**18


class Bodies:
    """ASGI middleware: no body is larger or slower than the settings allow."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._most = max(settings.api_most_body_bytes, settings.max_document_bytes)
        self._timeout_s = settings.api_body_timeout_s
        self._held = _Held()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        body = _Body(receive, self._most, self._timeout_s)
        answer = _Answer(send, body)
        declared = declared_bytes(Headers(scope=scope))
        if declared is not None and declared > self._most:
            await problem_response(Request(scope), _too_large(self._most))(
                scope, receive, answer.send
            )
            return
        room = scope[ROOM] = Room(self._held)
        receive = body.receive
        if coding := coding_of(Headers(scope=scope)):
            receive = Unpacking(receive, coding, self._most).receive
            scope["headers"] = without_coding(scope["headers"])
        try:
            await self._app(scope, receive, answer.send)
        finally:
            room.give_back()


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _too_large(most: int) -> Problem:
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"body over {most} bytes; send it in parts")


@dataclass(slots=True)
class _Body:
    """A body on its way in."""

    _receive: Receive
    _most: int
    _timeout_s: float
    done: bool = False
    """All of it came, or nothing more will."""
    _size: int = 0
    _got: int = 0
    """Bytes since the deadline was set anew."""
    _waited_s: float = 0.0
    """Only waiting for the client counts, not the time in which nobody asked."""

    async def receive(self) -> Message:
        """The next piece.

        Raises:
            Problem: it took too long, or the whole is too large.
        """
        if self.done:
            return await self._receive()
        clock = asyncio.get_running_loop().time
        asked = clock()
        try:
            async with asyncio.timeout(self._timeout_s - self._waited_s):
                message = await self._receive()
        except TimeoutError as error:
            self.done = True  # as far as anybody will wait for it
            detail = f"no {_LEAST_BYTES} bytes of the body within {self._timeout_s:g} s"
            raise Problem(HTTPStatus.REQUEST_TIMEOUT, detail, headers=_CLOSE) from error
        self._count(message, clock() - asked)
        return message

    def _count(self, message: Message, waited_s: float) -> None:
        size = len(message.get("body", b""))
        self._size += size
        self._got += size
        self._waited_s += waited_s
        if self._got >= _LEAST_BYTES:
            self._got, self._waited_s = 0, 0.0
        self.done = message["type"] == "http.disconnect" or not message.get("more_body", False)
        if self._size > self._most:
            raise _too_large(self._most)

    async def drain(self) -> None:
        """Take and drop what still comes, for a moment."""
        try:
            async with asyncio.timeout(_LINGER_S):
                while not self.done:
                    message = await self._receive()
                    self.done = not message.get("more_body", False)
        except TimeoutError:
            pass


_CLOSE = {"Connection": "close"}


@dataclass(slots=True)
class _Answer:
    """The answer on its way out, and what comes after it if the body is still coming in."""

    _send: Send
    _body: _Body

    async def send(self, message: Message) -> None:
        """Pass a message on; an early answer ends the connection, once the client has it."""
        if message["type"] == "http.response.start" and not self._body.done:
            MutableHeaders(raw=message["headers"])["Connection"] = "close"
        is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if not is_last or self._body.done:
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        await self._body.drain()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
