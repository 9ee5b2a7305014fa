"""A namespace with a real worker and the real API, and what tests do with it."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from redis import Redis

from tests.support.redis import servers
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from workers.api.app import build_api
from workers.api.parts import Parts
from workers.api.server import ApiServer, api_server, listening
from workers.connection.clients import connect
from workers.process.pool import WorkerPool
from workers.settings import Settings


@dataclass(slots=True)
class Api:
    """The API process, here a thread, that can go away and come back at the same address."""

    settings: Settings
    port: int = 0
    _server: ApiServer | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Serve; returns once it does."""
        ready = threading.Event()

        async def serve() -> None:
            parts = Parts(self.settings, connect(self.settings))
            app, close = build_api(parts), parts.hub.close
            self._server = api_server(app, self.settings, before_shutdown=close)
            sockets = listening("127.0.0.1", self.port)
            self.port = sockets[0].getsockname()[1]
            ready.set()
            await self._server.serve(sockets)

        self._thread = threading.Thread(target=asyncio.run, args=(serve(),))
        self._thread.start()
        assert ready.wait(20), "the API starts"
        wait_until(self._is_ready, "the API has caught up")

    def stop(self) -> None:
        """Stop; returns once nobody listens."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


@dataclass(slots=True)
class Site:
    """The page's address, and what happens behind it."""

    redis: Redis
    settings: Settings
    api: Api
    _sent: int = field(default=0)

    @property
    def url(self) -> str:
        return self.api.url

    def place(self, *articles: dict[str, Any] | bytes) -> None:
        """Publish articles on the stream; returns once the worker has placed them and the API
        knows.
        """
        lines = [
            each if isinstance(each, bytes) else json.dumps(each, ensure_ascii=False).encode()
            for each in articles
        ]
        self._sent += len(lines)
        harness.send(self.redis, self.settings, lines)
        harness.await_handled(self.redis, self.settings, self._sent)
        last = json.loads(lines[-1])["id"]
        wait_until(lambda: self.story_of(last), f"the API knows {last}")

    def hold(self, article: dict[str, Any]) -> None:
        """Publish an article that is held back; returns once it is."""
        self._sent += 1
        harness.send(self.redis, self.settings, [json.dumps(article).encode()])
        wait_until(lambda: self.redis.hexists(self.settings.keys.held, article["id"]), "it is held")

    def bury(self, body: bytes) -> None:
        """Publish what is no article; returns once it is a dead letter."""
        self._sent += 1
        harness.send(self.redis, self.settings, [body])
        wait_until(lambda: harness.letters(self.redis, self.settings), "it is dead-lettered")

    def story_of(self, article_id: str) -> dict[str, Any] | None:
        """The story of an article, as the API tells it."""
        told = httpx.get(f"{self.url}v1/articles/{quote(article_id, safe='')}/story", timeout=5)
        story: dict[str, Any] | None = told.json() if told.status_code == 200 else None
        return story

    def story_url(self, article_id: str) -> str:
        """Address of the page of an article's story."""
        story = self.story_of(article_id)
        assert story is not None, f"{article_id} is in no story"
        return f"{self.url}#/story/{story['id']}"

    def rule(self, command: str, *articles: str, reason: str) -> None:
        """An editor says something, elsewhere; returns once it is accepted."""
        body = {"command": command, "articles": articles, "by": "anna", "reason": reason}
        told = httpx.post(f"{self.url}v1/rules", json=body, timeout=60)
        assert told.json()["answer"] == "accepted", told.text


@contextmanager
def running_site(redis_url: str, **changes: Any) -> Iterator[Site]:
    """A site of a namespace of its own, on a given Redis."""
    # A rule's answer is worth waiting for on a busy machine.
    patient = {"api_rule_wait_s": 30.0, **changes}
    settings = harness.settings_for(redis_url, servers.fresh_namespace(), **patient)
    with ExitStack() as stack:
        redis = stack.enter_context(servers.connected(redis_url))
        stack.callback(servers.forget_namespace, redis_url, settings.namespace)
        stack.enter_context(WorkerPool(settings, 1))
        api = Api(settings)
        stack.callback(api.stop)
        api.start()
        yield Site(redis, settings, api)
