"""Pairs in a language that the second encoder knows and the bundled one does not.

Names are spelled in other scripts, words are in no vocabulary, and the static vectors mean
nothing, so the network would take a translation for a stranger. What is left is the second opinion,
numbers and dates, and the time between the two: a logistic regression weighs them, learned
from pairs of a Russian and an English text.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.embedding import LANGUAGES
from service.matching.columns import Columns, Floats, Indices
from service.matching.features import NAMES

WEIGHED = ("opinion", "quantities_contained", "dates_contained", "hours_apart")


@dataclass(frozen=True, slots=True)
class Foreign:
    """The regression; part of a verifier of the tier with a second opinion."""

    weights: NDArray[np.float64]
    """One a feature of ``WEIGHED``."""
    offset: float

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self | None:
        """From a verifier's JSON; None if it has none."""
        found = stored.get("foreign")
        if found is None:
            return None
        weights = np.array([found["weights"][name] for name in WEIGHED], np.float64)
        return cls(weights, found["offset"])

    def probabilities(self, values: Floats) -> NDArray[np.float64]:
        """Shape (pairs,), of features shaped (pairs, len(NAMES))."""
        logits = values[:, [NAMES.index(name) for name in WEIGHED]] @ self.weights + self.offset
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
        return probabilities


def are_foreign(columns: Columns, first: Indices, second: Indices) -> NDArray[np.bool_]:
    """Pairs in two languages of which the bundled encoder does not know one, shape (pairs,)."""
    strange = ~np.isin(columns.langs, list(LANGUAGES))
    two: NDArray[np.bool_] = columns.langs[first] != columns.langs[second]
    return two & (strange[first] | strange[second])
