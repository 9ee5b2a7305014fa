"""Many fingerprints at once: checked, and as arrays of what they hold.

A batch becomes arrays by joining slices: a worker compares a thousand pairs without unpacking any.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.fingerprint import (
    IS_WIDE,
    SURFACES,
    Fingerprint,
    Ids,
    Rows,
    Weights,
)
from service.fingerprints.layout import (
    HEADER,
    HEADS,
    LAYOUT,
    SHINGLES,
    WIDTHS,
    record,
    starts,
    widths_of,
)

_UNKNOWN = 0x98
"""The one byte that Windows-1251 gives no meaning."""
_FEW = 24
"""Payloads that are checked sooner one by one."""


def checked(payloads: Sequence[bytes]) -> list[Fingerprint | ValueError]:
    """As `Fingerprint.checked` for many: the fingerprint of each, or what is wrong with it.

    Many are looked at as arrays, for a tenth of the time; who looks amiss there is looked at alone.
    """
    if len(payloads) < _FEW:
        return [_checked(each) for each in payloads]
    return [
        Fingerprint(payload) if is_good else _checked(payload)
        for payload, is_good in zip(payloads, _are_good(payloads).tolist(), strict=True)
    ]


def _checked(payload: bytes) -> Fingerprint | ValueError:
    try:
        return Fingerprint.checked(payload)
    except ValueError as error:
        return error


def _are_good(payloads: Sequence[bytes]) -> NDArray[np.bool_]:
    """Which are fingerprints beyond doubt, shape (n,): those with a text in UTF-8 are not."""
    sizes = np.fromiter(map(len, payloads), np.int64, len(payloads))
    heads = np.frombuffer(
        b"".join([each[: HEADER.size].ljust(HEADER.size, b"\xff") for each in payloads]), HEADS
    )
    ends = starts(lambda field: heads[field].astype(np.int64))["text"]
    is_good: NDArray[np.bool_] = (
        (heads["layout"] == LAYOUT) & (heads["length"] == sizes) & (ends < sizes)
    )
    languages = heads["lang"].copy().view(np.uint8).reshape(len(payloads), -1)
    is_good &= (languages < 0x80).all(axis=1) & (heads["flags"] & IS_WIDE == 0)
    texts = [
        payload[end:] if good else b"\0"
        for payload, end, good in zip(payloads, ends.tolist(), is_good.tolist(), strict=True)
    ]
    letters = np.frombuffer(b"".join(texts), np.uint8)
    bounds = np.cumsum([0, *map(len, texts)])

    def times(letter: int) -> NDArray[np.int64]:
        return np.diff(np.searchsorted(np.flatnonzero(letters == letter), bounds))

    expected = SURFACES - 1 + heads["names"].astype(np.int64) + heads["numbers"]
    is_good &= (times(0) == expected) & (times(_UNKNOWN) == 0)
    return is_good


def shingles_of(prints: Sequence[Fingerprint]) -> Rows:
    """Their ``shingle_rows``, shape (n, 64): without a header read."""
    joined = b"".join([one.payload[SHINGLES] for one in prints])
    return np.frombuffer(joined, np.uint8).reshape(len(prints), -1)


def fixed_parts(prints: Sequence[Fingerprint]) -> NDArray[np.void]:
    """Header and vectors of at least one fingerprint as an array of records, shape (n,).

    Fields: those of ``Header`` (``names`` and ``numbers`` are counts, ``lang`` is bytes), and
    by their names the arrays of ``VECTORS``.

    Raises:
        ValueError: they are of encoders of different widths.
    """
    widths = widths_of(prints[0].header)
    kind = record(widths)
    joined = b"".join([one.payload[: kind.itemsize] for one in prints])
    if len(joined) == kind.itemsize * len(prints):
        records: NDArray[np.void] = np.frombuffer(joined, kind)
        if all((records[at] == width).all() for at, width in zip(WIDTHS, widths, strict=True)):
            return records
    raise ValueError(f"fingerprints of two encoders in one batch; the first has widths {widths}")


def anchor_parts(prints: Sequence[Fingerprint], fixed: NDArray[np.void]) -> tuple[Ids, Weights]:
    """Ids and weights of all anchors, end to end: names, then numbers of each fingerprint.

    Args:
        prints: at least one.
        fixed: their ``fixed_parts``.
    """
    at = starts(lambda field: fixed[field].astype(np.intp))
    begins, middles, ends = (at[name].tolist() for name in ("names", "name_weights", "text"))
    payloads = [one.payload for one in prints]
    ids = b"".join(
        [one[begin:middle] for one, begin, middle in zip(payloads, begins, middles, strict=True)]
    )
    weights = b"".join(
        [one[middle:end] for one, middle, end in zip(payloads, middles, ends, strict=True)]
    )
    return np.frombuffer(ids, np.uint32), np.frombuffer(weights, np.uint8)
