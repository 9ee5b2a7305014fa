"""Byte order marks: what the first bytes of a text say of its encoding (Unicode, 23.8)."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # it begins with the one of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LONGEST = 4
"""Bytes."""


def marked(beginning: bytes) -> tuple[str, int]:
    r"""The encoding that a mark names and the mark's length; ``("", 0)`` without one.

    >>> marked(b"\xef\xbb\xbf<rss>")
    ('utf-8', 3)
    """
    return next(
        ((encoding, len(mark)) for mark, encoding in _MARKS if beginning.startswith(mark)), ("", 0)
    )
