from itertools import pairwise

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash, bBitMinHash
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from xxhash import xxh3_64_hexdigest, xxh32_intdigest

from service.fingerprints.minhash import (
    EMPTY_ROW,
    SHINGLE_ROWS,
    jaccard,
    permutations,
    shingle_hashes,
    signatures,
)

hash_lists = st.lists(st.integers(0, 2**32 - 1), max_size=40)


@given(st.lists(hash_lists, min_size=1, max_size=6), st.sampled_from([16, 24, 64]))
def test_signatures_are_those_of_datasketch(sets: list[list[int]], rows: int) -> None:
    ends = np.cumsum([len(one) for one in sets])
    starts = ends - [len(one) for one in sets]
    flat = np.array([value for one in sets for value in one], np.uint32)

    ours = signatures(flat, starts, ends, permutations(rows))

    for row, one in zip(ours, sets, strict=True):
        theirs = MinHash(num_perm=rows, hashfunc=lambda value: value)
        theirs.update_batch(one)
        assert row.tolist() == theirs.hashvalues.tolist()


def test_permutations_and_signatures_stay_as_namespaces_hold_them() -> None:
    """Frozen: rows and bucket keys in Redis were made with these numbers."""
    flat = np.array([1, 2, 3, 0, 2**32 - 1, 7], np.uint32)

    draw = permutations(4)
    made = signatures(flat, np.array([0, 3]), np.array([3, 6]), draw)

    assert draw.multipliers.tolist() == [3582191691, 4270784983, 1892572953, 3715639441]
    assert draw.addends.tolist() == [491263, 550290313, 1298508491, 4290846341]
    assert made.tolist() == [
        [63217260, 131247162, 308645290, 1412089388],
        [491263, 550290313, 102608476, 2862220750],
    ]
    whole = permutations(SHINGLE_ROWS)
    octets = whole.multipliers.tobytes() + whole.addends.tobytes()
    assert xxh3_64_hexdigest(octets) == "88be117afd5c02c7"


@given(hash_lists)
def test_a_shingles_hash_is_xxh32_of_its_words_hashes(values: list[int]) -> None:
    words = np.array(values, np.uint32)

    assert shingle_hashes(words).tolist() == [
        xxh32_intdigest(words[at : at + 3].tobytes()) for at in range(len(values) - 2)
    ]


def test_segments_may_leave_out_what_lies_between_them() -> None:
    flat = np.arange(20, dtype=np.uint32)
    draw = permutations(8)

    apart = signatures(flat, np.array([0, 10]), np.array([8, 18]), draw)

    alone = signatures(flat[10:18], np.array([0]), np.array([8]), draw)
    assert apart[1].tolist() == alone[0].tolist()


def test_an_empty_set_has_empty_rows() -> None:
    rows = signatures(np.array([], np.uint32), np.array([0]), np.array([0]), permutations(4))

    assert rows.tolist() == [[EMPTY_ROW] * 4]


@example(np.arange(3 * SHINGLE_ROWS, dtype=np.uint8).reshape(3, -1))  # not a row alike: -1/255
@given(arrays(np.uint8, (3, SHINGLE_ROWS), elements=st.integers(0, 3)))
def test_jaccard_is_datasketchs_of_every_pair_cut_off_at_zero(low: NDArray[np.uint8]) -> None:
    ours = jaccard(low[:-1], low[1:])

    lean = [LeanMinHash(seed=1, hashvalues=rows, scheme="affine32") for rows in low]
    theirs = [
        bBitMinHash(one, b=8).jaccard(bBitMinHash(other, b=8)) for one, other in pairwise(lean)
    ]
    assert ours.dtype == np.float32
    assert ours.tolist() == pytest.approx([max(0, estimate) for estimate in theirs], abs=1e-6)


@pytest.mark.parametrize("shared", [0, 50, 100, 200, 300, 390, 400])
def test_the_estimate_is_within_its_error(shared: int) -> None:
    draw = permutations(SHINGLE_ROWS)
    union = 400
    true = shared / union
    errors = []
    for trial in range(30):
        values = np.random.default_rng(trial).integers(0, 2**32, union, dtype=np.uint32)
        one = values[: (union + shared) // 2]
        other = values[(union - shared) // 2 :]
        flat = np.concatenate([one, other])
        bounds = np.array([0, len(one), len(flat)])
        low = signatures(flat, bounds[:-1], bounds[1:], draw).astype(np.uint8)
        errors.append(float(jaccard(low[0], low[1])) - true)

    standard_error = float(np.sqrt(true * (1 - true) / SHINGLE_ROWS))
    # Eight bits and a floor at 0 add a little; 30 trials bring the mean within a third.
    assert abs(np.mean(errors)) < standard_error / 2 + 0.01
    assert np.sqrt(np.mean(np.square(errors))) < 1.5 * standard_error + 0.01
