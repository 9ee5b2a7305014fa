"""How long a board takes to catch up, to list and to search, and how much memory it needs.

``python -m tests.benchmarks.board [ARTICLES]``: invented events of a wire's size, on a private
redis-server; six in ten articles open a story. Prints a table.
"""

import asyncio
import gc
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
from redis import Redis

from contracts.events import Change, Evidence, Model, Relation, Similarity
from tests.support.builders.story_events import at_position, joined, opened, revised
from tests.support.redis.servers import connected, private_redis
from workers.archive.board import Board
from workers.archive.figures import counts_of
from workers.archive.listing import Query, page_of
from workers.archive.read import card_of, story_view
from workers.archive.views import Stories
from workers.bench.corpus import corpus
from workers.bench.machine import memory
from workers.connection.clients import connect
from workers.settings import Settings

ARTICLES = 100_000
STORIES = 0.6
_TRIES = 200


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with private_redis() as url, connected(url) as redis:
        settings = Settings(REDIS_URL=url, namespace="bench")
        fill(redis, settings, count)
        asyncio.run(measure(settings, count))


def fill(redis: Redis, settings: Settings, count: int) -> None:
    """Events of so many articles onto the stream."""
    for chunk in _batched(_events(count), 1_000):
        pipe = redis.pipeline(transaction=False)
        for event in chunk:
            pipe.xadd(settings.streams.stories, {"data": event.model_dump_json()})
        pipe.execute()


def _batched(events: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while chunk := list(itertools.islice(events, size)):
        yield chunk


def _events(count: int) -> Iterator[Any]:
    chance = random.Random(7)
    lines = corpus(min(count, 20_000), timedelta(seconds=2), seed=7)
    items = [json.loads(line) for line in lines]
    sequences: list[int] = []
    position = 0
    for number in range(count):
        item, article_id = items[number % len(items)], f"outlet{number % 40}:{number}"
        about: dict[str, Any] = {
            "title": item["title"],
            "lang": item.get("lang", "en"),
            "source": f"Outlet number {number % 40}",
            "url": f"https://outlet{number % 40}.example/2026/02/09/{number}",
            "published_at": item["published_at"],
            "evidence": _evidence(item, chance),
            "score": round(chance.random(), 4),
        }
        position += 1
        if not sequences or chance.random() < STORIES:
            sequences.append(1)
            event: Any = opened(f"st_{len(sequences):020x}", article_id, **about)
        else:
            story = chance.randrange(max(0, len(sequences) - 20_000), len(sequences))
            sequences[story] += 1
            about["relation"] = chance.choice(list(Relation))
            event = joined(f"st_{story + 1:020x}", sequences[story], article_id, **about)
        yield at_position(event, position)
        if chance.random() < 0.05:
            position += 1
            story = len(sequences) - 1
            sequences[story] += 1
            del about["lang"], about["score"]
            change: Any = revised(
                *(f"st_{story + 1:020x}", sequences[story], Change.VERSION, article_id),
                new_version=2,
                **about,
            )
            yield at_position(change, position)


def _evidence(item: dict[str, Any], chance: random.Random) -> Evidence:
    words = item["text"].split()
    return Evidence(
        summary=f"Rewrite of “{item['title']}”: shares {', '.join(words[:4])}",
        similarity=Similarity(text=chance.random(), facts=0.7, meaning=0.9, headline=0.8),
        shared=tuple(words[:8]),
        thresholds={"join": 0.5, "merge": 0.8},
        candidates=12,
        model=Model(version="onestory-static-1", sha256="0123456789abcdef"),
    )


async def measure(settings: Settings, count: int) -> None:
    """Catch up, then ask."""
    gc.collect()
    before = _resident()
    redis = connect(settings)
    board = Board(redis, settings)
    board.owns_process = True
    holds: list[float] = []
    ticking = asyncio.create_task(_tick(holds))
    following = asyncio.create_task(board.follow())
    began, cpu = time.perf_counter(), time.process_time()
    while not board.ready:  # noqa: ASYNC110 - a benchmark looks on
        await asyncio.sleep(0.01)
    took = time.perf_counter() - began
    cpu = time.process_time() - cpu
    ticking.cancel()
    gc.collect()
    shelf = board.shelf
    holding = np.array(holds) * 1000
    print(f"articles {len(shelf.articles):,}, stories {page_of(shelf, Query()).total:,}")
    print(f"catch-up {took:.1f} s ({cpu:.1f} s of CPU), {count / took:,.0f} articles/s")
    print(f"loop held up, ms: p99 {np.percentile(holding, 99):.1f}, longest {max(holding):.0f}")
    memory = _resident() - before
    print(f"memory {memory:,.0f} MB, {memory * 1e6 / count:,.0f} bytes an article")
    for name, query in _QUERIES.items():
        _time(name, partial(_answer, shelf, query))
    largest = max(shelf.stories.values(), key=lambda story: len(story.members))
    whole = f"story of {len(largest.members)}"
    _time(whole, lambda: story_view(shelf, largest, "x").model_dump_json())
    began = time.perf_counter()
    await counts_of(shelf)
    print(f"counts {(time.perf_counter() - began) * 1000:.1f} ms")
    board.stop()
    await following
    await redis.aclose()


def _answer(shelf: Any, query: Query) -> str:
    page = page_of(shelf, query)
    cards = [card_of(shelf, story) for story in page.stories]
    return Stories(stories=cards, next=page.next, total=page.total).model_dump_json()


_QUERIES = {
    "list": Query(),
    "by size": Query(sort="size"),
    "two languages": Query(langs=["ru", "en"]),
    "outlet": Query(source="Outlet number 7"),
    "none": Query(langs=["fr"]),
    "search word": Query(q="outlet17"),
    "search rare": Query(q="99317"),
    "search 2 words": Query(q="number outlet"),
    "search 8 words": Query(q="st o n out outl num numb number"),
    "search nothing": Query(q="xyzzy"),
}


def _time(name: str, ask: Callable[[], object]) -> None:
    took, cpu = [], []
    for _ in range(_TRIES):
        began, began_cpu = time.perf_counter(), time.process_time()
        ask()
        took.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - began_cpu) * 1000)
    p50, p99 = np.percentile(took, [50, 99])
    print(f"{name:16} p50 {p50:6.1f}  p99 {p99:6.1f}  CPU p50 {np.percentile(cpu, 50):6.1f} ms")


async def _tick(holds: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        holds.append(time.perf_counter() - began - 0.001)


def _resident() -> float:
    return memory(os.getpid()).resident / 1e6


if __name__ == "__main__":
    main()
