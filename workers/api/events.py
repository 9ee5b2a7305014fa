"""``GET /v1/events``: story events as they happen, as server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from workers.api.access import reader
from workers.api.hub import START, EntryId, entry_id_of
from workers.api.openapi import READING
from workers.api.parts import Parts, parts_of
from workers.api.problems import Problem, problem_response
from workers.state.store import UNAVAILABLE

router = APIRouter(tags=["events"], dependencies=[Depends(reader)])

RETRY_MS = 2_000
"""After which a browser whose stream ended asks again."""
_HEARTBEAT = b": nothing new\n\n"
_WAITING = b": Redis is away\n\n"
"""The page looks for it (``workers/page/live.js``)."""
_PATIENCE_S = 0.5
"""With Redis, before a client is told that it is away."""
_GAP = b'event: gap\ndata: {"detail":"events before the next one are no longer kept"}\n\n'


@router.get(
    "/v1/events",
    response_class=Response,
    summary="Story events as they happen",
    responses=READING | {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def events(
    parts: Annotated[Parts, Depends(parts_of)],
    last_event_id: Annotated[str | None, Header()] = None,
    last_event_id_query: Annotated[str | None, Query(alias="last_event_id")] = None,
    from_: Annotated[Literal["start", "now"], Query(alias="from")] = "now",
) -> Response:
    """Story events: ``id`` is the entry's id in the stream, ``event`` the type, ``data`` the
    CloudEvent. ``Last-Event-ID`` resumes behind an event; if some after it are no longer kept,
    an event ``gap`` comes first. While Redis is away the stream is held open, since a browser that
    is refused never asks again.
    """
    after = START if from_ == "start" else None
    # A browser that resumes sends the header along with the address it first asked for.
    if named := last_event_id or last_event_id_query:
        try:
            after = entry_id_of(named)
        except ValueError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, f"last event id: {error}") from error
    return _EventStream(parts, after)


class _EventStream(Response):
    """The events of one client, until it is gone or too slow, or the server stops."""

    def __init__(self, parts: Parts, asked: EntryId | None) -> None:
        self.status_code = HTTPStatus.OK
        self.background = None
        self._parts = parts
        self._asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        hub, most = self._parts.hub, self._parts.settings.api_most_listeners
        if hub.clients >= most:
            problem = Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{most} clients follow the events already; try again",
                headers={"Retry-After": "30"},
            )
            await problem_response(Request(scope), problem)(scope, receive, send)
            return
        hub.clients += 1
        streaming = asyncio.ensure_future(self._stream(send))
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await asyncio.wait((streaming, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            hub.clients -= 1
            gone.cancel()
            streaming.cancel()
            # redis-py turns a cancellation that hits it in a read into its own timeout error.
            with contextlib.suppress(asyncio.CancelledError, *UNAVAILABLE):
                await streaming

    async def _stream(self, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for frames in self._frames():
            await send({"type": "http.response.body", "body": frames, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _frames(self) -> AsyncIterator[bytes]:
        hub, heartbeat_s = self._parts.hub, self._parts.settings.api_heartbeat_s
        beginning, wait_s = asyncio.ensure_future(hub.beginning(self._asked)), _PATIENCE_S
        try:
            while not (await asyncio.wait((beginning,), timeout=wait_s))[0]:
                yield _WAITING
                wait_s = heartbeat_s
            after, is_gap = beginning.result()
        finally:
            beginning.cancel()
        yield b"retry: %d\n\n" % RETRY_MS + (_GAP if is_gap else b"")
        # If Redis goes away meanwhile the stream ends, and the client resumes behind what it has.
        with contextlib.suppress(*UNAVAILABLE):
            async for reached, frames in hub.missed(after):
                yield frames
                after = reached
            # No await between the last look at the position and this: see `workers/api/hub.py`.
            with hub.listening(after) as listener:
                while not listener.is_over:
                    yield await listener.take(heartbeat_s) or _HEARTBEAT


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
