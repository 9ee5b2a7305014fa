"""What embeddings tell alone, before any verifier, side by side.

    python -m service.training.likeness --data ../shared/data [MODEL.safetensors ...]

Prints a Markdown table, one column a model (the bundled one unless named):

- own reports of one event by two outlets, labelled pairs of a kind: area under the ROC
  curve of the cosines, of heads, bodies, and their mean;
- translations of news (WMT 2012 to 2018, which no embedding here is trained on): share of
  texts whose translation is the nearest of 4,000, both ways, for documents of five lines,
  for their first lines alone, and from a first line to the document;
- ``feed`` and ``hard`` together: share of articles that meet their story in the other
  language first, and among the 12 nearest of that language, by the worker's retrieval
  vector, out of all times. Bulletins are left out: those of one template crowd each
  other out, and meet by their facts.
"""

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from sklearn.metrics import roc_auc_score

from contracts.article import Article
from service.fingerprints.embedding import StaticEncoder
from service.text.document import documents
from service.training.labelled import read
from service.training.parallel import HELD_OUT, lines

DAYS = ("2020-05-25", "2020-06-18", "2020-07-10")
LINES = 5
"""Of a held-out document; the corpus has 4,149 such."""
DOCUMENTS = 4_000
NEIGHBOURS = 12
"""As many as a worker compares an article with."""
HEAD_WEIGHT = 0.7
"""Of title and lead where a body weighs 1; as in ``workers/window/neighbours.py``."""
RETRIEVAL = (64, 96)
"""Leading dimensions of title and lead each, and of the body."""
_BATCH = 256

Vectors = NDArray[np.float32]
Figures = dict[str, float]


def encoded(encoder: StaticEncoder, articles: Sequence[Article]) -> tuple[Vectors, Vectors]:
    """Heads and bodies of articles, as ``Encoder.encode`` gives them."""
    found = [
        encoder.encode(documents(articles[at : at + _BATCH]).read)
        for at in range(0, len(articles), _BATCH)
    ]
    heads, bodies = zip(*found, strict=True)
    return np.concatenate(heads), np.concatenate(bodies)


def pairs(data: Path, days: Sequence[str]) -> list[dict[str, Any]]:
    """Own reports of these days to judge by: no doubts, none proposed by a system."""
    with gzip.open(data / "dev/own-reports.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        row for row in rows if row["day"] in days and not row.get("doubt") and not row.get("extra")
    ]


def own_reports(encoder: StaticEncoder, rows: Sequence[dict[str, Any]]) -> Figures:
    """AUC by kind of pair and vector."""
    heads, bodies = encoded(encoder, [_article(row[side]) for side in "ab" for row in rows])
    head, body = _paired(heads), _paired(bodies)
    scores: dict[str, NDArray[Any]] = {"head": head, "body": body, "both": (head + body) / 2}
    same = np.array([row["same"] for row in rows])
    kinds: NDArray[np.str_] = np.array([row["kind"] for row in rows])
    return {
        f"own reports, {kind}, {name}": float(
            roc_auc_score(same[kinds == kind], score[kinds == kind])
        )
        for kind in np.unique(kinds).tolist()
        for name, score in scores.items()
    }


def _article(row: dict[str, Any]) -> Article:
    return Article(id=row["id"], title=row["title"], text=row["text"], lang=row["lang"])


def _paired(vectors: Vectors) -> Vectors:
    first, second = np.split(vectors, 2)
    return (first * second).sum(axis=1)


def translations(encoder: StaticEncoder, data: Path) -> Figures:
    """Share of held-out news whose translation is nearest."""
    found = lines(data, HELD_OUT)[: LINES * DOCUMENTS]
    whole, first = (
        [_bodies_of(encoder, found, side, count) for side in (0, 1)] for count in (LINES, 1)
    )
    return {
        "translations, document": _nearest(*whole),
        "translations, first line": _nearest(*first),
        "translations, first line to document": (
            _nearest(first[0], whole[1]) + _nearest(first[1], whole[0])
        )
        / 2,
    }


def _bodies_of(
    encoder: StaticEncoder, found: Sequence[tuple[str, str]], side: int, count: int
) -> Vectors:
    texts = [
        " ".join(pair[side] for pair in found[at : at + count])
        for at in range(0, len(found), LINES)
    ]
    return encoded(encoder, [Article(id=str(n), text=text) for n, text in enumerate(texts)])[1]


def _nearest(left: Vectors, right: Vectors) -> float:
    """Share of rows that find each other, mean of both directions."""
    cosines = left @ right.T
    own = np.arange(len(left))
    return float(
        ((cosines.argmax(axis=1) == own).mean() + (cosines.argmax(axis=0) == own).mean()) / 2
    )


def retrieval(encoder: StaticEncoder, data: Path) -> Figures:
    """Share of labelled articles of each suite that meet their story in another language."""
    articles = [one for name in ("feed", "hard") for one in read(data / f"dev/{name}.jsonl.gz")]
    heads, bodies = encoded(encoder, [one.article() for one in articles])
    vectors = _retrieval_vectors(heads, bodies)
    langs = np.array([one.lang for one in articles])
    groups = np.array([one.group or "" for one in articles])
    met = defaultdict(list)
    for index, one in enumerate(articles):
        twins = (groups == one.group) & (langs != one.lang)
        if one.suite != "bulletin" and twins.any():
            cosines = np.where(langs != one.lang, vectors @ vectors[index], -np.inf)
            near = twins[np.argsort(-cosines)[:NEIGHBOURS]]
            for count in (1, NEIGHBOURS):
                met[f"{one.suite}, among {count}"].append(near[:count].any())
    return {f"retrieval, {name}": float(np.mean(found)) for name, found in met.items()}


def _retrieval_vectors(heads: Vectors, bodies: Vectors) -> Vectors:
    half = heads.shape[1] // 2
    parts = ((heads[:, :half], 0), (heads[:, half:], 0), (bodies, 1))
    leading = [part[:, : RETRIEVAL[which]] for part, which in parts]
    lengths = [np.maximum(np.linalg.norm(one, axis=1, keepdims=True), 1e-9) for one in leading]
    weights = (HEAD_WEIGHT, HEAD_WEIGHT, 1.0)
    return np.hstack(
        [w * one / length for w, one, length in zip(weights, leading, lengths, strict=True)]
    ).astype(np.float32)


def loaded(path: Path) -> StaticEncoder:
    """The encoder of another artefact than the bundled one."""
    with safe_open(path, framework="numpy") as model:
        tensors = {name: model.get_tensor(name) for name in model.keys()}  # noqa: SIM118
        return StaticEncoder(tensors, model.metadata()["version"])


def figures(encoder: StaticEncoder, data: Path, days: Sequence[str]) -> Figures:
    """All of them, by name."""
    return (
        own_reports(encoder, pairs(data, days))
        | translations(encoder, data)
        | retrieval(encoder, data)
    )


def rows_of(columns: Sequence[Figures]) -> Iterator[str]:
    """Lines of the table's body."""
    for name in columns[0]:
        yield f"| {name} | " + " | ".join(f"{one[name]:.3f}" for one in columns) + " |"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", type=Path, nargs="*")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--days", nargs="+", default=DAYS)
    options = parser.parse_args()
    encoders = [loaded(path) for path in options.models] or [StaticEncoder.load()]
    names = [path.stem for path in options.models] or ["bundled"]
    print("| | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for row in rows_of([figures(one, options.data, options.days) for one in encoders]):
        print(row)


if __name__ == "__main__":
    main()
