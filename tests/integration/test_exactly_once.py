"""Effects happen exactly once, whatever is killed, re-sent or poisoned."""

import random

import pytest
from redis import Redis

from contracts.dead_letter import Reason
from contracts.events import Placement
from tests.support.builders.corpora import samples, stories_of
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.poisoned_worker import POISON_COMMAND, poison_line
from workers.process.pool import WorkerPool
from workers.settings import Settings

STORIES = 1_200
SEED = 20260209


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def test_kill_9_loses_nothing_and_doubles_nothing(redis_client: Redis, settings: Settings) -> None:
    random_ = random.Random(SEED)
    articles = samples(STORIES, reprints=1, seed=SEED)
    resent = random_.sample([article.line for article in articles], 200)
    broken = [b"{broken", b'{"text": "no id"}', b"[]"] * 10
    poison = [poison_line(place) for place in range(2)]
    lines = [article.line for article in articles] + resent + broken + poison
    random_.shuffle(lines)

    def handled() -> int:
        return harness.handled(redis_client, settings)

    with WorkerPool(settings, 2, POISON_COMMAND) as pool:
        with harness.Killer(pool, handled=handled, seed=SEED, every_s=(1.0, 2.5)) as killer:
            for start in range(0, len(lines), 100):
                harness.send(redis_client, settings, lines[start : start + 100])
            wait_until(
                lambda: handled() >= len(lines) // 2,
                "half of the lines are handled while workers are being killed",
                timeout_s=300,
            )
            wait_until(lambda: killer.killed >= 4, "four workers are killed", timeout_s=300)
        harness.await_handled(redis_client, settings, len(lines), pool, timeout_s=300)

    told = harness.events(redis_client, settings)
    assert harness.missing(redis_client, settings, (article.id for article in articles)) == {}
    placed = [event.data.article_id for event in told if isinstance(event.data, Placement)]
    assert sorted(placed) == sorted(article.id for article in articles)
    assert len({event.id for event in told}) == len(told)
    assert harness.consumed(told) == harness.partition_in_redis(redis_client, settings)
    assert harness.consumed(told) == stories_of(articles)
    letters = harness.letters(redis_client, settings)
    assert len(letters) == len(broken) + len(poison)
    assert sum(letter.reason is Reason.TOO_MANY_DELIVERIES for letter in letters) == len(poison)
    assert harness.pending(redis_client, settings) == 0
    assert redis_client.xlen(settings.streams.articles) == 0


def test_an_innocent_neighbour_of_poison_is_not_buried_with_it(
    redis_client: Redis, settings: Settings
) -> None:
    articles = samples(40, reprints=0, seed=3)
    lines = [article.line for article in articles]
    lines.insert(20, poison_line(0))
    harness.send(redis_client, settings, lines)

    with WorkerPool(settings, 1, POISON_COMMAND) as pool:
        harness.await_handled(redis_client, settings, len(lines), pool, timeout_s=300)

    (letter,) = harness.letters(redis_client, settings)
    assert letter.reason is Reason.TOO_MANY_DELIVERIES
    assert letter.article_id == "poison-0"
    assert harness.missing(redis_client, settings, (article.id for article in articles)) == {}
    assert harness.consumed(harness.events(redis_client, settings)) == stories_of(articles)


def test_a_stopped_worker_hands_back_what_it_did_not_finish(
    redis_client: Redis, settings: Settings
) -> None:
    articles = samples(300, reprints=1, seed=4)
    harness.send(redis_client, settings, [article.line for article in articles])

    with WorkerPool(settings, 1):
        wait_until(
            lambda: harness.handled(redis_client, settings) > 0, "work has begun", timeout_s=60.0
        )
    handled_by_first = harness.handled(redis_client, settings)
    with WorkerPool(settings, 1):
        harness.await_handled(redis_client, settings, len(articles))

    assert 0 < handled_by_first < len(articles)
    assert harness.missing(redis_client, settings, (article.id for article in articles)) == {}
    assert harness.consumed(harness.events(redis_client, settings)) == stories_of(articles)
    assert harness.pending(redis_client, settings) == 0


def test_articles_published_before_the_first_worker_are_not_missed(
    redis_client: Redis, settings: Settings
) -> None:
    articles = samples(5, reprints=0, seed=5)
    harness.send(redis_client, settings, [article.line for article in articles])

    with WorkerPool(settings, 1):
        harness.await_handled(redis_client, settings, 5)

    assert harness.missing(redis_client, settings, (article.id for article in articles)) == {}
    assert harness.consumed(harness.events(redis_client, settings)) == stories_of(articles)


def test_a_lost_group_is_made_anew_and_finds_what_is_left(
    redis_client: Redis, settings: Settings
) -> None:
    articles = samples(20, reprints=1, seed=6)
    lines = [article.line for article in articles]

    with WorkerPool(settings, 1) as pool:
        harness.send(redis_client, settings, lines[:20])
        harness.await_handled(redis_client, settings, 20)
        redis_client.xgroup_destroy(settings.streams.articles, "dedup")
        harness.send(redis_client, settings, lines[20:])
        harness.await_handled(redis_client, settings, len(lines), pool, timeout_s=60)

    assert harness.missing(redis_client, settings, (article.id for article in articles)) == {}
    assert harness.consumed(harness.events(redis_client, settings)) == stories_of(articles)
