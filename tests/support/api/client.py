"""The HTTP API for tests: asked in this process, or served on a real socket by a thread."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import httpx
from pydantic import SecretStr

from tests.support.redis.servers import wait_until
from workers.api.app import build_api
from workers.api.parts import Parts
from workers.api.server import ApiServer, api_server, listening
from workers.connection.clients import connect
from workers.settings import Settings

READ, WRITE = "reading-token", "writing-token"


def with_tokens(settings: Settings) -> Settings:
    """The same, closed to strangers."""
    tokens = {"read_token": SecretStr(READ), "write_token": SecretStr(WRITE)}
    return settings.model_copy(update=tokens)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(settings: Settings, method: str, path: str, **request: Any) -> httpx.Response:
    """One request to an app of its own, without a socket."""

    async def go() -> httpx.Response:
        parts = Parts(settings, connect(settings))
        transport = httpx.ASGITransport(build_api(parts), raise_app_exceptions=False)
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                return await http.request(method, path, **request)
        finally:
            await parts.aclose()

    return anyio.run(go)


def problem(response: httpx.Response) -> dict[str, Any]:
    """The problem that a response is; its status is the response's."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    told: dict[str, Any] = response.json()
    assert told["status"] == response.status_code
    assert told["title"]
    assert told["detail"]
    return told


@dataclass(slots=True)
class Served:
    """A server that runs."""

    parts: Parts
    server: ApiServer
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_up(self) -> bool:
        """It listens, and has read the events that were there."""
        return self.server.started and self.parts.board.ready

    def connected(self) -> socket.socket:
        """A bare connection, for clients that no library would be."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def is_well(self) -> bool:
        """Whether it still answers others."""
        return httpx.get(self.url + "/ready", timeout=5).status_code == 200


@contextmanager
def serving(settings: Settings, *, until_ready: bool = True) -> Iterator[Served]:
    """The API on a free port of this machine, until the end of the block."""
    started: list[Served] = []

    async def serve() -> None:
        parts = Parts(settings, connect(settings))
        server = api_server(build_api(parts), settings, before_shutdown=parts.hub.close)
        sockets = listening("127.0.0.1", 0)
        started.append(Served(parts, server, sockets[0].getsockname()[1]))
        await server.serve(sockets)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        wait_until(lambda: started and started[0].server.started, "the server starts")
        wait_until(lambda: not until_ready or started[0].is_up, "it has read the events")
        yield started[0]
    finally:
        if started:
            started[0].server.should_exit = True
        thread.join()


@dataclass(frozen=True, slots=True)
class Sent:
    """One server-sent event."""

    id: str
    event: str
    data: Any


def sent_events(response: httpx.Response) -> Iterator[Sent]:
    """Events of a stream as they come; comments and `retry` are passed over."""
    return events_in(response.iter_lines())


def events_in(lines: Iterable[str]) -> Iterator[Sent]:
    """The same of its lines."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Sent(fields.get("id", ""), fields.get("event", ""), json.loads(fields["data"]))
            fields = {}
        else:
            fields = {}
