"""Alignment of two articles' telling words."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.matching.alignment import greatest


@given(st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_halves_find_the_maximum_whatever_the_width(width: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(3, width, 4)).astype(np.float32)

    assert np.array_equal(greatest(values), values.max(axis=1))
