"""HTML to plain text, paragraphs kept as lines.

A tag's scan never passes the next ``<``, and a missing end of a script or comment is looked
for once, so the time is linear in the length: ``html.parser`` is not, and ``service.text``
cuts a text at 20,000 characters first, of which a page's markup can take most.
"""

import re
from collections.abc import Collection

from service.text.markup import unescaped

_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[A-Za-z][\w:.-]*+)(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*>"""
    r"|<(?P<end2>/?)(?P<name2>[A-Za-z][\w:.-]*+)[^<>]*+>"
    r"|<!--|<!\[CDATA\[|<[!?][^<>]*+>"
)
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hl1 hl2 hr li main nav ol p pre section table "
    "tbody td th thead title tr ul".split()
)
_HIDDEN = frozenset("script style head iframe noscript template object svg".split())
_SPACES = re.compile(r"\s++")
FRAME = frozenset("aside figcaption footer header nav".split())
"""Elements that stand around a text: menus, the clock, notes, captions."""
_HTML = re.compile(
    r"(?i)</(?:a|b|em|font|i|small|span|strong|sub|sup|u)\s*+>"
    r"|</?(?:body|blockquote|br|div|h[1-6]|hr|html|li|ol|p|pre|table|tbody|td|th|tr|ul)"
    r"(?:\s[^<>]*+)?/?>"
)


def is_markup(text: str) -> bool:
    """Whether text that is said to be plain holds HTML: a paragraph, or a word's end tag.

    >>> is_markup("<p>Ferry returns</p>"), is_markup("At the <Kino> 3 < 5")
    (True, False)
    """
    return _HTML.search(text) is not None


def text_of(source: str, *, leave_out: Collection[str] = ()) -> str:
    r"""The words of HTML as a reader sees them, without the elements to ``leave_out``; text
    without a tag keeps its lines.

    >>> text_of("<p>Fish &amp; <b>chips</b></p><script>x()</script><p>Peas</p>")
    'Fish & chips\nPeas'
    >>> text_of("One\n\nTwo  &lt; 3")
    'One\nTwo < 3'
    """
    pieces: list[str] = []
    at, blocks = 0, False
    left_out = set(leave_out)
    while found := _TAG.search(source, at):
        pieces.append(source[at : found.start()])
        at = found.end()
        name = (found["name"] or found["name2"] or "").lower()
        if found[0] == "<!--":
            at = _after(source, "-->", at)
        elif found[0] == "<![CDATA[":
            continue
        elif name in _HIDDEN and _opens(found):
            # Without an end tag everything behind it is hidden, as in a browser.
            at = _after_end_of(source, name, at) or len(source)
        elif name in left_out and _opens(found):
            pieces.append("\0")
            if end := _after_end_of(source, name, at):
                at = end
            else:
                left_out.remove(name)  # its end is looked for once
        elif name in _BLOCKS:
            pieces.append("\0")
            blocks = True
    pieces.append(source[at:])
    if not blocks:
        return lines("".join(pieces), keep_breaks=True)
    return lines("".join(pieces), keep_breaks=False)


def _opens(tag: re.Match[str]) -> bool:
    return not (tag["end"] or tag["end2"] or tag[0].endswith("/>"))


def lines(marked: str, *, keep_breaks: bool) -> str:
    """Unescaped lines without blank ones; NUL ends a line, and a break does if it is kept."""
    if keep_breaks:
        parts = unescaped(marked).replace("\0", "\n").split("\n")
    else:
        parts = [unescaped(part) for part in marked.split("\0")]
    stripped = (_SPACES.sub(" ", part).strip() for part in parts)
    return "\n".join(part for part in stripped if part)


def _after(source: str, end: str, at: int) -> int:
    found = source.find(end, at)
    return len(source) if found < 0 else found + len(end)


def _after_end_of(source: str, name: str, at: int) -> int | None:
    """Behind the element's end tag, if it has one."""
    found = re.compile(rf"</{name}\b[^<>]*+>", re.IGNORECASE).search(source, at)
    return found.end() if found else None
