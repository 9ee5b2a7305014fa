"""One script call registers, or commits, several articles: as if they came one by one."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar, cast

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from contracts.streams import GROUP
from service.stories.senders import Voice
from service.stories.step import Step
from tests.support.builders.story_events import opened
from tests.support.redis import servers
from tests.support.wire import harness
from workers.connection.clients import connect
from workers.settings import Settings
from workers.state.answers import Answer, Registered, Registration
from workers.state.commit import Commit
from workers.state.schema import Clock
from workers.state.store import Store

HOUR_MS = 3_600_000
T = TypeVar("T")
VOICE = Voice("source:wire", ("source:wire",))


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, window_hours=80)


def with_store(settings: Settings, use: Callable[[Store], Awaitable[T]]) -> T:
    async def used() -> T:
        redis = connect(settings)
        try:
            store = Store(redis, settings)
            await store.prepare("a model")
            return await use(store)
        finally:
            await redis.aclose()

    return asyncio.run(used())


def calls(redis: Redis) -> int:
    said = cast(Any, redis.info("commandstats"))
    return int(said.get("cmdstat_evalsha", {"calls": 0})["calls"])


def delivered(redis: Redis, settings: Settings, count: int) -> list[str]:
    """Entries of nothing in particular, in a worker's hands."""
    stream = settings.streams.articles
    redis.xgroup_create(stream, GROUP, id="0", mkstream=True)
    ids = [cast(bytes, redis.xadd(stream, {"data": "{}"})).decode() for _ in range(count)]
    redis.xreadgroup(GROUP, "w", {stream: ">"}, count=count)
    return ids


def opens(entry_id: str, place: int) -> Commit:
    commit = Commit(entry_id, "placed")
    commit.takes(Step({}, (opened(f"st-{place}", f"a{place}"),), {f"a{place}": f"st-{place}"}))
    return commit


def test_many_steps_are_few_calls(redis_client: Redis, settings: Settings) -> None:
    ids = delivered(redis_client, settings, 60)

    async def commit(store: Store) -> tuple[list[bool], int]:
        before = calls(redis_client)
        outcomes = await store.commit([opens(each, place) for place, each in enumerate(ids)])
        return outcomes, calls(redis_client) - before

    outcomes, took = with_store(settings, commit)

    assert outcomes == [True] * 60
    assert took == 3
    told = harness.events(redis_client, settings)
    assert [each.data.position for each in told] == list(range(1, 61))
    assert harness.counts(redis_client, settings) == {"placed": 60, "opened": 60}
    assert harness.pending(redis_client, settings) == 0


def test_a_large_step_has_a_call_to_itself(redis_client: Redis, settings: Settings) -> None:
    async def commit(store: Store) -> tuple[list[bool], int]:
        steps = [Commit() for _ in range(9)]
        for place, step in enumerate(steps):
            step.notes(f"s:st-{place}", {"large": "x" * (150_000 if place == 4 else 10)})
        before = calls(redis_client)
        return await store.commit(steps), calls(redis_client) - before

    assert with_store(settings, commit) == ([True] * 9, 3)


def test_a_step_that_was_overtaken_leaves_its_neighbours_alone(
    redis_client: Redis, settings: Settings
) -> None:
    ids = delivered(redis_client, settings, 5)
    steps = [opens(each, place) for place, each in enumerate(ids)]
    steps[1].requires("s:st-9", "r", "7-gone")
    steps[3].rules_revision = "9"

    outcomes = with_store(settings, lambda store: store.commit(steps))

    assert outcomes == [True, False, True, False, True]
    told = harness.events(redis_client, settings)
    assert [(each.data.story_id, each.data.position) for each in told] == [
        *(("st-0", 1), ("st-2", 2), ("st-4", 3))
    ]
    assert [
        entry_id for entry_id, _ in harness.entries(redis_client, settings.streams.articles)
    ] == [*(ids[1], ids[3])]


def test_a_step_sees_what_the_one_before_it_in_the_call_has_written(settings: Settings) -> None:
    first, second, third = Commit(rules_revision=""), Commit(), Commit(rules_revision="1")
    first.advances("clock", Clock.RULES)
    first.notes("s:st-1", {"r": "1-a"})
    second.requires("s:st-1", "r", "1-a")
    second.notes("s:st-1", {"r": "2-a"})
    third.requires("s:st-1", "r", "1-a")

    async def commit(store: Store) -> list[bool]:
        return await store.commit([first, second, third])

    assert with_store(settings, commit) == [True, True, False]


def test_a_step_that_fails_leaves_those_before_it_whole(
    redis_client: Redis, settings: Settings
) -> None:
    ids = delivered(redis_client, settings, 3)
    steps = [opens(each, place) for place, each in enumerate(ids)]
    redis_client.set(settings.keys.article("a1"), "no hash")

    with pytest.raises(ResponseError, match="WRONGTYPE"):
        with_store(settings, lambda store: store.commit(steps))

    assert redis_client.hget(settings.keys.article("a0"), "s") == b"st-0"
    assert harness.counts(redis_client, settings)["placed"] == 1
    assert [
        entry_id for entry_id, _ in harness.entries(redis_client, settings.streams.articles)
    ] == [*ids[1:]]
    # What was told of the one that failed has its position: no other event gets that one.
    again = with_store(settings, lambda store: store.commit([steps[2]]))
    assert again == [True]
    assert [each.data.position for each in harness.events(redis_client, settings)] == [1, 2, 3]


def dates(seed: int) -> Iterator[int | None]:
    """Hours, to 2026-01-01: in order, late, missing, or beyond a jump that is confirmed or not."""
    rng, hour = random.Random(seed), 0
    for _ in range(80):
        hour += rng.choice([0, 0, 1, 2])
        wish = rng.random()
        if wish < 0.1:
            yield None
        elif wish < 0.2:
            yield hour - rng.randrange(200)
        elif wish < 0.3:
            hour += rng.randrange(0, 60) if wish < 0.25 else 0
            yield hour + rng.randrange(0, 60)
        else:
            yield hour


def registrations(seed: int) -> list[Registration]:
    base = 1_767_225_600_000
    return [
        Registration(
            *(f"{place + 1}-0", f"a{place}", 1),
            *(None if hour is None else base + hour * HOUR_MS, b"payload", VOICE),
        )
        for place, hour in enumerate(dates(seed))
    ]


def hours(value: float | bytes | None) -> int | None:
    """Between two calls time goes on, by less than half an hour."""
    return None if value is None else round(float(value) / HOUR_MS)


def seen(redis: Redis, settings: Settings, answers: Sequence[Answer]) -> object:
    """What must not hang on how articles were cut into calls."""
    clock = cast(dict[bytes, bytes], redis.hgetall(settings.keys.clock))
    noted = cast(dict[bytes, bytes], redis.hgetall(settings.keys.epochs))
    return (
        [(each.number, hours(each.event_ms)) for each in answers if isinstance(each, Registered)],
        [clock.get(name.encode()) for name in (Clock.NUMBER, Clock.DATED, Clock.JUMP)],
        hours(clock[Clock.EVENT_MS.encode()]),
        noted,
        [entry_id for entry_id, _ in harness.entries(redis, settings.keys.log)],
    )


async def register(store: Store, batch: Sequence[Registration], at_once: int) -> list[Answer]:
    chunks = [batch[start : start + at_once] for start in range(0, len(batch), at_once)]
    return [each for chunk in chunks for each in await store.register(chunk)]


@pytest.mark.parametrize("seed", range(4))
def test_articles_are_registered_as_if_one_by_one(
    redis_client: Redis, redis_url: str, namespace: str, seed: int
) -> None:
    settings = harness.settings_for(redis_url, namespace, window_hours=80)
    batch, found = registrations(seed), []
    for at_once in (1, len(batch)):
        answers = with_store(settings, partial(register, batch=batch, at_once=at_once))
        found.append(seen(redis_client, settings, answers))
        servers.forget_namespace(redis_url, namespace)

    assert found[0] == found[1]
