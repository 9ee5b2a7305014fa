"""Is a probability of 0.8 right eight times of ten? Bins, calibration error, Brier score.

A reliability table puts predictions into bins and sets the mean prediction of a bin
beside the share that came true. The expected calibration error is the mean distance
of the two, weighted by the bins' sizes (Naeini et al. 2015); the Brier score is the
mean squared distance of prediction and outcome (Brier 1950).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

EDGES = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0)
"""Narrow at both ends, where nearly all pairs are: ten equal bins would show two full ones."""

Probabilities = NDArray[np.float64]
Outcomes = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions from ``low`` up to, not including, ``high`` (the last one includes 1)."""

    low: float
    high: float
    count: int
    predicted: float
    """Mean prediction; 0 where the bin is empty."""
    observed: float
    """Share that came true; 0 where the bin is empty."""


def reliability(
    predicted: Probabilities, true: Outcomes, edges: Sequence[float] = EDGES
) -> tuple[Bin, ...]:
    """One bin between every two of the rising ``edges``, the empty ones too.

    >>> reliability(np.array([0.1, 0.2, 0.9]), np.array([False, True, True]), (0, 0.5, 1))[0]
    Bin(low=0, high=0.5, count=2, predicted=0.15, observed=0.5)

    Raises:
        ValueError: a prediction lies outside the edges, so it would be left uncounted.
    """
    if len(predicted) and not edges[0] <= predicted.min() <= predicted.max() <= edges[-1]:
        raise ValueError(
            f"expected predictions from {edges[0]} to {edges[-1]}, got {predicted.min()} to "
            f"{predicted.max()}"
        )
    place = np.minimum(np.searchsorted(edges, predicted, side="right"), len(edges) - 1)
    bins = []
    for number, (low, high) in enumerate(pairwise(edges), start=1):
        chosen = place == number
        count = int(chosen.sum())
        means = (predicted[chosen].mean(), true[chosen].mean()) if count else (0.0, 0.0)
        bins.append(Bin(low, high, count, *(round(float(mean), 6) for mean in means)))
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error, 0 to 1; 0 without predictions.

    >>> calibration_error([Bin(0, 0.5, 3, 0.25, 0.5), Bin(0.5, 1, 1, 1, 0.5)])
    0.3125
    """
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.predicted - one.observed) for one in bins) / max(total, 1)


def brier_score(predicted: Probabilities, true: Outcomes) -> float:
    """Mean squared error, 0 to 1; 0 without predictions."""
    return float(np.mean((predicted - true) ** 2)) if len(predicted) else 0.0
