"""Workers die in the middle of every operation of the wire's life."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis

from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from tests.support.wire.consistency import check
from tests.support.wire.desk import Desk, desk, item, text
from workers.process.pool import WorkerPool
from workers.settings import Settings


def _embargoed(wire: Desk) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    wire.send(item("n", 1, 3, embargoed=until.isoformat()))


def _released(wire: Desk) -> None:
    _embargoed(wire)
    wire.settle()
    wire.redis.zadd(wire.settings.keys.embargoes, {"n": 0})
    body: Any = wire.redis.hget(wire.settings.keys.held, "n")
    # The embargo is over: as if an hour had passed.
    wire.redis.hset(wire.settings.keys.held, "n", body.replace(b'"embargoed"', b'"was_embargoed"'))


def _held(wire: Desk) -> None:
    wire.send(item("n", 1, 3, status="withheld"))
    wire.settle()
    wire.send(item("n", 1, 3, version=2))


OPERATIONS: dict[str, Callable[[Desk], None]] = {
    "a version that stays": lambda wire: wire.send(item("a", 1, 2, version=2)),
    "a version that leaves": lambda wire: wire.send(item("b", 3, version=2)),
    "a version that moves": lambda wire: wire.send(item("b", 2, 2, version=2)),
    "a version that merges": lambda wire: wire.send(item("lone", 1, 2, version=2)),
    "a correction": lambda wire: wire.send(item("n", 3, replaces="a")),
    "a kill": lambda wire: wire.send({"id": "a", "status": "canceled"}),
    "a last kill": lambda wire: wire.send({"id": "lone", "status": "canceled"}),
    "a kill ahead": lambda wire: wire.send({"id": "n", "status": "canceled"}, item("n", 1)),
    "a kill by text": lambda wire: wire.send(
        item("k", 1, 3, source="outlet of a") | {"title": f"KILL: {text(1)['title']}"}
    ),
    "a hold of a member": lambda wire: wire.send(item("a", 1, version=2, status="withheld")),
    "a hold and its release": _held,
    "an embargo": _embargoed,
    "an embargo that ends": _released,
    "keep together": lambda wire: wire.say("together", "a", "x", rule="r"),
    "keep apart": lambda wire: wire.say("apart", "a", "b", rule="r"),
    "set lead": lambda wire: wire.say("lead", "b", rule="r"),
}
STEPS = ("register", "whole", "snapshot", "commit", "release", "rules")


def _start(wire: Desk) -> None:
    wire.place(item("a", 1), item("b", 1, 1), item("x", 2), item("y", 2, 1), item("lone", 5))


def _outcome(wire: Desk) -> Any:
    return (
        wire.stories,
        [(event.type, event.id) for event in wire.events],
        sorted(wire.redis.hkeys(wire.settings.keys.held)),
        [ruling.answer for ruling in wire.rulings()],
    )


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_worker_that_dies_in_it_changes_nothing_of_its_outcome(
    redis_client: Redis, redis_url: str, namespace: str, name: str
) -> None:
    """At every step, before the server got it and before its answer came."""
    operate = OPERATIONS[name]
    with desk(redis_client, harness.settings_for(redis_url, f"{namespace}-whole")) as wire:
        _start(wire)
        operate(wire)
        wire.drain()
        expected = _outcome(wire)

    place = 0
    for step in STEPS:
        for comes_through in (False, True):
            place += 1
            settings = harness.settings_for(redis_url, f"{namespace}-{place}")
            with desk(redis_client, settings) as wire:
                _start(wire)
                operate(wire)
                wire.dies(0, 9, step, comes_through=comes_through, calls=0)
                wire.drain()

                assert _outcome(wire) == expected, (step, comes_through)
                check(wire)


def _traffic(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Articles of 30 stories with new versions, moves, corrections, kills and holds."""
    lines: list[dict[str, Any]] = []
    versions: dict[str, int] = {}
    for place in range(count):
        article_id = f"i{rng.randrange(place + 1) if rng.random() < 0.5 else place}"
        versions[article_id] = versions.get(article_id, 0) + 1
        home = int(article_id[1:]) % 30
        story = home if rng.random() < 0.9 else rng.randrange(30)
        outlet = f"outlet {home % 3}"
        line = item(
            article_id, story, rng.randrange(4), version=versions[article_id], source=outlet
        )
        wish = rng.random()
        if wish < 0.08:
            line = {"id": article_id, "version": versions[article_id], "status": "canceled"}
        elif wish < 0.14:
            line["status"] = "withheld"
        elif wish < 0.2:
            # One of the same outlet's.
            line["replaces"] = f"i{3 * rng.randrange(place // 3 + 1) + home % 3}"
        elif wish < 0.25:
            until = datetime.now(UTC) + timedelta(seconds=rng.uniform(12, 25))
            line["embargoed"] = until.isoformat()
        lines.append(line)
    return lines


@pytest.mark.slow
def test_kill_9_in_the_middle_of_a_wire_s_life(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    """Real processes, killed again and again, while all of it goes on at once."""
    # Killed every second or two, an entry is easily delivered ten times.
    settings = harness.settings_for(redis_url, namespace, max_deliveries=100)
    rng = random.Random(4)
    lines = _traffic(rng, 1_500)

    def handled() -> int:
        return harness.handled(redis_client, settings)

    with desk(redis_client, settings) as wire:
        with WorkerPool(settings, 2) as pool:
            with harness.Killer(pool, handled=handled, seed=4, every_s=(0.8, 2.0)) as killer:
                for start in range(0, len(lines), 50):
                    wire.send(*lines[start : start + 50])
                    for place in range(start, start + 50, 25):
                        one, other = (f"i{rng.randrange(place + 1)}" for _ in range(2))
                        command = rng.choice(["together", "apart", "lead"])
                        if one != other:
                            subjects = [one] if command == "lead" else [one, other]
                            wire.say(command, *subjects, rule=f"r{place}")
                wait_until(
                    lambda: handled() >= len(lines) // 2,
                    "half of it is handled while workers are being killed",
                    timeout_s=300,
                )
                wait_until(lambda: killer.killed >= 5, "five are killed", timeout_s=300)
            wait_until(
                lambda: _is_settled(redis_client, settings, pool), "all is settled", timeout_s=300
            )
        wire.drain()
        wire.sweep()
        check(wire)
        assert harness.letters(redis_client, settings) == []
        counts = harness.counts(redis_client, settings)
        ended = ("placed", "versions", "held", "killed", "repeated")
        assert sum(counts[name] for name in ended) - counts["released"] == len(lines)
        assert min(counts[name] for name in (*ended, "released", "split", "merged")) > 0


def _is_settled(redis: Redis, settings: Settings, pool: WorkerPool) -> bool:
    pool.check()
    streams = settings.streams
    return (
        redis.zcard(settings.keys.embargoes) == 0
        and redis.xlen(streams.articles) == 0
        and redis.xlen(streams.commands) == 0
    )
