"""Whether anything stays behind when the window has passed."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

from redis import Redis

from tests.faults.run import Outcome
from tests.faults.traffic import Line
from tests.faults.wording import words
from tests.faults.world import Stuck, World
from tests.support.builders.corpora import article_line
from tests.support.wire import harness
from workers.process.pool import WorkerPool
from workers.settings import Settings

_CLOSING = 250
"""Articles that come after: more than must pass before a slice of time counts as quiet."""
_FRESH = "fresh"


@dataclass(slots=True)
class Leaks:
    """What was counted before and after."""

    bytes_an_article: int = 0
    """Of the server's memory, events and letters apart, when the window was full."""
    families: dict[str, int] = field(default_factory=dict)
    """By family of keys: how many are there once all is past."""
    resident_mb: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def leaks(outcome: Outcome) -> Leaks:
    """Let all expire, and compare with a namespace that has seen the last articles only."""
    world, found = outcome.world, Leaks()
    if outcome.wrong:
        return found  # a run that failed is looked at as it is
    lines = _closing(world)
    live = world.client.xlen(world.settings.keys.log)
    found.bytes_an_article = _bytes_of_state(world.client, world.settings) // max(1, live)
    try:
        world.publisher.between(lambda: lines)
        world.settle()
        numbered = cast(Any, world.client.hget(world.settings.keys.clock, "n"))
        first = int(numbered) - _CLOSING + 1
        world.wait(lambda: _swept(world) >= first, "all is swept")
        world.settle()
    except Stuck as error:
        found.wrong.append(f"expiry: {error}")
        return found
    found.families = _families(world.client, world.settings)
    expected = _families_of(world, lines)
    for family in sorted({*found.families, *expected}):
        is_, must_be = found.families.get(family, 0), expected.get(family, 0)
        if is_ != must_be:
            found.wrong.append(f"leak: {is_} of {family}, in a fresh namespace {must_be}")
    found.resident_mb = world.fleet.resident_mb()
    return found


def _closing(world: World) -> list[Line]:
    """Articles after all windows, each a story of its own."""
    rng = world.traffic.rng
    at = world.traffic.at + 3 * world.window
    found = []
    for number in range(_CLOSING):
        said = words(rng)
        found.append(
            Line(
                article_line(
                    f"closing:{number}", said.title, said.text, published_at=at, lang=said.lang
                )
            )
        )
    return found


def _swept(world: World) -> int:
    """The floor, once the log has been cut there."""
    keys = world.settings.keys
    floor = int(cast(Any, world.client.hget(keys.clock, "floor")) or 0)
    left = cast(Any, world.client.xrange(keys.log, max=f"({floor}-0", count=1))
    return 0 if left else floor


def _families_of(world: World, lines: list[Line]) -> dict[str, int]:
    """Of a namespace that has seen nothing but these."""
    settings = world.settings.model_copy(update={"namespace": _FRESH})
    with WorkerPool(settings, 1) as pool:
        harness.send(world.client, settings, [line.body for line in lines])
        harness.await_handled(world.client, settings, len(lines), pool, timeout_s=120)
    return _families(world.client, settings)


def _families(client: Redis, settings: Settings) -> dict[str, int]:
    """Keys, and what stands in them, of all that must go with the window."""
    prefix, keys = settings.keys.prefix, settings.keys
    count: Counter[str] = Counter()
    for key in client.scan_iter(prefix + "*", count=1000):
        family = key.decode().removeprefix(prefix).split(":")[0]
        if family == "a":
            record = cast(dict[bytes, bytes], client.hgetall(key))
            outlives = record.keys() & {b"k", b"f", b"hv"} and b"s" not in record
            count["articles that outlive the window" if outlives else "articles"] += 1
        elif family == "s":
            count["stories"] += 1
    count["log entries"] = client.xlen(keys.log)
    count["slices of time"] = client.hlen(keys.epochs)
    count["purges"] = client.hlen(keys.purges)
    count["errors"] = client.hlen(keys.errors)
    count["tries"] = client.hlen(keys.tries)
    del count["articles that outlive the window"]
    return dict(count)


def _bytes_of_state(client: Redis, settings: Settings) -> int:
    """The server's memory without the streams that are kept for their readers."""
    used = cast(Any, client.info("memory"))["used_memory_dataset"]
    streams = settings.streams
    kept = sum(
        int(cast(Any, client.memory_usage(each, samples=0)) or 0)
        for each in (streams.stories, streams.dead, streams.rulings)
    )
    return int(used) - kept
