"""A small monotone network: the more two texts agree, the likelier one story.

Weights of similarity features and of everything above them are not negative and
the activations rise, so raising a similarity can't lower a probability, however
odd the rest of the pair is. That keeps the network sensible on templates and
outlets it was not trained on, where a free network makes confident mistakes.
Features that only describe a pair (lengths, languages) are free.

Several networks trained from other seeds are averaged before the sigmoid; two
numbers then calibrate the logit (Platt 1999). Monotone networks: Sill 1998.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from service.matching.columns import Floats, Indices
from service.matching.features import NAMES

VERIFIER_FILE = "verifier.json"
OPINION_VERIFIER_FILE = "verifier-e5.json"
"""For fingerprints that carry a second opinion."""
FARTHEST = 6.0
"""Standard deviations beyond which a feature says no more."""


@dataclass(frozen=True, slots=True)
class Network:
    """Standardised features in, calibrated probability out."""

    chosen: Indices
    """Columns of ``Features.values`` that it weighs."""
    mean: Floats
    deviation: Floats
    layers: Sequence[tuple[Floats, Floats]]
    """Weights (networks, outputs, inputs) and biases (networks, outputs); tanh between."""
    slope: float
    offset: float

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """From the artefact's JSON.

        Raises:
            ValueError: it was trained on features that this code does not compute.
        """
        if strange := set(stored["features"]).difference(NAMES):
            raise ValueError(f"verifier has features {sorted(strange)}, known are {list(NAMES)}")
        return cls(
            chosen=np.array([NAMES.index(name) for name in stored["features"]], np.intp),
            mean=np.array(stored["mean"], np.float32),
            deviation=np.array(stored["deviation"], np.float32),
            layers=[
                (np.array(layer["weights"], np.float32), np.array(layer["biases"], np.float32))
                for layer in stored["layers"]
            ],
            slope=stored["slope"],
            offset=stored["offset"],
        )

    def probabilities(self, values: Floats) -> NDArray[np.float64]:
        """Shape (pairs,), of features shaped (pairs, len(NAMES))."""
        inputs = np.clip((values[:, self.chosen] - self.mean) / self.deviation, -FARTHEST, FARTHEST)
        hidden = np.broadcast_to(inputs, (len(self.layers[0][0]), *inputs.shape))
        last = len(self.layers) - 1
        for depth, (weights, biases) in enumerate(self.layers):
            hidden = hidden @ weights.transpose(0, 2, 1)
            hidden += biases[:, None, :]
            if depth < last:
                np.tanh(hidden, out=hidden)
        logits = self.slope * hidden[:, :, 0].mean(axis=0, dtype=np.float64) + self.offset
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
        return probabilities


def stored_verifier(file: Path | None = None, *, with_opinion: bool = False) -> dict[str, Any]:
    """An artefact of ``service/training/verifier.py``, by default a bundled one.

    Raises:
        OSError: the file can't be read.
        ValueError, TypeError: it holds no JSON object.
    """
    bundled = OPINION_VERIFIER_FILE if with_opinion else VERIFIER_FILE
    text = (file or files("service.model") / bundled).read_text(encoding="utf-8")
    stored: dict[str, Any] = dict(json.loads(text))
    return stored
