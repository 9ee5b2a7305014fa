"""Bodies in NITF and XHTML to plain text, a line a paragraph.

NITF and NewsML of both generations carry them as elements of the document itself, and agencies
also as text that is markup, in CDATA. What stands around the text is left out: agencies put the
clock, keywords and notes to editors into XHTML's ``header`` and ``footer``, and captions into
``figure``.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import cast
from xml.etree.ElementTree import Element

from workers.feeds.encoding.charset import decoded
from workers.feeds.readers.markup import BLOCKS, FRAME, HIDDEN, is_markup, lines, one_line, text_of
from workers.feeds.readers.xml import Node, tree

_LINES = BLOCKS - {"td", "th", "title"} | frozenset(
    "abstract block body.content bq byline datasource details distributor fn hedline html nitf "
    "nitf-table note para summary tagline tfoot".split()
)
"""Elements of NITF and XHTML that begin and end a line."""
_LISTS = frozenset({"dl", "ol", "ul"})
_CELLS = frozenset({"td", "th"})
"""Apart by a space, in the line of their row."""
_BODY = "body.content"
_HEADLINES = frozenset({"h1", "hl1"})
_PROSE = frozenset(
    "article blockquote body body.content div h1 h2 h3 html li main nitf p para pre section "
    "table".split()
)
_PROLOG = re.compile(r"\s*(?:<\?xml[^<>]*+>\s*)?(?:<!DOCTYPE[^<>\[\]]*+>)?", re.IGNORECASE)
_UNREAD = (
    FRAME
    | HIDDEN
    | frozenset(
        "audio button media nitf-table-metadata rp rt select table-of-contents video".split()
    )
)
"""What frames a text, captions and code; of NITF ``media`` is the picture with its caption."""
_NOTES = frozenset({"cpyrt", "editorsnote", "end", "hd", "trademk"})
"""Of NITF ``note/@noteclass``: said to editors, and no part of the text; ``@type`` ``npa`` is a
non-publishable advisory."""


def marked_up(content: Node, headline: str = "") -> str:
    """NITF's ``body.content``, XHTML's ``body``, or all there is; without an ``h1`` or ``hl1``
    that only says the ``headline`` once more.
    """
    pieces: list[str] = []
    for each in _inner(content):
        if len(each):
            _walk(each, pieces, one_line(headline))
        else:
            pieces.append(_escaped(of_text(each.text or ""), keep_breaks=True))
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
    if start >= 0 or is_markup(text):
        return text_of(text, leave_out=FRAME)
    return lines(_escaped(text), keep_breaks=True)


def of_base64(data: Node, content_type: str = "") -> str:
    """The text that an element holds in base64, with breaks wherever they are.

    Raises:
        ValueError: it is no base64.
    """
    try:
        text = b64decode("".join("".join(data.itertext()).split()), validate=True)
    except ValueError as error:
        raise ValueError(f"no base64: {error}") from error
    return decoded(text, content_type).text.decode()


def elements_in(markup: str) -> Node | None:
    """Markup that is data as elements, if it is well-formed: HTML often is not."""
    fragment = _PROLOG.sub("", markup, count=1)
    found = tree(f"<data>{fragment}</data>".encode("utf-8", "replace"), {"data"})
    return None if found.fault or not found.items else found.items[0]


def frame_of(content: Node) -> str:
    """What stands around the text, without keywords: notes to editors may be there."""
    said: list[str] = []
    for each in content.iter():
        if each.tag in {"header", "footer", "aside"}:
            said += [line_of(cast("Node", inner)) for inner in each if inner.tag not in _LISTS]
    return "\n".join(said)


def line_of(node: Node) -> str:
    """The words of an element in one line; a ``br`` parts them."""
    pieces: list[str] = []
    for each in node:
        _walk(each, pieces, "")
        pieces.append(_escaped(each.tail))
    return one_line(lines(_escaped(node.text) + "".join(pieces), keep_breaks=True))


def headline_in(content: Node) -> str:
    """What content calls its headline: NITF ``hl1``, XHTML ``h1``, else the title in its head."""
    for name in ("hl1", "h1"):
        for each in content.iter(name):
            if found := line_of(cast("Node", each)):
                return found
    head = _first(content, "head")
    return head.words("title") if head is not None else ""


def is_prose(content: Node) -> bool:
    """Whether elements hold text as NITF or XHTML has it: paragraphs, or words right away.
    SportsML, GML, EventsML and the like have properties.
    """
    root = next(content.nodes(), None)
    if root is None or (content.text or "").strip():
        return True
    return any(each.tag in _PROSE for each in content.iter())


def _inner(content: Node) -> list[Node]:
    """NITF's ``body`` is ``body.head?, body.content*, body.end?``; a ``note`` in ``body.head`` has
    a ``body.content`` of its own, for editors.
    """
    if body := _first(content, "body"):
        return body.children(_BODY) or [body]
    return [_first(content, _BODY) or content]


def _first(content: Node, name: str) -> Node | None:
    return cast("Node | None", next(iter(content.iter(name)), None))


def _walk(node: Element, pieces: list[str], headline: str, *, keep_breaks: bool = False) -> None:
    """Text in order, NUL at both ends of a line's element; NUL can't occur in XML."""
    name = node.tag
    if name in _UNREAD or (name == "note" and _is_for_editors(node)):
        return
    if name == "figure":
        for table in _tables(node):
            _walk(table, pieces, headline)
        return
    if headline and name in _HEADLINES and line_of(cast("Node", node)) == headline:
        return
    mark = "\0" if name in _LINES else " " if name in _CELLS else ""
    keep_breaks = keep_breaks or name == "pre"
    pieces += [mark, _escaped(node.text, keep_breaks=keep_breaks)]
    for each in node:
        _walk(each, pieces, headline, keep_breaks=keep_breaks)
        pieces.append(_escaped(each.tail, keep_breaks=keep_breaks))
    pieces.append(mark)


def _is_for_editors(note: Element) -> bool:
    return note.get("noteclass") in _NOTES or note.get("type") == "npa"


def _tables(node: Element) -> Iterator[Element]:
    """Those that are in no other one."""
    for each in node:
        if each.tag in {"table", "nitf-table"}:
            yield each
        else:
            yield from _tables(each)


def _escaped(text: str | None, *, keep_breaks: bool = False) -> str:
    """Kept from being unescaped a second time."""
    escaped = (text or "").replace("&", "&amp;")
    return escaped.replace("\n", "\0") if keep_breaks else escaped
