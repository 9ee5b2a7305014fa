"""Which words of an article name somebody or something, and which count or date it.

A name is a capitalised word that is not capitalised by grammar: inside a sentence
at once; at the start of one only if it stands in capitals elsewhere too, or another
name follows it. Headlines in Title Case prove nothing, so there a name needs the body.
"""

from typing import Any

from service.text.anchors import Anchor, Kind, Place
from service.text.facts import facts_at
from service.text.naming import Name
from service.text.scan import Scan, Spot
from service.text.tokens import Mark

_CAPITAL = int(Mark.CAPITAL)
_FACT = int(Mark.FACT)
_NAME = Kind.NAME
_KNOWN = "@"
"""Begins the key of a name in the table of known ones, which needs no proof."""
_STOPS = int(Mark.BREAKS | Mark.ENDS)

_VERB_ENDS = (
    "ала",
    "яла",
    "ела",
    "ила",
    "али",
    "яли",
    "или",
    "ал",
    "ял",
    "ло",
    "ся",
    "ть",
    "ет",
    "ют",
)
"""A Russian sentence may begin with its verb: «Приехал Бездетко»."""


def mentions(heading: Scan, content: Scan, *, is_title_case: bool) -> list[Anchor]:
    """The anchors of an article, each key once."""
    gathered = _Gathered()
    gathered.read(content.spots, content.words, Place.BODY, lead_end=content.lead_end)
    proves = not is_title_case or not content.words
    gathered.read(heading.spots, heading.words, Place.TITLE, proves_names=proves)
    return gathered.anchors()


class _Gathered:
    __slots__ = ("_doubtful", "_found")

    def __init__(self) -> None:
        self._found: dict[str, list[Any]] = {}
        """Key → kind, surface, weight, first place, and how often it is said."""
        self._doubtful: list[tuple[Name, Place]] = []

    def read(
        self,
        spots: list[Spot],
        words: list[str],
        place: Place,
        *,
        lead_end: int = 0,
        proves_names: bool = True,
    ) -> None:
        doubt, lead, taken = self._doubtful.append, Place.LEAD, 0
        known = self._found
        for at, (_, start, held, is_first, _) in enumerate(spots):
            where = lead if start < lead_end else place
            mark = held[2]
            if mark & _CAPITAL:
                for name in held[3]:
                    key, surface, weight, is_head = name
                    is_sure = proves_names and not (
                        is_first and is_head and not _is_followed(spots, at)
                    )
                    if not is_sure and key[0] != _KNOWN:
                        doubt((name, where))
                    elif key in known:
                        _say_again(known[key], where)
                    else:
                        known[key] = [_NAME, surface, weight, where, 1]
            if mark & _FACT:
                for kind, key, surface, weight, end in facts_at(words, spots, at, taken):
                    taken = end
                    if key in known:
                        _say_again(known[key], where)
                    else:
                        known[key] = [kind, surface, weight, where, 1]

    def anchors(self) -> list[Anchor]:
        """Doubtful names count only where another place has proved them."""
        for (key, *_), place in self._doubtful:
            if key in self._found:
                _say_again(self._found[key], place)
        make = Anchor._make
        return [
            make((kind, key, surface, weight, place, times))
            for key, (kind, surface, weight, place, times) in self._found.items()
        ]


def _say_again(known: list[Any], place: Place) -> None:
    known[4] += 1
    known[3] = min(known[3], place)


def _is_followed(spots: list[Spot], at: int) -> bool:
    """Whether the next chunk continues a name: it is capitalised, and nothing divides them."""
    _, _, held, _, place = spots[at]
    if held[2] & _STOPS or at + 1 == len(spots) or held[0][0].endswith(_VERB_ENDS):
        return False
    _, _, following, _, next_place = spots[at + 1]
    return next_place == place + 1 and bool(following[2] & _CAPITAL)
