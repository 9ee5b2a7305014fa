"""Health for whoever runs the process, and its metrics."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from workers.api.access import Said, is_closed, reader
from workers.api.openapi import OPEN, READING, problems
from workers.api.parts import Parts, parts_of
from workers.api.problems import Problem
from workers.connection.faults import why_away

router = APIRouter(tags=["health"], responses=problems())


@router.get("/live", summary="Whether the process does anything", openapi_extra=OPEN)
async def live() -> dict[str, str]:
    """Answered as long as the process does anything at all."""
    return {"status": "live"}


@router.get(
    "/ready",
    summary="Whether requests are worth sending here",
    openapi_extra=OPEN,
    response_model=dict[str, str],
)
async def ready(parts: Annotated[Parts, Depends(parts_of)]) -> JSONResponse:
    """Whether requests are worth sending here: Redis answers, and the stories are read."""
    if (why := await _not_ready(parts)) is not None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, why, headers={"Retry-After": "2"})
    return JSONResponse({"status": "ready"})


async def _not_ready(parts: Parts) -> str | None:
    if (why := await why_away(parts.redis)) is not None:
        return f"Redis: {why}"
    if (why := parts.guard.refused) is not None:
        return why
    if parts.guard.evicted:
        return f"the server evicted {parts.guard.evicted} keys since this process started"
    return None if parts.board.ready else "the events that are kept are still being read"


def _metrics_reader(connection: HTTPConnection, said: Said) -> None:
    settings = parts_of(connection).settings
    if not (settings.metrics_open and is_closed(settings)):
        reader(connection, said)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    dependencies=[Depends(_metrics_reader)],
    response_class=Response,
    responses=READING | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Figures of this process and its namespace, for Prometheus."""
    parts.metrics.listeners(parts.hub.clients)
    await parts.figures.refresh()
    return Response(generate_latest(parts.metrics.registry), media_type=CONTENT_TYPE_LATEST)
