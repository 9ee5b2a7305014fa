"""Problem details (RFC 9457): how the API says no, everywhere."""

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from workers.api.methods import allowed
from workers.state.store import UNAVAILABLE
from workers.wording import cause

log = logging.getLogger("onestory.api")

MEDIA_TYPE = "application/problem+json"
_MOST_FAULTS = 20
_MOST_CHARS = 300
"""Of a fault: some quote what was sent."""
RETRY_S = 2
"""What a client waits while Redis is away: a restart takes a second or two."""


class Problem(Exception):
    """Ends a request with this status; ``detail`` says what to do about it.

    ``extras`` become members of the body beside ``type``, ``title``, ``status``, ``detail``.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **extras: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.extras = extras


def problem_response(_request: Request, problem: Exception) -> Response:
    """A problem as its response."""
    if not isinstance(problem, Problem):
        raise problem
    return Response(
        problem_body(problem), problem.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


def problem_body(problem: Problem) -> bytes:
    """A problem as JSON."""
    body = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
        **problem.extras,
    }
    # What a client sent may stand in it, lone surrogates too.
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def unavailable(error: Exception, **extras: Any) -> Problem:
    """Redis can't do it now, and will later."""
    log.warning("Redis unavailable: %s", error)
    detail = f"Redis is away, full or takes no writes now ({type(error).__name__}); try again"
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": str(RETRY_S)}, **extras
    )


def our_fault(request: Request, error: Exception) -> Problem:
    """A bug of ours: logged whole, told without particulars."""
    log.error("%s %r failed", request.method, request.url.path, exc_info=error)
    detail = "the service failed; its log says why. If it stays so, report it"
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def broken(error: ValidationError) -> Problem:
    """What a client sent is not as the contract says; every broken field is named, up to twenty."""
    return _refused(error.errors(include_url=False, include_input=False, include_context=False))


def faults(error: ValidationError) -> list[dict[str, str]]:
    """Place and cause of each fault; not what was sent, which may be long."""
    return _named(error.errors(include_url=False, include_input=False, include_context=False))


def _refused(found: Sequence[Any]) -> Problem:
    named = _named(found)
    detail = "; ".join(f"{each['loc'] or 'body'}: {each['message']}" for each in named[:5])
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=named)


def _named(found: Sequence[Any]) -> list[dict[str, str]]:
    return [
        {"loc": ".".join(map(str, each["loc"])), "message": cause(each["msg"])[:_MOST_CHARS]}
        for each in found[:_MOST_FAULTS]
    ]


def answer_problems(app: Starlette) -> None:
    """Let an app say no in this way, whoever finds the fault."""
    app.add_exception_handler(Problem, problem_response)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(RedisError, _redis_problem)


def _http_problem(request: Request, error: Exception) -> Response:
    """What the framework finds: no such path, or not with this method."""
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = allowed(request.app, request.scope["path"])
        if request.method == "OPTIONS":
            return Response(None, HTTPStatus.NO_CONTENT, headers=headers)
    what = f"{request.method} {request.url.path}"
    detail = {
        HTTPStatus.NOT_FOUND: f"{what}: there is nothing here; /openapi.json says what there is",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{what}: not with this method; see Allow",
    }.get(status, f"{what}: {error.detail}")
    return problem_response(request, Problem(status, detail, headers=headers))


def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return problem_response(request, _refused(error.errors()))


def _redis_problem(request: Request, error: Exception) -> Response:
    is_away = isinstance(error, UNAVAILABLE)
    return problem_response(request, unavailable(error) if is_away else our_fault(request, error))
