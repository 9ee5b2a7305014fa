"""Documents by HTTP POST: ``POST /documents`` with a document of any format as its body.

202 says what became of each item: accepted ones are on the articles stream, rejected ones are
dead letters. Errors are ``application/problem+json`` (RFC 9457). ``onestory serve`` takes
documents by the same `Documents`, under its own tokens.
"""

from collections.abc import Mapping
from http import HTTPStatus

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from redis import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from workers.api.bodies import Bodies, read_body
from workers.api.guard import Guard
from workers.api.places import let_through
from workers.api.problems import Problem, answer_problems
from workers.api.tokens import is_token, token_sender
from workers.feeds.deliver import Delivered, deliver
from workers.feeds.formats import AUTO, FORMATS, Format, as_document, detected, of_media_type
from workers.settings import Settings

PATH = "/documents"
_LISTED = 100
"""Rejected items that an answer names; the dead letters name a thousand."""
_AT_ONCE = 4
"""Documents read at once: each is up to ``max_document_bytes`` and the threads share cores."""


def build_app(redis: Redis, settings: Settings) -> Starlette:
    """The app over an open client, which stays the caller's."""
    documents = Documents(redis, settings)

    async def post(request: Request) -> JSONResponse:
        sender = _admit(request, settings)
        let_through(request.scope)
        return await documents.take(request, sender)

    app = Starlette(
        routes=[Route(PATH, post, methods=["POST"]), Route("/live", _live)],
        middleware=[Middleware(Guard), Middleware(Bodies, settings)],
    )
    answer_problems(app)
    return app


class Documents:
    """Takes documents for one namespace."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._settings = settings
        self._limiter = CapacityLimiter(_AT_ONCE)

    async def take(self, request: Request, sender: str) -> JSONResponse:
        """Deliver the request's body. ``sender``: empty for one without a name.

        Raises:
            Problem: it is no document, or too large.
            RedisError: the server is away; to send the document again is harmless.
        """
        format_ = _asked_format(request)
        content_type = request.headers.get("content-type", "")
        body = await read_body(request, self._settings.max_document_bytes, "document")
        done = await run_sync(
            self._deliver, body, content_type, format_, sender, limiter=self._limiter
        )
        return JSONResponse(_answer(done), HTTPStatus.ACCEPTED)

    def _deliver(
        self, body: bytes, content_type: str, format_: Format | None, sender: str
    ) -> Delivered:
        document = as_document(body, "http-post", content_type)
        format_ = format_ or detected(document)
        return deliver(
            self._redis,
            self._settings.streams,
            format_.read(document),
            format_name=format_.name,
            origin=document.origin,
            sender=sender,
        )


async def _live(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "live"})


def _admit(request: Request, settings: Settings) -> str:
    """Who sends, by the name of its token; empty for one without a name."""
    token = settings.ingest_token
    if token is None and not settings.write_tokens:
        # A page in a browser on this machine can reach 127.0.0.1, and says where it is from.
        if "origin" in request.headers:
            raise Problem(
                HTTPStatus.FORBIDDEN, "a browser asks, and no ONESTORY_INGEST_TOKEN is set"
            )
        return ""
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    right, sender = is_token(token, said), token_sender(settings, said)
    if scheme.lower() != "bearer" or not (right or sender):
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "expected Authorization: Bearer with the ingest token",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return sender


def _asked_format(request: Request) -> Format | None:
    """``?format=`` before the media type; None leaves it to a look at the document."""
    name = request.query_params.get("format", AUTO)
    if name != AUTO and name not in FORMATS:
        detail = f"format {name!r}, expected {AUTO} or one of {', '.join(FORMATS)}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    return FORMATS.get(name) or of_media_type(request.headers.get("content-type", ""))


def _answer(done: Delivered) -> Mapping[str, object]:
    return {
        "accepted": done.accepted,
        "skipped": done.skipped.total(),
        "rejected": done.bad,
        "notes": [f"{each.where}: {each.detail}" for each in done.notes[:_LISTED]],
        "problems": [
            {"where": each.where, "detail": each.detail, "remedy": each.remedy}
            for each in done.rejected[:_LISTED]
        ],
    }
