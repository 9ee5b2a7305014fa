"""What a document is that no reader understands: one letter says so, for all of it."""

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

from workers.feeds.reader import LONGEST_FRAGMENT, Document, Item, NotUnderstood
from workers.feeds.readers.values import NoJson, values
from workers.feeds.readers.xml import tree
from workers.wording import plain

_LOOKED_AT = 4_000
"""Bytes; what a document is shows at its beginning."""
_SHOWN = 80
"""Characters of it that are quoted."""
_NAMES_SHOWN = 8
_KINDS = {list: "lists", str: "strings", int: "numbers", float: "numbers"}
_REMEDY = "send one of these formats, or see what answers at the address that it is from"
_BINARY = (
    (rb"%PDF-", "a PDF"),
    (rb"\x1f\x8b", "a gzip file (compressed again, or sent without Content-Encoding: gzip)"),
    (rb"PK\x03\x04", "a ZIP archive or an Office document"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (rb"\x89PNG\r\n", "a PNG image"),
    (rb"\xff\xd8\xff", "a JPEG image"),
    (rb"GIF8[79]a", "a GIF image"),
    (rb"RIFF....WEBP", "a WebP image"),
    (rb"\0\0..ftyp", "a video or an image (ISO media)"),
    (rb"ID3[\x02-\x04]\0", "an MP3 file"),
    (rb"BZh[1-9]1AY&SY", "a bzip2 file"),
    (rb"\xfd7zXZ\0", "an xz file"),
    (rb"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (rb"Rar!\x1a\x07", "a RAR archive"),
)
"""First bytes that no text has."""
_BEGINS = (
    ("{\\rtf", "RTF"),
    ("BEGIN:VCALENDAR", "an iCalendar file"),
    ("%!PS", "PostScript"),
)
_JSON = re.compile(r"\{\s*+[\"}]|\[\s*+[\]\[{\"\dtfn-]")
"""A template or a list in brackets may begin with a brace, too."""
_COMMENT = re.compile(rb"(?s)<!--.*?(?:-->|\Z)")
_TAG = re.compile(rb"(?i)<(?:!doctype\s++)?([a-z][\w:.-]*+)")
_PAGE = frozenset(
    b"html head body meta title script style link noscript div p br b hr h1 h2 h3 center table "
    b"form span a iframe img ul font".split()
)
"""Elements that pages begin with, whole ones and what a server's fault leaves of them."""
_TITLE = re.compile(r"(?i)<(?:title|h1)\b[^<>]*+>([^<]*+)")
_NAMESPACE = r"\bxmlns{}\s*+=\s*+[\"']([^\"'<>]{{1,200}})"
_ERRORS = frozenset({"error", "errors", "message", "detail", "title"})
"""Members in which an API says why not; of RFC 9457 and others."""


class Unknown:
    """Reads no item of any document."""

    def __init__(self, expected: str) -> None:
        self._expected = expected
        """The formats that are read."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        detail = f"{seems(document)}, expected {self._expected}"
        yield NotUnderstood("document", detail, _REMEDY, document.text[:LONGEST_FRAGMENT])


def binary_kind(body: bytes) -> str:
    """What a document is by its first bytes, where that is no text; else empty."""
    return next((name for magic, name in _BINARY if re.match(magic, body, re.DOTALL)), "")


def root_of(text: bytes) -> str:
    """The local name of the root element; empty if there is none. Mostly it stands at once."""
    return tree(text[:_LOOKED_AT], ()).root or tree(text, ()).root


def first_element(beginning: bytes) -> bytes:
    """The name of the first element, or of the document type, in lower case; empty without one."""
    found = _TAG.search(_COMMENT.sub(b"", beginning))
    return found[1].lower() if found else b""


def seems(document: Document) -> str:
    """What a document is, as far as its beginning says it, in words for who sent it."""
    text = document.text.lstrip()
    beginning = text[:_LOOKED_AT].decode("utf-8", "replace")
    if document.binary or not beginning:
        return document.binary or "an empty document"
    if known := next((name for begins, name in _BEGINS if beginning.startswith(begins)), ""):
        return known
    if _JSON.match(beginning):
        return _json(text.decode())
    if beginning[0] == "<":
        return _markup(text, beginning)
    if separator := _separator(beginning):
        return f"a table with {separator}, such as CSV: {_quoted(beginning)}"
    return f"plain text: {_quoted(beginning)}"


def _json(text: str) -> str:
    try:
        first = next(values(text), None)
    except NoJson as error:
        return f"broken JSON ({error.detail})"
    if first is None:
        return "an empty JSON list"
    if text.startswith("["):
        return f"a JSON list of {_KINDS.get(type(first.value), 'objects')}"
    if not isinstance(first.value, dict):
        return f"JSON that is no object: {_quoted(text)}"
    for name, value in first.value.items():
        if name in _ERRORS and (isinstance(value, str) or name.startswith("error")):
            said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            return f"a JSON object with {name} {_quoted(said)}"
    names = ", ".join(_quoted(name) for name in islice(first.value, _NAMES_SHOWN))
    return f"a JSON object with {names or 'nothing in it'}"


def _markup(text: bytes, beginning: str) -> str:
    if first_element(text[:_LOOKED_AT]) in _PAGE:
        title = _TITLE.search(beginning)
        return "an HTML page" + (f" {_quoted(unescape(title[1]))}" if title else "")
    root = root_of(text)
    if not root:
        fault = tree(text, ()).fault
        return f"broken XML ({fault.detail})" if fault else "XML"
    start = re.search(rf"<((?:[\w.-]++:)?){re.escape(root)}\b[^<>]*+", beginning)
    prefix = start[1].rstrip(":") if start else ""
    namespace = start and re.search(
        _NAMESPACE.format(f":{re.escape(prefix)}" if prefix else r"(?!:)"), start[0]
    )
    return f"XML with root {root}" + (f" of {_quoted(namespace[1])}" if namespace else "")


def _separator(beginning: str) -> str:
    """What parts the first three lines into as many columns, at least three."""
    lines = beginning.splitlines()[:3]
    for separator, name in ((";", "semicolons"), ("\t", "tabs"), (",", "commas")):
        counts = {line.count(separator) for line in lines}
        if len(lines) == 3 and len(counts) == 1 and counts.pop() >= 2:
            return name
    return ""


def _quoted(words: str) -> str:
    return f"“{plain(words, _SHOWN)}”"
