"""Anchors as a batch has them, from those of each article spelled out."""

from collections.abc import Mapping, Sequence

import numpy as np

from service.text.anchors import KEYS, Anchor, Anchors


def together(
    articles: Sequence[Sequence[Anchor]], ranks: Mapping[str, int] | None = None
) -> Anchors:
    """The anchors of articles; ``ranks`` are those of keys in every title."""
    every = [anchor for article in articles for anchor in article]
    kinds, keys, surfaces, weights, places, times = zip(*every, strict=True) if every else [()] * 6
    return Anchors(
        np.cumsum([0, *map(len, articles)]),
        np.array(kinds, np.intp),
        np.array([KEYS[key] for key in keys], np.intp),
        np.array(weights, np.intp),
        np.array(places, np.intp),
        np.array(times, np.intp),
        np.array([(ranks or {}).get(key, 0) for key in keys], np.intp),
        list(surfaces),
        KEYS.texts,
    )
