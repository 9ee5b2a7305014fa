"""LSH buckets in memory: against lists in a dictionary, and what they cost."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.fingerprints.bands import BANDS, NO_KEY
from workers.window import buckets
from workers.window.buckets import CAPACITY, Buckets

Keys = NDArray[np.uint32]


class Lists:
    """The same by a list a bucket, as plain as can be."""

    def __init__(self) -> None:
        self.buckets: defaultdict[int, list[int]] = defaultdict(list)
        self.gone: set[int] = set()
        self.floor = 0

    def add(self, numbers: list[int], keys: Keys) -> None:
        for number, row in zip(numbers, keys.tolist(), strict=True):
            for key in row:
                self.buckets[key].append(number)

    def remove(self, numbers: list[int]) -> None:
        self.gone |= {*numbers}

    def remove_below(self, floor: int) -> None:
        self.floor = max(self.floor, floor)

    def mates(self, numbers: list[int], keys: Keys) -> list[list[int]]:
        return [
            [mate for mate, _ in Counter(self._shared(number, row)).most_common()]
            for number, row in zip(numbers, keys.tolist(), strict=True)
        ]

    def _shared(self, own: int, row: list[int]) -> list[int]:
        return [
            mate
            for key in row
            if key != NO_KEY
            for mate in [
                each
                for each in self.buckets[key]
                if self.floor <= each < own and each not in self.gone
            ][-CAPACITY:]
        ]


def keys_of(*firsts: int | np.uint32) -> Keys:
    """Keys of articles that are in one bucket each."""
    keys = np.full((len(firsts), BANDS), NO_KEY, np.uint32)
    keys[:, 0] = firsts
    return keys


def few_keys(seed: int, count: int) -> Keys:
    """Keys of which many are shared, some by all, and some none."""
    draw = np.random.default_rng(seed)
    keys: Keys = draw.integers(0, 40, (count, BANDS)).astype(np.uint32)
    keys[draw.random(count) < 0.1] = NO_KEY
    return keys


@pytest.fixture
def _short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "_NEWEST", 20 * BANDS)
    monkeypatch.setattr(buckets, "_NEWER", 90 * BANDS)


@pytest.mark.usefixtures("_short_runs")
@pytest.mark.parametrize("base", [1, 2**33 - 100])
def test_what_is_found_is_what_lists_would_find(base: int) -> None:
    """Through merges, removals, floors, and numbers of more than 32 bits."""
    found, expected = Buckets(), Lists()
    draw = np.random.default_rng(1)
    number = base
    for step in range(150):
        numbers = [number + place for place in range(int(draw.integers(1, 12)))]
        number = numbers[-1] + int(draw.integers(1, 4))
        keys = few_keys(step, len(numbers))
        for each in (found, expected):
            each.add(numbers, keys)

        assert found.mates(numbers, keys) == expected.mates(numbers, keys)
        late = [int(each) for each in draw.integers(base, number, 5)]
        keys = few_keys(1_000 + step, 5)
        assert found.mates(late, keys) == expected.mates(late, keys)

        gone = [each for each in numbers if draw.random() < 0.2]
        for each in (found, expected):
            each.remove(gone)
            if step % 10 == 9:
                each.remove_below(number - 300)


@given(st.integers(0, 10_000), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_what_an_article_finds_does_not_hang_on_batches(seed: int, sizes: list[int]) -> None:
    count = sum(sizes)
    numbers, keys = list(range(1, count + 1)), few_keys(seed, count)
    whole, cut = Buckets(), Buckets()
    whole.add(numbers, keys)
    found, start = [], 0
    for size in sizes:
        batch = slice(start, start + size)
        cut.add(numbers[batch], keys[batch])
        found += cut.mates(numbers[batch], keys[batch])
        start += size

    assert found == whole.mates(numbers, keys)


def test_of_a_bucket_the_newest_that_are_held_count() -> None:
    found = Buckets()
    numbers = list(range(1, 101))
    found.add(numbers, keys_of(*[7] * 100))

    found.remove(list(range(60, 80)))

    assert found.mates([90], keys_of(7)) == [[*range(54, 60), *range(80, 90)]]
    assert found.mates([101], keys_of(7)) == [list(range(85, 101))]
    found.remove_below(98)
    assert found.mates([101], keys_of(7)) == [[98, 99, 100]]


def test_who_shares_most_buckets_comes_first() -> None:
    found = Buckets()
    keys = np.tile(np.arange(1, BANDS + 1, dtype=np.uint32), (3, 1))
    keys[0, 5:] += 100
    keys[1, 9:] += 200
    found.add([1, 2], keys[:2])

    assert found.mates([3], keys[2:]) == [[2, 1]]


def test_articles_without_words_are_not_alike() -> None:
    found = Buckets()
    found.add([1, 2], keys_of(NO_KEY, NO_KEY))

    assert found.mates([3], keys_of(NO_KEY)) == [[]]


def test_a_window_that_was_cleared_takes_numbers_from_the_start() -> None:
    found = Buckets()
    found.add([500, 501], keys_of(7, 7))
    found.remove_below(501)

    found.clear()
    found.add([1, 2], keys_of(7, 7))

    assert found.mates([2], keys_of(7)) == [[1]]


@pytest.mark.usefixtures("_short_runs")
def test_a_floor_beyond_what_was_followed_loses_nothing_that_comes_above_it() -> None:
    """The log was cut while this worker did not look."""
    found = Buckets()
    found.add(list(range(1, 91)), keys_of(*[7] * 90))
    found.remove_below(5_000)
    found.add(list(range(91, 4_999)), keys_of(*[7] * (4_999 - 91)))
    found.add([4_999, 5_000, 5_001], keys_of(7, 7, 7))

    assert found.mates([5_001], keys_of(7)) == [[5_000]]


def test_a_template_s_bucket_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 50,000 look-alikes as many are looked at as of 50."""
    looked_at: list[int] = []

    def searched(entries: NDArray[np.int64], least: int) -> NDArray[np.int64]:
        looked_at.append(np.size(entries))
        return maximum(entries, least)

    maximum = np.maximum
    few, many = Buckets(), Buckets()
    for each, count in ((few, 50), (many, 50_000)):
        each.add(list(range(1, count + 1)), keys_of(*[7] * count))
    monkeypatch.setattr(np, "maximum", searched)

    few.mates([51], keys_of(7))
    at_few, looked_at[:] = sum(looked_at), []
    many.mates([25_000], keys_of(7))

    assert sum(looked_at) == at_few < 50


def test_what_is_gone_takes_no_memory_for_ever() -> None:
    """Ten windows of 20,000 articles: the buckets hold hardly more than one."""
    found = Buckets()
    draw = np.random.default_rng(3)
    for start in range(1, 200_001, 500):
        keys = draw.integers(1, 2**32, (500, BANDS), np.uint32)
        found.add(list(range(start, start + 500)), keys)
        found.remove_below(start - 20_000)

    assert sum(map(len, found._runs)) <= 40_000 * BANDS
    assert len(found._held) <= 60_000
