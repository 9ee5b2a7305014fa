"""Bodies that are too large or too slow, and answers that come before they end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from workers.api.bodies import Bodies, read_body
from workers.api.problems import answer_problems
from workers.settings import Settings

SETTINGS = Settings(api_most_body_bytes=5_000, max_document_bytes=5_000, api_body_timeout_s=0.4)
Endpoint = Callable[[Request], Awaitable[Response]]


async def reads(request: Request) -> Response:
    return PlainTextResponse(str(len(await read_body(request, 3_000, "a poem"))))


async def streams(request: Request) -> Response:
    return PlainTextResponse(str(sum([len(piece) async for piece in request.stream()])))


async def ignores(_request: Request) -> Response:
    return PlainTextResponse("no")


class Client:
    """Sends a body as its pieces come, and hears what is answered meanwhile."""

    def __init__(self, pieces: AsyncIterator[bytes], **headers: str) -> None:
        self._pieces = pieces
        self._headers = headers or {"transfer-encoding": "chunked"}
        self.sent = 0
        self.sent_before_answer: int | None = None
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def receive(self) -> dict[str, Any]:
        try:
            piece = await anext(self._pieces)
        except StopAsyncIteration:
            return {"type": "http.request", "body": b"", "more_body": False}
        self.sent += len(piece)
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.body += message["body"]
        if self.body and self.sent_before_answer is None:
            self.sent_before_answer = self.sent

    def ask(self, endpoint: Endpoint) -> "Client":
        anyio.run(self.ask_of, Bodies(_app(endpoint), SETTINGS))
        return self

    async def ask_of(self, app: Bodies) -> None:
        headers = [
            (name.replace("_", "-").encode(), value.encode())
            for name, value in self._headers.items()
        ]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "headers": headers,
        }
        await app(scope, self.receive, self.send)


def _app(endpoint: Endpoint) -> Starlette:
    app = Starlette(routes=[Route("/", endpoint, methods=["POST"])])
    answer_problems(app)
    return app


async def pieces(size: int, count: int, pause_s: float = 0.0) -> AsyncIterator[bytes]:
    for _ in range(count):
        await asyncio.sleep(pause_s)
        yield b"x" * size


def test_a_body_within_the_limits_is_read_whole() -> None:
    client = Client(pieces(100, 30)).ask(reads)

    assert (client.status, client.body) == (200, b"3000")
    assert "connection" not in client.headers


@pytest.mark.parametrize("declared", ["5001", "9" * 30, "1e3", "-1"])
def test_a_body_that_says_it_is_too_large_is_refused_before_any_of_it_is_read(
    declared: str,
) -> None:
    client = Client(pieces(1_000, 3), content_length=declared).ask(streams)

    assert client.status == 413
    assert client.sent_before_answer == 0
    assert client.headers["connection"] == "close"


def test_a_body_that_does_not_say_so_is_refused_as_soon_as_it_is_too_large() -> None:
    whole = Client(pieces(1_000, 100)).ask(streams)
    of_endpoint = Client(pieces(1_000, 100)).ask(reads)

    assert (whole.status, whole.sent_before_answer) == (413, 6_000)
    assert (of_endpoint.status, of_endpoint.sent_before_answer) == (413, 4_000)


def test_a_client_that_still_sends_when_it_is_answered_is_heard_out_for_a_moment() -> None:
    """Closing under it would reset the connection, and the answer would be lost."""
    client = Client(pieces(1_000, 100)).ask(ignores)

    assert (client.status, client.body) == (200, b"no")
    assert client.sent_before_answer == 0
    assert client.sent == 100_000
    assert client.headers["connection"] == "close"


def test_a_body_that_stops_or_trickles_is_given_up() -> None:
    stops = Client(pieces(10, 1_000, pause_s=30)).ask(streams)
    trickles = Client(pieces(10, 1_000, pause_s=0.01)).ask(streams)

    assert stops.status == trickles.status == 408
    assert b"no 1000 bytes of the body within 0.4 s" in trickles.body
    assert trickles.headers["connection"] == "close"
    assert trickles.sent <= 400  # in 0.4 s, at 10 bytes in 0.01 s


def test_a_body_that_is_slow_but_goes_on_is_read() -> None:
    """0.8 s in all, twice the deadline, of which every kilobyte takes a half."""
    client = Client(pieces(1_000, 4, pause_s=0.2)).ask(streams)

    assert (client.status, client.body) == (200, b"4000")


def test_time_in_which_nobody_asks_for_the_body_is_not_the_clients() -> None:
    async def ponders(request: Request) -> Response:
        size = 0
        async for piece in request.stream():
            size += len(piece)
            await asyncio.sleep(0.15)
        return PlainTextResponse(str(size))

    client = Client(pieces(10, 5)).ask(ponders)

    assert (client.status, client.body) == (200, b"50")


def test_all_bodies_together_may_hold_only_so_much_and_each_gives_back_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workers.api.bodies._MOST_HELD", 4_500)
    middleware = Bodies(_app(reads), SETTINGS)

    async def both() -> list[Client]:
        clients = [Client(pieces(1_000, 3, pause_s=0.02)) for _ in range(2)]
        await asyncio.gather(*(client.ask_of(middleware) for client in clients))
        last = Client(pieces(1_000, 3))
        await last.ask_of(middleware)
        return [*clients, last]

    *at_once, after = anyio.run(both)

    assert sorted(client.status for client in at_once) == [200, 503]
    assert after.status == 200
