"""The verifier's network in PyTorch; ``service/matching/network.py`` runs what it learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from service.matching.features import NAMES
from service.matching.network import FARTHEST

EVERY = NAMES
WITHOUT_OPINION = tuple(name for name in NAMES if name != "opinion")
"""What the bundled tier's fingerprints can be compared by."""

FREE = frozenset(
    {
        "names_said",
        "quantities_said",
        "dates_said",
        "length_ratio",
        "length",
        "cross_lingual",
        "items",
    }
)
"""Features that describe a pair and measure no agreement: no sign is imposed on them."""
HIDDEN = (24, 12)
STEPS = 8_000
BATCH = 512
RATE = 2e-2
DECAY = 1e-5
NOISE = 0.03
"""Standard deviations of noise added to features: neighbours in feature space agree."""
OUTPUT_SCALE = 6.0
"""Lets logits reach ±10 with weights of ordinary size."""

Layer = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Samples:
    """Training pairs: features (n, f), labels (n,) and weights (n,)."""

    values: NDArray[np.float32]
    same: NDArray[np.bool_]
    weights: NDArray[np.float32]


class MonotoneNetwork:
    """One network; its weights are the softplus of what is optimised, but for free inputs."""

    def __init__(self, values: NDArray[np.float32], names: Sequence[str], seed: int) -> None:
        """An untrained one that will weigh the features ``names`` of such values."""
        torch.manual_seed(seed)
        self.seed = seed
        self.names = tuple(names)
        self._columns = [NAMES.index(name) for name in names]
        chosen = values[:, self._columns]
        self.mean = chosen.mean(axis=0)
        self.deviation = chosen.std(axis=0) + np.float32(1e-6)
        self._imposed = imposed(names)
        first, second = HIDDEN
        inputs = len(names)
        start = torch.where(
            self._imposed, torch.rand(first, inputs) - 2.5, torch.randn(first, inputs) * 0.3
        )
        self.raw = [
            start, torch.zeros(first),
            torch.rand(second, first) * 0.5 - 1.5, torch.zeros(second),
            torch.rand(1, second) * 0.5 - 0.5, torch.zeros(1),
        ]  # fmt: skip

    def layers(self) -> list[Layer]:
        """Weights and biases as they are applied."""
        return _applied(self.raw, self._imposed)

    def logits(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Uncalibrated, shape (n,)."""
        with torch.no_grad():
            logits: NDArray[np.float32] = _forward(
                torch.from_numpy(self.standardised(values)), self.layers()
            ).numpy()
        return logits

    def standardised(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """As the network sees them."""
        scaled = (values[:, self._columns] - self.mean) / self.deviation
        return np.clip(scaled, -FARTHEST, FARTHEST).astype(np.float32)


def imposed(names: Sequence[str]) -> torch.Tensor:
    """Which features measure agreement, shape (names,)."""
    return torch.tensor([name not in FREE for name in names])


def fit(networks: Sequence[MonotoneNetwork], samples: Samples) -> None:
    """Trains networks side by side, in place; same seeds, same result.

    A step of one costs as much as a step of three: it is all overhead at this size.
    """
    torch.manual_seed(networks[0].seed)
    inputs = torch.from_numpy(networks[0].standardised(samples.values))
    target = torch.from_numpy(samples.same.astype(np.float32))
    weights = torch.from_numpy(samples.weights / samples.weights.mean())
    raw = [
        torch.stack(parts).requires_grad_()
        for parts in zip(*(network.raw for network in networks), strict=True)
    ]
    signed = imposed(networks[0].names)
    optimiser = torch.optim.Adam(raw, lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS)
    for _ in range(STEPS):
        chosen = torch.randint(len(inputs), (BATCH,))
        noise = torch.randn(len(networks), BATCH, inputs.shape[1])
        seen = inputs[chosen] + NOISE * noise
        loss = _loss(_applied(raw, signed), seen, target[chosen], weights[chosen])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    for network, *parts in zip(networks, *raw, strict=True):
        network.raw = [part.detach() for part in parts]


def _loss(
    layers: list[Layer], inputs: torch.Tensor, target: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Sum over the networks; ``inputs`` (networks, n, features)."""
    losses = torch.nn.functional.binary_cross_entropy_with_logits(
        _forward(inputs, layers), target.expand(len(inputs), -1), reduction="none"
    )
    w1, w2, w3 = (layer[0] for layer in layers)
    decay = (w1**2).sum() + (w2**2).sum() + (w3**2).sum() / OUTPUT_SCALE**2
    return (losses * weights).mean(dim=1).sum() + DECAY * decay


def _applied(raw: list[torch.Tensor], signed: torch.Tensor) -> list[Layer]:
    """Weights and biases as they are applied, from what is optimised."""
    softplus = torch.nn.functional.softplus
    w1, b1, w2, b2, w3, b3 = raw
    first = torch.where(signed, softplus(w1), w1)
    return [(first, b1), (softplus(w2), b2), (softplus(w3) * OUTPUT_SCALE, b3)]


def _forward(inputs: torch.Tensor, layers: list[Layer]) -> torch.Tensor:
    hidden = inputs
    for weights, biases in layers[:-1]:
        hidden = torch.tanh(hidden @ weights.mT + biases.unsqueeze(-2))
    weights, biases = layers[-1]
    return (hidden @ weights.mT + biases.unsqueeze(-2)).squeeze(-1)


def stored(networks: list[MonotoneNetwork]) -> dict[str, Any]:
    """The ensemble as JSON; ``Network.of`` reads it back."""
    layers = []
    for depth in zip(*(network.layers() for network in networks), strict=True):
        weights = [layer[0].detach().numpy().round(5).tolist() for layer in depth]
        biases = [layer[1].detach().numpy().round(5).tolist() for layer in depth]
        layers.append({"weights": weights, "biases": biases})
    return {
        "features": list(networks[0].names),
        "mean": networks[0].mean.astype(float).round(6).tolist(),
        "deviation": networks[0].deviation.astype(float).round(6).tolist(),
        "layers": layers,
    }
