"""Whatever comes, in whatever order, and whoever dies: one state, and consumers hold it.

Hypothesis draws articles, versions, corrections, kills, holds, rules, workers that take turns,
die at any step and are handed their entries again, and sweeps in between. At the end, and
in between, everything that must always hold is looked at in Redis and in the events.
"""

import itertools
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from redis import Redis

from tests.support.redis.servers import forget_namespace, fresh_namespace
from tests.support.wire import harness
from tests.support.wire.consistency import check
from tests.support.wire.desk import Desk, desk, text

_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""A failing day is read as it is: making it smaller takes minutes on a real server."""

IDS = "abcdefg"
ids = st.sampled_from(IDS)
sources = st.sampled_from(["Wire", "Wire", "Courier"])
"""Mostly one: what the other one says of its items changes nothing."""

articles = st.fixed_dictionaries(
    {"id": ids, "story": st.integers(0, 2), "reprint": st.integers(0, 3)},
    optional={
        "version": st.integers(1, 4),
        "replaces": ids,
        "source": sources,
        "status": st.sampled_from(["withheld", "usable"]),
    },
).map(lambda drawn: ("send", _drawn(drawn)))
kills = st.fixed_dictionaries(
    {"id": ids}, optional={"version": st.integers(1, 4), "source": sources}
).map(lambda drawn: ("send", drawn | {"status": "canceled"}))
rule_ids = st.integers(0, 5).map("r{}".format)
rules = st.one_of(
    st.tuples(
        st.just("rule"),
        st.tuples(st.sampled_from(["together", "apart"]), rule_ids, ids, ids).filter(
            lambda drawn: drawn[2] != drawn[3]
        ),
    ),
    st.tuples(st.just("rule"), st.tuples(st.just("lead"), rule_ids, ids)),
    st.tuples(st.just("rule"), st.tuples(st.just("revoke"), st.just("v"), rule_ids)),
)
turns = st.tuples(st.just("turn"), st.tuples(st.integers(0, 1), st.integers(1, 5)))
deaths = st.tuples(
    st.just("death"),
    st.tuples(
        st.integers(0, 1),
        st.integers(1, 5),
        st.sampled_from(["register", "snapshot", "whole", "commit"]),
        st.booleans(),
        st.integers(0, 2),
    ),
)
sweeps = st.just(("sweep", None))
days = st.lists(
    st.one_of(articles, articles, articles, kills, rules, turns, turns, deaths, sweeps),
    min_size=5,
    max_size=30,
)


def _drawn(drawn: dict[str, Any]) -> dict[str, Any]:
    return _article(**drawn)


def _article(id: str, story: int, reprint: int, **more: Any) -> dict[str, Any]:  # noqa: A002
    return {"id": id, **text(story, reprint), **more}


def play(wire: Desk, day: list[tuple[str, Any]]) -> None:
    fresh = itertools.count()
    for kind, what in day:
        match kind:
            case "send":
                wire.send(what)
            case "rule":
                command, rule, *subjects = what
                wire.say(command, *subjects, rule=f"v{next(fresh)}" if rule == "v" else rule)
            case "turn":
                wire.turn(*what)
            case "death":
                worker, count, step, comes_through, calls = what
                wire.dies(worker, count, step, comes_through=comes_through, calls=calls)
            case "sweep":
                wire.sweep()
    wire.drain()
    wire.sweep()


@settings(max_examples=60, suppress_health_check=list(HealthCheck), phases=_PHASES)
@given(day=days)
def test_the_state_is_one_and_consumers_hold_it(
    redis_url: str, redis_client: Redis, day: Any
) -> None:
    namespace = fresh_namespace()
    try:
        with desk(redis_client, harness.settings_for(redis_url, namespace), workers=2) as wire:
            play(wire, day)
            check(wire)
    finally:
        forget_namespace(redis_url, namespace)


@settings(max_examples=25, suppress_health_check=list(HealthCheck), phases=_PHASES)
@given(
    order=st.permutations([(story, reprint) for story in range(3) for reprint in range(4)]),
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=6),
)
def test_the_order_of_articles_changes_ids_at_most(
    redis_url: str, redis_client: Redis, order: list[tuple[int, int]], sizes: list[int]
) -> None:
    """All reprints of a story match each other, so any order links the same."""
    namespace = fresh_namespace()
    try:
        with desk(redis_client, harness.settings_for(redis_url, namespace), workers=2) as wire:
            wire.send(
                *(
                    _article(f"{story}-{reprint}", story, reprint, source=f"outlet {reprint}")
                    for story, reprint in order
                )
            )
            for turn, size in enumerate(itertools.islice(itertools.cycle(sizes), 12)):
                wire.turn(turn % 2, size)
            wire.drain()

            assert wire.stories == {
                frozenset(f"{story}-{reprint}" for reprint in range(4)) for story in range(3)
            }
            opened_by = {story.id: story.articles[0] for story in wire.partition.stories.values()}
            firsts = {story: next(f"{s}-{r}" for s, r in order if s == story) for story in range(3)}
            assert set(opened_by.values()) == set(firsts.values())
    finally:
        forget_namespace(redis_url, namespace)


@settings(max_examples=15, suppress_health_check=list(HealthCheck), phases=_PHASES)
@given(
    day=st.lists(st.one_of(articles, articles, kills, rules), min_size=5, max_size=25),
    batches=st.lists(st.integers(1, 20), min_size=2, max_size=2),
)
def test_the_same_input_in_the_same_order_gives_the_same_events(
    redis_url: str, redis_client: Redis, day: Any, batches: list[int]
) -> None:
    """However it is cut into batches: but for times, the events are the same."""
    told = []
    for batch in batches:
        namespace = fresh_namespace()
        try:
            with desk(redis_client, harness.settings_for(redis_url, namespace)) as wire:
                for kind, what in day:
                    if kind == "rule":
                        wire.drain(batch)
                        command, rule, *subjects = what
                        wire.say(command, *subjects, rule=rule)
                        wire.drain(batch)
                    else:
                        wire.send(what)
                wire.drain(batch)
                told.append([(event.type, event.id, event.data.position) for event in wire.events])
        finally:
            forget_namespace(redis_url, namespace)

    assert told[0] == told[1]
