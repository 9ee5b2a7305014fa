"""What a document's bytes say, as UTF-8: every reader is given that and nothing else.

The order is that of RFC 7303, 3, and of browsers: a byte order mark, the ``charset`` of
``Content-Type``, the XML declaration, and UTF-8 where nothing is said.
"""

import codecs
import re
from dataclasses import dataclass

from workers.feeds.reader import Note

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = {b"<\0": "utf-16-le", b"\0<": "utf-16-be", b"{\0": "utf-16-le", b"\0{": "utf-16-be"}
"""First bytes of documents in UTF-16 without a mark."""
_CHARSET = re.compile(r"""(?i);\s*charset\s*=\s*["']?([\w.:-]{1,40})""")
_DECLARED = re.compile(rb"""\s*<\?xml\s[^<>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as UTF-8, without a byte order mark."""

    text: bytes
    notes: tuple[Note, ...] = ()


def decoded(body: bytes, content_type: str = "") -> Decoded:
    """The document; U+FFFD stands for bytes that its encoding does not have."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _as_utf8(body[len(mark) :], encoding)
    said = _CHARSET.search(content_type)
    declared = _DECLARED.match(body)
    encoding = (
        _WIDE.get(body[:2])
        or (said[1] if said else "")
        or (declared[1].decode() if declared else "")
        or "utf-8"
    )
    return _as_utf8(body, encoding)


def _as_utf8(body: bytes, encoding: str) -> Decoded:
    try:
        if codecs.lookup(encoding).name == "utf-8" and _is_utf8(body):
            return Decoded(body)
        text = body.decode(encoding, "replace")
    except LookupError:
        note = Note("line 1", f"encoding {encoding!r} is not known, read as UTF-8")
        return Decoded(body.decode("utf-8", "replace").encode(), (note,))
    return Decoded(text.encode("utf-8", "replace"))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
