"""Which words of an article name somebody or something, and which count or date it.

A name is a capitalised word that is not capitalised by grammar: inside a sentence
at once; at the start of one only if it stands in capitals elsewhere too, or another
name follows it. Headlines in Title Case prove nothing, so there a name needs the body.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from service.text.anchors import Anchor, Kind, Place
from service.text.facts import facts_at
from service.text.known_names import KNOWN, phrase_at
from service.text.naming import OPENS_PHRASE, Name
from service.text.scan import Scan, Spot
from service.text.tokens import Mark

_CAPITAL = int(Mark.CAPITAL)
_FACT = int(Mark.FACT)
_NAME = Kind.NAME
_BODY, _LEAD, _TITLE = Place.BODY, Place.LEAD, Place.TITLE
_anchor = cast("Callable[[Iterable[Any]], Anchor]", partial(tuple.__new__, Anchor))
"""``Anchor._make`` without a frame of Python: an article has two dozen."""
_STOPS = int(Mark.BREAKS | Mark.ENDS)
_FEWEST_SHOUTED = 3
_SHOUTED = 0.7
"""Share of the capitalised words and numbers that are all capitals."""

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
    gathered.read(
        content.spots,
        content.words,
        Place.BODY,
        lead_end=content.lead_end,
        proves_names=not _is_shouted(content),
    )
    proves = not is_title_case or not (content.words or _is_shouted(heading))
    gathered.read(heading.spots, heading.words, _TITLE, proves_names=proves)
    return gathered.anchors()


def _is_shouted(read: Scan) -> bool:
    """Whether a text is in capitals throughout, so that they prove nothing."""
    if 2 * len(read.spots) < len(read.words) or len(read.words) < _FEWEST_SHOUTED:
        return False
    written = [surface for _, _, held, *_ in read.spots for surface in held[1] if len(surface) > 1]
    return sum(map(str.isupper, written)) > _SHOUTED * len(written)


class _Gathered:
    __slots__ = ("_doubtful", "_found")

    def __init__(self) -> None:
        self._found: dict[str, list[Any]] = {}
        """Key → the fields of its ``Anchor``."""
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
        doubt, taken, named = self._doubtful.append, 0, 0
        known = self._found
        for at, (_, start, (_, _, mark, held), is_first, _) in enumerate(spots):
            where = _LEAD if start < lead_end else place
            if held and start >= named:
                names = held
                if names[0][0][0] == OPENS_PHRASE:
                    names, named = _opened(names, words, start)
                for name in names:
                    key, surface, weight, is_head = name
                    is_sure = proves_names and not (
                        is_first and is_head and not _is_followed(spots, at)
                    )
                    if not is_sure and key[0] != KNOWN:
                        doubt((name, where))
                    elif (said := known.get(key)) is not None:
                        _say_again(said, where)
                    else:
                        known[key] = [_NAME, key, surface, weight, where, 1]
            if mark & _FACT:
                taken = self._read_facts(words, spots, at, taken, where)

    def _read_facts(
        self, words: list[str], spots: list[Spot], at: int, taken: int, where: Place
    ) -> int:
        """Numbers and dates of one chunk; the index behind the last word that belongs to one."""
        known = self._found
        for kind, key, surface, weight, end in facts_at(words, spots, at, taken):
            taken = end
            if (said := known.get(key)) is not None:
                _say_again(said, where)
            else:
                known[key] = [kind, key, surface, weight, where, 1]
        return taken

    def anchors(self) -> list[Anchor]:
        """Doubtful names count only where another place has proved them."""
        for name, place in self._doubtful:
            if (said := self._found.get(name[0])) is not None:
                _say_again(said, place)
        return list(map(_anchor, self._found.values()))


def _say_again(said: list[Any], place: Place) -> None:
    said[5] += 1
    said[4] = min(said[4], place)


def _opened(names: tuple[Name, ...], words: list[str], start: int) -> tuple[tuple[Name, ...], int]:
    """The name of the phrase that begins here, if one does, and the index behind its words."""
    (opener, *_), *others = names
    if found := phrase_at(words, start, opener[1:]):
        key, end = found
        return ((key, " ".join(words[start:end]), 2, True),), end
    return tuple(others), start


def _is_followed(spots: list[Spot], at: int) -> bool:
    """Whether the next chunk continues a name: it is capitalised, and nothing divides them."""
    _, _, held, _, place = spots[at]
    if held[2] & _STOPS or at + 1 == len(spots) or held[0][0].endswith(_VERB_ENDS):
        return False
    _, _, following, _, next_place = spots[at + 1]
    return next_place == place + 1 and bool(following[2] & _CAPITAL)
