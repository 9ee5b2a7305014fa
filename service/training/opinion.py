"""Learns the projection of the second opinion from vectors of real headlines.

    python -m service.training.opinion --data ../shared/data

Reads ``teacher/e5-titles.npz`` (multilingual-e5-small of 72,000 headlines of newsapi-2020, half
of them Russian, half English; the days of ``dev`` are left out) and writes
``service/model/opinion.safetensors`` in a few seconds. Nothing is random.

Of unit vectors x with means m_ru and m_en

    mean       (m_ru + m_en) / 2: what all texts share, 0.90 of a vector's length
    language   the direction of m_ru - m_en, 0.27 long: projected out
    W          mean of the two covariances around their own language's mean
    matrix     eigenvectors of W by falling variance, the first ``COMMON`` left out, each
               divided by its standard deviation to the power of ``WHITENED``

The leading directions tell genres of headlines apart rather than events, and a cosine is
dominated by them: hence both, all-but-the-top (Mu & Viswanath 2018) and part of a whitening
(Su et al. 2021). Dimensions stay ordered by variance, so retrieval makes do with the leading ones.
"""

import argparse
import json
import lzma
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from service.encoders.opinion import OPINION_FILE
from service.encoders.projection import unit

VERSION = "onestory-opinion-1"
DIMENSIONS = 192
COMMON = 2
WHITENED = 0.5
LEFT_OUT = ("2020-05-25", "2020-06-18", "2020-07-10")
"""Days by which ``dev`` judges."""

Matrix = NDArray[np.float64]


def learned(russian: Matrix, english: Matrix) -> dict[str, NDArray[np.float32]]:
    """``mean`` (d,) and ``matrix`` (d, DIMENSIONS) of unit vectors, (n, d) a language."""
    means = np.stack([russian.mean(axis=0), english.mean(axis=0)])
    language = means[0] - means[1]
    language /= np.linalg.norm(language)
    rest = np.eye(len(language)) - np.outer(language, language)
    within = (np.cov(russian, rowvar=False) + np.cov(english, rowvar=False)) / 2
    variances, directions = np.linalg.eigh(rest @ within @ rest)
    kept = slice(COMMON, COMMON + DIMENSIONS)
    variances, directions = variances[::-1][kept], _signed(directions[:, ::-1][:, kept])
    matrix = rest @ directions * variances ** (-WHITENED / 2)
    # Any scale gives the same unit vectors; this one keeps half precision exact enough.
    matrix /= np.abs(matrix).max()
    return {"mean": means.mean(axis=0).astype(np.float32), "matrix": matrix.astype(np.float32)}


def _signed(directions: Matrix) -> Matrix:
    """An eigenvector's sign is the library's whim: here its largest component is positive."""
    largest = np.abs(directions).argmax(axis=0)
    signed: Matrix = directions * np.sign(directions[largest, np.arange(directions.shape[1])])
    return signed


def headlines(data: Path) -> dict[str, Matrix]:
    """Unit vectors of the headlines of other days, by language."""
    with np.load(data / "teacher/e5-titles.npz") as stored:
        ids, scales = stored["ids"].tolist(), stored["scales"]
        vectors = unit(stored["vectors"].astype(np.float32) * scales[:, None])
    told = dict(_told(data / "train/C/newsapi-2020.jsonl.xz"))
    langs = np.array(["" if told[one][1] in LEFT_OUT else told[one][0] for one in ids])
    return {lang: vectors[langs == lang].astype(np.float64) for lang in ("ru", "en")}


def _told(path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Id, and language and day, of each article."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["id"], (row["lang"], row["published_at"][:10])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("service/model") / OPINION_FILE)
    options = parser.parse_args()
    vectors = headlines(options.data)
    tensors = learned(vectors["ru"], vectors["en"])
    stored = {name: tensor.astype(np.float16) for name, tensor in tensors.items()}
    save_file(stored, options.out, metadata={"version": VERSION})
    print(f"{options.out}: {options.out.stat().st_size / 1e3:.0f} kB of {len(vectors['ru'])} + "
          f"{len(vectors['en'])} headlines")  # fmt: skip


if __name__ == "__main__":
    main()
