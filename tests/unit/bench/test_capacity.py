"""The capacity plan is what its formulas say of what was measured."""

from pathlib import Path

import pytest

from workers.bench.capacity import LOAD, MOST_WORKERS, NODE_GB, Plan, most_a_second, plan, table

PAGE = Path(__file__).parents[3] / "deploy" / "CAPACITY.md"


def test_the_page_holds_the_tables_that_the_formulas_give() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")


def test_a_million_articles_a_day() -> None:
    one = Plan(1e6, 72, namespaces=1, workers=2)

    assert one.peak == pytest.approx(34.7, abs=0.05)  # 1,000,000 / 86,400 * 3
    assert one.held == pytest.approx(4.5e6)  # 3 days * 1.5
    assert one.redis_gb == pytest.approx(12.64, abs=0.01)  # 4.5 M * 2,809 bytes
    assert one.redis_load == pytest.approx(0.0168, abs=0.0001)  # 34.7 * (433 + 2 * 26) us
    # 34.7 * ((1,536 + 4.5 M / 64 * 0.018 - 112.5) / 2 + 201 / 2) us
    assert one.worker_load == pytest.approx(0.0502, abs=0.0001)
    assert one.told == pytest.approx(4.5e6)  # what is held is more than four days of events
    assert one.api_gb == pytest.approx(8.76, abs=0.01)  # 0.1 + 4.5 M * 1,925 bytes


def test_the_api_holds_events_for_a_day_longer_than_a_short_window() -> None:
    one = Plan(1e6, 24, namespaces=2, workers=1)

    assert one.told == pytest.approx(1e6)  # two days of half a million
    assert one.api_reread_s == pytest.approx(92)


def test_a_plan_is_the_smallest_that_fits() -> None:
    found = plan(1e8, 24)

    assert found.fits
    fewer = [Plan(1e8, 24, found.namespaces - 1, workers) for workers in range(1, MOST_WORKERS + 1)]
    assert not any(each.fits for each in fewer)
    assert found.redis_gb <= NODE_GB


def test_more_workers_help_until_each_only_follows_the_others() -> None:
    rates = [most_a_second(workers) for workers in (1, 2, 4, 16)]

    assert rates[0] < rates[1] < rates[2] > rates[3]
    # Of Redis alone: 0.6 s of CPU a second, 433 + 16 * 26 us an article.
    assert rates[3] == pytest.approx(LOAD * 1e6 / (433 + 16 * 26))
