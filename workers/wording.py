"""Words as they are shown: those of feeds made safe for one line, numbers with their nouns."""

import re
import unicodedata
from math import floor

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Would turn the rest of the line around, column borders included."""
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}]")
"""What steers a terminal: C0 and C1 controls (U+009B is as good as ESC [), and these."""


def plain(words: str, limit: int | None = None) -> str:
    r"""One line without control codes, cut to ``limit`` characters.

    >>> plain("Пожар\n на\x1b[31m пароме", limit=12)
    'Пожар на [3…'
    """
    line = " ".join("".join(map(_safe, words)).split())
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line


def harmless(text: str) -> str:
    r"""Text of several lines that steers no terminal; what would is a replacement character.

    >>> harmless("one\x1b[31m\ntwo\x9b2J")
    'one�[31m\ntwo�2J'
    """
    return _UNSAFE.sub("\ufffd", text)


def harmless_json(text: str) -> str:
    r"""JSON that says the same, written so that it steers no terminal.

    >>> harmless_json('{"title": "\x9b2J"}')
    '{"title": "\\u009b2J"}'
    """
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def cause(message: str) -> str:
    """What a validator said, without the kind of error that Pydantic names before it.

    >>> cause("Value error, neither title nor text holds a word")
    'neither title nor text holds a word'
    """
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "story", "stories"), counted(1200, "article")
    ('1 story', '1,200 articles')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def digits_of(share: float, digits: int) -> str:
    """A share with so many digits, cut and not rounded up: only a whole reads 1.

    >>> digits_of(0.999, 2), digits_of(0.57, 2), digits_of(1.0, 2)
    ('0.99', '0.57', '1.00')
    """
    scale = 10**digits
    # 0.57 * 100 is 56.99999999999999: without the grain it would read 0.56.
    return f"{floor(share * scale + 1e-9) / scale:.{digits}f}"


def _safe(char: str) -> str:
    if char in _BIDI:
        return ""
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    return " " if category == "Cc" else char
