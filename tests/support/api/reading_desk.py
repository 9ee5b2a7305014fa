"""A desk whose events a board follows, and the reading endpoints over it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from tests.support.wire.desk import Desk, desk
from workers.api.app import build_api
from workers.api.parts import Parts
from workers.archive.board import Board
from workers.connection.clients import connect
from workers.settings import Settings


@dataclass(slots=True)
class ReadingDesk:
    """Sends as a `Desk` does, and asks as a client of the API does."""

    desk: Desk
    board: Board
    redis: AsyncRedis
    client: httpx.AsyncClient

    def catch_up(self) -> None:
        """Let the board read what there is now."""
        self.desk.loop.run_until_complete(self._catch_up())

    async def _catch_up(self) -> None:
        last = b"?"
        while not self.board.ready or last != self.board.last:
            last = self.board.last
            await self.board.step()

    def get(self, path: str, **params: Any) -> httpx.Response:
        """The answer, when the board has read all there is."""
        self.catch_up()
        return self.ask(path, **params)

    def ask(self, path: str, **params: Any) -> httpx.Response:
        """The answer as the board is."""
        return self.desk.loop.run_until_complete(self.client.get(path, params=params))

    def read(self, path: str, **params: Any) -> Any:
        """The body of an answer that must be 200."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, **params: Any) -> int:
        """The status of an answer that must be a problem."""
        answer = self.get(path, **params)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        body = answer.json()
        assert body["status"] == answer.status_code
        assert body["detail"]
        return answer.status_code


@contextmanager
def reading_desk(redis: Redis, settings: Settings) -> Iterator[ReadingDesk]:
    """A desk with one worker, a board and a client."""
    with desk(redis, settings) as made:
        parts = Parts(settings, connect(settings))
        transport = httpx.ASGITransport(app=build_api(parts))
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        try:
            parts.board.look_every_s = parts.board.count_every_s = 0.0
            yield ReadingDesk(made, parts.board, parts.redis, client)
        finally:
            made.loop.run_until_complete(_close(client, parts))


async def _close(client: httpx.AsyncClient, parts: Parts) -> None:
    await client.aclose()
    await parts.aclose()
