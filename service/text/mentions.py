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
        self._found: dict[str, tuple[Kind, str, int, list[Any]]] = {}
        """Key → kind, surface, weight, and the first place with how often it stands there."""
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
        note, doubt, lead, taken = self._note, self._doubtful.append, Place.LEAD, 0
        for at, (_, start, held, is_first, _) in enumerate(spots):
            where = lead if start < lead_end else place
            mark = held[2]
            if mark & _CAPITAL:
                for name in held[3]:
                    is_sure = proves_names and not (
                        is_first and name[3] and not _is_followed(spots, at)
                    )
                    if not is_sure and name[0][0] != _KNOWN:
                        doubt((name, where))
                    else:
                        note(_NAME, name[0], name[1], name[2], where)
            if mark & _FACT:
                for kind, key, surface, weight, end in facts_at(words, spots, at, taken):
                    note(kind, key, surface, weight, where)
                    taken = end

    def anchors(self) -> list[Anchor]:
        """Doubtful names count only where another place has proved them."""
        for (key, surface, weight, _), place in self._doubtful:
            if key in self._found:
                self._note(_NAME, key, surface, weight, place)
        return [
            Anchor(kind, key, surface, weight, place, times)
            for key, (kind, surface, weight, (place, times)) in self._found.items()
        ]

    def _note(self, kind: Kind, key: str, surface: str, weight: int, place: Place) -> None:
        known = self._found.get(key)
        if known is None:
            self._found[key] = (kind, surface, weight, [place, 1])
            return
        counted = known[3]
        counted[1] += 1
        counted[0] = min(counted[0], place)


def _is_followed(spots: list[Spot], at: int) -> bool:
    """Whether the next chunk continues a name: it is capitalised, and nothing divides them."""
    _, _, held, _, place = spots[at]
    if held[2] & _STOPS or at + 1 == len(spots) or held[0][0].endswith(_VERB_ENDS):
        return False
    _, _, following, _, next_place = spots[at + 1]
    return next_place == place + 1 and bool(following[2] & _CAPITAL)
