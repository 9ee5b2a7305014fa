"""An ``Encoder`` of any model that turns a text into a vector."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from service.encoders import projection
from service.text.document import Document

LONGEST_INPUT = 6_000
"""Characters of a text that are given to a model. News stands in the first thousand words,
most models read less than that, and the strictest endpoints refuse beyond 8,192 tokens."""


class TextModel(Protocol):
    """A model as its adapter sees it."""

    dimensions: int
    """Of its vectors."""
    version: str
    """Kind, name and what tells its weights from others', for example ``@`` and their hash."""
    sha256: str
    """First 16 hex digits of a SHA-256 over the weights, or over all that is known of them."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector a text, shape (n, dimensions), of any length; n > 0, no text is empty."""
        ...


class TextEncoder:
    """Title, lead and body of each article through a model: three texts an article."""

    dimensions = projection.DIMENSIONS
    languages = frozenset({"en", "ru"})
    """Whatever the model knows, a verifier trained here has seen no others."""

    def __init__(self, model: TextModel) -> None:
        self.version = f"{model.version}+{projection.NAME}"
        self.sha256 = model.sha256
        self._model = model
        self._columns = projection.rotation(model.dimensions)

    def encode(self, batch: Sequence[Document]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See ``Encoder.encode``. Of a text, ``LONGEST_INPUT`` characters are read.

        Raises:
            EncoderUnavailable: an endpoint can't answer now.
            EncoderRefused: an endpoint refuses a text.
        """
        parts = [part for one in batch for part in _parts(one)]
        vectors = self._vectors(parts).reshape(len(batch), 3, self.dimensions)
        half = self.dimensions // 2
        titles, leads = (projection.unit(vectors[:, part, :half]) for part in (0, 1))
        return projection.unit(np.hstack([titles, leads])), vectors[:, 2]

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, 256); each distinct text is given to the model once."""
        places = {text: place for place, text in enumerate(dict.fromkeys(filter(None, texts)))}
        found = np.zeros((len(places) + 1, self.dimensions), np.float32)
        if places:
            found[:-1] = projection.projected(self._model.vectors(list(places)), self._columns)
        # An empty text has no place and gets the last row, which is zero.
        return found[[places.get(text, -1) for text in texts]]


def _parts(one: Document) -> tuple[str, str, str]:
    """Title, lead and body, each at most ``LONGEST_INPUT`` characters; empty without words."""
    # Where there is no headline, ``Document.title`` shows the text's own first line.
    title = one.title if one.title_tokens else ""
    lead = one.lead[:LONGEST_INPUT]  # a script without spaces is one long chunk
    if not title and not lead:
        return "", "", ""
    body = f"{title}\n{one.text}".strip()[:LONGEST_INPUT]
    return title or lead, lead or title, body
