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
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from service.fingerprints.embedding import MODEL_FILE
from service.training.corpus import Corpus, Spans, bags, batches, read
from service.training.parallel import DATA_SETS, EXTRA_CLASS_C

VERSION = "onestory-static-1"
DIMENSIONS = 256
EPOCHS = 10
LEARNING_RATE = 0.012
TEMPERATURE = 0.06
RARITY = 1e-4
"""SIF weight a / (a + p(word)) at the start (Arora et al. 2017); learned from there."""
COMMON_DIRECTIONS = 1
SEED = 7


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
        sides.append(
            torch.nn.functional.normalize(table(rows, offsets, per_sample_weights=weights))
        )
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
        print(
            f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {len(plan)} batches, {seconds:.0f} s",
            flush=True,
        )
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
        "vectors": np.rint(rows / scales.astype(np.float32)[:, None])
        .clip(-127, 127)
        .astype(np.int8),
        "scales": scales,
        "common": common,
        "buckets": np.array(astuple(corpus.buckets), np.int32),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={"version": VERSION})
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, {corpus.buckets}", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
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
