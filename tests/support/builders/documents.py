"""Documents of given words, for what looks at words alone."""

from collections.abc import Sequence

import numpy as np

from service.text.chunks import WORDS
from service.text.document import Document
from service.text.table import Numbers
from tests.support.builders.anchors import together


def of_words(title: Sequence[str], text: Sequence[str], *, lead_end: int = 0) -> Document:
    """A document whose words are these, in normal form; the lead is ``text[:lead_end]``."""
    return Document(
        lang="en",
        title=" ".join(title),
        text=" ".join(text),
        title_tokens=list(title),
        tokens=list(text),
        title_numbers=_numbers(title),
        token_numbers=_numbers(text),
        lead_end=lead_end,
        headline_tag=None,
        items=0,
        cues=0,
        said=together([[]]),
        place=0,
    )


def _numbers(words: Sequence[str]) -> Numbers:
    return np.array([WORDS[word] for word in words], np.intp)
