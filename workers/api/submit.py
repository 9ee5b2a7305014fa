"""``POST /v1/articles``: one article, or a batch of them, one a line.

An article that breaks the contract is refused here, with the reason, and is no dead letter: its
sender still waits for the answer. In a batch a bad line costs only itself, and whatever ends
the batch early, the answer says at which line to go on. To send lines again is harmless: an
article of an id and version that is known has no effect.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, ValidationError
from redis.exceptions import ResponseError
from starlette.requests import Request
from starlette.responses import JSONResponse

from contracts.article import Article
from workers.api.access import Sender, writer
from workers.api.bodies import Room, read_body, room_of
from workers.api.intake import Intake
from workers.api.lines import Line, lines_of
from workers.api.openapi import SENDING, Responses, body_of, problems, referred
from workers.api.parts import Parts, parts_of
from workers.api.problems import Problem, faults, unavailable
from workers.errors import Unprocessable
from workers.metrics.traceparent import well_formed
from workers.state.entries import Entry, article_of
from workers.state.store import UNAVAILABLE

router = APIRouter(tags=["articles"], dependencies=[Depends(writer)], responses=SENDING)

_LISTED = 100
"""Refused lines that an answer names; all are counted."""
_AT_ONCE = 500
_AT_ONCE_BYTES = 2_000_000
"""A chunk is sent when it has so many articles, or bytes of them."""
_JSON = frozenset({"application/json", ""})
_LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})

_BODY = body_of(
    {"application/json": referred("Article"), "application/x-ndjson": {"type": "string"}}
)


class Accepted(BaseModel):
    """One article is on its way."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    entry_id: str
    """Of its entry in the articles stream; a trace can be asked for by it."""


class Lines(BaseModel):
    """What became of the lines of a batch."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    accepted: int
    entries: dict[str, str | None]
    """Ids of the ``first`` and the ``last`` entry."""
    refused: list[dict[str, str | int]]
    """The first hundred: ``line`` and ``detail``."""
    refused_count: int
    stopped_at_line: int | None = None
    """Where to go on, if the batch was stopped."""
    detail: str | None = None
    """Why it was stopped."""


_ANSWERS: Responses = {
    200: {"model": Lines, "description": "What became of the lines."},
    202: {"model": Accepted, "description": "One article is on its way."},
    **problems(HTTPStatus.TOO_MANY_REQUESTS),
}


@router.post(
    "/v1/articles",
    summary="One article, or a batch",
    responses=_ANSWERS,
    openapi_extra=_BODY,
    response_model=None,
)
async def articles(
    request: Request, parts: Annotated[Parts, Depends(parts_of)], sender: Sender
) -> JSONResponse:
    """One article as JSON, or one a line as NDJSON: 202 with its entry's id, or 200 with what
    became of the lines.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _JSON | _LINES:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"a body of type {kind[:60]!r}, expected application/json or application/x-ndjson",
        )
    traceparent = well_formed(request.headers.get("traceparent", ""))
    if kind in _LINES:
        return await _Batch(parts, room_of(request), traceparent, sender).take(request)
    return await _one(request, parts, traceparent, sender)


async def _one(
    request: Request, parts: Parts, traceparent: str | None, sender: str
) -> JSONResponse:
    body = await read_body(request, parts.settings.api_most_article_bytes, "an article")
    try:
        article = _article(body)
    except Unprocessable as error:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            error.detail,
            remedy=error.remedy,
            errors=_errors(error),
        ) from error
    if full := await parts.intake.full():
        raise full
    (entry_id,) = await parts.intake.add([article], traceparent, sender)
    if isinstance(entry_id, ResponseError):
        raise entry_id
    return JSONResponse({"id": article.id, "entry_id": entry_id.decode()}, HTTPStatus.ACCEPTED)


@dataclass(slots=True)
class _Batch:
    """One NDJSON body, and what became of its lines so far."""

    parts: Parts
    room: Room
    traceparent: str | None
    sender: str
    accepted: int = 0
    entries: list[str] = field(default_factory=list)
    """First and last entry id."""
    refused: list[dict[str, object]] = field(default_factory=list)
    refused_count: int = 0
    _chunk: list[tuple[int, Article]] = field(default_factory=list)
    _chunk_bytes: int = 0
    _next_line: int = 1

    async def take(self, request: Request) -> JSONResponse:
        """Read, judge and send, chunk by chunk."""
        pieces = request.stream()
        stopped = await self._send_all(pieces)
        if stopped is None:
            return JSONResponse(self._answer())
        line, why = stopped
        # So that the client can read its answer: many send all before they look.
        with suppress(Problem):
            async for _ in pieces:
                pass
        if why.status is HTTPStatus.TOO_MANY_REQUESTS and self.accepted:
            told = {**self._answer(), "stopped_at_line": line, "detail": why.detail}
            return JSONResponse(told, headers=why.headers)
        why.extras |= {**self._answer(), "stopped_at_line": line}
        raise why

    async def _send_all(self, pieces: AsyncIterator[bytes]) -> tuple[int, Problem] | None:
        """The line at which to go on, and why it ended there; None if all is sent."""
        most = self.parts.settings.api_most_article_bytes
        try:
            async with aclosing(lines_of(pieces, most)) as lines:
                async for line in lines:
                    self._judge(line)
                    is_full = len(self._chunk) == _AT_ONCE or self._chunk_bytes >= _AT_ONCE_BYTES
                    if is_full and (stopped := await self._send()):
                        return stopped
        except Problem as error:  # the body is too large, or too slow
            return self._chunk[0][0] if self._chunk else self._next_line, error
        return await self._send()

    def _judge(self, line: Line) -> None:
        self._next_line = line.number + 1
        if line.data is None:
            most = self.parts.settings.api_most_article_bytes
            self._refuse(line.number, f"over {most} bytes")
            return
        try:
            self._chunk.append((line.number, _article(line.data)))
        except Unprocessable as error:
            self._refuse(line.number, error.detail)
        else:
            self._chunk_bytes += len(line.data)
            self.room.take(len(line.data))

    def _refuse(self, line: int, detail: str) -> None:
        self.refused_count += 1
        if len(self.refused) < _LISTED:
            self.refused.append({"line": line, "detail": detail})

    async def _send(self) -> tuple[int, Problem] | None:
        if not self._chunk:
            return None
        self.room.give_back(self._chunk_bytes)
        chunk, self._chunk, self._chunk_bytes = self._chunk, [], 0
        intake: Intake = self.parts.intake
        try:
            if full := await intake.full():
                return chunk[0][0], full
            articles = [article for _, article in chunk]
            answers = await intake.add(articles, self.traceparent, self.sender)
        except UNAVAILABLE as error:
            return chunk[0][0], unavailable(error)
        for (line, _), answer in zip(chunk, answers, strict=True):
            if isinstance(answer, ResponseError):
                if not isinstance(answer, UNAVAILABLE):
                    raise answer
                return line, unavailable(answer)
            self.accepted += 1
            self.entries = [*self.entries[:1], answer.decode()]
        return None

    def _answer(self) -> dict[str, object]:
        first, last = (self.entries[0], self.entries[-1]) if self.entries else (None, None)
        return {
            "accepted": self.accepted,
            "entries": {"first": first, "last": last},
            "refused": self.refused,
            "refused_count": self.refused_count,
        }


def _article(data: bytes) -> Article:
    """Judged as a worker judges an entry.

    Raises:
        Unprocessable: it is no article.
    """
    return article_of(Entry("", {b"data": data}), len(data))


def _errors(error: Unprocessable) -> list[dict[str, str]]:
    cause = error.__cause__
    return faults(cause) if isinstance(cause, ValidationError) else []
