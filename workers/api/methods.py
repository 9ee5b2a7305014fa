"""Which methods a path knows: of all its routes, where a framework tells of the first."""

from typing import Final

from starlette.applications import Starlette
from starlette.routing import Match, Mount

_FILES: Final = ("GET", "HEAD")
_METHODS: Final = (*_FILES, "POST", "PUT", "PATCH", "DELETE")


def allowed(app: Starlette, path: str) -> str:
    """The value of ``Allow`` (RFC 9110, 10.2.1) for a path that is there."""
    known = [each for each in _METHODS if _takes(app, each, path)]
    return ", ".join((*known, "OPTIONS"))


def _takes(app: Starlette, method: str, path: str) -> bool:
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    return any(
        route.matches(scope)[0] is Match.FULL
        # A folder of files says it takes all that is asked of it.
        and (method in _FILES or not isinstance(route, Mount))
        for route in app.routes
    )
