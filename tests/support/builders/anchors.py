"""Anchors as a batch has them, from those of each article spelled out."""

from collections.abc import Mapping, Sequence

import numpy as np

from service.text.anchors import KEYS, Anchor, Anchors, Kind


def together(
    articles: Sequence[Sequence[Anchor]], ranks: Mapping[str, int] | None = None
) -> Anchors:
    """The anchors of articles; ``ranks`` are those of names in every title."""
    every = [anchor for article in articles for anchor in article]
    kinds, keys, surfaces, weights, places, times = zip(*every, strict=True) if every else [()] * 6
    return Anchors(
        np.cumsum([0, *map(len, articles)]),
        np.array(kinds, np.intp),
        np.array([KEYS[key] for key in keys], np.intp),
        np.array(weights, np.intp),
        np.array(places, np.intp),
        np.array(times, np.intp),
        np.array([_rank(one, ranks or {}) for one in every], np.intp),
        list(surfaces),
        KEYS.texts,
    )


def _rank(anchor: Anchor, ranks: Mapping[str, int]) -> int:
    return ranks.get(anchor.key, 0) if anchor.kind is Kind.NAME else 0
