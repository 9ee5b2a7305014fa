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
BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hl1 hl2 hr li main nav ol p pre section table "
    "tbody td th thead title tr ul".split()
)
"""Elements of HTML that begin and end a line."""
HIDDEN = frozenset("script style head iframe noscript template object svg".split())
"""Elements that hold no words of a text."""
_SPACES = re.compile(r"\s++")
_NAMES = BLOCKS | frozenset(
    "a abbr acronym area audio b base bdi bdo big br button canvas center cite code col colgroup "
    "data datalist del details dfn dialog em embed font form frame frameset i iframe img input "
    "ins kbd label legend link map mark menu meta meter nobr noscript object optgroup option "
    "output param picture progress q rp rt ruby s samp script select small source span strike "
    "strong style sub summary sup svg template textarea time track tt u var video wbr html "
    "head".split()
)
"""Elements of HTML, those of before HTML5 as well."""
_LINK_ALONE = re.compile(
    r"(?i)<(p|li|div)\b[^<>]*+>(?:[^<>]{0,60}:)?\s*+<a\b[^<>]*+>[^<>]*+</a>\s*+</\1>"
)
"""A paragraph that is a link, with or without what it is: ``Read also: …``."""
FRAME = frozenset("aside figcaption footer header nav".split())
"""Elements that stand around a text: menus, the clock, notes, captions."""
_PAGE_FRAME = FRAME | frozenset("audio button form menu select video".split())
"""Of a page as well: ``turbo:content`` begins with its title and a menu."""
_HTML = re.compile(
    r"(?i)</(?:a|b|em|font|i|small|span|strong|sub|sup|u)\s*+>"
    r"|</?(?:article|body|blockquote|br|div|figure|h[1-6]|head|hr|html|img|li|ol|p|pre|section|table"
    r"|tbody|td|th|tr|ul)(?:\s[^<>]*+)?/?>|<(?:a|font|span)\s[^<>]*+>"
)


def is_markup(text: str) -> bool:
    """Whether text that is said to be plain holds HTML: a paragraph, a link or a word's end tag.

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
        name = _name(found)
        if found[0] == "<!--":
            at = _after(source, "-->", at)
        elif found[0] == "<![CDATA[":
            continue
        elif name in HIDDEN and _opens(found):
            # Without an end tag everything behind it is hidden, as in a browser.
            at = _after_end_of(source, name, at) or len(source)
        elif name in left_out and _opens(found):
            pieces.append("\0")
            if end := _after_end_of(source, name, at):
                at = end
            else:
                left_out.remove(name)  # its end is looked for once
        elif name in BLOCKS:
            pieces.append("\0")
            blocks = True
    pieces.append(source[at:])
    if not blocks:
        return lines("".join(pieces), keep_breaks=True)
    return lines("".join(pieces), keep_breaks=False)


def article_of(source: str) -> str:
    """The words of a page's article, without what stands around them; all if nothing else does.

    >>> article_of("<header><h1>Ferry</h1></header><p>It sank.</p><li><a>More</a></li>")
    'It sank.'
    """
    return text_of(_LINK_ALONE.sub("\0", source), leave_out=_PAGE_FRAME) or text_of(source)


def title_of(source: str) -> str:
    """The words of a title in which HTML may be meant or not: what is no tag of HTML stays.

    >>> title_of("The <Kino> by the <b>lake</b>")
    'The <Kino> by the lake'
    """
    return text_of(_TAG.sub(_kept, source))


def _kept(found: re.Match[str]) -> str:
    name = _name(found)
    return found[0] if not name or name in _NAMES else f"&lt;{found[0][1:]}"


def _name(tag: re.Match[str]) -> str:
    return (tag["name"] or tag["name2"] or "").lower()


def _opens(tag: re.Match[str]) -> bool:
    return not (tag["end"] or tag["end2"] or tag[0].endswith("/>"))


def one_line(text: str) -> str:
    """Without breaks and double spaces."""
    return " ".join(text.split())


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
