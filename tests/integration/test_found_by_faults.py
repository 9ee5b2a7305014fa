"""What fault runs and fuzzing found, each as small as it gets."""

import asyncio
import json
import time
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
import uvloop
from redis import Redis
from redis.exceptions import OutOfMemoryError

from contracts.streams import GROUP
from service.stories.withdrawn import without_text
from tests.faults.proxy import Proxy
from tests.support.builders.story_events import joined
from tests.support.redis.servers import connected, wait_until
from tests.support.wire import harness
from tests.support.wire.desk import desk, item
from workers.connection.clients import connect
from workers.connection.private_server import EmbeddedRedis
from workers.process.build import build_worker
from workers.process.reader import Reader
from workers.process.sweep import Sweeper


def test_a_full_server_that_a_script_meets_is_no_fault_of_an_article(tmp_path: Path) -> None:
    async def fill(url: str) -> None:
        client = connect(url)
        try:
            await client.eval("return redis.call('SET', KEYS[1], 'x')", 1, "key")
        finally:
            await client.aclose()

    with EmbeddedRedis(tmp_path) as server, connected(server.url) as redis:
        redis.config_set("maxmemory", "1")

        with pytest.raises(OutOfMemoryError):
            asyncio.run(fill(server.url))


def test_a_command_waits_for_a_full_server(tmp_path: Path) -> None:
    with (
        EmbeddedRedis(tmp_path) as server,
        connected(server.url) as redis,
        desk(redis, harness.settings_for(server.url, "full")) as wire,
    ):
        wire.place(item("a", 1), item("b", 2))
        wire.say("together", "a", "b", rule="r")
        redis.config_set("maxmemory", "1")
        # The lease was taken before memory ran out.
        with pytest.raises(OutOfMemoryError):
            wire.loop.run_until_complete(_applied(wire.workers[0].editor))
        redis.config_set("maxmemory", "0")
        redis.delete(wire.settings.keys.editor)
        wire.drain()

        assert [ruling.answer for ruling in wire.rulings()] == ["accepted"]
        assert harness.letters(redis, wire.settings) == []


async def _applied(editor: Any) -> None:
    for entry in await editor._read():
        await editor._apply(entry)


def test_a_connection_that_was_reset_while_idle_is_opened_anew(tmp_path: Path) -> None:
    """uvloop says RuntimeError of it, which no caller takes for a broken connection."""

    async def ask(proxy: Proxy) -> list[Any]:
        client = connect(proxy.url)
        answers = []
        for _ in range(5):
            answers.append(await client.ping())
            before = proxy.resets
            proxy.reset()
            await asyncio.to_thread(wait_until, partial(_more, proxy, before), "it is reset")
        answers.append(await client.ping())
        await client.aclose()
        return answers

    with EmbeddedRedis(tmp_path) as server:
        proxy = Proxy(str(server.folder / "redis.sock"))
        proxy.start()
        try:
            assert uvloop.run(ask(proxy)) == [True] * 6
        finally:
            proxy.end()


def _more(proxy: Proxy, resets: int) -> bool:
    return proxy.resets > resets


def test_what_failed_most_often_is_tried_last(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    """Else an article that kills its worker keeps all behind it waiting, start after start."""
    settings = harness.settings_for(redis_url, namespace, reclaim_idle_ms=100)
    with desk(redis_client, settings) as wire:
        worker, stream = wire.workers[0], settings.streams.articles
        wire.send(item("deadly", 1), item("innocent", 2))
        taken = wire.loop.run_until_complete(harness.taken(worker, 2))
        redis_client.xclaim(stream, GROUP, "dead", 0, [each.id for each in taken], idle=60_000)
        for entry, failures in zip(taken, (3, 2), strict=True):
            redis_client.hset(settings.keys.tries, entry.id, f"{failures}:1")

        handled = wire.loop.run_until_complete(worker.reclaimer.reclaim())

        told = [cast(Any, event.data).article_id for event in wire.events]
        assert (handled, told) == (2, ["innocent", "deadly"])


def test_a_worker_that_sweeps_for_minutes_stops_all_the_same(
    redis_client: Redis, redis_url: str, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a jump of the event clock it swept through its SIGTERM, until it was killed."""
    monkeypatch.setattr("workers.process.loops.LOOPS_END_WITHIN_S", 0.1)
    settings = harness.settings_for(redis_url, namespace, sweep_interval_ms=100)
    swept: list[str] = []

    began = asyncio.Event()

    async def for_ever() -> int:
        began.set()
        try:
            await asyncio.sleep(3_600)
        finally:
            swept.append("broken off")
        return 0

    async def play() -> None:
        worker = build_worker(settings, consumer="one")
        monkeypatch.setattr(Sweeper, "_forget", lambda _: for_ever())
        running = asyncio.create_task(worker.run())
        await began.wait()
        worker._stop()
        await asyncio.wait_for(running, 60.0)

    asyncio.run(play())

    assert swept == ["broken off"]
    assert not redis_client.exists(settings.keys.sweeper)  # another may go on at once
    assert redis_client.xinfo_consumers(settings.streams.articles, GROUP) == []


def test_a_server_that_is_silent_as_reading_begins_is_waited_for(
    redis_url: str, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker ended, with nothing to say but "onestory:"."""
    settings = harness.settings_for(redis_url, namespace)
    begin, tries = Reader._begin, 0

    async def silent_at_first(reader: Reader, *words: Any) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise TimeoutError
        await begin(reader, *words)

    async def play() -> None:
        worker = build_worker(settings, consumer="one")
        monkeypatch.setattr(Reader, "_begin", silent_at_first)
        running = asyncio.create_task(worker.run())
        with connected(redis_url) as redis:
            harness.send(redis, settings, [json.dumps(item("a", 1)).encode()])
            await asyncio.to_thread(
                wait_until, lambda: harness.counts(redis, settings).get("placed"), "it is placed"
            )
        worker._stop()
        await asyncio.wait_for(running, 60.0)

    asyncio.run(play())

    assert tries == 3


def test_hundreds_of_kills_at_once_are_purged_as_quickly_as_one() -> None:
    """They were looked for one by one, in every event, and the worker stood still."""
    told = [joined("s", 2, f"a{number}").model_dump_json().encode() for number in range(1_000)]
    many = {f"gone {number}" for number in range(300)}

    def seconds(killed: set[str]) -> float:
        began = time.process_time()
        assert [without_text(each, killed) for each in told] == [None] * len(told)
        return time.process_time() - began

    assert seconds(many) < 10 * seconds({"gone"}) + 0.1
    assert without_text(told[0], many | {"a0"}) is not None
