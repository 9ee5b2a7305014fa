"""Whoever may append to a stream chooses the id, and so can end it: nothing is lost by that."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from redis import Redis
from redis.exceptions import ResponseError
from typer.testing import CliRunner

from contracts.streams import GROUP
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item
from workers.commands.dead import dead
from workers.process.mend import AHEAD_MS

GREATEST = f"{2**64 - 1}-{2**64 - 1}"
YEAR_3000 = "32503680000000-7"
GARBAGE: Any = {"data": "{broken"}


@pytest.fixture
def wire(redis_client: Redis, redis_url: str, namespace: str) -> Iterator[Desk]:
    settings = harness.settings_for(redis_url, namespace, reclaim_idle_ms=100)
    with desk(redis_client, settings) as made:
        yield made


def entry_of(**article: Any) -> Any:
    return {"data": json.dumps(article, ensure_ascii=False)}


def is_of_now(wire: Desk, stream: str) -> bool:
    """Whether all ids of a stream are of now, and the next one will be."""
    seconds, _ = cast(Any, wire.redis.time())
    last = cast(Any, wire.redis.xinfo_stream(stream))["last-generated-id"]
    ids = [entry_id for entry_id, _ in harness.entries(wire.redis, stream)]
    return all(
        int(each.partition("-")[0]) <= (seconds + 1) * 1000 for each in [*ids, last.decode()]
    )


@pytest.mark.parametrize("far", [GREATEST, YEAR_3000])
@pytest.mark.parametrize("is_delivered", [False, True])
def test_articles_go_on_behind_an_id_of_the_future(
    wire: Desk, far: str, *, is_delivered: bool
) -> None:
    stream = wire.settings.streams.articles
    wire.send(item("before", 1))
    wire.redis.xadd(stream, entry_of(**item("far", 2)), id=far)
    if is_delivered:  # to a worker that died with it
        taken = wire.loop.run_until_complete(harness.taken(wire.workers[0], 2))
        assert [each.id for each in taken][1:] == [far]

    wire.sweep()
    wire.send(item("after", 3))
    wire.drain()

    assert is_of_now(wire, stream)
    assert wire.stories == {frozenset({each}) for each in ("before", "far", "after")}
    assert harness.pending(wire.redis, wire.settings) == 0
    assert wire.redis.xlen(stream) == 0


def test_what_was_placed_while_its_stream_was_mended_is_told_once(wire: Desk) -> None:
    stream = wire.settings.streams.articles
    wire.redis.xadd(stream, entry_of(**item("far", 2)), id=GREATEST)
    taken = wire.loop.run_until_complete(harness.taken(wire.workers[0], 1))

    wire.sweep()
    wire.loop.run_until_complete(wire.workers[0].deduplicator.handle(taken))
    wire.drain()

    assert wire.stories == {frozenset({"far"})}
    assert harness.counts(wire.redis, wire.settings)["opened"] == 1


@pytest.mark.parametrize("far", [GREATEST, YEAR_3000])
def test_every_stream_that_clients_append_to_is_mended(wire: Desk, far: str) -> None:
    streams = wire.settings.streams
    wire.redis.xadd(streams.dead, GARBAGE, id=far)
    wire.redis.xadd(streams.commands, GARBAGE, id=far)

    wire.sweep()
    wire.settle()

    garbage, letter = harness.entries(wire.redis, streams.dead)
    assert garbage[1] == {b"data": b"{broken"}
    assert json.loads(letter[1][b"data"])["reason"] == "invalid-command"
    assert is_of_now(wire, streams.dead)
    assert is_of_now(wire, streams.commands)


def test_a_broken_article_waits_until_the_dead_letters_take_it(wire: Desk) -> None:
    streams = wire.settings.streams
    wire.redis.xadd(streams.dead, GARBAGE, id=GREATEST)
    wire.redis.xadd(streams.articles, GARBAGE)

    wire.settle()

    assert harness.pending(wire.redis, wire.settings) == 1
    assert harness.counts(wire.redis, wire.settings).get("dead", 0) == 0

    wire.sweep()
    wire.drain()

    assert harness.pending(wire.redis, wire.settings) == 0
    letters = harness.entries(wire.redis, streams.dead)
    assert [json.loads(fields[b"data"])["reason"] for _, fields in letters[1:]] == ["not-json"]


def test_an_article_waits_until_the_events_stream_takes_its_event(wire: Desk) -> None:
    stories = wire.settings.streams.stories
    wire.place(item("a", 1))
    wire.redis.xadd(stories, GARBAGE, id=GREATEST)
    wire.send(item("a", 1, 1, version=2), item("b", 2))

    wire.turn(0, 10)

    assert harness.pending(wire.redis, wire.settings) == 2
    assert harness.partition_in_redis(wire.redis, wire.settings) == {frozenset({"a"})}

    wire.sweep()
    wire.redis.xdel(stories, harness.entries(wire.redis, stories)[1][0])
    wire.drain()

    assert wire.stories == {frozenset({"a"}), frozenset({"b"})}
    positions = [event.data.position for event in wire.events]
    assert positions == [*range(1, len(positions) + 1)]


def test_an_embargo_that_is_over_waits_until_the_articles_stream_takes_it(wire: Desk) -> None:
    streams, keys = wire.settings.streams, wire.settings.keys
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    wire.place(item("soon", 1, embargoed=tomorrow.isoformat()))
    wire.redis.zadd(keys.embargoes, {"soon": 1})
    wire.redis.xadd(streams.articles, GARBAGE, id=GREATEST)

    with pytest.raises(ResponseError, match="exhausted"):
        wire.settle()

    assert cast(Any, wire.redis.zcard(keys.embargoes)) == 1
    assert wire.redis.hexists(keys.held, "soon")


def test_a_withdrawn_text_is_taken_off_when_the_stream_takes_the_event_without_it(
    wire: Desk,
) -> None:
    wire.place(item("a", 1), item("a2", 1, 1))
    wire.place({"id": "a", "status": "canceled", "version": 2})
    told = wire.redis.xlen(wire.settings.streams.stories)
    wire.redis.xadd(wire.settings.streams.stories, entry_of(type="x", data={}), id=GREATEST)

    with pytest.raises(ResponseError, match="exhausted"):
        wire.loop.run_until_complete(wire.workers[0].store.redact({_first(wire): "{}"}))

    assert wire.redis.xlen(wire.settings.streams.stories) == told + 1


def _first(wire: Desk) -> bytes:
    return harness.entries(wire.redis, wire.settings.streams.stories)[0][0].encode()


def test_a_letter_that_its_stream_does_not_take_stays_a_letter(wire: Desk) -> None:
    streams = wire.settings.streams
    wire.redis.xadd(streams.articles, GARBAGE)
    wire.settle()
    wire.redis.xadd(streams.articles, GARBAGE, id=GREATEST)

    url, namespace = str(wire.settings.redis_url), wire.settings.namespace
    ((dead_id, _),) = harness.entries(wire.redis, streams.dead)
    words = ["retry", dead_id, "--redis-url", url, "--namespace", namespace]
    assert CliRunner().invoke(dead, words).exit_code == 1

    assert len(harness.letters(wire.redis, wire.settings)) == 1


def test_a_clock_that_was_ahead_for_an_hour_moves_nothing(wire: Desk) -> None:
    stream = wire.settings.streams.articles
    seconds, _ = cast(Any, wire.redis.time())
    ahead = f"{seconds * 1000 + AHEAD_MS // 24}-0"
    wire.redis.xadd(stream, entry_of(**item("ahead", 2)), id=ahead)

    wire.sweep()

    assert [entry_id for entry_id, _ in harness.entries(wire.redis, stream)] == [ahead]


def test_other_groups_of_the_stream_hear_what_comes_after(wire: Desk) -> None:
    stream = wire.settings.streams.articles
    wire.redis.xgroup_create(stream, "others", id="0")
    wire.redis.xadd(stream, entry_of(**item("far", 1)), id=GREATEST)
    wire.redis.xreadgroup("others", "one", {stream: ">"})

    wire.sweep()
    wire.send(item("after", 2))

    heard: Any = wire.redis.xreadgroup("others", "one", {stream: ">"})
    assert [json.loads(fields[b"data"])["id"] for _, fields in heard[0][1]] == ["far", "after"]
    assert GROUP.encode() in {each["name"] for each in cast(Any, wire.redis.xinfo_groups(stream))}


def test_what_is_pending_below_stays_with_whom_it_is(wire: Desk) -> None:
    """Also where the server lets no stream go back, and it is made anew."""
    stream, group = wire.settings.streams.articles, GROUP
    wire.send(*(item(f"a{number}", number) for number in range(3)))
    taken = wire.loop.run_until_complete(harness.taken(wire.workers[0], 2))
    wire.redis.xclaim(stream, group, "other", 0, [taken[1].id], idle=70, retrycount=4)
    before: Any = wire.redis.xrange(stream)
    wire.redis.xadd(stream, entry_of(**item("far", 9)), id=GREATEST)

    wire.sweep()

    pending: Any = wire.redis.xpending_range(stream, group, "-", "+", 10)
    assert [(each["message_id"].decode(), each["times_delivered"]) for each in pending] == [
        (taken[0].id, 1),
        (taken[1].id, 4),
    ]
    assert pending[0]["consumer"] != pending[1]["consumer"] == b"other"
    assert cast(Any, wire.redis.xrange(stream))[:3] == before
    assert is_of_now(wire, stream)
    wire.drain()
    assert wire.stories == {frozenset({each}) for each in ("a0", "a1", "a2", "far")}


# The log of fingerprints: ids are numbers, and only workers write there.

MALFORMED: list[Any] = [
    {"x": "no number"},
    {"a": "id"},
    {"a": "id", "t": "now", "p": ""},
    {"a": "id", "t": "1"},
    {"a": b"\xff", "t": "1", "p": b"\x00"},
    {"a": "id", "t": "1", "p": b"\x00" * 40},
    {"data": "{}"},
]


@pytest.mark.parametrize("fields", MALFORMED)
@pytest.mark.parametrize("where", ["*", GREATEST, "behind the last number"])
def test_a_stray_in_the_log_stops_nobody(
    wire: Desk, fields: Any, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    log = wire.settings.keys.log
    wire.place(item("a", 1))
    (last,) = [entry_id for entry_id, _ in harness.entries(wire.redis, log)]
    stray = wire.redis.xadd(log, fields, id=last[:-1] + "1" if " " in where else where)

    wire.loop.run_until_complete(wire.workers[0].deduplicator.turns.catch_up())
    wire.sweep()
    wire.place(item("b", 2))
    wire.place(item("a2", 1, 1))

    assert wire.stories == {frozenset({"a", "a2"}), frozenset({"b"})}
    assert cast(bytes, stray).decode() in caplog.text


@pytest.mark.parametrize("fields", MALFORMED)
def test_an_entry_of_the_log_that_cannot_be_read_is_left_out_and_named(
    wire: Desk, fields: Any, caplog: pytest.LogCaptureFixture
) -> None:
    log, worker = wire.settings.keys.log, wire.workers[0]
    wire.place(item("a", 1), item("b", 2))
    wire.redis.delete(log)
    wire.redis.xadd(log, fields, id="1-0")
    worker.deduplicator.grounds.window.clear()

    wire.loop.run_until_complete(worker.deduplicator.turns.catch_up())

    assert worker.deduplicator.grounds.window.last == 1
    assert len(worker.deduplicator.grounds.window) == 0
    assert "of the fingerprint log" in caplog.text
