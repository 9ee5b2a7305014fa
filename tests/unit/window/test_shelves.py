"""Shelves of cells: found is what is near and held, however the window grew and what has gone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from workers.window import shelves
from workers.window.cells import LARGEST, Cells
from workers.window.scan import NOBODY
from workers.window.shelves import Shelves
from workers.window.vectors import Vectors

DIMENSIONS = 224
TOPICS = 60


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "MOST_SCANNED", 2_000)


SPREAD = 50 * (1 + np.arange(DIMENSIONS) / 6) ** -0.75
"""A few axes tell most, as of articles: 32 of 224 hold two thirds of the variance."""


def news(articles: int, seed: int = 0) -> NDArray[np.float32]:
    """Vectors around some topics."""
    rng = np.random.default_rng(seed)
    topics = np.random.default_rng(99).normal(0, SPREAD, (TOPICS, DIMENSIONS))
    own = rng.normal(0, 0.7 * SPREAD, (articles, DIMENSIONS))
    vectors = topics[rng.integers(TOPICS, size=articles)] + own
    return np.clip(np.rint(vectors), -127, 127).astype(np.float32)


def filed(vectors: NDArray[np.float32], batch: int = 100) -> Shelves:
    """Under numbers from 1."""
    made = Shelves(DIMENSIONS)
    for start in range(0, len(vectors), batch):
        chunk = vectors[start : start + batch]
        made.add(np.arange(start, start + len(chunk)) + 1, chunk, languages(len(chunk)))
    return made


def languages(count: int) -> NDArray[np.bytes_]:
    return np.full(count, b"en\0", "S3")


def found(made: Shelves, queries: NDArray[np.float32], count: int) -> list[set[int]]:
    _, numbers = made.nearest(queries, languages(len(queries)), count)
    return [{number for number in row if number != NOBODY} for row in numbers.tolist()]


def cells(made: Shelves) -> Cells:
    (shelf,) = made._shelves.values()
    assert isinstance(shelf, Cells)
    return shelf


@pytest.mark.parametrize("batch", [100, 7_000])
def test_nearly_all_of_the_truly_nearest_are_found(batch: int) -> None:
    """However the articles came: some by some, or most at once."""
    vectors, queries = news(20_000), news(200, seed=1)
    made = filed(vectors, batch)

    near = found(made, queries, 12)

    truth = np.argsort(-(queries @ vectors.T), axis=1)[:, :12] + 1
    hits = [len({*row} & near[place]) for place, row in enumerate(truth.tolist())]
    assert sum(hits) > 0.9 * truth.size

    assert len(cells(made)) == 20_000


def test_products_are_exact() -> None:
    vectors, queries = news(3_000), news(5, seed=1)
    made = filed(vectors)

    products, numbers = made.nearest(queries, languages(5), 12)

    assert np.array_equal(products, np.take_along_axis(queries @ vectors.T, numbers - 1, axis=1))


def test_the_window_grows_by_halving_single_cells() -> None:
    """No article comes into more than a few cells: nothing is learned anew."""
    made = filed(news(3_000))
    moved = 0
    write = cells(made)._write

    def counted(cell: int, numbers: NDArray[np.int64], turned: NDArray[np.float32]) -> None:
        nonlocal moved
        moved += len(numbers)
        write(cell, numbers, turned)

    cells(made)._write = counted  # type: ignore[method-assign]
    worst = 0
    for start in range(3_000, 30_000, 250):
        before = moved
        made.add(np.arange(start, start + 250) + 1, news(250, seed=start), languages(250))
        worst = max(worst, moved - before)

    sizes = cells(made)._sizes()
    assert moved < 3 * 27_000
    assert worst < 30 * LARGEST
    assert sum(sizes) == 30_000
    assert max(sizes) < 3 * LARGEST
    assert len(sizes) < 30_000 / (LARGEST / 4)


def test_alike_articles_are_more_than_a_cell_holds() -> None:
    """Halving by likeness gives nothing where there is no unlike."""
    vectors = np.repeat(news(1), 4_000, axis=0)
    made = filed(vectors)

    (near,) = found(made, vectors[:1], 12)

    assert len(near) == 12
    assert max(cells(made)._sizes()) < 2 * LARGEST + 1_024


def test_what_is_forgotten_is_not_found_before_it_is_taken_out_and_after() -> None:
    vectors = news(6_000)
    made = filed(vectors)
    asked = vectors[:3_000:50]

    made.remove_below(301)
    made.remove(np.array([351, 5_001]))
    soon = found(made, asked, 12)
    still = len(cells(made))
    made.remove_below(2_001)
    late = found(made, asked, 12)

    assert still == 6_000
    assert len(cells(made)) == len(made) == 3_999
    assert all(len(near) == 12 for near in soon + late)
    assert all(min(near) > 300 for near in soon)
    assert all(min(near) > 2_000 for near in late)
    assert not {351, 5_001} & set().union(*soon, *late)
    assert all(
        number in near for number, near in zip(range(2_001, 3_000, 50), late[40:], strict=True)
    )


def test_versions_that_are_gone_do_not_hide_the_one_that_is_held() -> None:
    """A shortlist full of what was forgotten is made longer."""
    vectors = news(4_000)
    vectors[1_000:1_400] = vectors[0]
    made = filed(vectors)

    made.remove(np.arange(1_001, 1_401))

    (near,) = found(made, vectors[:1], 3)
    assert 1 in near
    assert len(near) == 3


def test_a_window_that_moves_on_keeps_its_size() -> None:
    """Cells of yesterday's topics are given up, and used for today's."""
    made = filed(news(4_000))
    for start in range(4_000, 40_000, 500):
        rng = np.random.default_rng(start)
        drift = rng.normal(0, 10, DIMENSIONS)
        fresh = np.clip(np.rint(news(500, seed=start) + drift), -127, 127).astype(np.float32)
        made.add(np.arange(start, start + 500) + 1, fresh, languages(500))
        made.remove_below(start - 3_500)

    assert len(made) == 4_001
    assert len(cells(made)) < 4_001 * 9 / 8 + 500
    assert len(cells(made)._sizes()) < 60
    assert len(made._vectors._rows) < 3 * 4_001
    assert found(made, fresh[-1:], 1) == [{40_000}]


def test_numbers_may_begin_anew_when_all_is_forgotten() -> None:
    vectors = news(3_000)
    made = filed(vectors)

    made.remove_below(3_001)
    empty = len(made)
    made.add(np.arange(1, 601), vectors[:600], languages(600))
    made.remove_below(101)

    assert empty == 0
    assert found(made, vectors[200:201], 1) == [{201}]
    assert min(found(made, vectors[:1], 12)[0]) > 100


def test_a_window_that_was_emptied_twice_loses_none_of_the_numbers_that_begin_anew() -> None:
    made = filed(news(3_000))
    made.remove_below(3_001)
    made.remove_below(3_001)  # as when a worker reads its window anew
    for start in range(0, 3_000, 100):
        chunk = np.arange(start, start + 100)
        made.add(chunk + 1, news(3_000)[chunk], languages(100))

    made.remove(np.arange(1, 501))

    assert len(cells(made)) == len(made) == 2_500


def test_of_thousands_that_are_equally_near_few_vectors_are_looked_at_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = filed(np.repeat(news(1), 3_000, axis=0))
    most = 0
    take = Vectors.__getitem__

    def counted(self: Vectors, numbers: NDArray[np.int64]) -> NDArray[np.int8]:
        nonlocal most
        most = max(most, numbers.size)
        return take(self, numbers)

    monkeypatch.setattr(Vectors, "__getitem__", counted)

    near = found(made, news(1).repeat(50, axis=0), 1_536)

    assert min(map(len, near)) == 1_536
    assert most == 4 * 1_536  # the shortlist of one query
