"""State stays bounded: what is past the window is forgotten, and nothing before."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from redis import Redis

from contracts.events import Placement, StoryClosed
from tests.support.builders.corpora import START, article_line, samples
from tests.support.wire import harness
from workers.commands.run import write_stories
from workers.process.build import build_worker
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.process.worker import Worker
from workers.settings import Settings
from workers.state.commit import Commit

HOUR = timedelta(hours=1)
PER_HOUR = 120


def settings_for(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, window_hours=1.0)


def day_of_articles(hours: int) -> list[tuple[datetime, bytes]]:
    """An article and its reprint, told apart by half an hour at most, all day long."""
    found = []
    for place, sample in enumerate(samples(hours * PER_HOUR // 2, reprints=1, seed=8)):
        article = json.loads(sample.line)
        published = START + place * HOUR / PER_HOUR
        line = article_line(
            f"day-{article['id']}", article["title"], article["text"], published_at=published
        )
        found.append((published, line))
    return found


async def feed(worker: Worker, redis: Redis, lines: list[bytes]) -> None:
    """Send lines and handle them in batches, sweeping after each, as a worker does over time."""
    harness.send(redis, worker.settings, lines)
    while entries := await harness.taken(worker, 50):
        await worker.deduplicator.handle(entries)
        await worker.sweeper.sweep()


def held(redis: Redis, settings: Settings) -> Counter[str]:
    """How many keys of each family the namespace has, and entries of its log."""
    families: Counter[str] = Counter()
    for key in redis.scan_iter(settings.keys.prefix + "*", count=1000):
        family = key.decode().removeprefix(settings.keys.prefix).split(":")[0]
        families[family] += 1
    families["log entries"] = redis.xlen(settings.keys.log)
    return families


def run(settings: Settings, redis: Redis, *feeds: list[bytes]) -> tuple[list[Counter[str]], int]:
    """What is held after each feed, and the size of the worker's window at the end."""

    async def play() -> tuple[list[Counter[str]], int]:
        worker = build_worker(settings, consumer="one")
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
        found = []
        for lines in feeds:
            await feed(worker, redis, lines)
            found.append(held(redis, settings))
        await worker.redis.aclose()
        return found, len(worker.deduplicator.grounds.window)

    return asyncio.run(play())


def test_a_day_through_a_window_of_one_hour_leaves_two_hours_of_state(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = settings_for(redis_url, namespace)
    day = day_of_articles(24)
    quarter = len(day) // 4

    (early, late), window = run(
        settings,
        redis_client,
        [line for _, line in day[:quarter]],
        [line for _, line in day[quarter:]],
    )

    # At most 1 + 1/2 windows by time, or as many articles as it takes to call an epoch quiet.
    most = 2 * PER_HOUR
    assert late["log entries"] <= most
    assert window <= most
    assert late["s"] <= most
    # Four times the articles went through since, and nothing has grown.
    assert late["a"] <= early["a"] * 1.3
    epochs = redis_client.hlen(settings.keys.epochs)
    assert epochs <= 5


def test_a_run_holds_the_stories_that_closed_before_its_end(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = settings_for(redis_url, namespace)
    day = [line for _, line in day_of_articles(4)]
    run(settings, redis_client, day)
    job = Run(redis_client, settings, WorkerPool(settings, 0), lambda _: None)

    job.run(iter(()))
    file = StringIO()
    write_stories(job.stories, file)

    assert len(job.partition.closed) > len(day) / 4
    lines = file.getvalue().splitlines()
    written = [each for line in lines for each in json.loads(line)["articles"]]
    assert sorted(written) == sorted(json.loads(line)["id"] for line in day)


def test_what_is_forgotten_is_told_as_closed(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = settings_for(redis_url, namespace)
    day = [line for _, line in day_of_articles(8)]

    run(settings, redis_client, day)

    told = harness.events(redis_client, settings)
    closed = {
        each.data.story_id: each.data.article_count
        for each in told
        if isinstance(each, StoryClosed)
    }
    members = Counter(event.data.story_id for event in told if isinstance(event.data, Placement))
    assert len(closed) > len(day) / 4
    assert closed == {story_id: members[story_id] for story_id in closed}
    assert harness.consumed(told) == harness.partition_in_redis(redis_client, settings)
    positions = [event.data.position for event in told]
    assert positions == list(range(1, len(told) + 1))


def test_an_article_within_the_window_still_finds_its_story(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = settings_for(redis_url, namespace)
    filler = [line for _, line in day_of_articles(6)]
    title, text = (
        "Ferry Marko Dulin runs aground off Velmora",
        (
            "The ferry Marko Dulin ran aground off Velmora on Monday with 214 passengers on board, "
            "captain Ivo Sarnel told the Velmora Courier. Tugs from Karstad pulled it free by noon."
        ),
    )
    end = START + 6 * HOUR
    first = article_line("ferry-1", title, text, published_at=end)
    again = article_line("ferry-2", title + " - Courier", text, published_at=end + HOUR * 0.9)
    late = article_line("ferry-3", title, text, published_at=end + HOUR * 2.1)

    run(settings, redis_client, filler, [first], [again], [late])

    told = harness.events(redis_client, settings)
    homes = {
        event.data.article_id: event.data.story_id
        for event in told
        if isinstance(event.data, Placement)
    }
    assert homes["ferry-1"] == homes["ferry-2"] != homes["ferry-3"]


@pytest.mark.parametrize(
    "lie",
    [
        "9999-12-31T00:00:00Z",
        "1900-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        pytest.param("2026-06-01T00:00:00Z", id="months ahead of the feed"),
    ],
)
def test_one_date_that_lies_does_not_empty_the_window(
    redis_client: Redis, redis_url: str, namespace: str, lie: str
) -> None:
    settings = settings_for(redis_url, namespace)
    sample, reprint = (each.line for each in sorted(samples(1, 1, seed=9), key=lambda s: s.id))
    liar = json.dumps(
        {"id": "liar", "text": "One date that lies about its time", "published_at": lie}
    )
    filler = [line for _, line in day_of_articles(1)]

    run(settings, redis_client, [sample], [liar.encode()], filler, [reprint])

    assert frozenset({"s0-0", "s0-1"}) in harness.consumed(harness.events(redis_client, settings))


def test_old_items_find_each_other_though_the_clock_is_far_ahead(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = settings_for(redis_url, namespace)
    today = [line for _, line in day_of_articles(2)]
    title, text = "Velmora counts its votes", "Velmora counted 41,200 votes for mayor Ana Brusek."
    long_ago = START - timedelta(days=400)
    backfill = [
        article_line(f"old-{n}", title, text, published_at=long_ago + n * HOUR / 4) for n in (1, 2)
    ]

    run(settings, redis_client, today, backfill)

    assert frozenset({"old-1", "old-2"}) in harness.consumed(harness.events(redis_client, settings))


@pytest.mark.parametrize("killed_after", [HOUR, 1.75 * HOUR], ids=["both held", "one left"])
def test_a_story_whose_newest_member_was_killed_is_forgotten_too(
    redis_client: Redis, redis_url: str, namespace: str, killed_after: timedelta
) -> None:
    """Nothing of the killed one leaves the log later, and the other may have left before."""
    settings = settings_for(redis_url, namespace)
    title, text = "Velmora counts its votes", "Velmora counted 41,200 votes for mayor Ana Brusek."
    life = [
        (START, article_line("stays", title, text, published_at=START)),
        (START + 0.8 * HOUR, article_line("killed", title, text, published_at=START + 0.8 * HOUR)),
        (START + killed_after, b'{"id": "killed", "status": "canceled"}'),
    ]
    lines = [line for _, line in sorted([*day_of_articles(5), *life], key=lambda each: each[0])]

    run(settings, redis_client, lines)

    assert not redis_client.exists(settings.keys.article("stays"))
    closed = [
        each.data for each in harness.events(redis_client, settings) if each.type == "story.closed"
    ]
    assert "stays" in {each.lead for each in closed}


def test_what_is_filed_while_a_sweep_looks_keeps_its_slice_of_time_open(
    redis_client: Redis, redis_url: str, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(redis_url, namespace)
    lines = [line for _, line in day_of_articles(3)]
    late = json.loads(lines[0]) | {"id": "late"}
    oldest = START.timestamp() * 1000 // settings.epoch_ms

    async def play() -> bool:
        worker = build_worker(settings, consumer="one")
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
        harness.send(redis_client, settings, lines)
        while entries := await harness.taken(worker, 50):
            await worker.deduplicator.handle(entries)
        commit = worker.store.commit

        async def files_first(commits: Sequence[Commit]) -> list[bool]:
            patched.undo()
            harness.send(redis_client, settings, [json.dumps(late).encode()])
            await worker.deduplicator.handle(await harness.taken(worker, 50))
            return await commit(commits)

        with monkeypatch.context() as patched:
            patched.setattr(worker.store, "commit", files_first)
            await worker.sweeper.sweep()
        is_open = redis_client.hexists(settings.keys.epochs, f"{oldest:.0f}")
        await worker.redis.aclose()
        return bool(is_open)

    assert asyncio.run(play())


def test_a_sweep_that_dies_half_way_is_done_again(
    redis_client: Redis, redis_url: str, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(redis_url, namespace)
    lines = [line for _, line in day_of_articles(4)]

    async def play() -> tuple[Counter[str], Counter[str]]:
        worker = build_worker(settings, consumer="one")
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
        harness.send(redis_client, settings, lines)
        while entries := await harness.taken(worker, 50):
            await worker.deduplicator.handle(entries)

        async def dies(*_: Any) -> None:
            raise ConnectionError("the worker dies here")

        with monkeypatch.context() as patched:
            patched.setattr(worker.store, "expired", dies)
            with pytest.raises(ConnectionError):
                await worker.sweeper.sweep()
        halfway = held(redis_client, settings)
        await worker.sweeper.sweep()
        await worker.redis.aclose()
        return halfway, held(redis_client, settings)

    halfway, done = asyncio.run(play())

    assert redis_client.hget(settings.keys.clock, "floor") is not None
    assert done["log entries"] < halfway["log entries"] == len(lines)
