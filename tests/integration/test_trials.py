"""One trial of suspects, and what may come between its steps."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from contracts.dead_letter import Reason
from contracts.streams import GROUP
from tests.support.wire import harness
from tests.support.wire.desk import Desk, Died, desk, item
from workers.placing.deduplicator import Deduplicator
from workers.placing.plan import Plan, Planner
from workers.state.scripts import Scripts
from workers.state.tries import Record, Tries


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[Desk]:
    # So long that only what these tests make idle is.
    settings = harness.settings_for(redis_url, namespace, reclaim_idle_ms=30_000, max_deliveries=3)
    with desk(redis_client, settings, workers=2) as made:
        yield made


def left_behind(wire: Desk, *articles: dict[str, Any]) -> list[str]:
    """Ids of entries that a dead worker had in hand."""
    wire.send(*articles)
    taken = wire.loop.run_until_complete(harness.taken(wire.workers[0], len(articles)))
    ids = [entry.id for entry in taken]
    age(wire, ids, "dead")
    return ids


def age(wire: Desk, ids: Sequence[str], consumer: str) -> None:
    """As if the consumer had not been heard of for a minute."""
    stream, claimed = wire.settings.streams.articles, cast(Any, list(ids))
    wire.redis.xclaim(stream, GROUP, consumer, 0, claimed, idle=60_000, justid=True)


def record(wire: Desk, entry_id: str, worker: int = 0) -> Record:
    text = cast(bytes | None, wire.redis.hget(wire.settings.keys.tries, entry_id))
    return Record.read(text, wire.workers[worker].store.era.current)


def pending(wire: Desk, entry_id: str) -> tuple[str, int]:
    """Whose it is, and how often it was delivered."""
    stream = wire.settings.streams.articles
    (found,) = cast(Any, wire.redis.xpending_range(stream, GROUP, entry_id, entry_id, 1))
    return found["consumer"].decode(), found["times_delivered"]


def reclaim(wire: Desk, worker: int = 0) -> None:
    wire.loop.run_until_complete(wire.workers[worker].reclaimer.reclaim())


def dies(*_: Any, **__: Any) -> Any:
    raise Died


def fails(*_: Any, **__: Any) -> Any:
    raise ValueError("no")


def test_a_death_between_claim_and_handling_counts_against_what_was_claimed_alone(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deduplicator, "handle_apart", dies)
    (alone,) = left_behind(wire, item("a", 1))

    with pytest.raises(Died):
        reclaim(wire)

    assert record(wire, alone) == Record(failures=1, limit=1)


def test_a_death_with_several_claimed_counts_against_none(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deduplicator, "handle_apart", dies)
    ids = left_behind(wire, *(item(f"a{story}", story) for story in range(16)))

    with pytest.raises(Died):
        reclaim(wire)

    # Two parts of eight would be of two; of those two the first group was claimed.
    assert [record(wire, each) for each in ids] == [Record(0, 1)] * 2 + [Record()] * 14


MATCH, VERSION = item("second", 1, 1), item("first", 1, 1, version=2)


def waits_in_vain(wire: Desk, article: dict[str, Any] = MATCH) -> str:
    """The entry of an article that waits for one which another worker has registered and does not
    decide: its match, or the version before it.
    """
    wire.send(item("first", 1))
    worker = wire.workers[1]

    async def stall() -> None:
        read, _ = worker.deduplicator._read(await harness.taken(worker, 1))
        await worker.deduplicator.preparer.prepare(read)

    wire.loop.run_until_complete(stall())
    (entry_id,) = left_behind(wire, article)
    return entry_id


@pytest.mark.parametrize("article", [MATCH, VERSION])
def test_what_waits_for_another_worker_is_not_counted_and_not_kept(
    wire: Desk, article: dict[str, Any]
) -> None:
    entry_id = waits_in_vain(wire, article)

    for _ in range(4):
        reclaim(wire)

        assert wire.redis.exists(wire.settings.keys.tries) == 0
        assert wire.workers[0].deduplicator.aside.ids == ()
        assert pending(wire, entry_id) == ("w0", 1)


@pytest.mark.parametrize(("comes_through", "known"), [(False, Record(1, 1)), (True, Record())])
def test_a_death_while_settling_counts_only_before_it_is_settled(
    wire: Desk, monkeypatch: pytest.MonkeyPatch, *, comes_through: bool, known: Record
) -> None:
    entry_id = waits_in_vain(wire)
    say = Tries._say

    async def deadly(*args: Any, **more: Any) -> None:
        if comes_through:
            await say(*args, **more)
        raise Died

    monkeypatch.setattr(Tries, "_say", deadly)
    with pytest.raises(Died):
        reclaim(wire)

    assert record(wire, entry_id) == known


def test_a_trial_that_a_server_away_left_unsettled_is_settled_before_anything_is_handled(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what kills the worker next would stand against an entry that was not in hand."""
    entry_id = waits_in_vain(wire)
    with monkeypatch.context() as server:
        server.setattr(Tries, "_say", away)
        with pytest.raises(RedisConnectionError):
            reclaim(wire)
        assert record(wire, entry_id) == Record(1, 1)
        with pytest.raises(RedisConnectionError):
            wire.loop.run_until_complete(wire.workers[0].deduplicator.turns.catch_up())
    wire.send(item("poison", 2))

    monkeypatch.setattr(Deduplicator, "_process", dies)
    with pytest.raises(Died):
        wire.turn(0, 1)

    assert wire.redis.exists(wire.settings.keys.tries) == 0


async def away(*_: Any, **__: Any) -> Any:
    raise RedisConnectionError("the server is away")


def claims_and_hears_nothing(wire: Desk) -> None:
    """The server has claimed for the worker, and the connection breaks before it says so."""
    run = Scripts.run

    async def lost(self: Scripts, calls: Any) -> Any:
        calls = list(calls)
        answers = await run(self, calls)
        return await away() if calls[0][0] == "claim" else answers

    with pytest.MonkeyPatch.context() as server:
        server.setattr(Scripts, "run", lost)
        with pytest.raises(RedisConnectionError):
            reclaim(wire)


def test_a_claim_whose_answer_is_lost_is_no_death(wire: Desk) -> None:
    (entry_id,) = left_behind(wire, item("a", 1))

    claims_and_hears_nothing(wire)
    known = record(wire, entry_id)
    wire.loop.run_until_complete(wire.workers[0].deduplicator.turns.catch_up())

    assert known == Record(1, 1)
    assert record(wire, entry_id) == Record()
    assert pending(wire, entry_id) == ("w0", 1)


def test_a_worker_does_not_bury_what_it_could_not_settle(wire: Desk) -> None:
    """It had looked for what is idle before it settled its own last trial."""
    (entry_id,) = left_behind(wire, item("a", 1))
    wire.redis.hset(wire.settings.keys.tries, entry_id, "2:1")
    claims_and_hears_nothing(wire)
    known = record(wire, entry_id)
    age(wire, [entry_id], "w0")

    reclaim(wire)

    assert known == Record(3, 1)
    assert harness.letters(wire.redis, wire.settings) == []


def test_a_worker_that_was_held_up_does_not_suspect_what_it_has_in_hand(wire: Desk) -> None:
    (entry_id,) = left_behind(wire, item("a", 1))
    age(wire, [entry_id], "w0")
    wire.workers[0].deduplicator.in_hand.add(entry_id)

    reclaim(wire)

    assert pending(wire, entry_id) == ("w0", 1)


def test_a_repeat_that_failed_before_leaves_nothing(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (entry_id,) = left_behind(wire, item("a", 1))
    with monkeypatch.context() as article:
        article.setattr(Deduplicator, "_process", fails)
        reclaim(wire)
    known = record(wire, entry_id)
    wire.place(item("a", 1))
    age(wire, [entry_id], "dead")

    reclaim(wire)

    assert known == Record(1, 1)
    assert harness.counts(wire.redis, wire.settings)["repeated"] == 1
    assert wire.redis.exists(wire.settings.keys.tries, wire.settings.keys.errors) == 0


def test_a_stop_in_the_middle_of_a_trial_is_no_death(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped(*_: Any) -> None:
        raise asyncio.CancelledError

    (entry_id,) = left_behind(wire, item("a", 1))
    with monkeypatch.context() as worker:
        worker.setattr(Deduplicator, "_process", stopped)
        with pytest.raises(asyncio.CancelledError):
            reclaim(wire)
    known = record(wire, entry_id)
    wire.loop.run_until_complete(wire.workers[0].reclaimer.hand_back())
    handed_back = (record(wire, entry_id), pending(wire, entry_id))
    reclaim(wire, 1)  # at once

    assert known == Record(1, 1)
    assert handed_back == (Record(), ("w0", 1))
    assert wire.stories == {frozenset({"a"})}


def test_what_another_worker_has_claimed_is_left_to_it(wire: Desk) -> None:
    """A worker that was stopped for too long comes back with entries in hand."""
    slow, other = wire.workers
    wire.send(item("a", 1))
    (entry,) = wire.loop.run_until_complete(harness.taken(slow, 1))
    slow.deduplicator.in_hand.add(entry.id)
    age(wire, [entry.id], "w0")
    wire.loop.run_until_complete(other.store.tries.claim("w1", [entry.id]))

    wire.loop.run_until_complete(slow.reclaimer.keep_own())
    wire.loop.run_until_complete(slow.reclaimer.hand_back())
    wire.loop.run_until_complete(slow.store.tries.hand_back("w0", [entry.id]))

    assert pending(wire, entry.id) == ("w1", 2)
    assert record(wire, entry.id) == Record(1, 1)


def test_what_is_in_hand_is_kept_while_others_look_for_what_is_idle(wire: Desk) -> None:
    (entry_id,) = left_behind(wire, item("a", 1))
    age(wire, [entry_id], "w0")
    wire.workers[0].deduplicator.in_hand.add(entry_id)

    wire.loop.run_until_complete(wire.workers[0].reclaimer.keep_own())
    reclaim(wire, 1)

    assert pending(wire, entry_id) == ("w0", 1)


def test_a_death_that_another_server_heard_of_is_not_counted(wire: Desk) -> None:
    """It may have lost that the worker settled the trial."""
    (entry_id,) = left_behind(wire, item("a", 1))
    wire.redis.hset(wire.settings.keys.tries, entry_id, "2:1 1:1 abc123")
    worker = wire.workers[0]

    wire.loop.run_until_complete(worker.store.tries.claim("w0", [entry_id]))

    kept = cast(bytes, wire.redis.hget(wire.settings.keys.tries, entry_id))
    assert kept.decode() == f"2:1 1:1 {worker.store.era.current}"


def test_a_later_try_beside_others_does_not_widen_what_was_narrowed(wire: Desk) -> None:
    """A worker may have looked before another one's trial, and claim after it."""
    ids = left_behind(wire, *(item(f"a{story}", story) for story in range(16)))
    wire.redis.hset(wire.settings.keys.tries, ids[0], "2:1")

    wire.loop.run_until_complete(wire.workers[0].store.tries.claim("w0", ids))

    assert [record(wire, each) for each in ids] == [Record(2, 1)] + [Record(0, 2)] * 15


def test_an_error_counts_once_at_the_first_delivery_and_once_in_each_trial(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deduplicator, "_process", fails)
    wire.send(item("a", 1), item("b", 2))
    taken = wire.loop.run_until_complete(harness.taken(wire.workers[0], 2))
    ids = [entry.id for entry in taken]
    counted = []
    for _ in range(2):  # as when the server was away in the middle of it
        wire.loop.run_until_complete(wire.workers[0].deduplicator.handle(taken))
        counted.append([record(wire, each) for each in ids])
    for _ in range(2):
        age(wire, ids, "w0")
        reclaim(wire)
        counted.append([record(wire, each) for each in ids])
    age(wire, ids, "w0")
    reclaim(wire)

    assert counted == [[Record(each, 1)] * 2 for each in (1, 1, 2, 3)]
    assert [
        (letter.article_id, letter.reason, letter.detail)
        for letter in harness.letters(wire.redis, wire.settings)
    ] == [
        (
            each,
            Reason.TOO_MANY_DELIVERIES,
            "failed 3 times, each time alone in hand; last error: ValueError: no",
        )
        for each in "ab"
    ]
    assert wire.redis.exists(wire.settings.keys.tries, wire.settings.keys.errors) == 0


def test_an_error_of_an_entry_that_others_have_done_leaves_nothing(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.send(item("a", 1))
    taken = wire.loop.run_until_complete(harness.taken(wire.workers[0], 1))
    wire.loop.run_until_complete(wire.workers[1].deduplicator.handle(taken))
    monkeypatch.setattr(Deduplicator, "_process", fails)
    wire.loop.run_until_complete(wire.workers[0].deduplicator.handle(taken))

    assert wire.redis.exists(wire.settings.keys.tries, wire.settings.keys.errors) == 0


def test_an_old_entry_with_many_deliveries_is_a_suspect_without_a_record(wire: Desk) -> None:
    """As an older version of the workers left it."""
    (entry_id,) = left_behind(wire, item("a", 1))
    cast(Any, wire.redis).xclaim(
        wire.settings.streams.articles, GROUP, "dead", 0, [entry_id], idle=60_000, retrycount=9
    )

    reclaim(wire)

    assert wire.stories == {frozenset({"a"})}
    assert harness.letters(wire.redis, wire.settings) == []


def deadly_when_placed(article_id: str) -> Any:
    plan = Planner.plan

    def deadly(*args: Any) -> Plan:
        made = plan(*args)
        if any(prepared.article.id == article_id for prepared, _ in made.commits):
            raise Died
        return made

    return deadly


def test_poison_that_kills_only_when_it_has_waited_is_buried_and_alone(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Planner, "plan", deadly_when_placed("poison"))
    wire.send(item("first", 1))
    stalled = wire.workers[1].deduplicator
    taken = wire.loop.run_until_complete(harness.taken(wire.workers[1], 1))
    undecided = wire.loop.run_until_complete(stalled.preparer.prepare(stalled._read(taken)[0]))
    # Both wait: what becomes of the second is not known before the first is decided.
    wire.send(item("poison", 1, 1), item("innocent", 1, 2))
    wire.turn(0, 2)
    ids = wire.workers[0].deduplicator.aside.ids
    wire.loop.run_until_complete(stalled.placer.place(undecided))

    with pytest.raises(Died):
        wire.loop.run_until_complete(wire.workers[0].deduplicator.revisit())
    for _ in range(3):
        wire.loop.run_until_complete(wire._replace(0))
        age(wire, ids, "dead")
        with pytest.raises(Died):
            reclaim(wire)
    wire.loop.run_until_complete(wire._replace(0))
    age(wire, ids, "dead")
    reclaim(wire)

    assert len(ids) == 2
    (letter,) = harness.letters(wire.redis, wire.settings)
    assert (letter.article_id, letter.reason) == ("poison", Reason.TOO_MANY_DELIVERIES)
    wire.drain()
    assert wire.stories == {frozenset({"first", "innocent"})}


def test_an_article_that_fails_when_it_has_waited_does_not_hold_up_the_others(
    wire: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It failed with all that waited, each time, for ever."""
    plan = Planner.plan

    def failing_when_placed(*args: Any) -> Plan:
        made = plan(*args)
        if any(prepared.article.id == "failing" for prepared, _ in made.commits):
            raise ValueError("no")
        return made

    monkeypatch.setattr(Planner, "plan", failing_when_placed)
    wire.send(item("first", 1))
    stalled = wire.workers[1].deduplicator
    taken = wire.loop.run_until_complete(harness.taken(wire.workers[1], 1))
    undecided = wire.loop.run_until_complete(stalled.preparer.prepare(stalled._read(taken)[0]))
    wire.send(item("other", 1, 1), item("failing", 1, 2))
    wire.turn(0, 2)
    (_, failing) = wire.workers[0].deduplicator.aside.ids
    wire.loop.run_until_complete(stalled.placer.place(undecided))

    wire.loop.run_until_complete(wire.workers[0].deduplicator.revisit())

    assert wire.workers[0].deduplicator.aside.ids == ()
    assert wire.stories == {frozenset({"first", "other"})}
    assert record(wire, failing) == Record(1, 1)
