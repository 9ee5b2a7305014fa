"""Fingerprints made of nothing: distinct vectors, no words."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.anchors import AnchorTable
from service.fingerprints.fingerprint import About, Fingerprint
from service.fingerprints.keywords import KEYWORDS
from service.fingerprints.layout import VECTORS, joined
from service.fingerprints.minhash import SHINGLE_ROWS, TEMPLATE_ROWS

DIMENSIONS = 256


def fingerprint(number: int, *, head_of: int | None = None, **changes: Any) -> Fingerprint:
    """The fingerprint of article ``a{number}``; random vectors that the number fixes.

    Args:
        number: seed of the vectors.
        head_of: take the headline's vector from this number's fingerprint.
        changes: fields that shall be different.
    """
    empty = np.zeros(0, np.uint32)
    fields: dict[str, Any] = {
        "article_id": f"a{number}",
        "version": 1,
        "lang": "en",
        "title": f"Title {number}",
        "source": None,
        "tag": None,
        "published_ms": None,
        "digest": number,
        "token_count": 100,
        "items": 0,
        "cues": 0,
        "shingle_rows": np.full(SHINGLE_ROWS, number % 256, np.uint8),
        "template_rows": np.full(TEMPLATE_ROWS, number % 256, np.uint8),
        "names": empty,
        "name_weights": np.zeros(0, np.uint8),
        "numbers": empty,
        "number_weights": np.zeros(0, np.uint8),
        "surfaces": (),
        "body_vector": _vector(number, 1),
        "head_vector": _vector(number if head_of is None else head_of, 2),
        "keywords": np.zeros(KEYWORDS, np.uint32),
        "keyword_weights": np.zeros(KEYWORDS, np.uint8),
        "opinion_vector": np.zeros(0, np.int8),
    }
    return packed(**{**fields, **changes})


def packed(**features: Any) -> Fingerprint:
    """The fingerprint with these features, named as its properties are."""
    about = About(**{name: features.pop(name) for name in About._fields})
    anchors = AnchorTable(**{name: features.pop(name) for name in AnchorTable._fields})
    (vectors,) = joined({name: array[np.newaxis] for name, array in features.items()})
    body, head, opinion = (len(features[f"{name}_vector"]) for name in ("body", "head", "opinion"))
    return Fingerprint.pack(about, anchors, vectors, (body, head, opinion))


FIELDS = (*About._fields, *AnchorTable._fields, *[part.name for part in VECTORS])
"""What a fingerprint is packed from."""


def changed(original: Fingerprint, **changes: Any) -> Fingerprint:
    """The same fingerprint but for some fields."""
    return packed(**{**{name: getattr(original, name) for name in FIELDS}, **changes})


def _vector(number: int, kind: int) -> NDArray[np.int8]:
    vector = np.random.default_rng((number, kind)).normal(size=DIMENSIONS)
    scaled: NDArray[np.int8] = np.rint(vector / np.linalg.norm(vector) * 127).astype(np.int8)
    return scaled
