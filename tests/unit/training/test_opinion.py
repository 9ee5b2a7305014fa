"""The projection of a second opinion, learned from vectors that are made of known parts."""

import numpy as np
import pytest
from numpy.typing import NDArray

from service.encoders.opinion import Projection
from service.training.opinion import DIMENSIONS, learned

WIDTH = 220
SHARED, LANGUAGE, GENRE = range(3)
"""Axes: what all texts say, what tells languages apart, what most of a text's variance is."""


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def texts(count: int, offset: float, seed: int) -> NDArray[np.float64]:
    vectors = np.random.default_rng(seed).normal(scale=0.02, size=(count, WIDTH))
    vectors[:, GENRE] *= 20
    vectors[:, SHARED] += 1
    vectors[:, LANGUAGE] = offset
    return unit(vectors)


@pytest.fixture(scope="module")
def projection() -> Projection:
    tensors = learned(texts(2_000, 0.3, 1), texts(2_000, -0.3, 2))
    return Projection("test", tensors["mean"], tensors["matrix"])


def cosines(projection: Projection, one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    found = projection.of(np.asarray(np.vstack([one, other]), np.float32))
    return float((found[: len(one)] @ found[len(one) :].T).mean())


def test_random_texts_have_nothing_in_common_whatever_their_languages(
    projection: Projection,
) -> None:
    russian, english = texts(200, 0.3, 3), texts(200, -0.3, 4)
    assert (russian @ english.T).mean() > 0.5

    assert cosines(projection, russian, english) == pytest.approx(0, abs=0.02)
    assert cosines(projection, russian[:100], russian[100:]) == pytest.approx(0, abs=0.02)


def test_a_text_is_the_same_in_both_languages(projection: Projection) -> None:
    english = texts(50, -0.3, 5)
    russian = english.copy()
    russian[:, LANGUAGE] *= -1

    found = [projection.of(np.asarray(each, np.float32)) for each in (english, russian)]

    assert (found[0] * found[1]).sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_the_most_common_directions_are_left_out(projection: Projection) -> None:
    weight = np.linalg.norm(projection.matrix, axis=1)

    assert projection.matrix.shape == (WIDTH, DIMENSIONS)
    assert weight[GENRE] < 0.1 * np.median(weight)
    assert weight[LANGUAGE] < 0.1 * np.median(weight)
