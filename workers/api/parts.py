"""What the endpoints of one process share, put together at its start."""

from dataclasses import dataclass, field
from typing import cast

from redis import Redis as SyncRedis
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from workers.api.comparer import Comparer
from workers.api.http_metrics import ApiMetrics
from workers.api.hub import Hub
from workers.api.intake import Intake
from workers.api.listen import Documents
from workers.archive.board import Board
from workers.connection.clients import client_for_threads
from workers.connection.guard import Guard
from workers.metrics.namespace import NamespaceCollector
from workers.settings import Settings


@dataclass(slots=True)
class Parts:
    """Open connections and read models of one namespace; they end with the process."""

    settings: Settings
    redis: Redis
    threads_redis: SyncRedis = field(init=False)
    """For what runs in threads."""
    hub: Hub = field(init=False)
    """The event stream, for all its clients."""
    intake: Intake = field(init=False)
    """The articles stream, as it is filled."""
    documents: Documents = field(init=False)
    """Feeds' documents onto it."""
    guard: Guard = field(init=False)
    """Whether the server keeps what it is given."""
    metrics: ApiMetrics = field(init=False)
    figures: NamespaceCollector = field(init=False)
    """Of the namespace, beside the process's own."""
    comparer: Comparer = field(init=False)
    """The model, once two articles are compared."""
    board: Board = field(init=False)
    """Stories and articles, as the events tell them."""

    def __post_init__(self) -> None:
        self.threads_redis = client_for_threads(self.settings)
        self.hub = Hub(self.redis, self.settings)
        self.intake = Intake(self.redis, self.settings)
        self.documents = Documents(self.threads_redis, self.settings)
        self.guard = Guard(self.redis, self.settings.allow_eviction)
        self.metrics = ApiMetrics(self.settings.namespace)
        self.figures = NamespaceCollector(self.redis, self.settings)
        self.metrics.registry.register(self.figures)
        self.comparer = Comparer(self.threads_redis, self.settings)
        self.board = Board(self.redis, self.settings)

    async def aclose(self) -> None:
        """Close the connections."""
        self.threads_redis.close()
        await self.redis.aclose()


def parts_of(connection: HTTPConnection) -> Parts:
    """The parts of the app that serves a request; a dependency of every endpoint."""
    return cast(Parts, connection.app.state.parts)
