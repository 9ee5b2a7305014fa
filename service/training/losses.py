"""What the embedding is taught by: texts that say the same, and a teacher's cosines."""

import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax, softmax

TEMPERATURE = 0.06
TEACHER_TEMPERATURE = 0.07
"""Of the teacher's cosines, language means taken out, and of those that follow them."""
_BARRED = -1e4


def contrast(
    left: torch.Tensor, right: torch.Tensor, barred: torch.Tensor | None = None
) -> torch.Tensor:
    """Symmetric InfoNCE: of all rows, each must be nearest to its own (van den Oord et al. 2018).

    Args:
        left: unit vectors, shape (n, d).
        right: of the same texts told otherwise, shape (n, d).
        barred: pairs that are no strangers, shape (n, n); none, unless given.
    """
    scores = left @ right.T / TEMPERATURE
    if barred is not None:
        scores = scores.masked_fill(barred, _BARRED)
    target = torch.arange(len(scores))
    return (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2


def distillation(vectors: torch.Tensor, teacher: torch.Tensor, russian: int) -> torch.Tensor:
    """Kullback-Leibler divergence of neighbourhoods from the teacher's.

    Args:
        vectors: unit vectors, shape (n, d), of ``russian`` Russian texts and then English ones.
        teacher: unit vectors of the same texts, shape (n, t).
        russian: how many are Russian. Neighbours in the other language are also compared
            among themselves, or they would drown in those of the same one.
    """
    itself = torch.eye(len(vectors), dtype=torch.bool)
    wanted = (teacher @ teacher.T / TEACHER_TEMPERATURE).masked_fill(itself, _BARRED)
    scores = (vectors @ vectors.T / TEACHER_TEMPERATURE).masked_fill(itself, _BARRED)
    across, wanted_across = scores[:russian, russian:], wanted[:russian, russian:]
    return (
        _divergence(scores, wanted)
        + _divergence(across, wanted_across) / 2
        + _divergence(across.T, wanted_across.T) / 2
    )


def _divergence(scores: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    return kl_div(log_softmax(scores, 1), softmax(wanted, 1), reduction="batchmean")
