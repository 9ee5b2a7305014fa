"""Bodies in NITF and XHTML to plain text, a line a paragraph.

NITF and NewsML of both generations carry them as elements of the document itself, and agencies
also as text that is markup, in CDATA.
"""

import re
from xml.etree.ElementTree import Element

from workers.feeds.readers.markup import lines, text_of
from workers.feeds.readers.xml import Node

_LINES = frozenset(
    "p hl1 hl2 h1 h2 h3 h4 h5 h6 li dt dd tr br div block blockquote pre hr section".split()
)
"""Elements of NITF and XHTML that begin and end a line."""
_CELLS = frozenset({"td", "th"})
_UNREAD = frozenset("media head script style figure object table-of-contents svg".split())
"""Captions and code; of NITF ``media`` is the picture with its caption."""
_MARKUP = re.compile(
    r"(?i)<(?:p|br|div|table|tr|td|ul|ol|li|h[1-6]|block|blockquote|pre|hr|body|body\.content|nitf"
    r"|html)(?:\s[^<>]*+)?/?>|</(?:p|b|i|a|em|strong|span|div|h[1-6]|pre)\s*+>"
)
"""Tags that no sentence has by chance: ``<Kino>`` is a title."""
_BODY = "body.content"


def marked_up(content: Node) -> str:
    """NITF's ``body.content``, XHTML's ``body``, or all there is."""
    pieces: list[str] = []
    for each in _inner(content):
        if len(each) == 0:
            # In CDATA: its own markup, if it has any.
            pieces.append(_escaped(of_text(each.text or ""), keep_breaks=True))
        else:
            _walk(each, pieces, keep_breaks=False)
        pieces.append("\0")
    return lines("".join(pieces), keep_breaks=False)


def of_text(text: str) -> str:
    r"""Text as it stands, or its words if it is markup, whatever it is said to be.

    >>> of_text("Der Film <Kino>\n\nbei R&amp;D"), of_text("<p>Fish &amp; chips</p><p>Peas</p>")
    ('Der Film <Kino>\nbei R&amp;D', 'Fish & chips\nPeas')
    """
    start = text.find(f"<{_BODY}")
    if start >= 0:
        end = text.find(f"</{_BODY}", start)
        text = text[start : end if end > 0 else len(text)]
    return text_of(text) if _MARKUP.search(text) else lines(_escaped(text), keep_breaks=True)


def _inner(content: Node) -> list[Node]:
    """``body`` (NITF 3.x: ``body.head?, body.content*, body.end?``); a ``note`` in ``body.head``
    has a ``body.content`` of its own, for editors.
    """
    body = next((each for each in content.iter("body")), None)
    if isinstance(body, Node):
        return body.children(_BODY) or [body]
    return [each for each in content.iter(_BODY) if isinstance(each, Node)] or [content]


def _walk(node: Element, pieces: list[str], *, keep_breaks: bool) -> None:
    """Text in order, NUL at both ends of a line's element; NUL can't occur in XML."""
    if node.tag in _UNREAD or (node.tag == "note" and node.get("type") == "npa"):
        return  # npa: a non-publishable advisory
    mark = "\0" if node.tag in _LINES else " " if node.tag in _CELLS else ""
    keep_breaks = keep_breaks or node.tag == "pre"
    pieces += [mark, _escaped(node.text, keep_breaks=keep_breaks)]
    for each in node:
        _walk(each, pieces, keep_breaks=keep_breaks)
        pieces.append(_escaped(each.tail, keep_breaks=keep_breaks))
    pieces.append(mark)


def _escaped(text: str | None, *, keep_breaks: bool = False) -> str:
    """Kept from being unescaped a second time."""
    text = (text or "").replace("&", "&amp;")
    return text.replace("\n", "\0") if keep_breaks else text
