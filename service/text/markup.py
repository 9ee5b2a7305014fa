"""Repairs and strips what a feed puts around words: mojibake, HTML, markdown.

All of it in time linear in the length: no pattern scans past the next ``<``, and an end that is
missing is looked for once.
Every step stands behind a test for a single character (0.1 µs), so clean text pays
for none. Addresses are dropped where words are cut (``tokens``).
"""

import html
import re

import ftfy

_MOJIBAKE = ("Ð", "Ñ", "â€", "Ã", "ï¿½")
"""UTF-8 read as Latin-1 or Windows-1252."""
_MOJIBAKE_DENSITY = 400
"""Characters to one sign of mojibake below which it is no accident: names hold Ñ and Ã."""

_MOJIBAKE_SAMPLE = 600
"""Characters looked at: a text is broken from its beginning or not at all."""

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
    text = _decoded(text)
    if "&" in text:
        text = unescaped(text)
    return _without_markup(text)


def plain_line(line: str) -> str:
    """A headline as a reader sees it: as `plain`, and more wary, since one word in it can take an
    item off the wire. It is short, so that costs little.

    >>> plain_line("<![CDATA[&amp;lt;b title='>'&amp;gt;K</b>ILL:]]> fish").split()
    ['KILL:', 'fish']
    """
    line = _decoded(line)
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


def _decoded(text: str) -> str:
    beginning = text[:_MOJIBAKE_SAMPLE]
    if any(sign in beginning for sign in _MOJIBAKE):
        text = _repaired(text)
    if beginning.count("Р") + beginning.count("С") > len(beginning) // 4:
        text = _from_windows_1251(text)
    return text


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


def _repaired(text: str) -> str:
    signs = sum(text.count(sign) for sign in _MOJIBAKE)
    if signs * _MOJIBAKE_DENSITY < len(text):
        return text
    return ftfy.fix_encoding(text)


def _from_windows_1251(text: str) -> str:
    """Cyrillic UTF-8 read as Windows-1251, where every second letter is Р or С."""
    try:
        repaired = text.encode("cp1251").decode(errors="replace")
    except UnicodeEncodeError:
        return text
    return text if repaired.count("\ufffd") * 50 > len(repaired) else repaired
