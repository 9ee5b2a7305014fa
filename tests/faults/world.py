"""All that takes part in a run, and what it is like when all is quiet."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from contracts.dead_letter import DeadLetter, Reason
from contracts.streams import GROUP
from tests.faults.api import Api, Listener
from tests.faults.consumer import Consumer
from tests.faults.proxy import Proxy
from tests.faults.publisher import Publisher
from tests.faults.server import Server
from tests.faults.supervisor import Fleet, Seat
from tests.faults.traffic import INTERVAL, Traffic
from tests.support.wire import harness
from tests.support.wire.poisoned_worker import POISON_COMMAND
from workers.settings import Settings
from workers.state.schema import Count

NAMESPACE = "faults"
RECLAIM_IDLE_MS = 1_500
MAX_ENTRY_BYTES = 200_000
_SETTLES_WITHIN_S = 300.0
"""An article that kills its worker takes eight starts of one, on a busy machine."""


class Stuck(Exception):
    """What must come to an end did not."""


@dataclass(slots=True)
class World:
    """One run's parts."""

    settings: Settings
    server: Server
    proxy: Proxy
    fleet: Fleet
    traffic: Traffic
    publisher: Publisher
    consumer: Consumer
    client: Redis
    api: Api
    listener: Listener
    retried: Counter[str] = field(default_factory=Counter)
    """How often dead letters were sent again that no one was to blame for, by article id."""
    trimmed: int = 0
    """Entries that a publisher has deleted: missed, or dead letters, or in a worker's hands."""
    forgotten: set[str] = field(default_factory=set)
    """Ids of articles whose kill the server has evicted: they may be told again."""
    lost_tails: int = 0
    """Times that the server came back without what it had acknowledged."""
    patience_s: float = _SETTLES_WITHIN_S
    notes: list[str] = field(default_factory=list)

    @property
    def has_older(self) -> bool:
        """Whether a worker of another version of the code is among them."""
        return any(seat.folder is not None for seat in self.fleet.seats)

    @property
    def window(self) -> timedelta:
        return timedelta(milliseconds=self.settings.window_ms)

    def missed(self) -> int:
        """Entries that the workers say were deleted before any of them read them."""
        return int(cast(Any, self.client.hget(self.settings.keys.counts, Count.MISSED)) or 0)

    def recover(self) -> None:
        """Returns when all that was sent so far has come to its end, and a new article is placed.

        Raises:
            Stuck: it does not.
        """
        ids: list[str] = []

        def one() -> list[Any]:
            article_id, line = self.traffic.probe()
            ids.append(article_id)
            return [line]

        entry_id = self.publisher.between(one)
        self.wait(lambda: self._is_placed(ids[0]), f"probe {ids[0]} is placed")
        self.wait(lambda: self._is_behind(entry_id), f"all before entry {entry_id} is done")

    def settle(self) -> None:
        """Returns when nothing is left to do.

        Raises:
            Stuck: something is, for minutes.
        """
        self.wait(self.is_settled, "all is settled")
        while self._retry_the_innocent():
            self.wait(self.is_settled, "all that was sent again is settled")
        stream = self.settings.streams.stories
        last = cast(Any, self.client.xrevrange(stream, count=1))
        newest = _order(last[0][0].decode() if last else "0")
        # It may be further: sweeps go on and tell of what they close.
        self.wait(lambda: _order(self.consumer.account.last) >= newest, "the consumer has read all")

    def is_settled(self) -> bool:
        """Whether no article, command or embargo waits."""
        streams, keys = self.settings.streams, self.settings.keys
        return not (
            self.client.xlen(streams.articles)
            or self.client.xlen(streams.commands)
            or self.client.zcard(keys.embargoes)
            or self.client.hlen(keys.purges)
        )

    def wait(self, condition: Callable[[], object], what: str) -> None:
        """Until it is so, whatever the server says meanwhile.

        Raises:
            Stuck: it takes too long.
        """
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                if condition():
                    return
            except RedisError:
                pass
            if time.monotonic() > deadline:
                raise Stuck(f"not within {self.patience_s:.0f} s: {what}; {self._state()}")
            time.sleep(0.01)

    def letters(self) -> list[tuple[str, DeadLetter]]:
        """Entry ids and dead letters."""
        return [
            (entry_id, DeadLetter.model_validate_json(fields[b"data"]))
            for entry_id, fields in harness.entries(self.client, self.settings.streams.dead)
        ]

    def innocent(self, letter: DeadLetter) -> bool:
        """Whether it is one that faults alone have brought there."""
        return letter.reason is Reason.TOO_MANY_DELIVERIES and not (
            letter.article_id or ""
        ).startswith("poison")

    def _retry_the_innocent(self) -> int:
        """As `onestory dead retry` does it."""
        innocent = [each for each in self.letters() if self.innocent(each[1])]
        for entry_id, letter in innocent:
            self.client.xadd(self.settings.streams.articles, cast(Any, letter.fields))
            self.client.xdel(self.settings.streams.dead, entry_id)
            self.retried[letter.article_id or ""] += 1
        return len(innocent)

    def _is_placed(self, article_id: str) -> bool:
        return bool(self.client.hexists(self.settings.keys.article(article_id), "s"))

    def _is_behind(self, entry_id: str) -> bool:
        stream = self.settings.streams.articles
        pending = cast(Any, self.client.xpending(stream, GROUP))
        return not pending["pending"] or _order(pending["min"].decode()) > _order(entry_id)

    def _state(self) -> str:
        try:
            pending: Any = self.client.xpending_range(
                self.settings.streams.articles, GROUP, "-", "+", 5
            )
            return (
                f"entries {self.client.xlen(self.settings.streams.articles)}, commands "
                f"{self.client.xlen(self.settings.streams.commands)}, embargoes "
                f"{self.client.zcard(self.settings.keys.embargoes)}, oldest pending {pending}, "
                f"consumer at {self.consumer.account.last}, listener at "
                f"{self.listener.account.last}"
            )
        except RedisError as error:
            return f"the server says {error}"


def _order(entry_id: str) -> tuple[int, int]:
    at, _, place = entry_id.partition("-")
    return int(at), int(place or 0)


def settings_of(url: str, window_articles: int, **changes: Any) -> Settings:
    """Settings of a run: short times, so that recovery takes seconds."""
    return harness.settings_for(
        url,
        NAMESPACE,
        **{
            "window_hours": window_articles * INTERVAL / timedelta(hours=1),
            "reclaim_idle_ms": RECLAIM_IDLE_MS,
            "max_entry_bytes": MAX_ENTRY_BYTES,
            "max_deliveries": 5,
            # A storm of evictions is one of the faults.
            "allow_eviction": True,
            **changes,
        },
    )


@contextmanager
def world(
    folder: Path,
    *,
    seed: int,
    articles: int,
    workers: int = 2,
    window_articles: int = 20_000,
    older: Sequence[Path] = (),
    **changes: Any,
) -> Iterator[World]:
    """A running service with traffic and a consumer.

    Args:
        folder: of the server's data and the workers' log.
        seed: of the traffic.
        articles: lines of traffic in all.
        workers: processes; the first one reaches the server through a proxy.
        window_articles: how many fit into the window.
        older: folders with other versions of the code; a worker of each runs beside the others.
        changes: of the settings.
    """
    with ExitStack() as undo:
        server = Server(folder)
        undo.callback(server.end)
        server.start()
        settings = settings_of(server.url, window_articles, **changes)
        proxy = Proxy(str(folder / "redis.sock"))
        proxy.start()
        undo.callback(proxy.end)
        by_proxy = settings.model_copy(update={"redis_url": proxy.url})
        # Unlike its neighbours in all that is a worker's own affair.
        own_way = settings.model_copy(update={"batch_size": 37, "poll_ms": 20, "neighbours": 16})
        seats = [Seat(POISON_COMMAND, by_proxy), Seat(POISON_COMMAND, own_way)]
        seats += [Seat(POISON_COMMAND, settings) for _ in range(workers - len(seats))]
        seats = seats[:workers]
        seats += [
            Seat((sys.executable, "-m", "workers", "worker"), settings, folder=each)
            for each in older
        ]
        fleet = Fleet(seats, folder / "workers.log")
        undo.callback(fleet.end)
        traffic = Traffic(seed)
        publisher = Publisher(settings, traffic, articles)
        consumer = Consumer(settings)
        client = Redis.from_url(server.url, socket_timeout=60.0, retry=Retry(NoBackoff(), 0))
        undo.callback(client.close)
        undo.callback(consumer.end)
        undo.callback(publisher.end)
        api = Api(settings, folder / "api.log")
        listener = Listener(api.url)
        publisher.api = api
        made = World(
            settings, server, proxy, fleet, traffic, publisher, consumer, client, api, listener
        )
        api.start()
        undo.callback(api.end)
        fleet.start()
        listener.start()
        undo.callback(listener.end)
        consumer.start()
        publisher.start()
        yield made
