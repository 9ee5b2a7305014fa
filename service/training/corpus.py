"""The training text as arrays of token types, and its batches as bags of table rows."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from service.fingerprints.embedding import Buckets, stem, stem_key, subword_rows
from service.text.tokens import word_tokens
from service.training.parallel import DataSet, documents, lines

SKELETONS = 24_000
GRAMS = 28_000
MAX_STEMS = 62_000
"""With these buckets the artefact is 30 MB; 32 MB is its limit."""
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
    """All lines of both sides as token types, and each type's rows of the table."""

    sets: list[tuple[DataSet, int, int]]
    """Data set, its first line, its number of lines."""
    tokens: tuple[NDArray[np.int32], NDArray[np.int32]]
    """English and Russian token types, line after line."""
    starts: tuple[NDArray[np.int64], NDArray[np.int64]]
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


def read(data: Path, data_sets: tuple[DataSet, ...]) -> Corpus:
    """Tokenises everything once; about two minutes."""
    types: dict[str, int] = {}
    flat: tuple[list[int], list[int]] = ([], [])
    starts: tuple[list[int], list[int]] = ([0], [0])
    sets = []
    for data_set in data_sets:
        pairs = lines(data, data_set)
        sets.append((data_set, len(starts[0]) - 1, len(pairs)))
        for pair in pairs:
            for side, text in enumerate(pair):
                known = [
                    types.setdefault(token, len(types))
                    for token in word_tokens(text)
                    if not any(map(str.isdigit, token))
                ]
                flat[side].extend(known)
                starts[side].append(len(flat[side]))
    tokens = (np.array(flat[0], np.int32), np.array(flat[1], np.int32))
    return _indexed(sets, list(types), tokens, (np.array(starts[0]), np.array(starts[1])))


def _indexed(
    sets: list[tuple[DataSet, int, int]],
    types: list[str],
    tokens: tuple[NDArray[np.int32], NDArray[np.int32]],
    starts: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Corpus:
    uses = np.bincount(np.concatenate(tokens), minlength=len(types))
    stems = [stem(token) for token in types]
    stem_uses: Counter[str] = Counter()
    for token_stem, count in zip(stems, uses.tolist(), strict=True):
        stem_uses[token_stem] += count
    vocabulary: dict[int, int] = {}
    shares = []
    for token_stem, count in stem_uses.most_common(MAX_STEMS):
        if count < FEWEST_USES:
            break
        if stem_key(token_stem) not in vocabulary:
            vocabulary[stem_key(token_stem)] = len(vocabulary)
            shares.append(count / (len(tokens[0]) + len(tokens[1])))
    buckets = Buckets(len(vocabulary), SKELETONS, GRAMS)
    subwords = [subword_rows(token, buckets) for token in types]
    return Corpus(
        sets=sets,
        tokens=tokens,
        starts=starts,
        stem_rows=np.array([vocabulary.get(stem_key(s), -1) for s in stems]),
        subwords=np.concatenate([np.array(rows, np.int64) for rows in subwords]),
        subword_starts=np.cumsum([0, *map(len, subwords)]),
        keys=np.array(list(vocabulary), np.uint32),
        shares=np.array(shares),
        buckets=buckets,
    )


def ranges(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Concatenation of ``range(start, start + size)``.

    >>> ranges(np.array([10, 5]), np.array([2, 3])).tolist()
    [10, 11, 5, 6, 7]
    """
    before = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) + np.repeat(starts - before, sizes)


Spans = NDArray[np.int64]
"""Documents, shape (n, 4): first line and line after the last, English then Russian."""


def batches(corpus: Corpus, rng: np.random.Generator) -> list[Spans]:
    """One epoch, shuffled."""
    pooled: list[Spans] = []
    result: list[Spans] = []
    for data_set, first, size in corpus.sets:
        spans = np.array(
            [
                (e[0], e[-1] + 1, r[0], r[-1] + 1)
                for e, r in documents(first, size, data_set, LOPSIDED, rng)
            ]
        )
        rng.shuffle(spans)
        alone = len(spans) if data_set.longest == 1 else int(len(spans) * SAME_SET)
        alone -= alone % BATCH
        result += [spans[at : at + BATCH] for at in range(0, alone, BATCH)]
        pooled.append(spans[alone:])
    pool = np.concatenate(pooled)
    rng.shuffle(pool)
    result += [pool[at : at + BATCH] for at in range(0, len(pool) - BATCH // 2, BATCH)]
    rng.shuffle(result)  # type: ignore[arg-type]
    return result


def bags(
    corpus: Corpus, side: int, spans: Spans, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Rows, weights and offsets of a batch's documents on one side, for an EmbeddingBag."""
    starts = corpus.starts[side][spans[:, 2 * side]]
    sizes = corpus.starts[side][spans[:, 2 * side + 1]] - starts
    owner = np.repeat(np.arange(len(spans)), sizes)
    types = corpus.tokens[side][ranges(starts, sizes)]
    kept = rng.random(len(types)) >= DROPPED
    owner, types = owner[kept], types[kept]
    rows = corpus.stem_rows[types]
    split = (rows < 0) | (rng.random(len(rows)) < AS_SUBWORDS)
    parts = corpus.subword_starts[types[split] + 1] - corpus.subword_starts[types[split]]
    subwords = corpus.subwords[ranges(corpus.subword_starts[types[split]], parts)]
    weights = np.repeat(1 / np.maximum(parts, 1), parts)
    all_rows = np.concatenate([rows[~split], subwords])
    all_owners = np.concatenate([owner[~split], np.repeat(owner[split], parts)])
    all_weights = np.concatenate([np.ones((~split).sum()), weights])
    order = np.argsort(all_owners, kind="stable")
    counts = np.bincount(all_owners, minlength=len(spans))
    return (
        torch.from_numpy(all_rows[order]),
        torch.from_numpy(all_weights[order].astype(np.float32)),
        torch.from_numpy(np.cumsum(counts) - counts),
    )
