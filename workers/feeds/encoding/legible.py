"""XML without the characters that XML does not have (XML 1.0, 2.2), for which a parser gives up the
document: a control character that a text processor left in a headline, a reference to one, or an
emoji that a program wrote as references to its two halves.
"""

import re

_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_AS_SPACES = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_NO_CHARACTER = "\ufffd"
_BEGINS = 1_000
"""Bytes in which the first that is no space stands."""
_REFERENCE = rb"""&\#(?: x0{0,9} (?: [0-8bcef] | 1[0-9a-f] | d[89a-f][0-9a-f]{2} | fff[ef] )
    | 0{0,9} (?: [0-8] | 1[124-9] | 2\d | 3[01] | 5529[6-9] | 55[3-9]\d\d | 56\d{3}
        | 57[0-2]\d\d | 573[0-3]\d | 5734[0-3] | 6553[45] ) );"""
_REFERENCES = re.compile(_REFERENCE + b"(?:" + _REFERENCE + b")*", re.IGNORECASE | re.VERBOSE)
"""To control characters, halves of characters (U+D800 to U+DFFF), U+FFFE and U+FFFF."""


def legible(document: bytes) -> tuple[bytes, int]:
    """A document in UTF-8 and in how many places it was mended; one that is no XML as it is.

    Spaces stand for control characters, U+FFFD for what is no character at all.

    >>> legible(b"<a>Ferry&#11;returns &#55357;&#56898;</a>")[0].decode()
    '<a>Ferry returns 🙂</a>'
    """
    if document[:_BEGINS].lstrip()[:1] != b"<":
        return document, 0
    spaced = document.translate(_AS_SPACES)
    mended = 0
    if spaced != document:
        mended = len(document) - len(document.translate(None, _CONTROLS))
    for noncharacter in ("\ufffe", "\uffff"):
        mended += spaced.count(noncharacter.encode())
        spaced = spaced.replace(noncharacter.encode(), _NO_CHARACTER.encode())
    spaced, references = _REFERENCES.subn(_characters, spaced)
    return spaced, mended + references


def _characters(references: re.Match[bytes]) -> bytes:
    numbers = (each.lower() for each in references[0].replace(b"&#", b"").split(b";")[:-1])
    halves = "".join(
        _half(int(each[1:], 16) if each[:1] == b"x" else int(each)) for each in numbers
    )
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _half(number: int) -> str:
    if number < 0x20:
        return " "
    return chr(number) if number < 0xE000 else _NO_CHARACTER
