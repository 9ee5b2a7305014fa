"""Where two articles' cues agree and where they stand apart, as features.

A title's cues count; on an axis on which it says nothing its lead's do. All features
rise with agreement, as the network asks: what stands apart is counted below zero.
"""

import numpy as np
from numpy.typing import NDArray

from service.matching.columns import Columns, Floats, Indices
from service.text.cues import POLES, UP, WIDTH, axis, sign

NAMES = (
    "cues_opposed", "titles_opposed", "both_opposed", "cues_shared", "titles_share",
    "negated_apart", "denied_apart", "ahead_apart", "court_apart", "voice_apart",
    "explains_apart", "round_up_apart", "recurring", "roles", "roles_swapped", "tolls",
)  # fmt: skip

SWAPPED = -0.55
"""Correlation from which the names of two titles stand the other way round. Of three names
one that moved from the beginning to the end has -0.5: "Dutch rider X", "X of the Netherlands"."""

Bits = NDArray[np.uint64]

_UP, _POLES = np.uint64(UP), np.uint64(POLES)
_TITLE, _SHIFT, _ONE = np.uint64((1 << WIDTH) - 1), np.uint64(WIDTH), np.uint64(1)
_CONVERSE = np.uint64(axis("win or lose"))
"""One beats the other, so the other loses: two headlines on its two poles may be of one match."""
_OPPOSING = _POLES & ~_CONVERSE
_APART = tuple(
    np.uint64(sign(name)) for name in ("ahead", "court", "voice", "explains", "round-up")
)
_RECURRING, _PASSIVE = np.uint64(sign("recurring")), np.uint64(sign("passive"))
_ACTS = np.uint64(sign("acts")) | _CONVERSE & ~_UP
"""Somebody does to another what the other could do to him: accuses, beats, loses to; one who
wins need have beaten nobody that the title names."""
_TOLL = np.uint64(sign("toll"))
_NEGATED = np.uint64(sign("negated"))
_DENIED = np.uint64(axis("confirm or deny")) & ~_UP


def cue_features(columns: Columns, order: Floats, first: Indices, second: Indices) -> list[Floats]:
    """One array for each of ``NAMES``, shape (pairs,).

    Args:
        columns: of the fingerprints.
        order: how alike the order of names in both titles is, see ``Shared.order``.
        first: one fingerprint of each pair.
        second: the other; which is which is no matter.
    """
    titles, leads = columns.cues & _TITLE, columns.cues >> _SHIFT
    said = titles | leads & ~_both_poles(titles) & _POLES
    mine, other = titles[first], titles[second]
    apart = mine ^ other
    titles_opposed = opposed(mine, other)
    roles = order * _turned(mine, other)
    acts = _has(mine, _ACTS) * _has(other, _ACTS)
    return [
        -_count(opposed(said[first], said[second])),
        -_count(titles_opposed),
        -_count(titles_opposed & opposed(leads[first], leads[second])),
        _count(said[first] & said[second] & _POLES),
        _count(mine & other & _POLES),
        -_has(apart, _NEGATED),
        -_has(apart, _DENIED),
        *[-_has(apart, cue) for cue in _APART],
        -_has(mine & other, _RECURRING),
        roles,
        -acts * (roles <= SWAPPED),
        _has(titles | leads, _TOLL)[first] * _has(titles | leads, _TOLL)[second],
    ]


def opposed(mine: Bits, other: Bits) -> Bits:
    """The first pole's bit of every axis on which two sets of cues have no pole in common.

    >>> opens, closes = np.uint64([16]), np.uint64([32])
    >>> opposed(opens, closes).tolist(), opposed(opens | closes, closes).tolist()
    ([16], [0])
    """
    both: Bits = _axes(mine) & _axes(other) & ~_axes(mine & other) & _OPPOSING
    return both


def _axes(cues: Bits) -> Bits:
    """The first pole's bit of every axis on which cues say something."""
    return (cues | cues >> _ONE) & _UP


def _both_poles(cues: Bits) -> Bits:
    return _axes(cues) | _axes(cues) << _ONE


def _turned(mine: Bits, other: Bits) -> Floats:
    """-1 where one title tells it from the other side: loses for beats, sued by for sues."""
    from_below = _has(mine ^ other, _PASSIVE) + (_loses(mine) != _loses(other))
    turned: Floats = (1 - 2 * (from_below % 2)).astype(np.float32)
    return turned


def _loses(cues: Bits) -> NDArray[np.bool_]:
    """Whether a title says who lost and not who won: a win may break a losing streak."""
    loses: NDArray[np.bool_] = (cues & _CONVERSE) == (_CONVERSE & ~_UP)
    return loses


def _has(cues: Bits, cue: np.uint64) -> Floats:
    return (cues & cue > 0).astype(np.float32)


def _count(cues: Bits) -> Floats:
    return np.bitwise_count(cues).astype(np.float32)
