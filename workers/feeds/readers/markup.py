"""HTML to plain text, paragraphs kept as lines.

A tag's scan never passes the next ``<``, and a missing end of a script or comment is looked
for once, so the time is linear in the length: ``html.parser`` is not, and ``service.text``
cuts a text at 20,000 characters first, of which a page's markup can take most.
"""

import re

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
_NAMES = _BLOCKS | frozenset(
    "a abbr acronym area audio b base bdi bdo big br button canvas center cite code col colgroup "
    "data datalist del details dfn dialog em embed font form frame frameset i iframe img input "
    "ins kbd label legend link map mark menu meta meter nobr noscript object optgroup option "
    "output param picture progress q rp rt ruby s samp script select small source span strike "
    "strong style sub summary sup svg template textarea time track tt u var video wbr html "
    "head".split()
)
"""Elements of HTML, those of before HTML5 as well."""
_ASIDE = frozenset("audio button figcaption footer form header menu nav select video".split())
"""What stands around an article's words: ``turbo:content`` begins with the title and a menu."""
_LINK_ALONE = re.compile(
    r"(?i)<(p|li|div)\b[^<>]*+>(?:[^<>]{0,60}:)?\s*+<a\b[^<>]*+>[^<>]*+</a>\s*+</\1>"
)
"""A paragraph that is a link, with or without what it is: ``Read also: …``."""
_SPACES = re.compile(r"\s++")


def text_of(source: str) -> str:
    r"""The words of HTML as a reader sees them; text without a tag keeps its lines.

    >>> text_of("<p>Fish &amp; <b>chips</b></p><script>x()</script><p>Peas</p>")
    'Fish & chips\nPeas'
    >>> text_of("One\n\nTwo  &lt; 3")
    'One\nTwo < 3'
    """
    return _text_of(source, frozenset())


def article_of(source: str) -> str:
    """The words of a page's article, without what stands around them; all if nothing else does.

    >>> article_of("<header><h1>Ferry</h1></header><p>It sank.</p><li><a>More</a></li>")
    'It sank.'
    """
    return _text_of(_LINK_ALONE.sub("\0", source), _ASIDE) or text_of(source)


def title_of(source: str) -> str:
    """The words of a title in which HTML may be meant or not: what is no tag of HTML stays.

    >>> title_of("The <Kino> by the <b>lake</b>")
    'The <Kino> by the lake'
    """
    return text_of(_TAG.sub(_kept, source))


def has_tags(source: str) -> bool:
    """Whether there is an end tag of HTML, or a tag that needs none.

    >>> has_tags("<b>Ferry</b>"), has_tags("Ferry<br>"), has_tags("<b> of <Kino>")
    (True, True, False)
    """
    return any(
        found["end"] or found["end2"] or name in {"br", "img", "hr"}
        for found in _TAG.finditer(source)
        if (name := _name(found)) in _NAMES
    )


def _kept(found: re.Match[str]) -> str:
    name = _name(found)
    return found[0] if not name or name in _NAMES else f"&lt;{found[0][1:]}"


def _name(found: re.Match[str]) -> str:
    return (found["name"] or found["name2"] or "").lower()


def _text_of(source: str, aside: frozenset[str]) -> str:
    endless: set[str] = set()
    pieces: list[str] = []
    at, blocks = 0, False
    while found := _TAG.search(source, at):
        pieces.append(source[at : found.start()])
        at = found.end()
        name = _name(found)
        opens = not (found["end"] or found["end2"] or found[0].endswith("/>"))
        if found[0] == "<!--":
            at = _after(source, "-->", at)
        elif found[0] == "<![CDATA[":
            continue
        elif opens and (name in _HIDDEN or (name in aside and name not in endless)):
            end = _end_of(source, name, at)
            if end is None:
                endless.add(name)
                # As in a browser nothing behind a script is shown; behind a menu is the article.
                end = at if name in aside else len(source)
            at = end
        if name in _BLOCKS:
            pieces.append("\0")
            blocks = True
    pieces.append(source[at:])
    if not blocks:
        return lines("".join(pieces), keep_breaks=True)
    return lines("".join(pieces), keep_breaks=False)


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


def _end_of(source: str, name: str, at: int) -> int | None:
    """Behind the element's end tag, where there is one."""
    found = re.compile(rf"</{name}\b[^<>]*+>", re.IGNORECASE).search(source, at)
    return found.end() if found else None
