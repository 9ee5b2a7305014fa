"""The HTTP API of one namespace, put together in one place."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from workers.api import (
    articles,
    dead,
    documents,
    events,
    explain,
    figures,
    health,
    rules,
    stories,
    submit,
)
from workers.api.bodies import Bodies
from workers.api.guard import Guard
from workers.api.http_metrics import HttpMetrics
from workers.api.openapi import describe, operation_id
from workers.api.parts import Parts
from workers.api.problems import Problem, answer_problems

ROUTERS: Final[tuple[APIRouter, ...]] = (
    *(submit.router, documents.router, events.router),
    *(rules.router, explain.router, health.router),
    *(stories.router, articles.router, figures.router, dead.router),
)
_SUBJECTS: Final = {
    "articles": "In, one by one or many; and what became of each.",
    "events": "What happens, as it happens.",
    "rules": "What editors say.",
    "stories": "What is one story, and why.",
    "figures": "What a namespace does, and how fast.",
    "dead letters": "What could not be placed, and what to do about it.",
    "health": "For whoever runs it.",
}
"""Tags of the endpoints."""
_STOP_S = 1.0


def build_api(parts: Parts) -> FastAPI:
    """The app over open parts, which it closes at its end."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        following = [
            asyncio.create_task(each.follow()) for each in (parts.hub, parts.board, parts.guard)
        ]
        try:
            yield
        finally:
            parts.hub.close()
            parts.board.stop()
            parts.guard.stop()
            await _ended(following)
            await parts.aclose()

    app = FastAPI(
        title="onestory",
        description="One wire story, told once: articles in, stories and their events out.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/"}],
        openapi_tags=[{"name": name, "description": about} for name, about in _SUBJECTS.items()],
        version="1",
        lifespan=lifespan,
        docs_url=None,  # these load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,  # what is not there is a problem, too, not a redirect
    )
    app.state.parts = parts
    answer_problems(app)
    # The last one added is the outermost.
    app.add_middleware(Bodies, settings=parts.settings)
    app.add_middleware(Guard)
    app.add_middleware(HttpMetrics, metrics=parts.metrics)
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    _mount_page(app, Path(str(files("workers") / "page")))
    return app


def _mount_page(app: FastAPI, folder: Path) -> None:
    """The page at ``/`` and its files below ``/page``."""

    @app.get("/", include_in_schema=False)
    async def page() -> Response:
        index = folder / "index.html"
        if not index.is_file():
            raise Problem(HTTPStatus.NOT_FOUND, "this installation has no page; /openapi.json is")
        return FileResponse(index)

    if folder.is_dir():
        app.mount("/page", StaticFiles(directory=folder), name="page")


async def _ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Wait for loops that were asked to end; not longer than a moment."""
    _, running = await asyncio.wait(tasks, timeout=_STOP_S)
    if running:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_STOP_S)
