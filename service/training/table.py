"""The table that is learned: a row for each stem, skeleton bucket and n-gram bucket."""

import numpy as np
import torch
from numpy.typing import NDArray

from service.training.corpus import Bags

DECAYS = 0.9, 0.999
"""Of the gradients' moments (Kingma & Ba 2015)."""
_SMALLEST = 1e-8


class Table:
    """Rows and their moments; a step moves those rows alone that its documents hold.

    Adam, in a third of the time of ``torch.optim.SparseAdam``: gradients are added up in
    a matrix of the rows in use, not sorted out of one a token, and a row has one second
    moment, the mean of its components' (as Adagrad by rows in recommender tables).
    """

    def __init__(self, rows: NDArray[np.float32]) -> None:
        self.rows = torch.from_numpy(rows)
        self._first = torch.zeros_like(self.rows)
        self._second = torch.zeros(len(rows), 1)
        self._steps = 0
        self._place = np.zeros(len(rows), np.int64)
        self._used = np.zeros(0, np.int64)
        self._leaf = torch.zeros(0)

    def vectors(self, bags: Bags) -> torch.Tensor:
        """Unit vectors of documents, shape (n, d), to derive the next step by."""
        rows, weights, offsets = bags
        self._place[rows] = 1
        self._used = np.flatnonzero(self._place)
        self._place[self._used] = np.arange(len(self._used))
        places = torch.from_numpy(self._place[rows])
        self._place[self._used] = 0
        self._leaf = self.rows[torch.from_numpy(self._used)].requires_grad_()
        sums = torch.nn.functional.embedding_bag(
            places,
            self._leaf,
            torch.from_numpy(offsets),
            mode="sum",
            per_sample_weights=torch.from_numpy(weights),
        )
        return torch.nn.functional.normalize(sums)

    def step(self, loss: torch.Tensor, rate: float) -> None:
        """Moves the rows of the last ``vectors`` down the gradient of ``loss``."""
        loss.backward()  # type: ignore[no-untyped-call]
        self._steps += 1
        gradient, used = self._leaf.grad, torch.from_numpy(self._used)
        assert gradient is not None, "a loss of other vectors"  # noqa: S101
        first = self._first[used].lerp_(gradient, 1 - DECAYS[0])
        second = self._second[used].lerp_(gradient.square().mean(1, keepdim=True), 1 - DECAYS[1])
        self._first[used], self._second[used] = first, second
        shares = [1 - decay**self._steps for decay in DECAYS]
        rates = rate / shares[0] / ((second / shares[1]).sqrt_() + _SMALLEST)
        self.rows[used] = self._leaf.detach().addcmul_(first, rates, value=-1)
