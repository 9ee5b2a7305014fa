"""The API's own contract, ``/openapi.json``: what FastAPI can't know of it.

Endpoints that read their bodies themselves name the schema of these here, and every no is a
`ProblemDetails` in ``application/problem+json``. A test resolves all references, others hold a
live service against it.
"""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from contracts.article import Article
from contracts.commands import COMMAND
from workers.api.problems import MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]

_REF = "#/components/schemas/{model}"
_WHY = {
    HTTPStatus.BAD_REQUEST: "It can't be read: no HTTP, no such cursor or id, or nothing in it.",
    HTTPStatus.UNAUTHORIZED: "A token is asked for, and none of this service's was sent.",
    HTTPStatus.FORBIDDEN: "The token may not do this; without tokens, only this machine may ask.",
    HTTPStatus.NOT_FOUND: "It is not known, or was forgotten.",
    HTTPStatus.REQUEST_TIMEOUT: "It came too slowly.",
    HTTPStatus.CONFLICT: "What is there stands in the way; the problem names it.",
    HTTPStatus.GONE: "It was killed.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is over the limit that the problem names.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of a type or coding that is not taken.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "It breaks the contract; each fault is named, up to twenty.",
    HTTPStatus.TOO_MANY_REQUESTS: "More articles wait than the workers keep up with.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The service failed; its log says why.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Redis is away or full, or the service starts or stops.",
}
_RETRIED = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class Fault(BaseModel):
    """One thing that breaks the contract."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    loc: str
    """Of the field or parameter."""
    message: str


class ProblemDetails(BaseModel):
    """Why not, as problem details (RFC 9457)."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    type: str = Field(examples=["about:blank"])
    title: str
    """The status in words."""
    status: int
    detail: str
    """What was wrong, and what to do about it."""
    remedy: str | None = None
    errors: list[Fault] = []


def problems(*more: HTTPStatus) -> Responses:
    """How an endpoint may say no: for these reasons, and for those that all have."""
    always = (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
    statuses = sorted({*always, HTTPStatus.SERVICE_UNAVAILABLE, *more})
    return {status.value: _problem(status) for status in statuses}


def _problem(status: HTTPStatus) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": _WHY[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="ProblemDetails")}}},
    }
    if status in _RETRIED:
        seconds = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        said["headers"] = {"Retry-After": seconds}
    if status is HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        codings = {"description": "Codings that are taken.", "schema": {"type": "string"}}
        said["headers"] = {"Accept-Encoding": codings}
    return said


READING = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY)
"""Of what only reads."""
SENDING = READING | problems(
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)
"""Of what has a body, as it is or encoded as gzip or deflate."""
OPEN: dict[str, Any] = {"security": []}
"""Asks for no token."""


def body_of(content: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A body that the endpoint reads by itself: media type → schema."""
    return {
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": schema} for kind, schema in content.items()},
        }
    }


def referred(model: str) -> dict[str, Any]:
    """A schema by its name among the components."""
    return {"$ref": _REF.format(model=model)}


def operation_id(route: APIRoute) -> str:
    """A name for generated clients: the subject and the endpoint's own."""
    return "_".join((*map(str, route.tags), route.name)).replace(" ", "_")


def describe(app: FastAPI) -> None:
    """Let an app tell its contract with the components that its bodies and problems name."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        is_made = app.openapi_schema is not None
        document = made()
        if not is_made:
            document["components"]["schemas"] |= _components()
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation does


def _components() -> dict[str, Any]:
    named, definitions = TypeAdapter.json_schemas(
        [
            ("Article", "validation", TypeAdapter(Article)),
            ("Command", "validation", COMMAND),
            ("ProblemDetails", "serialization", TypeAdapter(ProblemDetails)),
        ],
        ref_template=_REF,
    )
    inline = {name: schema for (name, _), schema in named.items() if "$ref" not in schema}
    return {**definitions.get("$defs", {}), **inline}
