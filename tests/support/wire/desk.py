"""A desk for tests: articles and commands in, events out, with real workers in this process.

Every call goes through the real stream, scripts and decisions on a real Redis; only the
loops around them are missing, so a test says what happens when.
"""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from unittest.mock import patch

from redis import Redis

from contracts.commands import Ruling
from contracts.consumer import Partition
from contracts.streams import GROUP
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier
from tests.support.builders.corpora import samples
from tests.support.wire import harness
from workers.models import models
from workers.process.build import build_worker
from workers.process.worker import Worker
from workers.settings import Settings
from workers.state.entries import Entry

_STORIES = 40
_NAMES = itertools.count()
_made: dict[Any, tuple[Fingerprinter, Verifier]] = {}


def _models(settings: Settings) -> tuple[Fingerprinter, Verifier]:
    """Made once, whatever the namespace: a test may start a hundred workers."""
    named = (settings.encoder, settings.encoder_url, settings.verifier, settings.operating_point)
    if named not in _made:
        _made[named] = models(settings)
    return _made[named]


class Died(BaseException):
    """A worker's process ends here, as by kill -9: nothing after it happens."""


_TEXTS = {sample.id: json.loads(sample.line) for sample in samples(_STORIES, reprints=3, seed=77)}


def text(story: int, reprint: int = 0) -> dict[str, Any]:
    """Title, text and time of one of four reprints of one of 40 invented stories."""
    article = _TEXTS[f"s{story}-{reprint}"]
    return {name: article[name] for name in ("title", "text", "published_at", "lang")}


def item(article_id: str, story: int, reprint: int = 0, **more: Any) -> dict[str, Any]:
    """An article of an outlet of its own, or of the one whose item it replaces; see `text`."""
    outlet = f"outlet of {more.get('replaces', article_id)}"
    return {"id": article_id, "source": outlet, **text(story, reprint), **more}


@dataclass(slots=True)
class Desk:
    """Sends, settles, and reads what came out."""

    redis: Redis
    settings: Settings
    workers: list[Worker]
    loop: asyncio.AbstractEventLoop
    told: list[Any] = field(default_factory=list)
    """Events of the last `settle`."""

    def send(self, *articles: dict[str, Any]) -> None:
        """Publish articles, as any client would."""
        lines = [json.dumps(article, ensure_ascii=False).encode() for article in articles]
        harness.send(self.redis, self.settings, lines)

    def say(self, command: str, *articles: str, rule: str, **more: str) -> None:
        """Publish an editor's command; `rule` is its id."""
        subject: dict[str, Any] = {"articles": articles}
        if command == "lead":
            subject = {"article": articles[0]}
        elif command == "revoke":
            subject = {"rule": articles[0]}
        body = {"command": command, "id": rule, "by": "anna", "reason": "a test", **subject, **more}
        self.redis.xadd(self.settings.streams.commands, {"data": json.dumps(body)})

    def settle(self, worker: int = 0) -> list[Any]:
        """Handle everything that waits; returns the events that it gave."""
        before = len(harness.events(self.redis, self.settings))
        self.loop.run_until_complete(self._settle(self.workers[worker]))
        self.told = harness.events(self.redis, self.settings)[before:]
        return self.told

    def place(self, *articles: dict[str, Any]) -> list[Any]:
        """Send and settle."""
        self.send(*articles)
        return self.settle()

    def rule(self, command: str, *articles: str, rule: str) -> list[Any]:
        """Say and settle."""
        self.say(command, *articles, rule=rule)
        return self.settle()

    def turn(self, worker: int, count: int) -> None:
        """One worker takes some entries, and commands, and handles them."""
        self.loop.run_until_complete(self._turn(self.workers[worker], count))

    def dies(self, worker: int, count: int, step: str, *, comes_through: bool, calls: int) -> None:
        """The same, but the worker dies at a step of its store, after ``calls`` such steps: before
        the server got it, or before the answer came. Another takes its place.
        """
        dying = self.workers[worker]
        whole = getattr(dying.store, step)
        left = itertools.count()

        async def deadly(*args: Any, **more: Any) -> Any:
            if next(left) < calls:
                return await whole(*args, **more)
            if comes_through:
                await whole(*args, **more)
            raise Died

        with contextlib.suppress(Died), patch.object(dying.store, step, deadly):
            self.loop.run_until_complete(self._turn(dying, count))
        self.redis.delete(self.settings.keys.editor, self.settings.keys.sweeper)
        self.loop.run_until_complete(self._replace(worker))

    def drain(self, batch: int = 50) -> None:
        """Handle all there is, the pending entries of dead workers first."""
        for _ in range(3):
            for worker in self.workers:
                self.loop.run_until_complete(self._drain(worker, batch))

    async def _drain(self, worker: Worker, batch: int) -> None:
        stream = self.settings.streams.articles
        while True:
            pending: Any = await worker.redis.xpending_range(stream, GROUP, "-", "+", batch)
            waiting = set(worker.deduplicator.aside.ids)
            claimed = [
                each["message_id"] for each in pending if each["message_id"].decode() not in waiting
            ]
            if not claimed:
                break
            answer: Any = await worker.redis.xclaim(stream, GROUP, worker.consumer, 0, claimed)
            await worker.deduplicator.handle(
                [Entry(each.decode(), fields) for each, fields in answer]
            )
            if all(each.decode() in worker.deduplicator.aside.ids for each in claimed):
                break
        while await self._turn(worker, batch):
            pass

    async def _turn(self, worker: Worker, count: int) -> int:
        await worker.store.release()
        commands = await worker.editor.apply()
        entries = await harness.taken(worker, count)
        if entries:
            await worker.deduplicator.handle(entries)
        if worker.deduplicator.aside.ids:
            await worker.deduplicator.revisit()
        return commands + len(entries)

    async def _replace(self, place: int) -> None:
        await self.workers[place].redis.aclose()
        worker = build_worker(self.settings, consumer=f"w{place}-{next(_NAMES)}", models=_models)
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
        await worker.deduplicator.turns.catch_up()
        self.workers[place] = worker

    async def _settle(self, worker: Worker) -> None:
        await worker.store.release()
        await worker.editor.apply()
        while entries := await harness.taken(worker, 50):
            await worker.deduplicator.handle(entries)
        if worker.deduplicator.aside.ids:
            await worker.deduplicator.revisit()

    def sweep(self) -> None:
        """Expire and purge, as every worker does now and then."""
        self.loop.run_until_complete(self.workers[0]._sweep())

    @property
    def events(self) -> list[Any]:
        """All events so far, in the order of the stream."""
        return harness.events(self.redis, self.settings)

    @property
    def partition(self) -> Partition:
        """What a consumer holds that reads the stream from its start."""
        partition = Partition()
        for event in self.events:
            assert partition.apply(event), f"told twice: {event.id}"
        assert not partition.incomplete
        return partition

    @property
    def stories(self) -> set[frozenset[str]]:
        """The consumer's stories, which must be the service's."""
        held = {frozenset(story.articles) for story in self.partition.stories.values()}
        assert held == harness.partition_in_redis(self.redis, self.settings)
        return held

    def story_of(self, article_id: str) -> str:
        """The id of the story that an article is in."""
        return next(
            story.id for story in self.partition.stories.values() if article_id in story.articles
        )

    def rulings(self) -> list[Ruling]:
        """The answers to commands."""
        entries = harness.entries(self.redis, self.settings.streams.rulings)
        return [Ruling.model_validate_json(fields[b"data"]) for _, fields in entries]

    def holds(self, words: str) -> list[str]:
        """Keys of the namespace in which words stand, in any of the ways they are stored."""
        wanted = {
            words.encode(),
            json.dumps(words)[1:-1].encode(),
            words.encode("cp1251", "replace"),
        }
        found = []
        for key in self.redis.scan_iter(self.settings.keys.prefix + "*", count=1000):
            kind = cast(bytes, self.redis.type(key)).decode()
            read: dict[str, Callable[[bytes], Any]] = {
                "hash": self.redis.hgetall,
                "stream": self.redis.xrange,
                "string": self.redis.get,
                "zset": lambda key: self.redis.zrange(key, 0, -1),
            }
            value = read[kind](key)
            if any(each in chunk for each in wanted for chunk in _chunks(value)):
                found.append(key.decode())
        return found


def _chunks(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        yield from _chunks(list(value.items()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _chunks(each)


@contextmanager
def desk(redis: Redis, settings: Settings, workers: int = 1) -> Iterator[Desk]:
    """A desk with workers that share nothing but Redis."""
    loop = asyncio.new_event_loop()
    made: list[Worker] = []

    async def start() -> None:
        for name in range(workers):
            worker = build_worker(settings, consumer=f"w{name}", models=_models)
            made.append(worker)
            await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
            await worker.editor.prepare()

    async def stop() -> None:
        for worker in made:
            await worker.redis.aclose()

    try:
        loop.run_until_complete(start())
        yield Desk(redis, settings, made, loop)
    finally:
        loop.run_until_complete(stop())
        loop.close()
