"""The capacity plan is what its formulas say of what was measured."""

import pytest

from tests.support.builders.benchmark import figures, level, weight
from workers.bench.capacity import (
    LOAD,
    MOST_WORKERS,
    NODE_GB,
    Costs,
    Line,
    Plan,
    costs,
    most_a_second,
    plan,
)

COSTS = Costs(
    redis_us=Line(100_000, 400.0, 0.0001),
    followed_us=26.0,
    own_us=Line(100_000, 1_500.0, 0.001),
    filing_us=200.0,
    redis_bytes=2_800.0,
    base_bytes=250e6,
    private_bytes=1_500.0,
    shared_bytes=500.0,
    start_us=27.0,
)


def test_a_million_articles_a_day() -> None:
    one = Plan(COSTS, 1e6, 72, namespaces=1, workers=2)

    assert one.peak == pytest.approx(34.7, abs=0.05)  # 1,000,000 / 86,400 * 3
    assert one.held == pytest.approx(4.5e6)  # 3 days * 1.5
    assert one.redis_gb == pytest.approx(12.6)  # 4.5 M * 2,800 bytes
    # 34.72 * (400 + 4.4 M * 0.0001 + 2 * 26) us
    assert one.redis_load == pytest.approx(0.03097, abs=0.0001)
    # 34.72 * ((1,500 + 4.4 M * 0.001) / 2 + 200 / 2) us
    assert one.worker_load == pytest.approx(0.1059, abs=0.0001)
    assert one.further_gb == pytest.approx(7.0)  # 0.25 + 4.5 M * 1,500 bytes
    assert one.worker_gb == pytest.approx(9.25)  # and 4.5 M * 500
    assert one.reread_s == pytest.approx(121.5)  # 4.5 M * 27 us
    assert one.told == pytest.approx(4.5e6)  # what is held is more than four days of events
    assert one.api_gb == pytest.approx(8.76, abs=0.01)  # 0.1 + 4.5 M * 1,925 bytes


def test_the_api_holds_events_for_a_day_longer_than_a_short_window() -> None:
    one = Plan(COSTS, 1e6, 24, namespaces=2, workers=1)

    assert one.told == pytest.approx(1e6)  # two days of half a million
    assert one.api_reread_s == pytest.approx(92)


def test_a_plan_is_the_smallest_that_fits() -> None:
    found = plan(COSTS, 1e8, 24)

    assert found.fits
    counts = range(1, MOST_WORKERS + 1)
    fewer = [Plan(COSTS, 1e8, 24, found.namespaces - 1, workers) for workers in counts]
    assert not any(each.fits for each in fewer)
    assert found.redis_gb <= NODE_GB


def test_more_workers_help_until_each_only_follows_the_others() -> None:
    rates = [most_a_second(COSTS, workers) for workers in (1, 2, 4, 16)]

    assert rates[0] < rates[1] < rates[2] > rates[3]
    # Of Redis alone: 0.6 s of CPU a second, 400 + 16 * 26 us an article.
    assert rates[3] == pytest.approx(LOAD * 1e6 / (400 + 16 * 26))


def test_costs_come_from_what_was_measured() -> None:
    found = costs(
        figures(
            light=weight(10_000, resident=320e6, private=280e6),
            levels=(
                level(weight(100_000, resident=500e6, private=370e6), redis_us=450, worker_us=700),
                level(weight(1_000_000, resident=2300e6, private=1270e6), redis_us=540,
                      worker_us=1150),
            ),
        )
    )  # fmt: skip

    # Two workers followed: 450 - 2 * 20 us at 100,000, and 90 more at 900,000 more.
    assert _parts(found.redis_us) == pytest.approx((100_000, 410, 0.0001))
    # 2 * 700 us of both, of which one filed what the other placed; 900 more at 900,000 more.
    assert _parts(found.own_us) == pytest.approx((100_000, 1_360, 0.001))
    assert (found.followed_us, found.filing_us, found.start_us) == (20, 40, 30)
    # Over 990,000 articles: 990 MB private, and 990 MB of what is shared.
    assert found.private_bytes == pytest.approx(1_000)
    assert found.shared_bytes == pytest.approx(1_000)
    assert found.base_bytes == pytest.approx(300e6)  # 320 MB less 10,000 * 2,000 bytes
    assert found.redis_bytes == pytest.approx(2_500)


def test_one_window_tells_no_growth() -> None:
    found = costs(figures(levels=(level(weight(100_000), redis_us=450),)))

    assert _parts(found.redis_us) == pytest.approx((100_000, 410, 0))


def _parts(line: Line) -> tuple[float, float, float]:
    return line.live, line.cost, line.slope
