"""Stored signatures against datasketch, which makes its own from the article's words."""

import numpy as np
from datasketch import MinHash, bBitMinHash
from hypothesis import given, settings
from hypothesis import strategies as st
from xxhash import xxh32_intdigest

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.minhash import SHINGLE_ROWS, jaccard
from service.fingerprints.sketch import sketch
from service.text.document import documents
from tests.unit.fingerprints.builders import fingerprint_of

words = st.text("абвгдежзийклмн", min_size=1, max_size=8)


def shingles(text: str) -> set[bytes]:
    """Each three consecutive words, as the hashes of the three."""
    (read,) = documents([Article(id="a", text=text)]).read
    hashes = [xxh32_intdigest(word.encode()).to_bytes(4, "little") for word in read.tokens]
    return {b"".join(hashes[at : at + 3]) for at in range(len(hashes) - 2)}


def words_of(numbers: np.ndarray) -> str:
    """A text with a word for each number, equal for equal numbers."""
    return " ".join("".join(chr(ord("а") + int(digit)) for digit in str(n)) for n in numbers)


@settings(max_examples=60)
@given(st.lists(words, min_size=1, max_size=40).map(" ".join))
def test_a_sketch_is_what_datasketch_makes_of_the_articles_shingles(text: str) -> None:
    theirs = MinHash(num_perm=SHINGLE_ROWS, hashfunc=xxh32_intdigest)
    theirs.update_batch(shingles(text))

    stored = Fingerprint.checked(fingerprint_of(text, title="").payload)

    assert sketch(stored) == bBitMinHash(theirs, b=8)


def test_its_jaccard_estimates_that_of_the_shingles_without_bias_and_within_its_error() -> None:
    errors, expected = [], []
    for trial in range(120):
        draw = np.random.default_rng(trial)
        numbers = draw.integers(10**6, 10**7, 150)
        edited = numbers.copy()
        edited[: trial + 10] = draw.integers(10**6, 10**7, trial + 10)
        texts = words_of(numbers), words_of(edited)
        one, other = map(shingles, texts)
        true = len(one & other) / len(one | other)

        estimate = sketch(fingerprint_of(texts[0])).jaccard(sketch(fingerprint_of(texts[1])))

        errors.append(estimate - true)
        expected.append((true + 1 / 255) * (1 - true) / SHINGLE_ROWS)

    # Three standard errors of a mean over so many; and the spread is that of the formula.
    assert abs(np.mean(errors)) < 3 * np.sqrt(np.mean(expected) / len(errors))
    assert 0.8 < np.std(errors) / np.sqrt(np.mean(expected)) < 1.2


def test_evidence_shows_its_jaccard_but_for_what_is_below_zero() -> None:
    texts = [words_of(np.arange(first, first + 60) + 10**6) for first in (0, 5, 40, 500)]
    prints = [fingerprint_of(text) for text in texts]
    rows = np.stack([one.shingle_rows for one in prints])

    ours = jaccard(rows[:, None], rows[None])

    theirs = [[sketch(one).jaccard(sketch(other)) for other in prints] for one in prints]
    assert min(map(min, theirs)) < 0
    assert np.abs(ours - np.maximum(theirs, 0)).max() < 1e-6
