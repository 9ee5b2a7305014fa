"""Entries that another client trims or deletes: what is lost is told, on every server."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest

from contracts.dead_letter import DeadLetter, Reason
from contracts.streams import GROUP
from tests.support.redis.servers import connected, fresh_namespace, servers_here
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item
from workers.connection.private_server import EmbeddedRedis
from workers.state.schema import Missed

SERVERS = servers_here()
COUNTING = {name: binary for name, binary in SERVERS.items() if binary.version >= (7,)}
"""Servers that count what is added to a stream."""
IDLE_MS = 30_000
"""So long that only what these tests make idle is."""


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    with EmbeddedRedis(binary=SERVERS[request.param]) as running:
        yield running.url


@pytest.fixture(scope="module", params=COUNTING)
def counting(request: pytest.FixtureRequest) -> Iterator[str]:
    with EmbeddedRedis(binary=SERVERS[request.param]) as running:
        yield running.url


def wire_on(url: str, **changes: Any) -> Iterator[Desk]:
    settings = harness.settings_for(url, fresh_namespace(), reclaim_idle_ms=IDLE_MS, **changes)
    with connected(url) as redis, desk(redis, settings, workers=2) as made:
        yield made


@pytest.fixture
def wire(server: str) -> Iterator[Desk]:
    yield from wire_on(server)


@pytest.fixture(params=[False, True], ids=["placed is deleted", "input is kept"])
def watched(counting: str, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk whose workers look for what is missed, from its start."""
    for made in wire_on(counting, keep_input=request.param):
        assert tell(made) == 0
        yield made


def tell(wire: Desk, worker: int = 0) -> int:
    return wire.loop.run_until_complete(wire.workers[worker].store.missed.tell())


def taken(wire: Desk, count: int) -> list[str]:
    """Ids of entries that worker 0 took and does not handle."""
    found = wire.loop.run_until_complete(harness.taken(wire.workers[0], count))
    return [entry.id for entry in found]


def age(wire: Desk, ids: Sequence[str]) -> None:
    """As if their worker had not been heard of for a minute."""
    stream, claimed = wire.settings.streams.articles, cast(Any, list(ids))
    wire.redis.xclaim(stream, GROUP, "dead", 0, claimed, idle=60_000, justid=True)


def reclaim(wire: Desk, worker: int = 1) -> None:
    wire.loop.run_until_complete(wire.workers[worker].reclaimer.reclaim())


def letters(wire: Desk) -> list[DeadLetter]:
    return harness.letters(wire.redis, wire.settings)


def many(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [item(f"a{number}", number % 40, number // 40 % 4) for number in range(start, count)]


def trim(wire: Desk, left: int) -> None:
    wire.redis.xtrim(wire.settings.streams.articles, maxlen=left, approximate=False)


def delete(wire: Desk, ids: Sequence[str]) -> None:
    wire.redis.xdel(wire.settings.streams.articles, *ids)


@pytest.mark.parametrize("how", ["trimmed", "deleted", "some of them deleted"])
def test_every_pending_entry_that_is_gone_has_a_dead_letter(wire: Desk, how: str) -> None:
    wire.send(*many(40))
    ids = taken(wire, 40)
    age(wire, ids)
    gone = ids[::3] if how == "some of them deleted" else ids
    if how == "trimmed":
        trim(wire, 0)
    else:
        delete(wire, gone)

    for _ in range(3):  # whoever was claimed and waits for another comes again
        reclaim(wire)

    assert [each.entry_id for each in letters(wire)] == gone
    assert {each.reason for each in letters(wire)} == {Reason.VANISHED}
    assert harness.counts(wire.redis, wire.settings)["dead"] == len(gone)
    assert harness.counts(wire.redis, wire.settings).get("placed", 0) == 40 - len(gone)
    assert harness.pending(wire.redis, wire.settings) == 0


@pytest.mark.parametrize("said", ["kept", "handed back"])
def test_what_its_worker_says_of_it_takes_no_entry_off_the_pending_list(
    wire: Desk, said: str
) -> None:
    """A live worker says now and then what it has in hand; from 7.0 on that forgot the gone."""
    wire.send(*many(3))
    ids = taken(wire, 3)
    delete(wire, ids[:2])
    worker = wire.workers[0]

    if said == "kept":
        worker.deduplicator.in_hand |= set(ids)
        wire.loop.run_until_complete(worker.reclaimer.keep_own())
    else:
        wire.loop.run_until_complete(worker.reclaimer.hand_back())

    assert harness.pending(wire.redis, wire.settings) == 3


def test_what_an_entry_had_registered_is_forgotten_with_it(wire: Desk) -> None:
    """Else its matches wait for ever for what nobody can decide any more."""
    wire.send(item("first", 1))
    worker = wire.workers[0]

    async def registers_and_dies() -> list[str]:
        entries = await harness.taken(worker, 1)
        read, _ = worker.deduplicator._read(entries)
        await worker.deduplicator.preparer.prepare(read)
        return [entry.id for entry in entries]

    ids = wire.loop.run_until_complete(registers_and_dies())
    age(wire, ids)
    delete(wire, ids)
    wire.send(item("second", 1, 1))
    wire.turn(1, 1)
    assert wire.workers[1].deduplicator.aside.ids  # it waits for the first one

    reclaim(wire)
    wire.turn(1, 1)

    (letter,) = letters(wire)
    assert (letter.reason, letter.article_id) == (Reason.VANISHED, "first")
    assert wire.stories == {frozenset({"second"})}


def test_what_was_trimmed_before_it_was_read_is_counted_and_told_once(watched: Desk) -> None:
    watched.send(*many(200))
    trim(watched, 30)

    assert [tell(watched), tell(watched, worker=1), tell(watched)] == [170, 0, 0]
    watched.settle()
    assert tell(watched) == 0

    (letter,) = letters(watched)
    assert (letter.reason, letter.fields) == (Reason.VANISHED, {})
    assert letter.detail.startswith("170 entries between 0-0 and ")
    assert "MAXLEN" in letter.remedy
    counts = harness.counts(watched.redis, watched.settings)
    assert (counts["missed"], counts.get("dead", 0)) == (170, 0)
    assert counts["placed"] + counts.get("repeated", 0) == 30


def test_so_is_a_stream_of_which_nothing_is_left(watched: Desk) -> None:
    watched.send(*many(50))
    trim(watched, 0)

    assert tell(watched) == 50


def test_a_gap_that_was_read_past_before_anybody_looked_is_told(watched: Desk) -> None:
    """As under a publisher that trims with each entry: workers jump from gap to gap."""
    watched.place(*many(20))
    for start in range(20, 120, 50):
        watched.send(*many(start + 50, start))
        trim(watched, 10)
        watched.settle()
    # Kept input hides it until all that is left in the stream waits.
    watched.send(*many(140, 120))
    trim(watched, 5)

    assert tell(watched) == 2 * 40 + 15


def test_what_workers_place_and_delete_is_not_missed(watched: Desk) -> None:
    articles = many(120)
    for start in range(0, 120, 30):
        watched.send(*articles[start : start + 30], *articles[start : start + 5], {"id": "broken"})
        watched.turn(0, 20)
        assert tell(watched) == 0
        watched.turn(1, 20)
        assert tell(watched, worker=1) == 0
    watched.say("together", "a0", "a1", rule="one")
    watched.redis.xadd(watched.settings.streams.commands, {"data": "no command"})
    watched.settle()

    assert tell(watched) == 0
    assert {each.reason for each in letters(watched)} == {
        Reason.INVALID_ARTICLE,
        Reason.INVALID_COMMAND,
    }


def test_nor_is_what_is_pending_with_the_dead_and_deleted(watched: Desk) -> None:
    """Each of these has a letter of its own."""
    watched.send(*many(30))
    ids = taken(watched, 10)
    age(watched, ids)
    delete(watched, ids)

    assert tell(watched) == 0
    reclaim(watched)

    assert tell(watched) == 0
    assert len(letters(watched)) == 10


def test_trimming_what_was_read_is_nobodys_loss(counting: str) -> None:
    for wire in wire_on(counting, keep_input=True):
        tell(wire)
        wire.place(*many(40))

        trim(wire, 5)

        assert tell(wire) == 0


def test_what_was_missed_before_this_was_looked_at_is_not_told(counting: str) -> None:
    """A namespace of the version before; its counts say nothing of what it lost."""
    for wire in wire_on(counting):
        wire.place(*many(20))
        wire.send(*many(60, 20))
        trim(wire, 10)

        assert tell(wire) == 0

        wire.send(*many(100, 60))
        trim(wire, 10)
        assert tell(wire) == 40


def test_a_group_made_anew_is_no_loss(watched: Desk) -> None:
    watched.send(*many(40))
    watched.turn(0, 15)
    taken(watched, 5)

    watched.redis.xgroup_destroy(watched.settings.streams.articles, GROUP)
    watched.loop.run_until_complete(watched.workers[0].store.ensure_group())

    assert tell(watched) == 0
    watched.settle()
    assert tell(watched) == 0


def test_whoever_tells_first_tells_alone(watched: Desk) -> None:
    watched.send(*many(50))
    trim(watched, 10)

    async def both() -> list[int]:
        tellers = (worker.store.missed.tell() for worker in watched.workers)
        return await asyncio.gather(*tellers)

    assert sorted(watched.loop.run_until_complete(both())) == [0, 40]
    assert len(letters(watched)) == 1


def test_of_a_server_that_does_not_count_nothing_is_told() -> None:
    uncounted = [binary for binary in SERVERS.values() if binary.version < (7,)]
    for binary in uncounted:
        with EmbeddedRedis(binary=binary) as server:
            for wire in wire_on(server.url):
                wire.send(*many(20))
                trim(wire, 5)

                assert tell(wire) == 0


def test_the_base_is_no_kind_of_count(watched: Desk) -> None:
    """It stands beside the counts so that it goes with them, and is no figure."""
    watched.place(item("a", 1))
    tell(watched)

    assert watched.redis.hget(watched.settings.keys.counts, Missed.BASE) == b"0"


def test_a_command_that_is_deleted_while_it_is_pending_is_told_as_that(wire: Desk) -> None:
    stream = wire.settings.streams.commands
    wire.loop.run_until_complete(wire.workers[0].editor.prepare())
    wire.say("together", "a", "b", rule="one")
    wire.redis.xreadgroup(GROUP, "editor", {stream: ">"})
    wire.redis.xtrim(stream, maxlen=0, approximate=False)
    wire.say("together", "a", "b", rule="two")

    wire.settle()

    (letter,) = letters(wire)
    assert letter.reason is Reason.VANISHED
    assert [each.rule for each in wire.rulings()] == ["two"]


@pytest.mark.parametrize("is_delivered", [False, True])
def test_entries_that_come_again_under_ids_of_now_are_not_missed(
    watched: Desk, *, is_delivered: bool
) -> None:
    """Each was added twice: `lua/present.lua` takes that into the reckoning."""
    stream = watched.settings.streams.articles
    watched.send(*many(3))
    watched.drain()
    far = {"data": json.dumps(item("far", 39))}
    watched.redis.xadd(stream, cast(Any, far), id="18446744073709551615-3")
    if is_delivered:
        taken(watched, 1)

    watched.sweep()
    watched.drain()

    assert tell(watched) == 0
    watched.redis.xadd(stream, {"data": "{}"})
    watched.redis.xtrim(stream, maxlen=0, approximate=False)
    assert tell(watched) == 1
