"""The outermost layer: headers that keep a browser safe, and faults that become problems."""

import asyncio
import logging
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workers.api.problems import Problem, our_fault, problem_response

log = logging.getLogger("onestory.api")

SECURITY_HEADERS: Final = {
    # Nothing but this server's own files: a headline that holds markup runs nowhere.
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


_STOPS = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "the server stops, and whether this was done is not known; ask again",
    headers={"Retry-After": "2", "Connection": "close"},
)


def _kept(path: str) -> str:
    """The page's files are kept and asked after; what a namespace holds is not everybody's."""
    return "no-cache" if path == "/" or path.startswith("/page/") else "no-store"


class Guard:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_started = False

        async def safely(message: Message) -> None:
            nonlocal is_started
            if message["type"] == "http.response.start":
                is_started = True
                headers = MutableHeaders(raw=message["headers"])
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", _kept(scope["path"]))
            await send(message)

        try:
            await self._app(scope, receive, safely)
        except ClientDisconnect:
            log.debug("%s %r: the client is gone", scope["method"], scope["path"])
        except asyncio.CancelledError:  # by the server alone, once its patience is over
            log.warning("%s %r: not done when the server stopped", scope["method"], scope["path"])
            if not is_started:
                await problem_response(Request(scope), _STOPS)(scope, receive, safely)
        except Exception as error:  # noqa: BLE001 - whatever it is, its words stay here
            request = Request(scope)
            problem = our_fault(request, error)
            if not is_started:
                await problem_response(request, problem)(scope, receive, safely)
