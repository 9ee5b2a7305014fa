"""The anchor: a name, number or date in a form that survives translation."""

from enum import IntEnum
from typing import NamedTuple


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
