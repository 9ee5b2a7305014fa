"""A worker takes little memory, whatever it is sent, and Redis keeps nothing for ever."""

import asyncio
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from redis import Redis

from contracts.dead_letter import Reason
from contracts.streams import GROUP
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item
from tests.support.wire.worker_processes import WorkerProcess, worker_process
from workers.archive.whereabouts import whereabouts_of
from workers.connection.clients import connect
from workers.process import sweep
from workers.process.reader import Intake
from workers.settings import Settings

MOST_MB = 512
"""Half of what ``deploy/compose.yaml`` gives it: the rest is for a large window."""
SENTENCE = "Мост через реку открыли во вторник после ремонта, который длился два года. "


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def wire(redis_client: Redis, settings: Settings) -> Iterator[Desk]:
    with desk(redis_client, settings) as made:
        yield made


def peak_mb(worker: WorkerProcess) -> int:
    status = Path(f"/proc/{worker.process.pid}/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) // 1024


def articles(name: str, count: int, size: int) -> Iterator[bytes]:
    for number in range(count):
        text = f"{number} " + SENTENCE * (size // len(SENTENCE.encode()))
        yield json.dumps({"id": f"{name}-{number}", "text": text}, ensure_ascii=False).encode()


def new_words(count: int, size: int) -> Iterator[bytes]:
    """Articles in which no word comes twice, in all of them."""
    syllables = ("бвгджзклмн", "аеиоу", "прстфхцчшщ", "аеиоу", "бвгджзклмн", "аеиоу", "бвгдж")
    words = map("".join, itertools.product(*syllables))
    for number in range(count):
        taken = list(itertools.islice(words, size // 8))
        yield json.dumps({"id": f"words-{number}", "text": " ".join(taken)}).encode()


HOSTILE: dict[str, Callable[[], Iterable[bytes]]] = {
    "articles of 7.7 MB": lambda: articles("large", 30, 7_700_000),
    "articles of 1 MB": lambda: articles("long", 100, 1_000_000),
    "control characters, six bytes each in JSON": lambda: [bytes([1]) * 7_900_000] * 5,
    "a list of lists": lambda: [b"[" + b"[]," * 2_600_000 + b"[]]"] * 2,
    "lists in a field that nobody reads": lambda: [
        b'{"id": "x", "text": "One two.", "more": [' + b"{}," * 2_600_000 + b"{}]}"
    ],
    "one character that takes four bytes": lambda: [
        json.dumps({"id": "e", "text": "🔥" + "a b " * 1_900_000}, ensure_ascii=False).encode()
    ],
    "larger than an entry may be": lambda: [b"x" * 30_000_000] * 4,
    "words that were never there": lambda: new_words(20, 20_000),
}


def test_a_worker_takes_little_memory_whatever_it_is_sent(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    count = 0
    for kind in HOSTILE.values():  # all of it waits when the worker begins
        for line in kind():
            harness.send(redis_client, settings, [line])
            count += 1

    with worker_process(settings, tmp_path, batch_size=500) as worker:
        harness.await_handled(redis_client, settings, count, timeout_s=120)

        assert peak_mb(worker) < MOST_MB


def read(
    settings: Settings, count: int, before: Callable[[], None] = lambda: None
) -> tuple[list[int], list[str]]:
    """Sizes of the entries of one read, and all ids that were read until nothing was left."""

    async def reading() -> tuple[list[int], list[str]]:
        client = connect(settings)
        stream = settings.streams.articles
        await client.xgroup_create(stream, GROUP, id="0", mkstream=True)
        intake = Intake(client, settings)
        sizes, ids = [], []
        asked: Any = {"count": count, "block": 50, "noack": False}
        waiting = asyncio.create_task(intake.read(GROUP, "one", {stream: ">"}, **asked))
        await asyncio.sleep(0)
        before()
        answer = await waiting
        while answer:
            entries = [entry for _, entry in answer[0][1]]
            sizes.append(sum(each.size for each in entries))
            ids += [each.id for each in entries]
            answer = await intake.read(GROUP, "one", {stream: ">"}, **asked)
        await client.aclose()
        return sizes, ids

    return asyncio.run(reading())


@pytest.mark.parametrize("comes_while_it_waits", [False, True])
def test_a_read_is_bounded_in_bytes_and_takes_all_in_order(
    redis_client: Redis, settings: Settings, *, comes_while_it_waits: bool
) -> None:
    small = settings.model_copy(update={"max_entry_bytes": 10_000})
    sizes = [100, 9_000, 9_000, 50_000, 20, 20, 9_900, 3_000, 3_000, 3_000, 3_000, 9_996]
    sent: list[bytes] = []

    def send() -> None:
        stream = small.streams.articles
        sent.extend(cast(Any, redis_client.xadd(stream, {"data": "x" * size})) for size in sizes)

    if not comes_while_it_waits:
        send()
    batches, ids = read(small, 500, send if comes_while_it_waits else lambda: None)

    assert ids == [each.decode() for each in sent]
    second, largest = sorted(batches)[-2:]
    assert largest > 50_000  # alone, though larger than may be
    assert second <= 10_000
    assert len(batches) < len(sizes)


def test_a_read_takes_no_more_entries_than_wanted(redis_client: Redis, settings: Settings) -> None:
    harness.send(redis_client, settings, [b"{}"] * 25)

    sizes, ids = read(settings, 10)

    assert (len(sizes), len(ids)) == (3, 25)


def test_a_group_that_is_lost_is_made_anew_and_skips_nothing(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    with worker_process(settings, tmp_path) as worker:
        worker.await_ready()
        redis_client.delete(settings.streams.articles)
        harness.send(redis_client, settings, list(articles("a", 3, 100)))
        harness.await_handled(redis_client, settings, 3)


def test_suspects_are_tried_in_groups_that_are_bounded_in_bytes(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = harness.settings_for(
        redis_url, namespace, reclaim_idle_ms=1_000, max_entry_bytes=10_000
    )
    with desk(redis_client, settings) as wire:
        wire.send(*(item(f"a{n}", n) | {"more": "x" * 4_000} for n in range(20)))
        ids: list[Any] = [
            each.id for each in wire.loop.run_until_complete(harness.taken(wire.workers[0], 20))
        ]
        redis_client.xclaim(settings.streams.articles, GROUP, "dead", 0, ids, idle=60_000)
        claimed: list[int] = []
        reclaimer = wire.workers[0].reclaimer
        handle = reclaimer.deduplicator.handle_apart

        async def counted(entries: Any) -> set[str]:
            claimed.append(sum(each.size for each in entries))
            return await handle(entries)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(reclaimer.deduplicator), "handle_apart", staticmethod(counted))
            for _ in range(20):
                wire.loop.run_until_complete(reclaimer.reclaim())

    assert harness.pending(redis_client, settings) == 0
    assert max(claimed) <= 10_000
    assert len(claimed) < 20


def test_what_is_too_large_to_be_read_is_a_letter_without_its_body(
    redis_client: Redis, redis_url: str, namespace: str, tmp_path: Path
) -> None:
    settings = harness.settings_for(redis_url, namespace, max_entry_bytes=100_000)
    harness.send(redis_client, settings, [*articles("a", 1, 200_000), *articles("b", 1, 90_000)])

    with worker_process(settings, tmp_path):
        harness.await_handled(redis_client, settings, 2)

    (letter,) = harness.letters(redis_client, settings)
    size = len(next(articles("a", 1, 200_000))) + len("data")
    assert letter.reason is Reason.TOO_LARGE
    assert letter.detail == (
        f"entry has {size} bytes, expected at most 100000; its body is not kept"
    )
    assert letter.fields == {}


def test_so_is_a_command(redis_client: Redis, redis_url: str, namespace: str) -> None:
    settings = harness.settings_for(redis_url, namespace, max_entry_bytes=100_000)
    with desk(redis_client, settings) as wire:
        wire.redis.xadd(settings.streams.commands, {"data": "x" * 200_000})
        wire.settle()

    (letter,) = harness.letters(redis_client, settings)
    assert (letter.reason, letter.fields) == (Reason.INVALID_COMMAND, {})
    assert letter.detail.endswith("its body is not kept")


# What Redis keeps.


def letters(redis: Redis, settings: Settings, days_ago: list[float], size: int = 10) -> list[str]:
    seconds, _ = cast(Any, redis.time())
    ids = [f"{int(seconds * 1000 - days * 86_400_000)}-0" for days in days_ago]
    for each in ids:
        redis.xadd(settings.streams.dead, {"data": "x" * size}, id=each)
    return ids


def kept(redis: Redis, settings: Settings) -> list[str]:
    return [entry_id for entry_id, _ in harness.entries(redis, settings.streams.dead)]


def test_dead_letters_go_after_a_month_and_that_is_told(
    wire: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    ids = letters(wire.redis, wire.settings, [40, 31, 30.1, 29.9, 3, 0])

    wire.sweep()

    assert kept(wire.redis, wire.settings) == ids[3:]
    assert harness.counts(wire.redis, wire.settings)["letters_trimmed"] == 3
    assert "3 dead letters that nobody had dealt with were deleted" in caplog.text


def test_the_oldest_dead_letters_go_when_all_take_too_much(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = harness.settings_for(redis_url, namespace, dead_bytes=1_000_000)
    with desk(redis_client, settings) as wire:
        ids = letters(redis_client, settings, [10 - n / 10 for n in range(60)], size=50_000)

        for _ in range(8):
            wire.sweep()

        left = kept(redis_client, settings)
        assert left == ids[-len(left) :]
        assert 10 <= len(left) <= 20
        taken = cast(int, redis_client.memory_usage(settings.streams.dead, samples=0))
        assert 700_000 <= taken <= 1_000_000
        assert harness.counts(redis_client, settings)["letters_trimmed"] == 60 - len(left)
        wire.sweep()
        assert kept(redis_client, settings) == left


def test_names_of_dead_workers_leave_the_group(wire: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = wire.settings.streams.articles
    wire.send(item("a", 1), item("b", 2))
    for name in ("dead", "died with one in hand"):
        wire.redis.xreadgroup(GROUP, name, {stream: ">"}, count=1)
    first = harness.entries(wire.redis, stream)[0][0]
    wire.redis.xack(stream, GROUP, first)

    wire.sweep()
    assert len(consumers(wire)) == 2

    monkeypatch.setattr(sweep, "CONSUMERS_KEPT_MS", 0)
    wire.sweep()
    assert consumers(wire) == {b"died with one in hand"}


def consumers(wire: Desk) -> set[bytes]:
    found = cast(Any, wire.redis.xinfo_consumers(wire.settings.streams.articles, GROUP))
    return {each["name"] for each in found}


def test_a_worker_whose_name_was_taken_off_goes_on(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    with worker_process(settings, tmp_path) as worker:
        worker.await_ready()
        for name in redis_client.xinfo_consumers(settings.streams.articles, GROUP):
            redis_client.xgroup_delconsumer(settings.streams.articles, GROUP, name["name"])
        harness.send(redis_client, settings, list(articles("a", 3, 100)))

        harness.await_handled(redis_client, settings, 3)


@pytest.mark.parametrize(("days", "is_held"), [(365, True), (367, False), (36_500, False)])
def test_an_embargo_has_an_end_that_somebody_lives_to_see(
    wire: Desk, days: int, *, is_held: bool
) -> None:
    until = (datetime.now(UTC) + timedelta(days=days)).isoformat()

    wire.place(item("e", 1, embargoed=until))

    found = harness.letters(wire.redis, wire.settings)
    assert bool(wire.redis.hexists(wire.settings.keys.held, "e")) == is_held
    assert [each.reason for each in found] == [] if is_held else [Reason.INVALID_ARTICLE]
    if not is_held:
        assert "expected at most 366 days from now" in found[0].detail


def test_a_kill_counts_whatever_its_embargo(wire: Desk) -> None:
    wire.place(item("e", 1))

    wire.place({"id": "e", "status": "canceled", "embargoed": "2199-01-01T00:00:00Z"})

    assert wire.stories == set()


def test_a_search_for_an_unknown_id_holds_the_server_up_for_an_entry_at_most(
    redis_client: Redis, settings: Settings
) -> None:
    harness.send(redis_client, settings, list(articles("a", 80, 2_000_000)))
    redis_client.config_set("slowlog-log-slower-than", 0)
    redis_client.config_set("slowlog-max-len", 10_000)
    redis_client.slowlog_reset()

    async def search() -> int | None:
        client = connect(settings)
        found = await whereabouts_of(client, settings, "nobody", None)
        await client.aclose()
        return found.not_scanned

    try:
        not_scanned = asyncio.run(search())
        calls = [
            each for each in redis_client.slowlog_get(10_000) if each["command"][:7] == b"EVALSHA"
        ]
    finally:
        redis_client.config_set("slowlog-log-slower-than", 10_000)

    # A call ends with the first entry that is large: so many calls, of so little each.
    assert 25 <= len(calls) <= 60
    assert not_scanned == 80 - 33  # 64 MB of them were


def test_an_id_that_waits_behind_large_entries_is_found(
    redis_client: Redis, settings: Settings
) -> None:
    lines = [*articles("far", 1, 100), *articles("large", 5, 2_000_000)]
    harness.send(redis_client, settings, lines)

    async def search() -> tuple[bool, bool]:
        client = connect(settings)
        found = await whereabouts_of(client, settings, "far-0", None)
        await client.aclose()
        return found.waits, found.is_there

    assert asyncio.run(search()) == (True, True)
