"""Anchors: names, numbers and dates in a form that survives translation."""

from enum import IntEnum
from typing import NamedTuple

from service.text.table import Numbers, Table

KEYS = Table()
"""Key of an anchor → its number."""


class Kind(IntEnum):
    """What an anchor is; the values are stored in fingerprints."""

    NAME = 0
    NUMBER = 1
    DATE = 2


class Place(IntEnum):
    """Where in the article an anchor first stands."""

    TITLE = 0
    LEAD = 1
    BODY = 2


class Anchor(NamedTuple):
    """One name, number or date of an article."""

    kind: Kind
    key: str
    """Normal form: skeleton of a name, ``1500000``, ``5.5%`` or ``500 rouble``, ``02-09`` or
    ``2025``. One number may be several anchors."""
    surface: str
    """As the article writes it."""
    weight: int
    """1 to 4: how much it tells; long names and odd numbers are rare."""
    place: Place
    times: int
    """How often the article says it."""


class Anchors(NamedTuple):
    """The anchors of articles read together, end to end, each key once an article."""

    bounds: Numbers
    """Where each article's anchors begin, and the end of the last; shape (articles + 1,)."""
    kinds: Numbers
    """Columns like the fields of ``Anchor``, shape (anchors,)."""
    keys: Numbers
    """Numbers in ``KEYS``, void when the next batch is read."""
    weights: Numbers
    places: Numbers
    times: Numbers
    ranks: Numbers
    """Of a name among those of the title, from 1; 0 for one that the title does not say. Who
    stands first did it to whom."""
    surfaces: list[str]
    texts: list[str]
    """Keys by number."""

    def of(self, article: int) -> list[Anchor]:
        """Those of one article, in the order in which first its body, then its title says them."""
        own = slice(*self.bounds[article : article + 2].tolist())
        return [
            Anchor(Kind(kind), self.texts[key], surface, weight, Place(place), times)
            for kind, key, weight, place, times, surface in zip(
                *[column[own].tolist() for column in self[1:6]], self.surfaces[own], strict=True
            )
        ]
