"""A namespace at this moment, and minute by minute."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from pydantic import AwareDatetime
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, ResponseError

from contracts.streams import GROUP
from workers.archive.columns import CLOSED, OPEN, RETRACTED, Columns, Rows
from workers.archive.records import Article, time_of
from workers.archive.series import MINUTE_MS, Minute, Series
from workers.archive.shelf import Shelf
from workers.archive.views import View
from workers.settings import Settings
from workers.state.backlog import backlog
from workers.state.group import connected_workers

_BANDS = (("1", 1), ("2", 2), ("3-4", 4), ("5-8", 8), ("9-16", 16))
_LAST_BAND = "17+"
_COUNTED_AT_ONCE = 20_000


class Now(View):
    """A namespace at this moment."""

    stories_open: int
    articles_held: int
    """Articles in open stories."""
    lag: int
    """Entries that no worker has got yet."""
    pending: int
    """Entries that a worker has got and not finished."""
    oldest_idle_ms: int
    """For how long the one that waits longest has not been touched; 0 for none."""
    dead: int
    workers: int
    """Connected to this namespace."""
    articles_per_s: float
    """Placed in the last minute that is complete."""
    held: int
    """Under embargo or held back."""


class MinuteView(View):
    """One minute of decisions."""

    at: AwareDatetime
    articles: int
    """Placed, new versions included."""
    opened: int
    joined: int
    stories_open: int
    """At its end, of those that the board still knows; one that has merged since is not counted."""
    duplicates: float | None
    """Share of new articles that joined a story; null where there was none."""
    cross_lingual: float | None
    """Share of those that joined across languages."""
    near_threshold: float | None
    """Share of scored decisions whose score was within 0.2 of the threshold."""
    lag: int | None
    """Null where nobody looked."""


class SizeBand(View):
    """Open stories of a size."""

    size: str
    stories: int


class Figures(View):
    """What a namespace does, and how fast."""

    now: Now
    series: list[MinuteView]
    """The minutes asked for, oldest first, empty ones included."""
    sizes: list[SizeBand]
    languages: dict[str, int]
    """Articles in open stories by language."""
    relations: dict[str, int]
    """The same by relation; those that opened their story are in none."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted over all that is open."""

    stories: int
    articles: int
    sizes: list[SizeBand]
    languages: dict[str, int]
    relations: dict[str, int]


async def figures_of(
    redis: Redis, settings: Settings, shelf: Shelf, counts: Counts, minutes: int, now_ms: int
) -> Figures:
    """All figures; ``minutes`` of the series, the current one included."""
    return Figures(
        now=await _now(redis, settings, shelf.series, counts, now_ms),
        series=_series(shelf, minutes, now_ms),
        sizes=counts.sizes,
        languages=counts.languages,
        relations=counts.relations,
    )


async def counts_of(shelf: Shelf) -> Counts:
    """Counted anew: some 20 ms for 100,000 articles, with turns for others in between."""
    shelf.settle()
    columns = shelf.catalogue.columns
    sizes = columns.size[columns.state == OPEN]
    upper = [most for _, most in _BANDS]
    bands = np.bincount(np.searchsorted(upper, sizes), minlength=len(_BANDS) + 1)
    names = [*(name for name, _ in _BANDS), _LAST_BAND]
    articles, languages = 0, Counter[str]()
    relations = Counter[str | None]()
    every = list(shelf.articles.values())
    for start in range(0, len(every), _COUNTED_AT_ONCE):
        there = [each for each in every[start : start + _COUNTED_AT_ONCE] if _is_open(each)]
        articles += len(there)
        languages.update([each.lang for each in there])
        relations.update([each.relation for each in there])
        await asyncio.sleep(0)
    del relations[None]
    return Counts(
        stories=len(sizes),
        articles=articles,
        sizes=[
            SizeBand(size=name, stories=int(count))
            for name, count in zip(names, bands, strict=True)
        ],
        languages=dict(languages.most_common()),
        relations={str(name): count for name, count in relations.most_common()},
    )


def _is_open(article: Article) -> bool:
    return article.home is not None and not article.home.closed


async def _now(
    redis: Redis, settings: Settings, series: Series, counts: Counts, now_ms: int
) -> Now:
    waiting = await backlog(redis, settings)
    complete = series.minutes.get(now_ms // MINUTE_MS - 1, Minute())
    return Now(
        stories_open=counts.stories,
        articles_held=counts.articles,
        lag=waiting.lag,
        pending=waiting.pending,
        oldest_idle_ms=waiting.oldest_idle_ms,
        dead=int(await redis.xlen(settings.streams.dead)),
        workers=await _workers(redis, settings),
        articles_per_s=round(complete.articles / 60, 2),
        held=int(await cast(Any, redis.hlen(settings.keys.held))),
    )


async def _workers(redis: Redis, settings: Settings) -> int:
    """By the names of their connections; by their consumers, where asking is not allowed."""
    try:
        return len({each.consumer for each in await connected_workers(redis, settings.keys)})
    except NoPermissionError:
        try:
            consumers: Any = await redis.xinfo_consumers(settings.streams.articles, GROUP)
        except ResponseError:
            return 0
        return len(consumers)


def _series(shelf: Shelf, minutes: int, now_ms: int) -> list[MinuteView]:
    newest = now_ms // MINUTE_MS
    numbers = range(newest - minutes + 1, newest + 1)
    ends = (np.array(numbers, np.int64) + 1) * MINUTE_MS
    known, empty = shelf.series.minutes, Minute()
    return [
        _minute(number, known.get(number, empty), int(count))
        for number, count in zip(numbers, _open_at(shelf.catalogue.columns, ends), strict=True)
    ]


def _open_at(columns: Columns, times: Rows) -> Rows:
    """How many stories were open at each of some times, in ms."""
    ended = (columns.state == CLOSED) | (columns.state == RETRACTED)
    began = np.sort(columns.opened_ms[ended | (columns.state == OPEN)])
    over = np.sort(columns.active_ms[ended])
    return np.searchsorted(began, times) - np.searchsorted(over, times)


def _minute(number: int, minute: Minute, stories_open: int) -> MinuteView:
    return MinuteView(
        at=time_of(number * MINUTE_MS),
        articles=minute.articles,
        opened=minute.opened,
        joined=minute.joined,
        stories_open=stories_open,
        duplicates=_share(minute.joined, minute.opened + minute.joined),
        cross_lingual=_share(minute.cross_lingual, minute.joined),
        near_threshold=_share(minute.near, minute.scored),
        lag=minute.lag,
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
