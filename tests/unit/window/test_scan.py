"""The exact scan against the plainest oracle: sort all products."""

import numpy as np
import pytest
from numpy.typing import NDArray

from workers.window.scan import NOBODY, Scan


def integers(rng: np.random.Generator, rows: int) -> NDArray[np.float32]:
    return rng.integers(-9, 10, (rows, 8)).astype(np.float32)


@pytest.mark.parametrize("held", [1, 5, 31, 33, 1000, 2048, 2049, 5000])
@pytest.mark.parametrize("count", [1, 24, 200])
def test_the_largest_products_are_found_all(held: int, count: int) -> None:
    rng = np.random.default_rng(held)
    vectors, queries = integers(rng, held), integers(rng, 130)
    scan = Scan(8)
    for start in range(0, held, 700):
        scan.add(np.arange(held)[start : start + 700] + 10, vectors[start : start + 700])

    products, numbers = scan.nearest(queries, count)

    exact = queries @ vectors.T
    found = min(count, held)
    assert np.array_equal(
        np.sort(products, axis=1)[:, ::-1][:, :found], np.sort(exact, axis=1)[:, ::-1][:, :found]
    )
    is_there = numbers != NOBODY
    assert is_there.sum() == len(queries) * found
    rows, _ = np.nonzero(is_there)
    assert np.array_equal(products[is_there], exact[rows, numbers[is_there] - 10])


def test_what_was_forgotten_is_not_found_and_its_room_is_used_again() -> None:
    rng = np.random.default_rng(1)
    scan, vectors = Scan(8), integers(rng, 3000)
    scan.add(np.arange(3000), vectors)

    scan.keep(scan.numbers >= 2990)
    scan.add(np.arange(3000, 3002), vectors[:2])
    _, numbers = scan.nearest(vectors[:3], 24)

    assert len(scan) == 12
    assert {*numbers.ravel().tolist()} == {NOBODY, *range(2990, 3002)}
