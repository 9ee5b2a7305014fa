"""One pass over a text: its words, and the places worth a second look."""

from typing import NamedTuple

from service.text.tokens import CHUNKS, LINE_END, Chunk, Mark

_LINE_END = f" {LINE_END} "
_ENDS = int(Mark.ENDS)
_BARE = int(Mark.BARE)

SHORTEST_LEAD = 20
LONGEST_LEAD = 60
"""Words. The lead is the first sentence, or the first few if they are short."""

Spot = tuple[str, int, Chunk, bool]
"""A chunk that holds more than lower-case words: as written; index of its first word in
the text; what it holds; whether a sentence begins with it, so that a capital says nothing.
Plain tuples: a named one costs 0.4 µs, and an article has 150."""


class Scan(NamedTuple):
    """The words of a text and its spots."""

    words: list[str]
    spots: list[Spot]
    lead_end: int
    """``words[:lead_end]`` is the lead."""
    hashes: bytes
    """xxh32 of each word, four bytes each, little-endian."""


def scan(text: str) -> Scan:
    """Cuts ``text`` into words; a look-up a chunk for those seen before."""
    words: list[str] = []
    spots: list[Spot] = []
    hashes: list[bytes] = []
    is_first = True
    lead_end = 0
    for chunk in text.replace("\n", _LINE_END).split():
        held = CHUNKS[chunk]
        hashes.append(held[3])
        mark = held[2]
        if mark:
            spots.append((chunk, len(words), held, is_first))
            words += held[0]
            if mark & _ENDS:
                is_first = True
                if not lead_end and len(words) >= SHORTEST_LEAD:
                    lead_end = len(words)
            elif not mark & _BARE:
                is_first = False
        else:
            words += held[0]
            is_first = False
    lead_end = min(lead_end or LONGEST_LEAD, LONGEST_LEAD, len(words))
    return Scan(words, spots, lead_end, b"".join(hashes))
