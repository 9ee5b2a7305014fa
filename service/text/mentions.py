"""Which words of an article name somebody or something, and which count or date it.

A name is a capitalised word that is not capitalised by grammar: inside a sentence
at once; at the start of one only if it stands in capitals elsewhere too, or another
name follows it. Headlines in Title Case prove nothing, so there a name needs the body.
"""

from typing import NamedTuple

from service.text.anchors import Anchor, Kind, Place
from service.text.dates import MONTHS, WEEKDAYS, day_in, day_key, day_of_month, is_year
from service.text.known_names import NOT_NAMES, known_name
from service.text.memo import Memo
from service.text.names import skeleton
from service.text.numbers import number_at, number_weight, pair_in
from service.text.scan import Scan, Spot
from service.text.tokens import CHUNKS, Mark

_CAPITAL = int(Mark.CAPITAL)
_FACT = int(Mark.FACT)
_BARE = int(Mark.BARE)
_BREAKS = int(Mark.BREAKS | Mark.ENDS)

_LONGEST_WORD = 40
"""Letters; longer runs are noise (addresses, unspaced scripts), not names."""


class _Name(NamedTuple):
    key: str
    surface: str
    weight: int
    leads: bool
    """It is the first word of its chunk."""


def _names(chunk: str) -> tuple[_Name, ...]:
    words, surfaces, *_ = CHUNKS[chunk]
    return tuple(
        _Name(key, surface, _name_weight(key, word), at == 0)
        for at, (word, surface) in enumerate(zip(words, surfaces, strict=True))
        if surface[0].isupper() and (key := _name_key(word, surface))
    )


def _name_key(word: str, surface: str) -> str | None:
    if known := known_name(word):
        return f"@{known}"
    if len(word) < 2 or len(word) > _LONGEST_WORD or word in NOT_NAMES:
        return None
    if surface == "WHO":
        return "@who"
    key = skeleton(word)
    return key if len(key) > 1 else None


def _name_weight(key: str, word: str) -> int:
    """Countries and two-consonant names are everywhere; long names are rare."""
    return 1 if key[0] == "@" else min(3, len(key) - 1, max(1, len(word) - 2))


_NAMES: Memo[tuple[_Name, ...]] = Memo(_names)


class Mentions:
    """Gathers anchors over title and body; the same key again only raises its count."""

    __slots__ = ("_doubtful", "_found")

    def __init__(self) -> None:
        self._found: dict[tuple[Kind, str], Anchor] = {}
        self._doubtful: list[tuple[_Name, Place]] = []

    def add(self, scanned: Scan, place: Place, *, proves_names: bool = True) -> None:
        """Reads a scan; ``place`` BODY means body with lead. Titles come after bodies."""
        spots = scanned.spots
        for at, spot in enumerate(spots):
            where = Place.LEAD if place and spot.start < scanned.lead_end else place
            if spot.mark & _CAPITAL:
                follows = proves_names and _is_followed(spots, at)
                for name in _NAMES[spot.chunk]:
                    if proves_names and (follows or not (spot.is_first and name.leads)):
                        self._note(Kind.NAME, name.key, name.surface, name.weight, where)
                    else:
                        self._doubtful.append((name, where))
            if spot.mark & _FACT:
                self._note_facts(scanned.words, spots, at, where)

    def anchors(self) -> list[Anchor]:
        """All anchors; doubtful names only where another place proves them."""
        for name, place in self._doubtful:
            if (Kind.NAME, name.key) in self._found:
                self._note(Kind.NAME, name.key, name.surface, name.weight, place)
        self._doubtful.clear()
        return list(self._found.values())

    def _note(self, kind: Kind, key: str, surface: str, weight: int, place: Place) -> None:
        known = self._found.get((kind, key))
        if known is None:
            self._found[kind, key] = Anchor(kind, key, surface, weight, place, 1)
        else:
            first = min(place, known.place)
            self._found[kind, key] = Anchor(
                kind, key, known.surface, known.weight, first, known.count + 1
            )

    def _note_facts(self, words: list[str], spots: list[Spot], at: int, place: Place) -> None:
        spot = spots[at]
        if day := day_in(spot.chunk.rstrip(".,;:)")):
            return self._note(Kind.DATE, day, spot.surfaces[0], 3, place)
        if pair := pair_in(spot.chunk):
            return self._note(Kind.NUMBER, pair, spot.chunk.strip("().,;"), 2, place)
        sign = spots[at + 1].chunk if _has_sign_behind(spots, at) else ""
        for offset, surface in enumerate(spot.surfaces):
            self._note_fact(words, spot.start + offset, surface, spot.chunk + sign, place)
        return None

    def _note_fact(
        self, words: list[str], at: int, surface: str, chunk: str, place: Place
    ) -> None:
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in WEEKDAYS:
            self._note(Kind.DATE, f"day{WEEKDAYS[word]}", surface, 1, place)
        elif word in MONTHS:
            self._note_month(MONTHS[word], words[at - 1] if at else "", following, surface, place)
        elif following in MONTHS and day_of_month(word):
            return
        elif is_year(word) and word == surface and chunk[:1] not in "$€£":
            self._note(Kind.DATE, word, surface, 1, place)
        elif day_of_month(word) and at and words[at - 1] in MONTHS:
            return
        elif number := number_at(words, at, chunk):
            shown = " ".join([surface, *words[at + 1 : at + number[1]]])
            self._note(Kind.NUMBER, number[0], shown, number_weight(number[0]), place)

    def _note_month(
        self, month: int, before: str, following: str, surface: str, place: Place
    ) -> None:
        if day := day_of_month(before):
            self._note(Kind.DATE, day_key(month, day), f"{before} {surface}", 3, place)
        elif day := day_of_month(following):
            self._note(Kind.DATE, day_key(month, day), f"{surface} {following}", 3, place)
        elif is_year(following):
            self._note(Kind.DATE, f"{following}-{month:02}", f"{surface} {following}", 2, place)


def _is_followed(spots: list[Spot], at: int) -> bool:
    """Whether the next chunk continues a name: it is capitalised, and nothing divides them."""
    spot = spots[at]
    if spot.mark & _BREAKS or at + 1 == len(spots):
        return False
    following = spots[at + 1]
    return following.start == spot.start + len(spot.words) and bool(following.mark & _CAPITAL)


def _has_sign_behind(spots: list[Spot], at: int) -> bool:
    """Whether a lone percent sign follows, as Russian typography sets it."""
    spot = spots[at]
    return (
        at + 1 < len(spots)
        and bool(spots[at + 1].mark & _BARE)
        and spots[at + 1].start == spot.start + len(spot.words)
        and "%" in spots[at + 1].chunk
    )
