"""Static embeddings of the model2vec library: small, fast, no GPU."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Self

import numpy as np
from model2vec import StaticModel
from numpy.typing import NDArray


class Model2Vec:
    """A ``TextModel`` of a model2vec ``StaticModel``."""

    def __init__(self, model: StaticModel, name: str) -> None:
        self._model = model
        self.dimensions = model.dim
        self.sha256 = _digest(model)
        self.version = f"model2vec/{name}@{self.sha256}"

    @classmethod
    def load(cls, name_or_path: str) -> Self:
        """From a folder, or by a name of the model hub, which is then downloaded and kept.

        Raises:
            OSError, ValueError: there is no such model, or it is none of model2vec's.
        """
        return cls(StaticModel.from_pretrained(name_or_path), Path(name_or_path).name)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``TextModel.vectors``. Texts are read whole, however few tokens the model's own
        limit allows: a mean over more words costs little and says more.
        """
        found = self._model.encode(list(texts), max_length=None, use_multiprocessing=False)
        return np.asarray(found, np.float32)


def _digest(model: StaticModel) -> str:
    """Of everything a vector depends on: table, weights, mapping, tokenizer."""
    digest = sha256(model.tokenizer.to_str().encode())
    for array in (model.embedding, model.weights, model.token_mapping):
        if array is not None:
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]
