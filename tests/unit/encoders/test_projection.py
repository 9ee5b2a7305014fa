"""Any model's vectors in 256 dimensions: cosines stay, leading dimensions stand for all."""

import numpy as np
import pytest
from numpy.typing import NDArray

from service.encoders.projection import DIMENSIONS, projected, rotation

PAIRS = 400


def pairs_of_cosine(cosine: float, dimensions: int) -> tuple[NDArray[np.float32], ...]:
    """Unit vectors of this cosine, in all directions alike."""
    rng = np.random.default_rng(dimensions)
    left = rng.normal(size=(PAIRS, dimensions))
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    other = rng.normal(size=(PAIRS, dimensions))
    other -= (other * left).sum(axis=1, keepdims=True) * left
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    right = cosine * left + np.sqrt(1 - cosine**2) * other
    return left.astype(np.float32), right.astype(np.float32)


def leading_cosines(
    left: NDArray[np.float32], right: NDArray[np.float32], kept: int
) -> NDArray[np.float32]:
    """Of each pair, projected, in its leading dimensions."""
    columns = rotation(left.shape[1])
    one, other = (projected(vectors, columns)[:, :kept] for vectors in (left, right))
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    found: NDArray[np.float32] = (one * other).sum(axis=1) / norms
    return found


@pytest.mark.parametrize("dimensions", [1, 3, 64, 256, 384, 1024])
def test_a_rotation_is_orthonormal_and_always_the_same(dimensions: int) -> None:
    columns = rotation(dimensions)

    kept = min(dimensions, 256)
    assert columns.shape == (dimensions, kept)
    assert columns.T @ columns == pytest.approx(np.eye(kept), abs=1e-5)
    assert (columns == rotation(dimensions)).all()


def test_the_rotation_is_the_one_that_stored_vectors_were_made_by() -> None:
    """If this fails, give ``projection.NAME`` a new value: old and new vectors don't compare."""
    first = rotation(4)[0]

    assert first.tolist() == pytest.approx([0.152542, 0.576520, -0.773320, 0.215248], abs=1e-5)


@pytest.mark.parametrize("dimensions", [2, 64, 200, 256])
def test_a_model_that_fits_keeps_its_cosines(dimensions: int) -> None:
    left, right = pairs_of_cosine(0.6, dimensions)

    assert projected(left, rotation(dimensions)).shape == (PAIRS, DIMENSIONS)
    assert leading_cosines(left, right, DIMENSIONS) == pytest.approx(np.full(PAIRS, 0.6), abs=1e-4)


@pytest.mark.parametrize(
    ("dimensions", "kept"), [(384, 256), (768, 256), (1024, 256), (384, 128), (256, 96), (1024, 96)]
)
@pytest.mark.parametrize("cosine", [0.0, 0.5, 0.9])
def test_leading_dimensions_keep_cosines_within_the_stated_error(
    dimensions: int, kept: int, cosine: float
) -> None:
    left, right = pairs_of_cosine(cosine, dimensions)
    expected = (1 - cosine**2) * np.sqrt((1 - kept / dimensions) / kept)

    found = leading_cosines(left, right, kept)

    assert found.std() == pytest.approx(expected, rel=0.15)
    assert found.mean() == pytest.approx(cosine, abs=0.3 * expected + 0.01)


def test_meaning_that_stands_in_the_last_dimensions_is_not_lost() -> None:
    """Cut off at 256, such vectors would be zero."""
    narrow_left, narrow_right = pairs_of_cosine(0.6, 40)
    left, right = (np.pad(vectors, ((0, 0), (984, 0))) for vectors in (narrow_left, narrow_right))

    found = leading_cosines(left, right, 96)

    assert found == pytest.approx(np.full(PAIRS, 0.6), abs=0.35)
    assert found.mean() == pytest.approx(0.6, abs=0.05)


def test_a_zero_vector_stays_zero() -> None:
    assert not projected(np.zeros((2, 300), np.float32), rotation(300)).any()
