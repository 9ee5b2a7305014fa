"""Transformers, and whatever else the sentence-transformers library loads."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

BATCH = 32
"""Texts at a time; more fills a small GPU's memory, fewer leave it idle."""


class SentenceModel:
    """A ``TextModel`` of a ``SentenceTransformer``, on the GPU where there is one.

    A prompt that the model's own configuration makes its default is set before each text.
    """

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model
        # Asked by an example: the method that tells it has had more than one name.
        self.dimensions = self.vectors(["one"]).shape[1]
        self.sha256 = _digest(model)
        self.version = f"sentence-transformers/{name}@{self.sha256}"

    @classmethod
    def load(cls, name_or_path: str) -> Self:
        """From a folder, or by a name of the model hub, which is then downloaded and kept.

        Raises:
            OSError, ValueError: there is no such model.
        """
        return cls(SentenceTransformer(name_or_path), Path(name_or_path).name)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``TextModel.vectors``; the model cuts texts at its own limit."""
        found = self._model.encode(
            list(texts), batch_size=BATCH, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(found, np.float32)


def _digest(model: SentenceTransformer) -> str:
    """Of the weights as float32 in order of their names, and of the modules' settings."""
    digest = sha256(repr(model).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        # NumPy has no bfloat16.
        digest.update(np.ascontiguousarray(tensor.detach().cpu().float().numpy()).data)
    return digest.hexdigest()[:16]
