"""Each trial runs on a server of its own, with real workers; it says what was seen."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, cast

from redis import Redis

from contracts.consumer import Partition
from contracts.dead_letter import Reason
from contracts.streams import GROUP
from tests.support.builders.corpora import samples
from tests.support.redis.servers import connected, wait_until
from tests.support.wire import harness
from workers.connection.private_server import EmbeddedRedis
from workers.connection.server_binary import RedisBinary
from workers.demo.day import day_steps
from workers.demo.feed import demo_gold, demo_lines
from workers.demo.play import Play
from workers.process.pool import WorkerPool
from workers.settings import Settings

_GONE, _LEFT = 20, 10
_PATIENCE_S = 120.0


def tried(binary: RedisBinary) -> list[str]:
    """What each trial says of a server, in their order."""
    return [_outcome(trial, binary) for trial in TRIALS.values()]


def _outcome(trial: Callable[[Redis, Settings], str], binary: RedisBinary) -> str:
    with EmbeddedRedis(binary=binary) as server, connected(server.url) as redis:
        try:
            return trial(redis, harness.settings_for(server.url, "trial"))
        except AssertionError as error:
            return f"fails: {str(error).splitlines()[0]}"


def demo_feed(redis: Redis, settings: Settings) -> str:
    """The stories are those that the feed was written as."""
    lines = list(demo_lines())
    harness.send(redis, settings, lines)
    with WorkerPool(settings, 1) as pool:
        harness.await_handled(redis, settings, len(lines), pool, timeout_s=_PATIENCE_S)
    partition = Partition()
    for event in harness.events(redis, settings):
        assert partition.apply(event), f"told twice: {event.id}"
    stories = {frozenset(story.articles) for story in partition.stories.values()}
    assert stories == harness.partition_in_redis(redis, settings), "consumer and Redis differ"
    written: dict[str, set[str]] = {}
    for article in demo_gold():
        written.setdefault(article.group or article.id, set()).add(article.id)
    right = len(stories & set(map(frozenset, written.values())))
    return f"{right} of {len(written)} stories as written"


def scripted_day(redis: Redis, settings: Settings) -> str:
    """Every step does what it must."""
    steps = list(day_steps())
    with WorkerPool(settings, 1) as pool:
        play = Play(redis, settings, pool, patience_s=_PATIENCE_S)
        outcomes = [play.play(step) for step in steps]
    wrong = [outcome for outcome in outcomes if outcome.broken]
    assert not wrong, f"{len(wrong)} of {len(steps)} steps: {wrong[0].broken}"
    return f"{len(steps)} steps as expected"


def eviction(redis: Redis, settings: Settings) -> str:
    """A worker refuses a server that may drop keys."""
    redis.config_set("maxmemory-policy", "volatile-lru")
    done = subprocess.run(
        [sys.executable, "-m", "workers", "worker"],
        env=os.environ | {"REDIS_URL": str(settings.redis_url)},
        stderr=subprocess.PIPE,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    assert "expected noeviction" in done.stderr, done.stderr or "it said nothing"
    assert done.returncode == os.EX_CONFIG, f"exit code {done.returncode}"
    return f"refused, exit code {done.returncode}"


def deleted_while_pending(redis: Redis, settings: Settings) -> str:
    """Each entry that a worker died with has a dead letter."""
    stream = settings.streams.articles
    harness.send(redis, settings, [each.line for each in samples(_GONE, reprints=0, seed=5)])
    redis.xgroup_create(stream, GROUP, id="0")
    redis.xreadgroup(GROUP, "dead", {stream: ">"}, count=_GONE)
    redis.xtrim(stream, maxlen=0, approximate=False)
    with WorkerPool(settings, 1):
        wait_until(
            lambda: not harness.pending(redis, settings),
            "nothing is pending",
            timeout_s=_PATIENCE_S,
        )
    vanished = [each.reason is Reason.VANISHED for each in harness.letters(redis, settings)]
    assert vanished == [True] * _GONE, f"{sum(vanished)} letters for {_GONE} entries"
    return f"{_GONE} of {_GONE} told"


def trimmed_unread(redis: Redis, settings: Settings) -> str:
    """What no worker ever saw is counted, and told once."""
    lines = [each.line for each in samples(_GONE + _LEFT, reprints=0, seed=5)]
    harness.send(redis, settings, lines)
    redis.xtrim(settings.streams.articles, maxlen=_LEFT, approximate=False)
    with WorkerPool(settings, 2) as pool:
        harness.await_handled(redis, settings, _LEFT, pool, timeout_s=_PATIENCE_S)
        if "entries-added" not in cast(Any, redis.xinfo_stream(settings.streams.articles)):
            return "not counted by this server"
    told = harness.counts(redis, settings).get("missed", 0)
    assert told == _GONE, f"{told} of {_GONE} told"
    assert len(harness.letters(redis, settings)) == 1, "not one letter"
    return f"{_GONE} of {_GONE} told"


TRIALS: dict[str, Callable[[Redis, Settings], str]] = {
    "demo feed": demo_feed,
    "scripted day": scripted_day,
    "policy `volatile-lru`": eviction,
    "deleted while pending": deleted_while_pending,
    "trimmed before it was read": trimmed_unread,
}
"""By their names in the table."""
