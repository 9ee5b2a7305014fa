"""Poison must not bury its neighbours, whatever else happens."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from contracts.dead_letter import Reason
from tests.support.redis import servers
from tests.support.wire import harness
from tests.support.wire.ward import AWAY, KILLED, Case, Ward

MAX_DELIVERIES = 3


@contextmanager
def ward_of(redis_url: str, cases: list[Case], **more: Any) -> Iterator[Ward]:
    changes = {"max_deliveries": MAX_DELIVERIES, **more.pop("changes", {})}
    settings = harness.settings_for(redis_url, servers.fresh_namespace(), **changes)
    try:
        with servers.connected(redis_url) as redis:
            yield Ward(redis, settings, cases, **more)
    finally:
        servers.forget_namespace(redis_url, settings.namespace)


poisonous = st.sampled_from([Case(kills=True), Case(fails=True)])
cases = st.lists(
    st.integers(0, 4).flatmap(lambda die: poisonous if die == 4 else st.just(Case())),
    min_size=1,
    max_size=40,
).flatmap(
    lambda found: st.dictionaries(
        st.integers(0, len(found) - 1), st.integers(0, len(found) - 1), max_size=4
    ).map(
        # What waits, waits for what came before it: numbers are an order.
        lambda pairs: [
            Case(case.kills, case.fails, pairs[at] if pairs.get(at, at) < at else None)
            for at, case in enumerate(found)
        ]
    )
)
moments = st.one_of(st.integers(0, 8), st.integers(0, 60))
plans = st.lists(
    st.dictionaries(moments, st.sampled_from([KILLED, KILLED, AWAY]), min_size=1, max_size=3),
    max_size=12,
)


@examples(max_examples=80)
@given(
    cases,
    plans,
    st.lists(st.integers(0, 1), max_size=200),
    st.integers(1, 40),
    st.integers(1, 2),
)
def test_only_what_failed_alone_each_time_is_buried(
    redis_url: str,
    found: list[Case],
    plans: list[dict[int, str]],
    order: list[int],
    batch_size: int,
    workers: int,
) -> None:
    with ward_of(
        redis_url, found, plans=plans, order=order, changes={"batch_size": batch_size}
    ) as ward:
        asyncio.run(ward.run(workers, rounds=400))

        poison = {number for number, case in enumerate(found) if case.is_poison}
        buried = ward.buried
        assert len(set(buried)) == len(buried)
        assert poison <= set(buried)
        for number in buried:
            assert ward.alone[ward.ids[number]] >= MAX_DELIVERIES
        assert ward.placed == dict.fromkeys(set(range(len(found))) - set(buried), 1)
        assert ward.redis.hgetall(ward.settings.keys.tries) == {}
        assert ward.redis.hgetall(ward.settings.keys.errors) == {}


@pytest.mark.parametrize(
    ("place", "deaths"),
    [
        # 500 in eight parts: seven of ⌈500/8⌉ = 63 and one of 59. 63 in parts of ⌈63/8⌉ = 8: seven,
        # and one of 7. 59 in parts of 8: seven, and one of 3. All of these in parts of one.
        (0, [500, 63, 8]),
        (62, [500, 63, 7]),
        (250, [500, 63, 7]),
        (499, [500, 59, 3]),
    ],
)
def test_one_poison_among_500_is_alone_after_three_deaths(
    redis_url: str, place: int, deaths: list[int]
) -> None:
    with ward_of(redis_url, [Case(kills=number == place) for number in range(500)]) as ward:
        asyncio.run(ward.run(1, rounds=20))

        assert ward.deaths == deaths + [1] * MAX_DELIVERIES
        (letter,) = harness.letters(ward.redis, ward.settings)
        assert (letter.reason, letter.entry_id) == (Reason.TOO_MANY_DELIVERIES, ward.ids[place])
        assert (letter.deliveries, letter.detail[:48]) == (
            len(ward.deaths),
            "failed 3 times, each time alone in hand; last er",
        )


def test_poisons_side_by_side_bury_nothing_between_them(redis_url: str) -> None:
    """Each group of ⌈30/8⌉ = 4 holds one, and all of its members are tried one by one."""
    with ward_of(redis_url, [Case(kills=number % 3 == 0) for number in range(30)]) as ward:
        asyncio.run(ward.run(2, rounds=100))

        assert ward.buried == list(range(0, 30, 3))
