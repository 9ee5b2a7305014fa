"""Problem details (RFC 9457): how the API says no, everywhere."""

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


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


def problem_response(_request: Request, problem: Exception) -> JSONResponse:
    """A problem as its response."""
    if not isinstance(problem, Problem):
        raise problem
    return JSONResponse(
        {
            "type": "about:blank",
            "title": problem.status.phrase,
            "status": problem.status.value,
            "detail": problem.detail,
            **problem.extras,
        },
        problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )
