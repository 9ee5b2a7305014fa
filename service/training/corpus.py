"""The training text as arrays of token types, and its batches as bags of table rows."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.keywords import RAREST, RARITY_STEPS
from service.fingerprints.model_rows import Buckets, subword_rows
from service.fingerprints.stems import stem, stem_key
from service.text.tokens import word_tokens
from service.training.news import News
from service.training.parallel import DataSet, documents, lines

SKELETONS = 24_000
GRAMS = 28_000
MAX_STEMS = 90_000
"""With these buckets the artefact is 37 MB; 40 MB is its limit."""
FEWEST_USES = 3
"""A rarer stem learns nothing reliable; its subwords speak for it."""
BATCH = 1024
LOPSIDED = 0.25
AS_SUBWORDS = 0.15
"""Share of known tokens shown by their subwords, so that buckets learn what spellings mean."""
DROPPED = 0.1
"""Share of tokens left out, so that no word carries a text alone."""
SAME_SET = 0.3
"""Share of documents in batches of their own set: negatives of the same topic."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All lines as token types, and each type's rows of the table.

    Lines of parallel text come first, the English ones, then the Russian ones in the
    same order; then title and lead of each news article, by turns.
    """

    sets: list[tuple[DataSet, int, int]]
    """Data set, its first English line, its number of lines."""
    parallel: int
    """Pairs of parallel lines."""
    tokens: NDArray[np.int32]
    """Token types, line after line."""
    starts: NDArray[np.int64]
    """Where each line starts in ``tokens``; one more than there are lines."""
    stem_rows: NDArray[np.int64]
    """Of each type; -1 if its stem is not in the vocabulary."""
    subwords: NDArray[np.int64]
    subword_starts: NDArray[np.int64]
    keys: NDArray[np.uint32]
    """The vocabulary's stem keys, in row order."""
    shares: NDArray[np.float64]
    """Share of all tokens, by vocabulary row."""
    buckets: Buckets

    def title_of(self, articles: NDArray[np.int64]) -> NDArray[np.int64]:
        """Lines of the titles of news articles; their leads are the next ones."""
        titles: NDArray[np.int64] = 2 * self.parallel + 2 * articles
        return titles

    def rarity(self) -> NDArray[np.uint8]:
        """Of each stem of the vocabulary, in steps: see ``keywords.Vocabulary``.

        Logarithm of news articles by those whose title or lead has it.
        """
        first = 2 * self.parallel
        articles = (len(self.starts) - 1 - first) // 2
        lines = np.repeat(np.arange(2 * articles), np.diff(self.starts[first:]))
        rows = self.stem_rows[self.tokens[self.starts[first] :]]
        known = rows >= 0
        pairs = np.unique((lines[known] // 2) << 32 | rows[known])
        uses = np.bincount(pairs & 0xFFFFFFFF, minlength=len(self.keys))
        logarithms = np.log((articles + 1) / (uses + 1))
        steps: NDArray[np.uint8] = np.rint(RARITY_STEPS * np.minimum(RAREST, logarithms)).astype(
            np.uint8
        )
        return steps

    def words_of(self, lines: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers of words of lines."""
        counts: NDArray[np.int64] = self.starts[lines + 1] - self.starts[lines]
        return counts


class _Types:
    """Token types in order of first use, and the lines written in them."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.tokens = array("i")
        self.starts = array("q", [0])

    def add(self, words: Iterable[str]) -> None:
        """One more line; words with a digit mean nothing here."""
        numbers = self.numbers
        self.tokens.extend(
            numbers.setdefault(word, len(numbers))
            for word in words
            if not any(map(str.isdigit, word))
        )
        self.starts.append(len(self.tokens))


def read(data: Path, data_sets: Sequence[DataSet], news: News) -> Corpus:
    """Tokenises parallel text once; about two minutes."""
    types, sets = _Types(), []
    pairs: list[tuple[str, str]] = []
    for data_set in data_sets:
        found = lines(data, data_set)
        sets.append((data_set, len(pairs), len(found)))
        pairs += found
    for side in (0, 1):
        for pair in pairs:
            types.add(word_tokens(pair[side]))
    for title, lead in zip(news.titles, news.leads, strict=True):
        types.add(title)
        types.add(lead)
    return _indexed(sets, len(pairs), types)


def _indexed(sets: list[tuple[DataSet, int, int]], parallel: int, types: _Types) -> Corpus:
    tokens = np.array(types.tokens, np.int32)
    words = list(types.numbers)
    stems = [stem(word) for word in words]
    vocabulary, shares = _vocabulary(stems, np.bincount(tokens, minlength=len(words)))
    buckets = Buckets(len(vocabulary), SKELETONS, GRAMS)
    subwords = [subword_rows(word, buckets) for word in words]
    return Corpus(
        sets=sets,
        parallel=parallel,
        tokens=tokens,
        starts=np.array(types.starts),
        stem_rows=np.array([vocabulary.get(stem_key(s), -1) for s in stems]),
        subwords=np.concatenate([np.array(rows, np.int64) for rows in subwords]),
        subword_starts=np.cumsum([0, *map(len, subwords)]),
        keys=np.array(list(vocabulary), np.uint32),
        shares=shares,
        buckets=buckets,
    )


def _vocabulary(
    stems: Sequence[str], uses: NDArray[np.int64]
) -> tuple[dict[int, int], NDArray[np.float64]]:
    """Rows of the commonest stems by key, and their shares of all tokens."""
    stem_uses: Counter[str] = Counter()
    for token_stem, count in zip(stems, uses.tolist(), strict=True):
        stem_uses[token_stem] += count
    vocabulary: dict[int, int] = {}
    shares = []
    for token_stem, count in stem_uses.most_common(MAX_STEMS):
        if count >= FEWEST_USES and stem_key(token_stem) not in vocabulary:
            vocabulary[stem_key(token_stem)] = len(vocabulary)
            shares.append(count / uses.sum())
    return vocabulary, np.array(shares)


def ranges(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Concatenation of ``range(start, start + size)``.

    >>> ranges(np.array([10, 5]), np.array([2, 3])).tolist()
    [10, 11, 5, 6, 7]
    """
    before = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) + np.repeat(starts - before, sizes)


Spans = NDArray[np.int64]
"""Documents, shape (n, 2): first line and line after the last."""


def batches(corpus: Corpus, rng: np.random.Generator) -> list[tuple[Spans, Spans]]:
    """One epoch of parallel documents, English and Russian, shuffled."""
    pooled: list[NDArray[np.int64]] = []
    result: list[NDArray[np.int64]] = []
    for data_set, first, size in corpus.sets:
        pairs = np.array(
            [
                (e[0], e[-1] + 1, r[0], r[-1] + 1)
                for e, r in documents(first, size, data_set, LOPSIDED, rng)
            ]
        )
        pairs[:, 2:] += corpus.parallel
        rng.shuffle(pairs)
        alone = len(pairs) if data_set.longest == 1 else int(len(pairs) * SAME_SET)
        alone -= alone % BATCH
        result += [pairs[at : at + BATCH] for at in range(0, alone, BATCH)]
        pooled.append(pairs[alone:])
    pool = np.concatenate(pooled)
    rng.shuffle(pool)
    result += [pool[at : at + BATCH] for at in range(0, len(pool) - BATCH // 2, BATCH)]
    rng.shuffle(result)  # type: ignore[arg-type]
    return [(pairs[:, :2], pairs[:, 2:]) for pairs in result]


Bags = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]
"""Rows of the table, their weights, and where each document begins."""


def bags(corpus: Corpus, spans: Spans, rng: np.random.Generator) -> Bags:
    """Documents as an EmbeddingBag takes them, some tokens dropped, some by their subwords."""
    starts = corpus.starts[spans[:, 0]]
    sizes = corpus.starts[spans[:, 1]] - starts
    owner = np.repeat(np.arange(len(spans)), sizes)
    types = corpus.tokens[ranges(starts, sizes)]
    kept = rng.random(len(types)) >= DROPPED
    owner, types = owner[kept], types[kept]
    rows = corpus.stem_rows[types]
    split = (rows < 0) | (rng.random(len(rows)) < AS_SUBWORDS)
    parts = corpus.subword_starts[types[split] + 1] - corpus.subword_starts[types[split]]
    subwords = corpus.subwords[ranges(corpus.subword_starts[types[split]], parts)]
    weights = np.repeat(1 / np.maximum(parts, 1), parts)
    owners = np.concatenate([owner[~split], np.repeat(owner[split], parts)])
    order = np.argsort(owners, kind="stable")
    counts = np.bincount(owners, minlength=len(spans))
    return (
        np.concatenate([rows[~split], subwords])[order],
        np.concatenate([np.ones((~split).sum()), weights])[order].astype(np.float32),
        np.cumsum(counts) - counts,
    )
