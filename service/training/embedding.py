"""Learns the bundled embedding from parallel text, news, and a larger model's cosines.

    python -m service.training.embedding --data ../shared/data

Writes ``service/model/embedding.safetensors`` in about an hour on 2 cores. Same data,
settings and library versions give the same vectors up to the rounding of threaded sums.

The model is a table of vectors, one for each stem, skeleton bucket and n-gram
bucket; a document is the sum of its tokens' vectors at unit length. It is learned
in two stages:

1. From parallel text alone: of all the documents of a batch, each must be nearest to
   its own translation.
2. From news beside it: titles find their own leads and the other outlet's report of
   their event, and headlines keep the neighbours that multilingual-e5-small gives them.
   The teacher's weight falls towards the end, since who follows it to the end finds
   fewer translations again.

Part of the tokens are shown by their subwords although their stem is known, so that
the buckets learn what spellings mean. ``--start`` takes the rows of an earlier artefact
in place of stage 1.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple
from itertools import cycle
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from service.fingerprints.embedding import MODEL_FILE
from service.training import news
from service.training.corpus import Corpus, Spans, bags, batches, read
from service.training.lessons import HEADLINES, Lessons
from service.training.losses import contrast, distillation
from service.training.news import News
from service.training.parallel import DATA_SETS
from service.training.table import Table

VERSION = "onestory-static-2"
DIMENSIONS = 256
PARALLEL_STEPS, PARALLEL_RATE = 5_000, 0.012
"""Of stage 1: ten epochs."""
NEWS_STEPS, NEWS_RATE = 1_500, 0.006
WIDTHS = 256, 128, 256, 64
"""Leading dimensions that the losses of a step look at, by turns: titles and leads are
compared by 128 and retrieved by 64 (Matryoshka; Kusupati et al. 2022)."""
TWINS_WEIGHT, LEADS_WEIGHT, TEACHER_WEIGHT = 0.5, 0.5, 1.5
"""Of the losses, where parallel text weighs 1."""
TEACHER_LEAVES = 0.7
"""Of stage 2 done: from here the teacher's weight falls, to a fifth at the end."""
RARITY = 1e-4
"""SIF weight a / (a + p(word)) at the start (Arora et al. 2017); learned from there."""
COMMON_SAMPLE = 15_000
"""Articles of each language."""
SEED = 7
_REPORTED = 100

Rows = NDArray[np.float32]
Loss = Callable[[Table, float], torch.Tensor]
"""Of the next batch, by how much of the stage is done."""


def new_rows(corpus: Corpus, rng: np.random.Generator) -> Rows:
    """Random directions; stems start with their SIF weight as length."""
    rows = rng.normal(0, DIMENSIONS**-0.5, (corpus.buckets.total, DIMENSIONS)).astype(np.float32)
    rows[: corpus.buckets.stems] *= (RARITY / (RARITY + corpus.shares))[:, None]
    return rows


def rows_of(path: Path, corpus: Corpus) -> Rows:
    """Rows of an earlier artefact; a stem it does not know starts as it reads it, by subwords."""
    with safe_open(path, framework="numpy") as model:
        vectors, scales = model.get_tensor("vectors"), model.get_tensor("scales")
        keys, sizes = model.get_tensor("keys"), model.get_tensor("buckets")
    earlier = vectors.astype(np.float32) * scales.astype(np.float32)[:, None]
    stems = corpus.buckets.stems
    rows = np.zeros((corpus.buckets.total, earlier.shape[1]), np.float32)
    rows[stems:] = earlier[sizes[0] :]
    place = {key: row for row, key in enumerate(keys.tolist())}
    for word, row in enumerate(corpus.stem_rows.tolist()):
        parts = slice(*corpus.subword_starts[word : word + 2])
        if row >= 0 and not rows[row].any() and parts.start < parts.stop:
            rows[row] = rows[corpus.subwords[parts]].mean(axis=0)
    for row, key in enumerate(corpus.keys.tolist()):
        if key in place:
            rows[row] = earlier[place[key]]
    return rows


def endless(corpus: Corpus, rng: np.random.Generator) -> Iterator[tuple[Spans, Spans]]:
    """Batches of parallel documents, epoch after epoch."""
    while True:
        yield from batches(corpus, rng)


def parallel_rows(corpus: Corpus, rng: np.random.Generator) -> Rows:
    """What stage 1 learns."""
    table = Table(new_rows(corpus, rng))
    train(table, parallel_loss(corpus, rng), PARALLEL_STEPS, PARALLEL_RATE)
    learned: Rows = table.rows.numpy()
    return learned


def parallel_loss(corpus: Corpus, rng: np.random.Generator) -> Loss:
    """Of stage 1."""
    plan, widths = endless(corpus, rng), cycle(WIDTHS)

    def loss(table: Table, _: float) -> torch.Tensor:
        english, russian = next(plan)
        vectors = table.vectors(bags(corpus, np.concatenate([english, russian]), rng))
        vectors = leading(vectors, next(widths))
        return contrast(vectors[: len(english)], vectors[len(english) :])

    return loss


def news_loss(corpus: Corpus, lessons: Lessons, rng: np.random.Generator) -> Loss:
    """Of stage 2: one batch of each kind together."""
    plan, widths = endless(corpus, rng), cycle(WIDTHS)

    def loss(table: Table, done: float) -> torch.Tensor:
        headlines, teacher = lessons.of_headlines(rng)
        twins = lessons.of_twins(rng)
        groups = [
            *next(plan),
            twins.left,
            twins.right,
            *lessons.of_own_leads(rng),
            headlines,
        ]
        vectors = table.vectors(bags(corpus, np.concatenate(groups), rng))
        parts = torch.split(leading(vectors, next(widths)), [len(group) for group in groups])
        return (
            contrast(parts[0], parts[1])
            + TWINS_WEIGHT * contrast(parts[2], parts[3], torch.from_numpy(twins.barred))
            + LEADS_WEIGHT * contrast(parts[4], parts[5])
            + teacher_weight(done) * distillation(parts[6], torch.from_numpy(teacher), HEADLINES)
        )

    return loss


def leading(vectors: torch.Tensor, width: int) -> torch.Tensor:
    """Unit vectors cut to their leading dimensions."""
    return torch.nn.functional.normalize(vectors[:, :width])


def teacher_weight(done: float) -> float:
    """Of the teacher's loss, by how much of stage 2 is done, 0 to 1."""
    left = min(1.0, (1 - done) / (1 - TEACHER_LEAVES))
    return TEACHER_WEIGHT * (0.2 + 0.8 * left)


def train(table: Table, loss_of: Loss, steps: int, rate: float) -> None:
    """One stage: the rate rises over its first twentieth, then falls to nothing."""
    losses, began = [], time.perf_counter()
    for step in range(steps):
        done = step / steps
        loss = loss_of(table, done)
        table.step(loss, rate * max(min(1.0, done * 20) * (1 - done), 0.01))
        losses.append(loss.item())
        if (step + 1) % _REPORTED == 0:
            mean, seconds = np.mean(losses[-_REPORTED:]), time.perf_counter() - began
            print(f"step {step + 1} of {steps}: loss {mean:.4f}, {seconds:.0f} s", flush=True)


def common_of(table: Table, corpus: Corpus, articles: News, rng: np.random.Generator) -> Rows:
    """What is taken out of every text: the mean of news, and what its languages differ in, (2, d).

    The first principal axis in place of the difference is another one in every run, and
    costs own reports in two languages 0.003 to 0.02 of AUC.
    """
    means = []
    for russian in (False, True):
        drawn = rng.choice(np.flatnonzero(articles.russian == russian), COMMON_SAMPLE)
        titles = corpus.title_of(drawn)
        vectors = table.vectors(bags(corpus, np.stack([titles, titles + 2], axis=1), rng))
        means.append(vectors.detach().numpy().mean(axis=0))
    english, differing = means[0], means[1] - means[0]
    direction = differing / np.linalg.norm(differing)
    return np.stack([english + differing / 2, direction]).astype(np.float32)


def save(rows: Rows, common: Rows, corpus: Corpus, path: Path) -> None:
    """Writes the artefact: int8 rows with a float16 scale each."""
    scales = np.maximum(np.abs(rows).max(axis=1) / 127, 6e-5).astype(np.float16)
    tensors = {
        "keys": corpus.keys,
        "vectors": np.rint(rows / scales.astype(np.float32)[:, None])
        .clip(-127, 127)
        .astype(np.int8),
        "scales": scales,
        "common": common,
        "rarity": corpus.rarity(),
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
    parser.add_argument("--start", type=Path, help="an earlier artefact, in place of stage 1")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    rng = np.random.default_rng(SEED)
    articles = news.read(options.data)
    corpus = read(options.data, DATA_SETS, articles)
    lessons = Lessons.of(corpus, articles)
    print(f"{corpus.parallel} lines, {len(articles.days)} articles, {corpus.buckets}", flush=True)
    rows = rows_of(options.start, corpus) if options.start else parallel_rows(corpus, rng)
    table = Table(rows)
    train(table, news_loss(corpus, lessons, rng), NEWS_STEPS, NEWS_RATE)
    save(table.rows.numpy(), common_of(table, corpus, articles, rng), corpus, options.out)


if __name__ == "__main__":
    main()
