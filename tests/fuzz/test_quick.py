"""A few hundred inputs a parser; `python -m tests.fuzz` gives as many as there is time for."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.edits import PIECES, Edit, drawn, edited
from tests.fuzz.targets import targets

NAMES = sorted(targets())
LONGEST_S = 5.0
"""Of one input of a few kilobytes, on a busy machine; what is not linear takes minutes."""
DRAWN = 100

edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(PIECES) | st.binary(max_size=6)),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60)
@given(edits=edits, place=st.integers(0, 9))
def test_samples_with_bytes_replaced(name: str, edits: list[Edit], place: int) -> None:
    target = targets()[name]
    document = edited(target.samples[place % len(target.samples)], edits)

    began = time.monotonic()
    target.feed(document)

    assert time.monotonic() - began < LONGEST_S


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(document=st.binary(max_size=300))
def test_random_bytes(name: str, document: bytes) -> None:
    targets()[name].feed(document)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_long_run_draws(name: str) -> None:
    target, rng = targets()[name], random.Random(name)
    for sample in target.samples:
        target.feed(sample)
    for _ in range(DRAWN):
        target.feed(drawn(rng, target.samples))
