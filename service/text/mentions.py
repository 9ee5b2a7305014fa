"""Which words of articles name somebody or something, and which count or date it.

A name is a capitalised word that is not capitalised by grammar: inside a sentence
at once; at the start of one only if it stands in capitals elsewhere too, or another
name follows it. Headlines in Title Case prove nothing, so there a name needs the body.

Articles are read together, as arrays of what their chunks tell.
"""

from typing import NamedTuple

import numpy as np

from service.text import context
from service.text.anchors import KEYS, Anchors, Kind, Place
from service.text.context import Made
from service.text.scan import Scans
from service.text.spots import Flags, Spots, spots_of
from service.text.table import Numbers, ranges
from service.text.telling import HEAD, OPENER, PROVED, STOPS, TOLD, Told

_FEWEST_SHOUTED = 3
_SHOUTED = 0.7
"""Share of the capitalised words and numbers that are all capitals."""
_LONGER = 4
"""Letters of a word that Title Case writes with a capital."""
_FEWEST_LONGER = 3
_TITLE_CASE_SHARE = 0.6
"""Share of a headline's longer words in capitals from which capitals prove nothing."""


class _Found(NamedTuple):
    """Names and facts as they are found, columns of shape (found,)."""

    spots: Numbers
    keys: Numbers
    kinds: Numbers
    weights: Numbers
    flags: Numbers
    surfaces: Numbers
    """Numbers of the items in ``TOLD``, or behind those of ``_made``."""


def mentions(scans: Scans) -> Anchors:
    """The anchors of articles, whose title and body are in turns the texts of ``scans``."""
    spots = spots_of(scans)
    told = TOLD.chunks(spots.chunks)
    phrases, is_taken = context.phrases(scans, spots, told)
    is_asked = context.is_asked(scans, spots, told)
    facts, is_lone = context.facts(scans, spots, is_asked)
    names = _told(told.begins, told.names)
    parts = [
        _where(names, (names.flags & OPENER == 0) & ~is_taken[names.spots]),
        _made(phrases, 0),
        _told(told.begins + told.names, np.where(is_lone, told.facts, 0)),
        _made(facts, len(phrases)),
    ]
    found = _Found(*map(np.concatenate, zip(*parts, strict=True)))
    # Body before title, names of a chunk before its facts.
    is_fact = np.repeat([0, 0, 1, 1], [len(part.spots) for part in parts])
    section = (spots.text ^ 1)[found.spots]
    order = np.argsort((section * len(spots.text) + found.spots) * 2 + is_fact, kind="stable")
    found = _where(found, order)
    surfaces = [surface for *_, surface in phrases + facts]
    return _gathered(scans, spots, names, found, _is_sure(scans, spots, told, found), surfaces)


def _told(begins: Numbers, counts: Numbers) -> _Found:
    """So many items of each spot."""
    spots, items = ranges(begins, counts)
    return _Found(spots, *TOLD.items(items), items)


def _made(made: list[Made], before: int) -> _Found:
    """What contexts made; ``before`` were made before."""
    spots, keys, kinds, weights = np.array([each[:4] for each in made], np.intp).reshape(-1, 4).T
    surfaces = np.arange(len(made)) + before + TOLD.items_count
    return _Found(spots, keys, kinds, weights, np.full(len(made), PROVED), surfaces)


def _where(found: _Found, chosen: Flags | Numbers) -> _Found:
    return _Found(*[column[chosen] for column in found])


def _is_sure(scans: Scans, spots: Spots, told: Told, found: _Found) -> Flags:
    """Whether what is found counts by itself, not only where another place has proved it."""
    is_followed = spots.runs_on & (told.flags & STOPS == 0)
    doubts = spots.is_first & ~is_followed
    proves = _proves(scans, spots, told)[spots.text]
    is_head = found.flags & HEAD > 0
    is_sure: Flags = (found.flags & PROVED > 0) | (
        proves[found.spots] & ~(is_head & doubts[found.spots])
    )
    return is_sure


def _proves(scans: Scans, spots: Spots, told: Told) -> Flags:
    """Whether capitals mean something in a text: not in one that is all capitals, nor in a
    headline in Title Case, unless it is all there is of the article.
    """
    count = len(scans.texts)
    words = np.diff(scans.bounds)
    written, shouted, titled = (
        np.bincount(spots.text, column, count)
        for column in (told.written, told.shouted, told.titled)
    )
    is_shouted = (
        (2 * np.bincount(spots.text, minlength=count) >= words)
        & (words >= _FEWEST_SHOUTED)
        & (shouted > _SHOUTED * written)
    )
    longer = np.array(
        [sum([len(word) >= _LONGER for word in one.words]) for one in scans.texts[::2]]
    )
    is_title_case = (longer >= _FEWEST_LONGER) & (titled[::2] >= _TITLE_CASE_SHARE * longer)
    proves = ~is_shouted
    proves[::2] = ~is_title_case | ((words[1::2] == 0) & ~is_shouted[::2])
    return proves


def _gathered(
    scans: Scans,
    spots: Spots,
    names: _Found,
    found: _Found,
    is_sure: Flags,
    surfaces: list[str],
) -> Anchors:
    """Each key once an article, as it is said for sure first; what is said nowhere for sure is
    left out.
    """
    count = len(found.spots)
    codes = _codes(spots, found)
    order = np.argsort(codes, kind="stable")
    begins = np.flatnonzero(np.diff(codes[order], prepend=-1))
    first = np.minimum.reduceat(np.where(is_sure, np.arange(count), count)[order], begins)
    places = np.minimum.reduceat(_places(scans, spots)[found.spots[order]], begins)
    times = np.diff(begins, append=count)
    kept = np.argsort(first, kind="stable")[: np.count_nonzero(first < count)]
    said = _where(found, first[kept])
    articles = spots.text[said.spots] >> 1
    return Anchors(
        np.searchsorted(articles, np.arange(len(scans.texts) // 2 + 1)),
        said.kinds,
        said.keys,
        said.weights,
        places[kept],
        times[kept],
        np.where(said.kinds == Kind.NAME, _ranks(spots, names, codes[first[kept]]), 0),
        _spelled(said.surfaces, surfaces),
        KEYS.texts,
    )


def _codes(spots: Spots, found: _Found) -> Numbers:
    """One number for article and key."""
    return (spots.text[found.spots] >> 1) * len(KEYS.texts) + found.keys


def _places(scans: Scans, spots: Spots) -> Numbers:
    in_lead = spots.start - scans.bounds[spots.text] < scans.leads[spots.text]
    is_title = spots.text & 1 == 0
    return np.where(is_title, Place.TITLE, np.where(in_lead, Place.LEAD, Place.BODY))


def _ranks(spots: Spots, names: _Found, codes: Numbers) -> Numbers:
    """Rank of each article's key among the keys of its title, proved or not; 0 for none."""
    titled = _codes(spots, _where(names, spots.text[names.spots] & 1 == 0))
    if not len(titled):
        return np.zeros_like(codes)
    known, first = np.unique(titled, return_index=True)
    ranks = np.empty_like(first)
    ranks[np.argsort(first)] = np.arange(1, len(first) + 1)
    ranks -= np.searchsorted(known, known - known % len(KEYS.texts))
    at = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return np.where(known[at] == codes, ranks[at], 0)


def _spelled(items: Numbers, made: list[str]) -> list[str]:
    is_told = items < TOLD.items_count
    spelled = np.empty(len(items), np.object_)
    spelled[is_told] = TOLD.surfaces(items[is_told])
    spelled[~is_told] = [made[at] for at in (items[~is_told] - TOLD.items_count).tolist()]
    return list(spelled.tolist())
