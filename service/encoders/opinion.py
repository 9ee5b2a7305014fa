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

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from threading import Lock
from time import perf_counter
from typing import Self

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from xxhash import xxh3_64_intdigest

from service.encoders import E5_MODEL
from service.encoders.errors import EncoderUnusable
from service.encoders.projection import unit
from service.encoders.text_encoder import TextModel
from service.fingerprints.embedding import Effort
from service.text.document import Document

OPINION_FILE = "opinion.safetensors"
LONGEST_TEXT = 1_500
"""Characters of headline and lead: some 400 tokens, of which the model reads 512."""
PREFIX = "passage: "
"""What the model was taught to read before a text that is to be found."""
LANGUAGES = frozenset("ar be de en es fr kk pl pt ru tr uk zh".split())
"""Those that ``flores-13`` measured: the model card says how."""
MOST_RECENT = 1 << 14
"""Texts whose opinions are remembered: some 17 MB, and six hours of a feed of one a second."""


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


class Prefixed:
    """A ``TextModel`` that is told what its texts are, as models of the e5 family want it."""

    def __init__(self, model: TextModel) -> None:
        self.dimensions = model.dimensions
        self.version = model.version
        self.sha256 = model.sha256
        self._model = model

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``TextModel.vectors``."""
        return self._model.vectors([PREFIX + text for text in texts])


class Recent:
    """Opinions of the texts that were read last: a reprint is read once. For many threads."""

    def __init__(self, most: int = MOST_RECENT) -> None:
        self._most = most
        self._found: OrderedDict[int, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: int) -> NDArray[np.float32] | None:
        """What was put under a key, if it is still there."""
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
            return found

    def put(self, keys: Iterable[int], vectors: Iterable[NDArray[np.float32]]) -> None:
        """Remembers these, and forgets the ones that were asked for longest ago."""
        with self._lock:
            self._found.update(zip(keys, vectors, strict=True))
            while len(self._found) > self._most:
                self._found.popitem(last=False)


class Opinion:
    """A ``SecondOpinion`` by any model whose vectors the projection was learned for."""

    languages = LANGUAGES

    def __init__(self, model: TextModel, projection: Projection) -> None:
        """Raises EncoderUnusable where the model has vectors of another width."""
        if model.dimensions != len(projection.mean):
            raise EncoderUnusable(
                f"{model.version} has {model.dimensions} dimensions, expected those of "
                f"{E5_MODEL}: {len(projection.mean)}"
            )
        self.version = f"{projection.version}/{model.version}"
        self.sha256 = model.sha256
        self.dimensions = projection.matrix.shape[1]
        self.effort = Effort()
        self._model = model
        self._projection = projection
        self._recent = Recent()
        self._lock = Lock()

    def opinions(self, batch: Sequence[Document]) -> NDArray[np.float32]:
        """See ``SecondOpinion.opinions``. A text that was read lately costs nothing.

        Raises:
            EncoderUnavailable: an endpoint can't answer now.
            EncoderRefused: an endpoint refuses a text.
        """
        texts = [text_of(one) for one in batch]
        keys = [xxh3_64_intdigest(text.encode()) for text in texts]
        found = {key: self._recent.get(key) for key in keys}
        fresh = {
            key: text for key, text in zip(keys, texts, strict=True) if text and found[key] is None
        }
        with self._lock:
            self.effort.known += sum(map(bool, texts)) - len(fresh)
        found.update(self._judged(fresh))
        nothing = np.zeros(self.dimensions, np.float32)
        return np.stack([nothing if (one := found[key]) is None else one for key in keys])

    def _judged(self, texts: Mapping[int, str]) -> dict[int, NDArray[np.float32]]:
        if not texts:
            return {}
        with self._timed(len(texts)):
            vectors = self._projection.of(self._model.vectors(list(texts.values())))
        self._recent.put(texts, vectors)
        return dict(zip(texts, vectors, strict=True))

    @contextmanager
    def _timed(self, texts: int) -> Iterator[None]:
        """While these texts are with the model."""
        began = perf_counter()
        with self._lock:
            self.effort.waiting += texts
        try:
            yield
        finally:
            with self._lock:
                self.effort.waiting -= texts
                self.effort.texts += texts
                self.effort.seconds += perf_counter() - began
