"""What a search among many articles finds, beside what is there, and what it costs.

``python -m workers.bench.neighbours WINDOW GOLD... --background FILE...``: JSON lines, also
``.gz`` and ``.xz``. Gold are articles with ``group`` (and ``suite``, if it has a name), or pairs
with ``same``, ``kind``, ``a`` and ``b``. They lie scattered in a window of the background's
articles. Where these are fewer than the window holds, it is filled up with the title of one and the
lead of another in the same language, and the mean of both bodies. Needs 0.5 kB an article.

Prints for each kind, and for twins at home and abroad: of how many articles a twin is among the 24
nearest at home and the 12 abroad, by the index and by looking at all; then CPU time.
"""

import argparse
import gzip
import json
import lzma
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from contracts.article import Article
from service.fingerprints.fingerprinter import Fingerprinter
from workers.window.neighbours import BODY_DIMENSIONS, LEAD_DIMENSIONS, retrieval_vectors
from workers.window.shelves import Shelves

COUNT = 24
_FILED, _ASKED, _BLOCK = 250, 100, 20_000
_OPENERS: dict[str, Any] = {".gz": gzip.open, ".xz": lzma.open}


class Set(NamedTuple):
    """Articles' vectors, and what is known of each."""

    vectors: NDArray[np.int8]
    languages: NDArray[np.bytes_]
    kinds: list[tuple[str, str]]
    """Group and kind; two empty words for background."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("window", type=int)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--background", nargs="+", type=Path, required=True)
    chosen = parser.parse_args()
    gold = _read(line for path in chosen.gold for line in _gold(path))
    missing = chosen.window - len(gold.kinds)
    lines = (line for path in chosen.background for line in _lines(path))
    window, asking = _scattered(gold, _filled(_read(islice(_plain(lines), missing)), missing))
    index = _filed(window)
    found = _found(index, window, asking)
    truth = _truth(window, asking)
    print("| kind | twin | articles | index | all |\n|---|---|---|---|---|")
    for (kind, side), rows in sorted(_twins(window, asking).items()):
        shares = [
            np.mean([bool(twins & near[place]) for place, twins in rows]) for near in (found, truth)
        ]
        print(f"| {kind} | {side} | {len(rows)} | {shares[0]:.4f} | {shares[1]:.4f} |")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with _OPENERS.get(path.suffix, open)(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _gold(path: Path) -> Iterator[tuple[dict[str, Any], str, str]]:
    for place, line in enumerate(_lines(path)):
        if "a" not in line:
            group = line.get("group") or ""
            yield line, group, group and line.get("suite", path.name)
        elif line["same"] and not line.get("doubt"):
            yield from ((line[each], f"{path} {place}", line["kind"]) for each in "ab")


def _plain(lines: Iterator[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str, str]]:
    return ((line, "", "") for line in lines)


def _read(lines: Iterator[tuple[dict[str, Any], str, str]]) -> Set:
    maker = Fingerprinter.load()
    vectors, languages, kinds = [], [], []
    while chunk := list(islice(lines, 500)):
        articles = [
            Article(id=str(place), title=line["title"], text=line["text"], lang=line.get("lang"))
            for place, (line, *_) in enumerate(chunk)
        ]
        made = maker.fingerprints(articles)
        vectors.append(retrieval_vectors(made).astype(np.int8))
        languages += [each.lang.encode() for each in made]
        kinds += [(group, kind) for _, group, kind in chunk]
    return Set(np.concatenate(vectors), np.array(languages), kinds)


def _filled(real: Set, size: int) -> Set:
    """As many articles as that, those that are not real composed of two real ones."""
    rng = np.random.default_rng(0)
    parts, left = [(real.vectors, real.languages)], size - len(real.kinds)
    while left > 0:
        first = rng.integers(len(real.kinds), size=min(left, _BLOCK))
        second = first.copy()
        for language in np.unique(real.languages[first]):
            here = real.languages[first] == language
            pool = np.flatnonzero(real.languages == language)
            second[here] = rng.choice(pool, here.sum())
        composed = real.vectors[first].astype(np.float32)
        body = composed[:, :BODY_DIMENSIONS]
        length = np.linalg.norm(body, axis=1, keepdims=True)
        body += real.vectors[second, :BODY_DIMENSIONS]
        body *= length / np.maximum(np.linalg.norm(body, axis=1, keepdims=True), 1)
        composed[:, -LEAD_DIMENSIONS:] = real.vectors[second, -LEAD_DIMENSIONS:]
        parts.append((np.clip(np.rint(composed), -127, 127).astype(np.int8), real.languages[first]))
        left -= len(first)
    vectors, languages = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Set(vectors, languages, [("", "")] * size)


def _scattered(gold: Set, background: Set) -> tuple[Set, NDArray[np.intp]]:
    """Both in one window, and where the articles of a group are."""
    rng = np.random.default_rng(1)
    size = len(gold.kinds) + len(background.kinds)
    order = np.empty(size, np.intp)
    is_gold = np.zeros(size, np.bool_)
    is_gold[rng.permutation(size)[: len(gold.kinds)]] = True
    order[is_gold] = rng.permutation(len(gold.kinds))
    order[~is_gold] = np.arange(len(background.kinds)) + len(gold.kinds)
    known = [*gold.kinds, *background.kinds]
    window = Set(
        np.concatenate([gold.vectors, background.vectors])[order],
        np.concatenate([gold.languages, background.languages])[order],
        [known[row] for row in order.tolist()],
    )
    return window, np.array([place for place, (group, _) in enumerate(window.kinds) if group])


def _filed(window: Set) -> Shelves:
    index, worst, total = Shelves(window.vectors.shape[1]), 0.0, 0.0
    for start in range(0, len(window.kinds), _FILED):
        numbers = np.arange(start, min(start + _FILED, len(window.kinds)))
        vectors, before = window.vectors[numbers].astype(np.float32), time.process_time()
        index.add(numbers, vectors, window.languages[numbers])
        took = time.process_time() - before
        worst, total = max(worst, took), total + took
    size = len(window.kinds)
    print(f"filed {size:,}: {1e6 * total / size:.1f} µs each, longest batch {1e3 * worst:.0f} ms")
    return index


def _found(index: Shelves, window: Set, asking: NDArray[np.intp]) -> list[set[int]]:
    queries, found = window.vectors[asking].astype(np.float32), []
    mixed = np.random.default_rng(2).permutation(len(asking))
    before = time.process_time()
    for start in range(0, len(mixed), _ASKED):
        rows = mixed[start : start + _ASKED]
        found.append(index.nearest(queries[rows], window.languages[asking[rows]], COUNT)[1])
    took = time.process_time() - before
    print(f"searched {len(asking):,}: {1e6 * took / len(asking):.0f} µs each\n")
    near = [{*row} for block in found for row in block.tolist()]
    return [near[place] for place in np.argsort(mixed).tolist()]


def _truth(window: Set, asking: NDArray[np.intp]) -> list[set[int]]:
    """What looking at all finds."""
    found: list[set[int]] = []
    for start in range(0, len(asking), _ASKED):
        rows = asking[start : start + _ASKED]
        queries = window.vectors[rows].astype(np.float32)
        products = np.hstack(
            [
                queries @ window.vectors[at : at + _BLOCK].astype(np.float32).T
                for at in range(0, len(window.kinds), _BLOCK)
            ]
        )
        is_home = window.languages[rows][:, None] == window.languages
        sides = [
            np.argpartition(np.where(is_side, products, -np.inf), -count, axis=1)[:, -count:]
            for is_side, count in ((is_home, COUNT), (~is_home, COUNT // 2))
        ]
        found += [{*row} for row in np.hstack(sides).tolist()]
    return found


def _twins(
    window: Set, asking: NDArray[np.intp]
) -> dict[tuple[str, str], list[tuple[int, set[int]]]]:
    """By kind and side: places among those that ask, each with its twins."""
    groups: dict[str, set[int]] = defaultdict(set)
    for row in asking.tolist():
        groups[window.kinds[row][0]].add(row)
    rows: dict[tuple[str, str], list[tuple[int, set[int]]]] = defaultdict(list)
    for place, row in enumerate(asking.tolist()):
        group, kind = window.kinds[row]
        others = groups[group] - {row}
        home = {each for each in others if window.languages[each] == window.languages[row]}
        for side, twins in (("home", home), ("abroad", others - home)):
            if twins:
                rows[kind, side].append((place, twins))
    return rows


if __name__ == "__main__":
    main()
