"""A board follows the streams, whatever becomes of them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from contracts.dead_letter import Reason
from contracts.events import AnyEvent
from tests.support.api.shelves import redacted
from tests.support.builders.story_events import closed, in_order, joined, opened
from tests.support.redis.servers import connected
from tests.support.wire import harness
from workers.archive.board import Board
from workers.archive.letters import LETTERS_KEPT, LetterBox
from workers.archive.listing import Query, page_of
from workers.connection.clients import connect
from workers.connection.private_server import EmbeddedRedis
from workers.settings import Settings
from workers.state.entries import Entry, dead_letter


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def tell(redis: Redis, settings: Settings, events: Iterable[AnyEvent]) -> list[bytes]:
    pipe = redis.pipeline()
    for event in events:
        pipe.xadd(settings.streams.stories, {"data": event.model_dump_json()})
    return pipe.execute()


def bury(redis: Redis, settings: Settings, *ids: str) -> list[Any]:
    letters = (
        dead_letter(
            Entry("1-1", {b"data": b"{}"}),
            Reason.INVALID_ARTICLE,
            "bad",
            deliveries=1,
            article_id=each,
        )
        for each in ids
    )
    return [redis.xadd(settings.streams.dead, {"data": each.model_dump_json()}) for each in letters]


def listed(board: Board) -> list[str]:
    return [story.id for story in page_of(board.shelf, Query(state="all", limit=1_000)).stories]


async def until(condition: Callable[[], object], what: str) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what it waits for tells nobody
            await asyncio.sleep(0.01)
    assert condition(), what


@asynccontextmanager
async def following(settings: Settings) -> AsyncIterator[Board]:
    """A board that follows; it looks around at each step, as it does once a second."""
    redis = connect(settings)
    board = Board(redis, settings)
    board.look_every_s = 0.0
    task = asyncio.create_task(board.follow())
    try:
        yield board
    finally:
        board.stop()
        await asyncio.wait_for(task, 10)
        await redis.aclose()


@pytest.mark.anyio
async def test_it_reads_what_is_there_then_what_comes(
    redis_client: Redis, settings: Settings
) -> None:
    events = in_order(opened("s", "a"), joined("s", 2, "b"), opened("t", "c"))
    tell(redis_client, settings, events[:2])

    async with following(settings) as board:
        await until(lambda: board.ready, "it has caught up")
        first = listed(board)
        tell(redis_client, settings, events[2:])
        await until(lambda: len(listed(board)) == 2, "the other story is there")

    assert first == ["s"]
    assert listed(board) == ["t", "s"]


@pytest.mark.anyio
async def test_of_a_namespace_that_is_not_there_it_is_empty_and_ready(settings: Settings) -> None:
    async with following(settings) as board:
        await until(lambda: board.ready, "it has caught up")

    assert listed(board) == []


@pytest.mark.anyio
async def test_a_namespace_that_is_deleted_is_forgotten(
    redis_client: Redis, settings: Settings
) -> None:
    tell(redis_client, settings, in_order(opened("s", "a")))
    bury(redis_client, settings, "x")

    async with following(settings) as board:
        await until(lambda: board.ready and board.letters(), "it has caught up")
        redis_client.delete(settings.streams.stories, settings.streams.dead)
        await until(lambda: board.ready and not listed(board), "the story is gone")
        await until(lambda: not board.letters(), "the letter is gone")


@pytest.mark.anyio
async def test_a_namespace_that_is_deleted_and_filled_between_two_looks_is_read_anew(
    redis_client: Redis, settings: Settings
) -> None:
    """Its new entries have higher ids than the old ones; only their positions begin again."""
    tell(redis_client, settings, in_order(opened("s", "a"), opened("t", "b")))

    async with following(settings) as board:
        await until(lambda: board.ready, "it has caught up")
        pipe = redis_client.pipeline(transaction=True)
        pipe.delete(settings.streams.stories)
        for event in in_order(opened("u", "c"), opened("s", "d")):
            pipe.xadd(settings.streams.stories, {"data": event.model_dump_json()})
        pipe.execute()
        await until(lambda: "u" in listed(board), "the new story is there")
        await until(lambda: board.ready, "it has caught up again")

    assert set(listed(board)) == {"u", "s"}
    assert set(board.shelf.articles) == {"c", "d"}


@pytest.mark.anyio
async def test_all_events_trimmed_in_a_quiet_time_are_no_other_stream(
    redis_client: Redis, settings: Settings
) -> None:
    """What is open stays open: the next event continues the positions."""
    events = in_order(opened("s", "a"), opened("t", "b"), joined("s", 2, "c"))
    tell(redis_client, settings, events[:2])

    async with following(settings) as board:
        await until(lambda: board.ready, "it has caught up")
        redis_client.xtrim(settings.streams.stories, maxlen=0, approximate=False)
        tell(redis_client, settings, events[2:])
        await until(lambda: "c" in board.shelf.articles, "the next event is there")

    assert set(listed(board)) == {"s", "t"}


@pytest.mark.anyio
async def test_a_copy_without_text_that_is_all_there_is_is_no_other_stream(
    redis_client: Redis, settings: Settings
) -> None:
    first, second = in_order(opened("s", "a"), opened("t", "b"))
    tell(redis_client, settings, [first, second])

    async with following(settings) as board:
        await until(lambda: board.ready, "it has caught up")
        redis_client.xtrim(settings.streams.stories, maxlen=0, approximate=False)
        tell(redis_client, settings, [redacted(first, "a")])
        await until(lambda: not board.shelf.articles["a"].title, "its words are gone")

    assert set(listed(board)) == {"s", "t"}


@pytest.mark.anyio
async def test_a_server_that_is_away_costs_nothing_but_time(tmp_path: Path) -> None:
    events = in_order(opened("s", "a"), opened("t", "b"))
    with EmbeddedRedis(tmp_path, keep=True) as server, connected(server.url) as client:
        settings = harness.settings_for(server.url, "away")
        tell(client, settings, events[:1])
        client.save()
        board_of = following(settings)
        board = await board_of.__aenter__()
        await until(lambda: board.ready, "it has caught up")
    while_away = (board.ready, listed(board))

    with EmbeddedRedis(tmp_path, keep=True) as server, connected(server.url) as client:
        tell(client, settings, events[1:])
        await until(lambda: board.ready and len(listed(board)) == 2, "it goes on")
        await board_of.__aexit__(None, None, None)

    assert while_away == (True, ["s"])


@pytest.mark.anyio
async def test_a_server_that_comes_back_with_less_is_read_anew(tmp_path: Path) -> None:
    events = in_order(opened("s", "a"), opened("t", "b"))
    with EmbeddedRedis(tmp_path) as server, connected(server.url) as client:
        settings = harness.settings_for(server.url, "less")
        tell(client, settings, events)
        board_of = following(settings)
        board = await board_of.__aenter__()
        await until(lambda: len(listed(board)) == 2, "it has caught up")

    with EmbeddedRedis(tmp_path) as server, connected(server.url) as client:
        tell(client, settings, events[:1])
        await until(lambda: listed(board) == ["s"], "it holds what there is")
        await board_of.__aexit__(None, None, None)


@pytest.mark.anyio
async def test_stories_that_closed_go_when_their_events_do(
    redis_client: Redis, settings: Settings
) -> None:
    events = in_order(opened("s", "a"), opened("t", "b"), closed("s", 2), opened("u", "c"))
    ids = tell(redis_client, settings, events)

    async with following(settings) as board:
        await until(lambda: board.ready, "it has caught up")
        before = set(listed(board))
        redis_client.xtrim(settings.streams.stories, minid=ids[3].decode(), approximate=False)
        await until(lambda: "s" not in listed(board), "the closed story is forgotten")

    assert before == {"s", "t", "u"}
    assert set(listed(board)) == {"t", "u"}
    assert set(board.shelf.articles) == {"b", "c"}


@pytest.mark.anyio
async def test_entries_that_hold_no_event_are_passed_over(
    redis_client: Redis, settings: Settings
) -> None:
    stream = settings.streams.stories
    redis_client.xadd(stream, {"data": b"\xff{"})
    redis_client.xadd(stream, {"other": b"field"})
    redis_client.xadd(stream, {"data": json.dumps({"type": "story.invented", "data": {}})})
    redis_client.xadd(stream, {"data": json.dumps({"type": "story.opened", "data": {}})})
    closed_alone = {"type": "story.closed", "data": {"article_count": 1}, "time": "soon"}
    redis_client.xadd(stream, {"data": json.dumps(closed_alone)})
    tell(redis_client, settings, in_order(opened("s", "a")))

    async with following(settings) as board:
        await until(lambda: board.ready, "it has caught up")

    assert listed(board) == ["s"]


@pytest.mark.anyio
async def test_letters_come_and_go(redis_client: Redis, settings: Settings) -> None:
    async with following(settings) as board:
        await until(lambda: board.ready, "it has caught up")
        first, second = bury(redis_client, settings, "x", "y")
        await until(lambda: len(board.letters()) == 2, "both letters are there")
        redis_client.xdel(settings.streams.dead, first)
        await until(lambda: len(board.letters()) == 1, "one is gone")

    assert [each.entry_id for each in board.letters()] == [second.decode()]


def test_of_letters_the_newest_are_kept() -> None:
    box = LetterBox()

    for number in range(LETTERS_KEPT + 5):
        box.add(f"{number}-0".encode(), b"no letter")

    assert len(box.letters) == LETTERS_KEPT
    assert box.let_go == 5
    assert next(iter(box.letters)) == "5-0"


@pytest.mark.anyio
async def test_a_board_that_is_cancelled_ends(settings: Settings) -> None:
    redis = connect(settings)
    board = Board(redis, settings)
    task = asyncio.create_task(board.follow())
    await until(lambda: board.ready, "it has caught up")

    task.cancel()
    await asyncio.wait([task], timeout=10)

    assert task.done()
    await redis.aclose()


@pytest.mark.anyio
async def test_others_get_a_turn_while_it_catches_up(
    redis_client: Redis, settings: Settings
) -> None:
    """A thousand events are more than one slice of time, however fast the machine."""
    tell(redis_client, settings, in_order(*(opened(f"s{n}", f"a{n}") for n in range(1_000))))
    turns = 0

    async with following(settings) as board:
        while not board.ready:
            await asyncio.sleep(0)
            turns += 1
            held = len(board.shelf.articles)
            assert turns < 100_000
            if 0 < held < 1_000:
                break

    assert 0 < held < 1_000
