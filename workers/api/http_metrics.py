"""What this process serves, in numbers: requests by route and status, seconds, listeners."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())


class ApiMetrics:
    """The figures of one app, in a registry of its own; all carry ``namespace``."""

    def __init__(self, namespace: str) -> None:
        self.registry = CollectorRegistry()
        self._namespace = namespace
        self.requests = Counter(
            "onestory_http_requests",
            "Requests answered.",
            ("namespace", "method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "onestory_http_seconds",
            "From a request's head to the end of its answer; not of event streams.",
            ("namespace", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.sse_clients = Gauge(
            "onestory_sse_clients",
            "Clients of the event stream.",
            ("namespace",),
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        named = method if method in _METHODS else "other"
        self.requests.labels(self._namespace, named, route, str(status)).inc()
        if route != "/v1/events":
            self.seconds.labels(self._namespace, route).observe(seconds)

    def listeners(self, count: int) -> None:
        """Set how many clients follow the events."""
        self.sse_clients.labels(self._namespace).set(count)


class HttpMetrics:
    """ASGI middleware that counts."""

    def __init__(self, app: ASGIApp, metrics: ApiMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 499, time.perf_counter()  # as nginx says: gone before an answer

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, heard)
        finally:
            seconds = time.perf_counter() - begun
            self._metrics.answered(scope["method"], _route(scope), status, seconds)


def _route(scope: Scope) -> str:
    """The route's template: a path as it was asked for would be a label without end."""
    path = getattr(scope.get("route"), "path", None)
    if path is not None:
        return str(path)
    return "/page" if scope["path"].startswith("/page/") else "none"
