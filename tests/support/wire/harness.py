"""Real workers on a real Redis for tests: start, kill, wait, and read what came out."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self, cast

from redis import Redis

from contracts.consumer import Partition
from contracts.dead_letter import DeadLetter
from contracts.events import STORY_EVENT, AnyEvent, Placement
from contracts.streams import GROUP
from tests.support.redis.servers import wait_until
from workers.keys import StreamEntries
from workers.process.pool import WorkerPool
from workers.process.worker import Worker
from workers.settings import Settings
from workers.state.entries import Entry
from workers.state.streams import publish


def settings_for(redis_url: str, namespace: str, **changes: Any) -> Settings:
    """Settings with short intervals, so that a test of recovery takes seconds."""
    fast = {
        "REDIS_URL": redis_url,
        "namespace": namespace,
        "reclaim_idle_ms": 1_000,
        "reclaim_interval_ms": 100,
        "sweep_interval_ms": 100,
        "poll_ms": 50,
    }
    return Settings(**{**fast, **changes})


def send(redis: Redis, settings: Settings, lines: Sequence[bytes]) -> None:
    """Publish lines as any client would."""
    publish(redis, settings.streams, lines)


def entries(redis: Redis, stream: str) -> list[tuple[str, dict[bytes, bytes]]]:
    """Every entry of a stream: its id and its fields."""
    answer = cast(Any, redis.xrange(stream))
    return [(entry_id.decode(), fields) for entry_id, fields in answer]


async def taken(worker: Worker, count: int) -> list[Entry]:
    """Entries delivered to this worker, as FastStream would read them; none if there are none."""
    answer = await worker.redis.xreadgroup(
        GROUP, worker.consumer, {worker.settings.streams.articles: ">"}, count=count
    )
    delivered = cast(list[tuple[bytes, StreamEntries]], answer)
    return [Entry(entry_id.decode(), fields) for _, each in delivered for entry_id, fields in each]


def await_handled(
    redis: Redis,
    settings: Settings,
    count: int,
    pool: WorkerPool | None = None,
    *,
    timeout_s: float = 60.0,
) -> None:
    """Wait until ``count`` entries came to an end; workers of ``pool`` that die are replaced."""

    def done() -> bool:
        if pool is not None:
            pool.check()
        return handled(redis, settings) >= count

    wait_until(done, f"{count} entries come to an end", timeout_s=timeout_s)


def counts(redis: Redis, settings: Settings) -> dict[str, int]:
    """The counters that the scripts keep."""
    raw = cast(dict[bytes, bytes], redis.hgetall(settings.keys.counts))
    return {name.decode(): int(value) for name, value in raw.items()}


def handled(redis: Redis, settings: Settings) -> int:
    """Entries that came to an end."""
    found = counts(redis, settings)
    ended = ("placed", "versions", "held", "killed", "repeated", "dead")
    return sum(found.get(name, 0) for name in ended) - found.get("released", 0)


def events(redis: Redis, settings: Settings) -> list[AnyEvent]:
    """Every story event, in the order of the stream."""
    told = entries(redis, settings.streams.stories)
    return [STORY_EVENT.validate_json(fields[b"data"]) for _, fields in told]


def letters(redis: Redis, settings: Settings) -> list[DeadLetter]:
    """Every dead letter."""
    dead = entries(redis, settings.streams.dead)
    return [DeadLetter.model_validate_json(fields[b"data"]) for _, fields in dead]


def pending(redis: Redis, settings: Settings) -> int:
    """Length of the group's pending entries list."""
    return int(cast(Any, redis.xpending(settings.streams.articles, GROUP))["pending"])


def missing(redis: Redis, settings: Settings, article_ids: Iterable[str]) -> dict[str, str]:
    """What became of each of these articles that no event places, as far as Redis knows it."""
    placements = (event.data for event in events(redis, settings))
    told = {each.article_id for each in placements if isinstance(each, Placement)}
    gone = [each for each in article_ids if each not in told]
    if not gone:
        return {}
    ends = {
        str(letter.article_id): f"dead letter, {letter.reason}, {letter.deliveries} deliveries: "
        f"{letter.detail}"
        for letter in letters(redis, settings)
    }
    waiting = {
        _id_of(fields): _state(redis, settings, entry_id)
        for entry_id, fields in entries(redis, settings.streams.articles)
    }
    return {each: ends.get(each) or waiting.get(each, "no trace of it") for each in gone}


def _id_of(fields: Mapping[bytes, bytes]) -> str:
    try:
        return str(json.loads(fields[b"data"])["id"])
    except (ValueError, KeyError, TypeError):
        return "?"


def _state(redis: Redis, settings: Settings, entry_id: str) -> str:
    stream, keys = settings.streams.articles, settings.keys
    held = cast(Any, redis.xpending_range(stream, GROUP, entry_id, entry_id, 1))
    tried, error = redis.hget(keys.tries, entry_id), redis.hget(keys.errors, entry_id)
    state = f"pending {held[0]}" if held else "in the stream, with no worker"
    return f"entry {entry_id}: {state}, tries {tried!r}, error {error!r}"


def readers(redis: Redis) -> int:
    """Workers on the server that wait for articles: they are beyond their start."""
    return sum(each["cmd"] == "xreadgroup" for each in redis.client_list())


def consumed(told: Iterable[AnyEvent]) -> set[frozenset[str]]:
    """The partition a consumer holds after these events; every one must be new to it."""
    partition = Partition()
    for event in told:
        assert partition.apply(event), f"told twice: {event.id}"
    assert not partition.incomplete
    return {frozenset(story.articles) for story in partition.stories.values()}


def partition_in_redis(redis: Redis, settings: Settings) -> set[frozenset[str]]:
    """The partition as the stories' hashes hold it."""
    pipe = redis.pipeline(transaction=False)
    for key in redis.scan_iter(settings.keys.story("*"), count=1000):
        pipe.hkeys(key)
    members = (
        frozenset(name[1:].decode() for name in names if name.startswith(b"m"))
        for names in pipe.execute()
    )
    return {each for each in members if each}


class Killer:
    """Kills a random worker of a pool with -9, again and again, until it is stopped.

    After each kill it waits until some entry has come to an end, a minute at most: on a machine
    so busy that a worker takes longer to start than the pauses last, nothing would ever be handled.
    """

    def __init__(
        self,
        pool: WorkerPool,
        *,
        handled: Callable[[], int],
        seed: int,
        every_s: tuple[float, float],
    ) -> None:
        self._pool = pool
        self._handled = handled
        self._random = random.Random(seed)
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.killed = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._random.uniform(*self._every_s)):
            self._pool.kill(self._random.randrange(len(self._pool.pids)))
            self.killed += 1
            before, patience = self._handled(), time.monotonic() + 60.0
            while self._handled() == before and time.monotonic() < patience:
                if self._stop.wait(0.05):
                    return
