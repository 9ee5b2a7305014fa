"""CDATA sections and comments that nobody closed, which would take in the items behind them."""

import re

from workers.feeds.reader import Note

_MARK = re.compile(
    rb"(?i)<!\[CDATA\[|\]\]>|<!--|-->|</(?:item|entry)\s*>|<(?:item|entry)[\s>]|<[\w.-]*+:?deleted-entry\s"
)
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
_MARKS = frozenset([*_ENDS, *_ENDS.values()])


def with_ends(document: bytes) -> tuple[bytes, list[Note]]:
    """The document with the ends that its sections lack, and a note of each: before the next end
    or beginning of an item, where another section begins before this one ends, or none ends.
    XML would have no objection to the former: a CDATA section may hold all but its own end.

    >>> with_ends(b"<item><![CDATA[a</item><item><![CDATA[b]]></item>")[0]
    b'<item><![CDATA[a]]></item><item><![CDATA[b]]></item>'
    """
    pieces: list[bytes] = []
    notes: list[Note] = []
    taken = line = 0
    section, item_ends = b"", -1

    def end() -> None:
        nonlocal taken, line
        pieces.extend((document[taken:item_ends], _ENDS[section]))
        line += pieces[-2].count(b"\n")
        notes.append(Note(f"line {line + 1}", f"{section.decode()} without an end; ended here"))
        taken = item_ends

    for found in _MARK.finditer(document):
        mark = found[0].upper()
        if mark == _ENDS.get(section):
            section = b""
        elif mark in _ENDS and (not section or (mark == section and item_ends >= 0)):
            if section:
                end()
            section, item_ends = mark, -1
        elif mark not in _MARKS and section and item_ends < 0:
            item_ends = found.start()
    if section and item_ends >= 0:
        end()
    return b"".join([*pieces, document[taken:]]), notes
