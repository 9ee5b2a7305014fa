"""Strips what a feed puts around words: HTML, markdown.

All of it in time linear in the length: no pattern scans past the next ``<``, and an end that is
missing is looked for once.
Every step stands behind a test for a single character (0.1 µs), so clean text pays
for none. Mojibake is repaired before (``mojibake``), and addresses are dropped where words are cut
(``tokens``).
"""

import html
import re

_HIDDEN_TEXT = re.compile(r"(?i)<(?:script|style)\b")
_HIDDEN = re.compile(rf"{_HIDDEN_TEXT.pattern}|<!--")
_ENDS = {
    "<script": re.compile(r"(?i)</script\s*+>"),
    "<style": re.compile(r"(?i)</style\s*+>"),
    "<!--": re.compile("-->"),
}
"""Where what is hidden begins, and how each kind of it ends."""
_BLOCK_TAG = re.compile(r"(?i)</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote)\b[^<>]{0,300}>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")

_REST_OF_TAG = r"""\b(?:[^<>"']++|"[^"]*+"|'[^']*+')*>"""
"""As HTML has it, where a quoted attribute may hold ``>``."""
_INLINE_TAG = re.compile(
    r"(?is)</?(?:a|abbr|b|big|bdi|bdo|cite|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)"
    rf"{_REST_OF_TAG}|<!--"
)
"""These end no word: a browser shows ``<b>K</b>ILL`` as one."""
_QUOTED_TAG = re.compile(rf"</?[A-Za-z]\w*{_REST_OF_TAG}")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_DEEPEST_ESCAPE = 3
"""Times that a feed's line is unescaped at most: what was written by three programs, each of which
escaped what it was given, is read like the line of the first."""

_MOST_DIGITS = 8
_LONG_NUMBER = re.compile(r"(?<=&#)[0-9]{9,}+")

_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}\)")
_EMPHASIS = re.compile(r"\*\*|__|~~|\|\|")


def plain(text: str) -> str:
    """``text`` as a reader sees it: markup gone, line breaks kept; addresses stay.

    >>> plain("<p>Fish &amp; chips</p>[more](https://example.org)").split()
    ['Fish', '&', 'chips', 'more']
    """
    if "&" in text:
        text = unescaped(text)
    return _without_markup(text)


def plain_line(line: str) -> str:
    """A headline as a reader sees it: as `plain`, and more wary, since one word in it can take an
    item off the wire. It is short, so that costs little.

    >>> plain_line("<![CDATA[&amp;lt;b title='>'&amp;gt;K</b>ILL:]]> fish").split()
    ['KILL:', 'fish']
    """
    for _ in range(_DEEPEST_ESCAPE):
        if "&" not in line:
            break
        line = unescaped(line)
    if "<" in line:
        line = _without(_HIDDEN_TEXT, " ", _CDATA.sub("", line))
        line = _without(_INLINE_TAG, "", line)
        line = _QUOTED_TAG.sub(" ", line)
    return _without_markup(line)


def unescaped(text: str) -> str:
    """``html.unescape``, also of references to characters by numbers of any length, on which Python
    raises ValueError.

    >>> unescaped("Fish &amp; chips &#" + "0" * 9_000 + "38; &#" + "9" * 9_000 + ";peas")
    'Fish & chips & �peas'
    """
    return html.unescape(_LONG_NUMBER.sub(_shortened, text))


def _shortened(number: re.Match[str]) -> str:
    """The same character: it is none from seven digits on."""
    return number[0].lstrip("0")[:_MOST_DIGITS] or "0"


def _without_markup(text: str) -> str:
    if "<" in text:
        text = _TAG.sub(" ", _BLOCK_TAG.sub("\n", _without(_HIDDEN, " ", text)))
    if "]" in text:
        text = _MARKDOWN_LINK.sub(r" \1 ", text)
    if "*" in text or "_" in text or "~" in text or "|" in text:
        text = _EMPHASIS.sub("", text)
    return text


def _without(beginning: re.Pattern[str], put: str, text: str) -> str:
    """``put`` in place of what begins so: a tag, or all up to the end that ``_ENDS`` names.

    What has no end stays.
    """
    pieces, at, missing = [], 0, set()
    while found := beginning.search(text, at):
        pieces.append(text[at : found.start()])
        kind, at = found[0].lower(), found.end()
        end = _ENDS.get(kind)
        closing = end.search(text, at) if end and kind not in missing else None
        if closing:
            at = closing.end()
        elif end:
            missing.add(kind)
            pieces.append(found[0])
            continue
        pieces.append(put)
    return "".join([*pieces, text[at:]])
