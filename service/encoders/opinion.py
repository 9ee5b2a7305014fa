"""A second opinion: a sentence encoder's view of headline and lead, beside the bundled vectors.

The bundled encoder sees words; a transformer sees who did what. Its cosines of raw vectors
say less than they could: random pairs of multilingual-e5-small share 0.8 of cosine, and each
language has an offset of its own. A projection learned from real headlines takes both out:

    v -> unit((unit(v) - mean) @ matrix)        (384) -> (192)

``mean`` lies in the middle between the languages' means, and ``matrix`` spans directions of
headlines within a language without the direction from one mean to the other; so no language
need be known where it is applied. It is written by ``service/training/opinion.py``, which says
how it is learned and what it costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from service.encoders.projection import unit
from service.encoders.text_encoder import TextModel
from service.text.document import Document

OPINION_FILE = "opinion.safetensors"
LONGEST_TEXT = 1_500
"""Characters of headline and lead: some 400 tokens, of which the model reads 512."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What makes an opinion of a model's vector."""

    version: str
    mean: NDArray[np.float32]
    """Shape (d,), of unit vectors."""
    matrix: NDArray[np.float32]
    """Shape (d, k)."""

    @classmethod
    def load(cls) -> Self:
        """Reads the artefact bundled with the package; a millisecond."""
        with safe_open(str(files("service.model") / OPINION_FILE), framework="numpy") as stored:
            tensors = [stored.get_tensor(name) for name in ("mean", "matrix")]
            version = stored.metadata()["version"]
        mean, matrix = (np.asarray(tensor, np.float32) for tensor in tensors)
        return cls(version, mean, matrix)

    def of(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Unit vectors, shape (n, k), of ``vectors`` (n, d)."""
        centred: NDArray[np.float32] = unit(vectors) - self.mean
        return unit(centred @ self.matrix)


def text_of(read: Document) -> str:
    """Headline and lead as the model reads them; empty for an article without words.

    The vectors that the projection and the verifier were learned from are of such texts.
    """
    # Where there is no headline, ``Document.title`` shows the text's own first line.
    title = read.title if read.title_tokens else ""
    return f"{title}\n{read.lead}".strip()[:LONGEST_TEXT]


class Opinion:
    """A ``SecondOpinion`` by any model whose vectors the projection was learned for."""

    def __init__(self, model: TextModel, projection: Projection) -> None:
        self.version = f"{projection.version}/{model.version}"
        self.sha256 = model.sha256
        self._model = model
        self._projection = projection

    def opinions(self, batch: Sequence[Document]) -> NDArray[np.float32]:
        """See ``SecondOpinion.opinions``; each distinct text is given to the model once.

        Raises:
            EncoderUnavailable: an endpoint can't answer now.
            EncoderRefused: an endpoint refuses a text.
        """
        texts = [text_of(one) for one in batch]
        distinct = [text for text in dict.fromkeys(texts) if text]
        places = {text: place for place, text in enumerate(distinct)}
        found = np.zeros((len(distinct) + 1, self._projection.matrix.shape[1]), np.float32)
        if distinct:
            found[:-1] = self._projection.of(self._model.vectors(distinct))
        # An empty text has no place and gets the last row, which is zero.
        return found[[places.get(text, -1) for text in texts]]
