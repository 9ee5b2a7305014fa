"""Every kind of fault: what is broken, and put right again where that is a person's job.

Two things can't be done from here. The server's own clock can't be set without its machine's, so
only dates in articles lie. And a process that is killed loses nothing it has written, so a power
cut is played by cutting the file of a dead server.
"""

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, cast

from redis import Redis
from redis.exceptions import OutOfMemoryError

from contracts.streams import GROUP
from tests.faults.server import some_bytes
from tests.faults.traffic import Fate
from tests.faults.world import World
from workers.state.schema import Article

Fault = Callable[[World, random.Random], None]


def worker_killed(world: World, rng: random.Random) -> None:
    world.fleet.kill(world.fleet.pick(rng))


def worker_stopped(world: World, rng: random.Random) -> None:
    world.fleet.stop(world.fleet.pick(rng))


def worker_a_zombie(world: World, rng: random.Random) -> None:
    """Stopped for longer than its entries wait for it; comes back and goes on where it was."""
    seconds = world.settings.reclaim_idle_ms / 1000 + rng.uniform(0.3, 1.5)
    world.fleet.freeze(world.fleet.pick(rng), seconds)


def all_workers_killed(world: World, _rng: random.Random) -> None:
    world.fleet.replace_all()


def server_killed(world: World, rng: random.Random) -> None:
    """Every write was synced: nothing that was acknowledged may be lost."""
    world.server.kill()
    time.sleep(rng.uniform(0.0, 0.5))
    world.server.start()


def server_paused(world: World, rng: random.Random) -> None:
    """Sometimes for longer than clients wait for an answer."""
    world.server.pause()
    time.sleep(rng.uniform(1.0, 3.0) if rng.random() < 0.9 else 11.0)
    world.server.resume()


def power_lost(world: World, rng: random.Random) -> None:
    """With fsync every second: up to a second of what was acknowledged is gone."""
    world.client.config_set("appendfsync", "everysec")
    time.sleep(rng.uniform(0.3, 1.0))
    lost = world.server.written_in_the_last(rng.uniform(0.1, 1.0))
    _lose(world, lost)


def file_cut(world: World, rng: random.Random) -> None:
    """The append-only file ends in mid-command."""
    _lose(world, some_bytes(rng))


def _lose(world: World, tail: int) -> None:
    """Kill the server and cut its file; then consumers start over, and publishers send what they
    sent lately once more.
    """
    known = [len(each.account.wrong) for each in (world.consumer, world.listener)]
    world.server.kill()
    world.server.cut(tail)
    world.server.start()
    world.lost_tails += 1
    world.consumer.start_over(known[0])
    world.listener.start_over(known[1])
    world.publisher.send_again()


def connections_cut(world: World, rng: random.Random) -> None:
    for _ in range(rng.randrange(1, 6)):
        world.client.execute_command(  # type: ignore[no-untyped-call]
            "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"
        )
        time.sleep(rng.uniform(0.0, 0.2))


def connections_reset(world: World, rng: random.Random) -> None:
    """In the middle of an answer, so that nobody knows what came through."""
    for _ in range(rng.randrange(1, 4)):
        world.proxy.cut_after(rng.choice([1, rng.randrange(2_000), rng.randrange(50_000)]))
        time.sleep(rng.uniform(0.1, 0.5))


def memory_full(world: World, rng: random.Random) -> None:
    used = cast(Any, world.client.info("memory"))["used_memory"]
    world.client.config_set("maxmemory", used + rng.randrange(1, 100_000))
    time.sleep(rng.uniform(1.0, 2.5))
    world.client.config_set("maxmemory", 0)


def writes_refused(world: World, rng: random.Random) -> None:
    """As after a replica was lost, or with a full disk: it can be read from, not written to."""
    world.client.config_set("min-replicas-to-write", 1)
    time.sleep(rng.uniform(0.5, 2.0))
    world.client.config_set("min-replicas-to-write", 0)


def group_destroyed(world: World, rng: random.Random) -> None:
    stream = rng.choice([world.settings.streams.articles] * 3 + [world.settings.streams.commands])
    world.client.xgroup_destroy(stream, GROUP)


def scripts_flushed(world: World, rng: random.Random) -> None:
    for _ in range(rng.randrange(1, 4)):
        world.client.script_flush()
        time.sleep(rng.uniform(0.0, 0.2))


def dates_lie(world: World, _rng: random.Random) -> None:
    world.publisher.between(world.traffic.lying_dates)


def event_clock_jumps(world: World, rng: random.Random) -> None:
    """What was there is past the window, all of it.

    Only once it has come to its end: an old version that is handled a window late is another
    article, and rightly held back or placed anew.
    """
    windows = rng.uniform(1.2, 2.0)
    world.publisher.pause()
    try:
        world.settle()
        world.publisher.between(lambda: world.traffic.jump(windows, world.window))
    finally:
        world.publisher.go_on()


def api_killed(world: World, rng: random.Random) -> None:
    """While it takes articles and streams events."""
    world.api.end(signal.SIGKILL)
    time.sleep(rng.uniform(0.0, 0.5))
    world.api.start()


def api_stopped(world: World, _rng: random.Random) -> None:
    world.api.end()
    world.api.start()


def consumer_asleep(world: World, rng: random.Random) -> None:
    world.consumer.sleep()
    time.sleep(rng.uniform(1.0, 3.0))
    world.consumer.wake()


def consumer_from_the_start(world: World, _rng: random.Random) -> None:
    """Another one, that comes late."""
    world.consumer.start_over()


def broken_flood(world: World, rng: random.Random) -> None:
    world.publisher.between(lambda: world.traffic.broken_lines(rng.randrange(200, 600)))


def deadly_article(world: World, _rng: random.Random) -> None:
    """Kills every worker that reads it, until it has had its deliveries."""
    world.publisher.between(lambda: [world.traffic.deadly_line()])


_TRIM = """
local function gone()
  local count = 0
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1])[1]
  if pending == 0 then return 0 end
  for _, each in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', pending)) do
    if not redis.call('XRANGE', KEYS[1], each[1], each[1])[1] then count = count + 1 end
  end
  return count
end
local before = gone()
local trimmed = redis.call('XTRIM', KEYS[1], 'MAXLEN', ARGV[2])
return {trimmed, trimmed - (gone() - before)}
"""
"""Trims a stream; how many entries that were, and how many of them no worker had."""
_LEFT = 20


def stream_trimmed(world: World, _rng: random.Random) -> None:
    """A publisher whose MAXLEN is shorter than the backlog. The workers say how many entries they
    never saw, to the last one, and it sends again what it sent lately.
    """
    stream, told = world.settings.streams.articles, world.missed()
    world.publisher.pause()
    try:
        unread = 0
        while not unread:
            world.publisher.between(lambda: world.traffic.take(300))
            trimmed, unread = cast(Any, world.client.eval(_TRIM, 1, stream, GROUP, _LEFT))
            world.trimmed += trimmed
            if world.server.version < (7,):  # which does not count what is added
                unread = 0
                break
        world.wait(lambda: world.missed() == told + unread, f"{unread} entries are told as missed")
        world.publisher.send_again()
    finally:
        world.publisher.go_on()


_MOST_FILLING = 50_000
"""Keys of a kilobyte: more than any server has free here."""


def eviction_storm(world: World, rng: random.Random) -> None:
    """A full server with a provider's default policy, and workers that are allowed to use it: the
    memories of kills go. That it happened is told by the API and by every worker.
    """
    client, said = world.client, _said_evicted(world)
    used, evicted = int(cast(Any, client.info("memory"))["used_memory"]), _evicted(client)
    client.config_set("maxmemory-policy", "volatile-lru")
    client.config_set("maxmemory", used + rng.randrange(100_000, 500_000))
    filling: list[str] = []
    try:
        # Till something goes: of what the server used a moment ago some may be free by now.
        while _evicted(client) == evicted and len(filling) < _MOST_FILLING:
            names = [f"filling:{len(filling) + number}" for number in range(500)]
            filling += names
            with suppress(OutOfMemoryError):
                for each in names:
                    client.set(each, b"x" * 1_000, ex=60)
        assert _evicted(client) > evicted
    finally:
        client.config_set("maxmemory", 0)
        client.config_set("maxmemory-policy", "noeviction")
    client.unlink(*filling)
    world.forgotten |= set(_without_memory(world))
    # Sent again they would be placed again, under the ids of their old stories: that is the loss.
    world.traffic.spared |= world.forgotten
    world.wait(lambda: "evicted" in world.api.not_ready(), "the API is not ready, and says why")
    world.wait(lambda: _said_evicted(world) > said, "a worker has said it")
    # As the runbook says: it is ready again once somebody has seen to it.
    resumed = world.listener.resumed
    world.api.end()
    world.api.start()
    world.wait(lambda: world.listener.resumed > resumed, "the listener has gone on")


def _evicted(client: Redis) -> int:
    return int(cast(Any, client.info("stats"))["evicted_keys"])


def _without_memory(world: World) -> Iterator[str]:
    """Ids of killed articles of whose kill the server knows nothing: no more, or not yet."""
    for article_id, expected in list(world.traffic.expected.items()):
        key = world.settings.keys.article(article_id)
        if expected.fate is Fate.KILLED and not world.client.hexists(key, Article.KILLED):
            yield article_id


def _said_evicted(world: World) -> int:
    return world.fleet.log.read_text("utf-8", "replace").count("keys were evicted")


FAULTS: dict[str, Fault] = {
    "worker killed -9": worker_killed,
    "worker stopped (SIGTERM)": worker_stopped,
    "worker a zombie (SIGSTOP, later SIGCONT)": worker_a_zombie,
    "all workers killed -9": all_workers_killed,
    "Redis killed -9, every write synced": server_killed,
    "Redis paused (SIGSTOP)": server_paused,
    "power lost, synced every second": power_lost,
    "append-only file cut in mid-command": file_cut,
    "connections cut (CLIENT KILL)": connections_cut,
    "connections reset in mid-answer": connections_reset,
    "memory full": memory_full,
    "writes refused (NOREPLICAS)": writes_refused,
    "consumer group destroyed": group_destroyed,
    "scripts flushed": scripts_flushed,
    "dates that lie": dates_lie,
    "event clock jumps past the window": event_clock_jumps,
    "API killed -9": api_killed,
    "API stopped (SIGTERM)": api_stopped,
    "consumer asleep": consumer_asleep,
    "consumer starts over": consumer_from_the_start,
    "flood of broken entries": broken_flood,
    "article that kills its worker": deadly_article,
    "publisher trims the stream (MAXLEN)": stream_trimmed,
    "eviction storm, the guard off": eviction_storm,
}
EXPIRES = frozenset({"event clock jumps past the window"})
"""Behind these nothing may be sent again: what is past the window is another article. So they are
the last of their slot, and a look follows."""
