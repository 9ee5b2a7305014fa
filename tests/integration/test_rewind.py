"""A server that lost its last writes: no worker decides by what it remembers of them."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from contracts.events import STORY_EVENT
from contracts.streams import GROUP
from tests.support.builders.corpora import samples, stories_of
from tests.support.redis.rewind import RewindingRedis, rewinding_redis
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.consistency import check
from tests.support.wire.desk import Desk, desk, item
from workers.errors import ServerChanged, WentBack
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.process.totals import RunTotals
from workers.process.worker import Worker
from workers.settings import Settings
from workers.state.entries import Entry
from workers.state.store import UNAVAILABLE
from workers.state.streams import read_after


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RewindingRedis]:
    with rewinding_redis(tmp_path) as server, patch("workers.process.worker.RETRY_PAUSE_S", 0.01):
        yield server


@pytest.fixture
def wire(server: RewindingRedis) -> Iterator[Desk]:
    """One worker, of which every connection is as a process of its own makes them."""
    with desk(server.redis, harness.settings_for(server.url, "back")) as wire:
        yield wire


def work(wire: Desk, worker: int = 0) -> None:
    """All that waits, and all that is pending, as a worker's loops would."""
    wire.loop.run_until_complete(_work(wire.workers[worker]))


async def _work(worker: Worker) -> None:
    stream = worker.settings.streams.articles
    for _ in range(50):
        try:
            await worker.store.ensure_group()
            await worker.editor.apply()
            while entries := await harness.taken(worker, 50):
                await worker.handle(entries)
            await worker.deduplicator.revisit()
            pending: Any = await worker.redis.xpending_range(stream, GROUP, "-", "+", 100)
            if not pending and not worker.deduplicator.aside.ids:
                return
            answer: Any = await worker.redis.xclaim(
                stream, GROUP, worker.consumer, 0, [each["message_id"] for each in pending]
            )
            await worker.handle([Entry(each.decode(), fields) for each, fields in answer])
        except UNAVAILABLE:
            await asyncio.sleep(0.01)
    raise AssertionError("it does not come to an end")


def groups(wire: Desk) -> set[frozenset[str]]:
    """The stories, after everything that must hold has been looked at."""
    check(wire)
    return wire.stories


def test_numbers_that_are_given_again_are_not_taken_for_the_lost_articles(
    server: RewindingRedis, wire: Desk
) -> None:
    """The lost articles come again, the other way round: each has the other's number now."""
    wire.place(item("a", 5))
    before = server.now()
    wire.place(item("one", 1), item("two", 2))

    server.rewind(before)
    wire.send(item("two", 2), item("one", 1), item("one again", 1, 1), item("two again", 2, 1))
    work(wire)

    assert groups(wire) == {
        frozenset({"a"}),
        frozenset({"one", "one again"}),
        frozenset({"two", "two again"}),
    }


def test_lost_articles_are_followed_by_others(server: RewindingRedis, wire: Desk) -> None:
    wire.place(item("a", 5))
    before = server.now()
    wire.place(item("lost", 1), item("lost too", 3))

    server.rewind(before)
    wire.send(item("b", 2), item("c", 1, 1), item("b again", 2, 1))
    work(wire)

    assert groups(wire) == {frozenset({"a"}), frozenset({"b", "b again"}), frozenset({"c"})}


def test_a_consumer_that_was_told_what_is_lost_can_tell(server: RewindingRedis, wire: Desk) -> None:
    """What is new on the stream is not beyond the greatest position that it has heard of."""
    wire.place(item("a", 5))
    before = server.now()
    wire.place(item("lost", 1), item("lost too", 3))
    last_read, _ = harness.entries(server.redis, wire.settings.streams.stories)[-1]
    heard = max(event.data.position for event in wire.events)

    server.rewind(before)
    wire.send(item("b", 2))
    work(wire)

    stream = wire.settings.streams.stories
    fresh = read_after(server.redis, stream, last_read, count=10, block_ms=None)
    told = STORY_EVENT.validate_json(fresh[0][1][b"data"])
    assert told.data.position <= heard
    assert groups(wire) == {frozenset({"a"}), frozenset({"b"})}  # for whoever reads from the start


def test_a_worker_that_begins_while_the_server_goes_back_begins_with_what_is_left(
    server: RewindingRedis, wire: Desk
) -> None:
    wire.place(item("a", 5))
    before = server.now()
    wire.place(item("lost", 1), item("lost too", 3))
    with desk(server.redis, wire.settings) as late:  # it knows its era, and has followed nothing
        server.rewind(before)
        late.loop.run_until_complete(late.workers[0]._catch_up())
        late.send(item("b", 1), item("a again", 5, 1))
        work(late)

        assert groups(late) == {frozenset({"a", "a again"}), frozenset({"b"})}


def test_a_worker_notices_when_others_have_gone_on_before_it(
    server: RewindingRedis,
) -> None:
    """By then the log is longer than what it remembers."""
    with desk(server.redis, harness.settings_for(server.url, "back"), workers=2) as wire:
        wire.place(item("a", 5))
        before = server.now()
        wire.place(item("lost", 1), item("lost too", 3))

        server.rewind(before)
        wire.send(
            item("b", 2), item("c", 1, 1), *(item(f"m{each}", 10 + each) for each in range(3))
        )
        work(wire, 1)
        wire.send(item("b again", 2, 1), item("c again", 1, 2))
        work(wire, 0)

        found = groups(wire)
    assert {frozenset({"b", "b again"}), frozenset({"c", "c again"})} <= found


def test_half_of_a_script_on_disk_is_not_run_at_the_next_start(
    server: RewindingRedis, wire: Desk
) -> None:
    """Redis mends such a file in memory only, and runs the half together with what follows."""
    wire.place(item("a", 5))
    before = server.now()
    wire.place(item("one", 1))

    server.rewind(server.within_a_script(before))
    wire.send(item("two", 2), item("one", 1))
    work(wire)
    server.rewind()
    wire.send(item("three", 3))
    work(wire)

    assert groups(wire) == {frozenset({each}) for each in ("a", "one", "two", "three")}


def test_a_restart_that_loses_nothing_changes_nothing(server: RewindingRedis, wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 2))
    store = wire.workers[0].store
    era = store.era.current

    server.rewind()
    wire.send(item("a again", 1, 1), item("b again", 2, 1))
    with patch.object(store, "log_after", wraps=store.log_after) as log_after:
        work(wire)

    assert store.era.current != era
    assert log_after.await_args_list[0].args == (2,)  # the window was kept
    assert groups(wire) == {frozenset({"a", "a again"}), frozenset({"b", "b again"})}


def test_words_that_another_worker_blanked_after_a_lost_kill_are_read_anew(
    server: RewindingRedis,
) -> None:
    """Both hold the window's fingerprints together; this one has not followed the kill."""
    with desk(server.redis, harness.settings_for(server.url, "back"), workers=2) as wire:
        wire.place(item("a", 1), item("b", 2))
        window = wire.workers[1].deduplicator.grounds.window
        wire.loop.run_until_complete(wire.workers[1].deduplicator.turns.catch_up())
        before = server.now()
        wire.place({"id": "a", "source": "outlet of a", "status": "canceled"})
        wire.loop.run_until_complete(wire.workers[0].deduplicator.turns.catch_up())
        blanked = window[1].article_id

        server.rewind(before)
        wire.send(item("a again", 1, 1))
        work(wire, 1)

        assert blanked.isspace()
        assert window[1].article_id == "a"
        assert wire.stories == {frozenset({"a", "a again"}), frozenset({"b"})}


def test_a_connection_that_is_cut_is_no_reason_to_read_the_window_anew(
    server: RewindingRedis, wire: Desk
) -> None:
    wire.place(item("a", 1), item("b", 2))
    era = wire.workers[0].store.era.current

    server.redis.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")  # type: ignore[no-untyped-call]
    wire.send(item("a again", 1, 1))
    work(wire)

    assert wire.workers[0].store.era.current == era
    assert not wire.workers[0].store.era.is_over


def test_a_namespace_that_is_flushed_starts_over(server: RewindingRedis, wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 2))

    server.redis.flushall()
    wire.send(item("c", 3), item("a again", 1, 1), item("c again", 3, 1))
    work(wire)

    assert groups(wire) == {frozenset({"a again"}), frozenset({"c", "c again"})}


def test_rules_of_the_lost_time_do_not_hold(server: RewindingRedis, wire: Desk) -> None:
    """The lost rule and the new one have the same revision."""
    wire.place(item("a", 1), item("b", 2))
    before = server.now()
    wire.rule("together", "a", "stranger", rule="lost")
    wire.place(item("c", 6))

    server.rewind(before)
    wire.say("apart", "a", "a again", rule="new")
    work(wire)
    wire.send(item("stranger", 3), item("a again", 1, 1))
    work(wire)

    assert groups(wire) == {frozenset({each}) for each in ("a", "b", "stranger", "a again")}


def test_what_waits_for_another_worker_is_registered_again(server: RewindingRedis) -> None:
    with desk(server.redis, harness.settings_for(server.url, "back"), workers=2) as wire:
        wire.place(item("a", 5))
        before = server.now()
        wire.send(item("first", 1))
        wire.dies(1, 1, "snapshot", comes_through=False, calls=0)
        wire.send(item("second", 1, 1))
        wire.turn(0, 1)
        waited = len(wire.workers[0].deduplicator.aside.ids)

        server.rewind(before)
        wire.send(item("other", 2), item("third", 1, 2))
        work(wire, 0)

        assert waited == 1
        # The server has lost the second one's entry, but its worker had it in hand.
        assert groups(wire) == {
            frozenset({"a"}),
            frozenset({"other"}),
            frozenset({"second", "third"}),
        }


STEPS = ("register", "log_after", "snapshot", "whole", "commit")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("comes_through", [False, True], ids=["before", "after"])
def test_between_any_two_steps_of_a_batch(
    server: RewindingRedis, step: str, comes_through: bool
) -> None:
    """The server goes back in the middle of a batch, and another worker is quicker to go on."""
    with desk(server.redis, harness.settings_for(server.url, "back"), workers=2) as wire:
        wire.place(item("a", 5), item("c", 6))
        before = server.now()
        wire.place(item("lost", 1), item("lost too", 3))
        wire.send(item("b", 2), item("c", 7, version=2), item("d", 1, 1))

        def go_back() -> None:
            server.rewind(before)
            wire.send(item("e", 3, 1), item("b too", 2, 2), item("f", 1, 2))

        at_step(wire.workers[0], step, comes_through, go_back, lambda: _work(wire.workers[1]))
        work(wire, 0)
        wire.send(item("e again", 3), item("f again", 1), item("b again", 2, 1))
        work(wire, 0)
        work(wire, 1)

        found = groups(wire)
    assert {frozenset({"e", "e again"}), frozenset({"a"})} <= found
    assert next(each for each in found if "f" in each) - {"d"} == {"f", "f again"}
    assert next(each for each in found if "b too" in each) - {"b"} == {"b too", "b again"}


def at_step(
    worker: Worker,
    step: str,
    comes_through: bool,
    disaster: Callable[[], None],
    meanwhile: Callable[[], Any],
) -> None:
    """Do both, once, at a step of the worker's store."""
    whole = getattr(worker.store, step)
    left = [disaster]

    async def struck(*args: Any, **more: Any) -> Any:
        if not left:
            return await whole(*args, **more)
        answer = await whole(*args, **more) if comes_through else None
        left.pop()()
        await meanwhile()
        return answer if comes_through else await whole(*args, **more)

    setattr(worker.store, step, struck)


def test_live_workers_through_three_losses(server: RewindingRedis) -> None:
    """What is lost comes again; each time some of what was placed is kept."""
    articles = samples(90, reprints=1, seed=41)
    settings = harness.settings_for(server.url, "live", batch_size=10)
    with WorkerPool(settings, 2) as pool:
        for kept in (20, 40, 60):
            harness.send(server.redis, settings, [each.line for each in articles])
            _await_placed(server, settings, kept)
            moment = server.now()
            _await_placed(server, settings, kept + 20)
            server.rewind(moment)
        harness.send(server.redis, settings, [each.line for each in articles])
        wait_until(
            lambda: _is_settled(server, settings, pool), "everything is handled", timeout_s=90
        )
        with desk(server.redis, settings) as wire:
            check(wire)
            found = wire.stories

    assert found == stories_of(articles)


def test_a_sweep_that_began_before_writes_nothing_after(server: RewindingRedis, wire: Desk) -> None:
    worker = wire.workers[0]
    began = worker.store.era.current
    wire.place(item("a", 5))

    server.rewind()
    wire.send(item("b", 2))
    work(wire)
    with pytest.raises(WentBack):
        wire.loop.run_until_complete(worker.sweeper._note(began, 99))

    assert server.redis.hget(wire.settings.keys.clock, "floor") is None


def test_a_run_says_that_it_can_not_know_what_was_lost(server: RewindingRedis) -> None:
    settings = harness.settings_for(server.url, "run", batch_size=10)
    lines = [each.line for each in samples(150, seed=42)]
    restarts = [server.rewind]

    def rewind(totals: RunTotals) -> None:
        if totals.placed and restarts:
            restarts.pop()()

    with (
        WorkerPool(settings, 1) as pool,
        pytest.raises(ServerChanged, match="Run the same command again"),
    ):
        Run(server.redis, settings, pool, rewind).run(iter(lines))


def _await_placed(server: RewindingRedis, settings: Settings, count: int) -> None:
    wait_until(
        lambda: harness.counts(server.redis, settings).get("placed", 0) >= count,
        f"{count} articles are placed",
        timeout_s=60,
    )


def _is_settled(server: RewindingRedis, settings: Settings, pool: WorkerPool) -> bool:
    pool.check()
    return not server.redis.xlen(settings.streams.articles)
