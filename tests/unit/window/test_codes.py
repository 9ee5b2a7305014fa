"""Codes of vectors against the plainest oracle: the nearest of the 16 values of each pair."""

import numpy as np

from workers.window.codes import CODED, Codes


def test_each_pair_of_axes_has_the_code_of_the_nearest_value() -> None:
    rng = np.random.default_rng(1)
    sample = rng.normal(5, np.linspace(40, 2, 224), (2_000, 224)).astype(np.float32)
    codes = Codes(sample)
    turned = codes.turned(sample[:200])

    written = codes.codes(turned)

    pairs = turned.reshape(200, CODED // 2, 1, 2)
    nearest = ((pairs - codes.values()) ** 2).sum(axis=3).argmin(axis=2)
    nibbles = np.stack([written & 15, written >> 4], axis=2).reshape(200, -1)
    # Lloyd and Max' thresholds lie between levels, to four digits.
    assert np.mean(nibbles == nearest) > 0.999


def test_products_of_what_is_turned_are_those_of_the_vectors() -> None:
    """All but the share of the axes that are left out."""
    rng = np.random.default_rng(2)
    sample = rng.normal(0, np.linspace(40, 2, 224), (2_000, 224)).astype(np.float32)
    codes = Codes(sample)

    turned = codes.turned(sample[:50])

    exact, found = sample[:50] @ sample.T, turned @ codes.turned(sample).T
    assert np.corrcoef(exact.ravel(), found.ravel())[0, 1] > 0.98
    main = codes.turned(sample) @ codes.to_main.T
    assert np.all(np.diff(main.var(axis=0)) < 1)
