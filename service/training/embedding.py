"""Learns the bundled embedding from parallel text.

    python -m service.training.embedding --data ../shared/data

Reads licence classes A and B, and writes ``service/model/embedding.safetensors``
in about half an hour on 2 cores. Same data, settings and library versions give
the same vectors up to the rounding of threaded sums.

The model is a table of vectors, one for each stem, skeleton bucket and n-gram
bucket; a document is the sum of its tokens' vectors at unit length. Loss is
symmetric InfoNCE: of all the documents of a batch, each must be nearest to its
own translation. Part of the tokens are shown by their subwords although their
stem is known, so that the buckets learn what spellings mean.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from service.fingerprints.embedding import (
    MODEL_FILE,
    Buckets,
    stem,
    stem_key,
    subword_rows,
)
from service.text.tokens import word_tokens
from service.training.parallel import DATA_SETS, EXTRA_CLASS_C, DataSet, documents, lines

VERSION = "onestory-static-1"
DIMENSIONS = 256
SKELETONS = 24_000
GRAMS = 28_000
MAX_STEMS = 62_000
FEWEST_USES = 3
"""A rarer stem learns nothing reliable; its subwords speak for it."""
EPOCHS = 12
BATCH = 1024
LEARNING_RATE = 0.012
TEMPERATURE = 0.06
LOPSIDED = 0.25
AS_SUBWORDS = 0.15
"""Share of known tokens shown by their subwords."""
DROPPED = 0.1
"""Share of tokens left out, so that no word carries a text alone."""
SAME_SET = 0.3
"""Share of documents in batches of their own set: negatives of the same topic."""
RARITY = 1e-4
"""SIF weight a / (a + p(word)) at the start (Arora et al. 2017); learned from there."""
COMMON_DIRECTIONS = 1
SEED = 7


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
            [(e[0], e[-1] + 1, r[0], r[-1] + 1) for e, r in documents(first, size, data_set, LOPSIDED, rng)]
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


def new_table(corpus: Corpus) -> torch.nn.EmbeddingBag:
    """Random directions; stems start with their SIF weight as length."""
    table = torch.nn.EmbeddingBag(corpus.buckets.total, DIMENSIONS, mode="sum", sparse=True)
    torch.nn.init.normal_(table.weight, std=DIMENSIONS**-0.5)
    with torch.no_grad():
        sif = RARITY / (RARITY + corpus.shares)
        table.weight[: corpus.buckets.stems] *= torch.from_numpy(sif).float()[:, None]
    return table


def loss_of(
    table: torch.nn.EmbeddingBag, corpus: Corpus, spans: Spans, rng: np.random.Generator
) -> torch.Tensor:
    """Symmetric InfoNCE of a batch."""
    sides = []
    for side in (0, 1):
        rows, weights, offsets = bags(corpus, side, spans, rng)
        sides.append(torch.nn.functional.normalize(table(rows, offsets, per_sample_weights=weights)))
    scores = sides[0] @ sides[1].T / TEMPERATURE
    target = torch.arange(len(spans))
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2


def train(corpus: Corpus, epochs: int, rng: np.random.Generator) -> Iterator[torch.nn.EmbeddingBag]:
    """Yields the table after every epoch."""
    table = new_table(corpus)
    optimiser = torch.optim.SparseAdam(list(table.parameters()), lr=LEARNING_RATE)
    for epoch in range(epochs):
        plan, losses, began = batches(corpus, rng), [], time.perf_counter()
        for index, spans in enumerate(plan):
            done = (epoch + index / len(plan)) / epochs
            rate = LEARNING_RATE * min(1.0, done * 2 * epochs) * (1 - done)
            optimiser.param_groups[0]["lr"] = max(rate, LEARNING_RATE * 0.01)
            optimiser.zero_grad()
            loss = loss_of(table, corpus, spans, rng)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            losses.append(loss.item())
        seconds = time.perf_counter() - began
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {len(plan)} batches, {seconds:.0f} s", flush=True)
        yield table


def document_vectors(
    table: NDArray[np.float32], corpus: Corpus, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Unit vectors of some 80,000 texts of several lines, shape (n, d)."""
    sums = []
    plan = [spans for spans in batches(corpus, rng) if (spans[:, 1] - spans[:, 0]).mean() > 1.5]
    with torch.no_grad():
        weights = torch.from_numpy(table)
        for spans in plan[:40]:
            for side in (0, 1):
                rows, parts, offsets = bags(corpus, side, spans, rng)
                sums.append(
                    torch.nn.functional.embedding_bag(
                        rows, weights, offsets, mode="sum", per_sample_weights=parts
                    ).numpy()
                )
    vectors = np.concatenate(sums)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def principal_axes(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Orthonormal columns by falling variance, shape (d, d).

    The table is turned onto them, which changes no cosine, so that the first dimensions
    say most and a vector may be cut short. The common directions, which are taken out
    of every text, come last.
    """
    axes = np.linalg.eigh(np.cov((vectors - vectors.mean(axis=0)).T))[1][:, ::-1]
    turned: NDArray[np.float32] = np.roll(axes, -COMMON_DIRECTIONS, axis=1).astype(np.float32)
    return turned


def save(table: torch.nn.EmbeddingBag, corpus: Corpus, path: Path) -> None:
    """Writes the artefact: int8 rows with a float16 scale each."""
    rows = table.weight.detach().numpy()
    vectors = document_vectors(rows, corpus, np.random.default_rng(SEED))
    axes = principal_axes(vectors)
    rows = rows @ axes
    directions = np.eye(DIMENSIONS, dtype=np.float32)[DIMENSIONS - COMMON_DIRECTIONS :]
    common = np.vstack([vectors.mean(axis=0) @ axes, directions]).astype(np.float32)
    scales = np.maximum(np.abs(rows).max(axis=1) / 127, 6e-5).astype(np.float16)
    tensors = {
        "keys": corpus.keys,
        "vectors": np.rint(rows / scales.astype(np.float32)[:, None]).clip(-127, 127).astype(np.int8),
        "scales": scales,
        "common": common,
        "buckets": np.array([corpus.buckets.stems, SKELETONS, GRAMS], np.int32),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={"version": VERSION})
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, {corpus.buckets}", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("service/model") / MODEL_FILE)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--class-c", action="store_true", help="add class C, to measure only")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    data_sets = DATA_SETS + EXTRA_CLASS_C if options.class_c else DATA_SETS
    corpus = read(options.data, data_sets)
    print(f"{len(corpus.starts[0]) - 1} lines, {corpus.buckets}", flush=True)
    for table in train(corpus, options.epochs, np.random.default_rng(SEED)):
        save(table, corpus, options.out)


if __name__ == "__main__":
    main()
