"""Documents by HTTP POST: ``POST /documents`` with a document of any format as its body.

202 says what became of each item: accepted ones are on the articles stream, rejected ones are
dead letters. Errors are ``application/problem+json`` (RFC 9457). The app is Starlette's, so
that another one can mount it.
"""

import re
from collections.abc import Mapping
from hmac import compare_digest
from http import HTTPStatus

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from redis import Redis
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workers.feeds.deliver import Delivered, deliver
from workers.feeds.formats import AUTO, FORMATS, Format, detected, of_media_type
from workers.settings import Settings

PATH = "/documents"
_LISTED = 100
"""Rejected items that an answer names; the dead letters name a thousand."""
_AT_ONCE = 4
"""Documents read at once: each is up to ``max_document_bytes`` and the threads share cores."""


_DIGITS = re.compile(r"[0-9]{1,18}")


class _Problem(Exception):
    def __init__(self, status: HTTPStatus, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def build_app(redis: Redis, settings: Settings) -> Starlette:
    """The app over an open client, which stays the caller's."""
    endpoint = _Endpoint(redis, settings)
    return Starlette(
        routes=[Route(PATH, endpoint.post, methods=["POST"])],
        exception_handlers={
            _Problem: _problem_response,
            HTTPStatus.NOT_FOUND: _plain_problem,
            HTTPStatus.METHOD_NOT_ALLOWED: _plain_problem,
            HTTPStatus.INTERNAL_SERVER_ERROR: _our_fault,
        },
    )


class _Endpoint:
    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._settings = settings
        self._limiter = CapacityLimiter(_AT_ONCE)

    async def post(self, request: Request) -> Response:
        self._admit(request)
        format_ = _asked_format(request)
        body = await self._body(request)
        if not body.strip():
            raise _Problem(HTTPStatus.BAD_REQUEST, "the body is empty, expected a document")
        try:
            done = await run_sync(self._deliver, body, format_, limiter=self._limiter)
        except RedisError as error:
            detail = f"Redis: {error}; send the document again"
            raise _Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail) from error
        return JSONResponse(_answer(done), HTTPStatus.ACCEPTED)

    def _deliver(self, body: bytes, format_: Format | None) -> Delivered:
        format_ = format_ or detected(body)
        return deliver(
            self._redis,
            self._settings.streams,
            format_.reader.read(body, "http-post"),
            format_name=format_.name,
            origin="http-post",
        )

    def _admit(self, request: Request) -> None:
        token = self._settings.ingest_token
        if token is None:
            # A page in a browser on this machine can reach 127.0.0.1, and says where it is from.
            if "origin" in request.headers:
                raise _Problem(
                    HTTPStatus.FORBIDDEN, "a browser asks, and no ONESTORY_INGEST_TOKEN is set"
                )
            return
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        as_sent = said.strip().encode("latin-1")
        right = compare_digest(as_sent, token.get_secret_value().encode())
        if scheme.lower() != "bearer" or not right:
            raise _Problem(
                HTTPStatus.UNAUTHORIZED,
                "expected Authorization: Bearer with the ingest token",
                **{"WWW-Authenticate": "Bearer"},
            )

    async def _body(self, request: Request) -> bytes:
        """The body; what is over the limit is never held."""
        most = self._settings.max_document_bytes
        declared = request.headers.get("content-length", "0")
        too_large = f"document over {most} bytes"
        if not _DIGITS.fullmatch(declared) or int(declared) > most:
            raise _Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
        pieces, size = [], 0
        async for piece in request.stream():
            size += len(piece)
            if size > most:
                raise _Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
            pieces.append(piece)
        return b"".join(pieces)


def _asked_format(request: Request) -> Format | None:
    """``?format=`` before the media type; None leaves it to a look at the document."""
    name = request.query_params.get("format", AUTO)
    if name != AUTO and name not in FORMATS:
        detail = f"format {name!r}, expected {AUTO} or one of {', '.join(FORMATS)}"
        raise _Problem(HTTPStatus.BAD_REQUEST, detail)
    return FORMATS.get(name) or of_media_type(request.headers.get("content-type", ""))


def _answer(done: Delivered) -> Mapping[str, object]:
    return {
        "accepted": done.accepted,
        "skipped": done.skipped.total(),
        "rejected": done.bad,
        "problems": [
            {"where": each.where, "detail": each.detail, "remedy": each.remedy}
            for each in done.rejected[:_LISTED]
        ],
    }


async def _problem_response(_request: Request, error: Exception) -> Response:
    assert isinstance(error, _Problem)  # noqa: S101 - registered for it alone
    return _problem(error.status, error.detail, error.headers)


async def _plain_problem(request: Request, error: Exception) -> Response:
    status = HTTPStatus(getattr(error, "status_code", HTTPStatus.NOT_FOUND))
    detail = f"{request.method} {request.url.path}; expected POST {PATH}"
    return _problem(status, detail, dict(getattr(error, "headers", None) or {}))


async def _our_fault(_request: Request, _error: Exception) -> Response:
    detail = "the service failed; its log says why. Send the document again"
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, {})


def _problem(status: HTTPStatus, detail: str, headers: Mapping[str, str]) -> Response:
    return JSONResponse(
        {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail},
        status,
        headers,
        "application/problem+json",
    )
