"""Bodies in NITF and XHTML to plain text, a line a paragraph.

NITF and NewsML of both generations carry them as elements of the document itself.
"""

from xml.etree.ElementTree import Element

from workers.feeds.readers.markup import lines
from workers.feeds.readers.xml import Node

_LINES = frozenset(
    "p hl1 hl2 h1 h2 h3 h4 h5 h6 li dt dd tr br div block blockquote pre hr section".split()
)
"""Elements of NITF and XHTML that begin and end a line."""
_UNREAD = frozenset("media head script style figure object table-of-contents svg".split())
"""Captions and code; of NITF ``media`` is the picture with its caption."""


def marked_up(content: Node) -> str:
    """NITF's ``body.content``, XHTML's ``body``, or all there is."""
    inner = (
        next((each for each in content.iter("body.content")), None)
        or next((each for each in content.iter("body")), None)
        or content
    )
    pieces: list[str] = []
    _walk(inner, pieces)
    return lines("".join(pieces), keep_breaks=False)


def _walk(node: Element, pieces: list[str]) -> None:
    """Text in order, NUL at both ends of a line's element; NUL can't occur in XML."""
    if node.tag in _UNREAD:
        return
    mark = "\0" if node.tag in _LINES else ""
    pieces += [mark, _escaped(node.text)]
    for each in node:
        _walk(each, pieces)
        pieces.append(_escaped(each.tail))
    pieces.append(mark)


def _escaped(text: str | None) -> str:
    """Kept from being unescaped a second time."""
    return (text or "").replace("&", "&amp;")
