"""One pass over a text: its words, and the places worth a second look."""

from typing import NamedTuple

from service.text.tokens import CHUNKS, Mark

_LINE_END = " \u00b6 "
"""Stands for a line break while chunks are cut; a line break ends a sentence."""
_ENDS = int(Mark.ENDS)
_BARE = int(Mark.BARE)

SHORTEST_LEAD = 20
LONGEST_LEAD = 60
"""Words. The lead is the first sentence, or the first few if they are short."""


class Spot(NamedTuple):
    """A chunk that holds more than plain lower-case words."""

    chunk: str
    start: int
    """Index of its first word among the text's words."""
    words: tuple[str, ...]
    surfaces: tuple[str, ...]
    mark: int
    is_first: bool
    """Its first word begins a sentence, so a capital there says nothing."""


class Scan(NamedTuple):
    """The words of a text and its spots."""

    words: list[str]
    spots: list[Spot]
    lead_end: int
    """``words[:lead_end]`` is the lead."""
    hashes: bytes
    """xxh32 of each word, four bytes each, little-endian."""


def scan(text: str) -> Scan:
    """Cuts ``text`` into words; 40 µs for 3 kB whose chunks have been seen before."""
    words: list[str] = []
    spots: list[Spot] = []
    hashes = bytearray()
    is_first = True
    lead_end = 0
    for chunk in text.replace("\n", _LINE_END).split():
        chunk_words, surfaces, mark, packed = CHUNKS[chunk]
        hashes += packed
        if mark:
            spots.append(Spot(chunk, len(words), chunk_words, surfaces, mark, is_first))
            words += chunk_words
            if mark & _ENDS:
                is_first = True
                if not lead_end and len(words) >= SHORTEST_LEAD:
                    lead_end = len(words)
            elif not mark & _BARE:
                is_first = False
        else:
            words += chunk_words
            is_first = False
    lead_end = min(lead_end or LONGEST_LEAD, LONGEST_LEAD, len(words))
    return Scan(words, spots, lead_end, bytes(hashes))
