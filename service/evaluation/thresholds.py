"""A threshold chosen on one half and judged on the other, so that the figure is honest."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]
Split = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Indices to choose by, indices to judge by."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """F1 on the halves not used, over many splits."""

    mean: float
    deviation: float


def f1_of(above: Labels, same: Labels) -> float:
    """F1 of a decision; 0 where nothing is found.

    >>> f1_of(np.array([True, True, False]), np.array([True, False, True]))
    0.5
    """
    told = int(above.sum()) + int(same.sum())
    return 2 * int((above & same).sum()) / told if told else 0.0


def best_threshold(scores: Scores, same: Labels) -> float:
    """The middle of the gap in ``scores`` at which F1 is highest; the highest such gap.

    >>> best_threshold(np.array([0.1, 0.5, 0.7, 0.9]), np.array([False, False, True, True]))
    0.6

    Raises:
        ValueError: there is no score, or none of a same pair, so no F1 to raise.
    """
    if not same.any():
        raise ValueError(f"expected at least one same pair among {len(same)}, got none")
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    found = 2 * np.cumsum(same[order]) / (np.arange(1, len(scores) + 1) + same.sum())
    found[:-1][ranked[:-1] == ranked[1:]] = -1  # no threshold falls between equal scores
    last = int(np.argmax(found))
    below = ranked[last + 1] if last + 1 < len(ranked) else ranked[last]
    return float((ranked[last] + below) / 2)


def halves(count: int, splits: int, seed: int) -> list[Split]:
    """``splits`` random divisions of ``count`` items into two halves."""
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(count) for _ in range(splits)]
    return [(order[: count // 2], order[count // 2 :]) for order in orders]


def held_out(
    same: Labels, splits: list[Split], scores_from: Callable[[NDArray[np.intp]], Scores]
) -> HeldOut:
    """F1 where scores and threshold know one half and are judged on the other.

    Args:
        same: labels, shape (n,).
        splits: as `halves` gives them.
        scores_from: scores of all n, by a model that may learn from these indices alone.
    """
    found = []
    for known, unknown in splits:
        scores = scores_from(known)
        threshold = best_threshold(scores[known], same[known])
        found.append(f1_of(scores[unknown] >= threshold, same[unknown]))
    return HeldOut(float(np.mean(found)), float(np.std(found)))
