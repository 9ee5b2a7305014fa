"""What a document's bytes say, as UTF-8: every reader is given that and nothing else.

Who is asked stands in RFC 7303, 3, and is what browsers do: a byte order mark, the ``charset`` of
``Content-Type``, the XML declaration. Each may be wrong, since a server puts its own default
there, a script recodes a feed and leaves its declaration, a template is saved with a mark that
its content does not keep to. So the bytes have the last word where they are sure:

- Bytes that are UTF-8 are UTF-8, whatever is said: another encoding hardly ever makes such
  sequences. In Russian of 6,000 articles their share in what is beyond ASCII was at most 0.21 (in
  windows-1251, KOI8 and mac-cyrillic, iso-8859-5) and 0.27 (cp866), 0.44 in a headline of nine.
- From ``_MOSTLY`` on, a document is UTF-8 that is damaged: U+FFFD stands for each bad sequence and
  for nothing else. A description that was cut within a letter does not change its neighbours.
- An encoding that is named gives way to another where it makes no text and the other one does;
  see ``codepage``. One word is mostly enough.
- Where nothing is named, the code page that makes text; then what charset-normalizer says of
  languages that ``codepage`` does not know; and damaged UTF-8 where there is too little to judge.

What was said wrongly is told by a note.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from workers.feeds.encoding import codepage, labels
from workers.feeds.encoding.legible import legible
from workers.feeds.reader import Note
from workers.state.marks import marked

_MOSTLY = 0.5
"""Share of whole sequences in what is beyond ASCII, from which on it is damaged UTF-8."""
_LEAST_GAIN = 7
"""Points by which another code page must be better than the one that is named: a letter of another
alphabet within a word. Of 35,000 headlines and sentences of ten languages, each in an encoding that
was named rightly, two lines were overruled, one of mojibake and one of fractions in code page 850.
"""
_WESTERN = codepage.CODE_PAGES[0]
_CHANCE_SEQUENCES = 8
"""Sequences of UTF-8 that two-byte encodings of Asia make by chance, in a short text."""
_JUDGED = 8
"""Bytes beyond ASCII that charset-normalizer needs."""
_LOOKED_AT = 16_384
"""Bytes from the first one beyond ASCII that it is shown: it takes milliseconds for them."""
_OTHERS = [
    *("cp1250", "iso8859_2", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp850"),
    *("cp1251", "koi8_r", "gb18030", "big5", "cp932", "euc_jp", "cp949", "tis_620", "mac_roman"),
]
"""Encodings that it may find."""
_WIDE = {
    b"?\0\0\0": "utf-32-le",
    b"\0\0\0?": "utf-32-be",
    b"?\0?\0": "utf-16-le",
    b"\0?\0?": "utf-16-be",
}
"""First bytes of two characters of ASCII without a mark, as RFC 4627, 3, tells them."""
_ALL_BEYOND = bytes(range(0x80, 0x100))
_BEGINNING = re.compile(rb"(?:\s|\xef\xbb\xbf){1,64}")
_BEYOND = re.compile(rb"[\x80-\xff]")
_CHARSET = re.compile(r"""(?i);\s*charset\s*=\s*["']?([\w.:-]{1,40})""")
_DECLARED = re.compile(rb"""\s*<\?xml\s[^<>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as UTF-8, without a byte order mark."""

    text: bytes
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Claim:
    """Who names which encoding."""

    by: str
    label: str

    @property
    def encoding(self) -> str | None:
        return labels.known(self.label)


def decoded(body: bytes, content_type: str = "") -> Decoded:
    """The document; U+FFFD stands for bytes that its encoding does not have."""
    mark, length = marked(body)
    body = _without_marks(body[length:])
    claims = [_Claim("byte order mark", mark)] if mark else []
    if said := _CHARSET.search(content_type):
        claims.append(_Claim("Content-Type", said[1]))
    wide = _WIDE.get(_shape(body), "") if mark in {"", "utf-8"} else mark
    if wide:
        text = _without_marks(body.decode(wide, "replace").encode("utf-8", "replace"))
        return _legible(text, _overruled([*claims, *_declared(text)], wide))
    claims.extend(_declared(body))
    found = _ascii(body, claims) if body.isascii() else _utf8(body, claims)
    return found or _in_code_page(body, claims)


def _legible(text: bytes, notes: Iterable[Note]) -> Decoded:
    cleaned, times = legible(text)
    if not times:
        return Decoded(text, tuple(notes))
    note = Note("line 1", f"characters that XML does not have, replaced: {times} times")
    return Decoded(cleaned, (*notes, note))


def _without_marks(text: bytes) -> bytes:
    """Without more marks, as pages that are put together of files have them."""
    beginning = _BEGINNING.match(text)
    length = beginning.end() if beginning else 0
    return text[:length].replace(BOM_UTF8, b"") + text[length:] if length else text


def _shape(body: bytes) -> bytes:
    """Which of the first four bytes are zero."""
    return bytes(each and ord("?") for each in body[:4])


def _declared(body: bytes) -> list[_Claim]:
    found = _DECLARED.match(body)
    return [_Claim("XML declaration", found[1].decode())] if found else []


def _ascii(body: bytes, claims: Sequence[_Claim]) -> Decoded:
    """As it is, but for Japanese and Korean that shift between alphabets by escapes."""
    encoding = next((each.encoding for each in claims if each.encoding), None) or "utf-8"
    if encoding.startswith("iso2022") and b"\x1b" in body:
        return _legible(body.decode(encoding, "replace").encode("utf-8", "replace"), ())
    return _legible(body, ())


def _utf8(body: bytes, claims: Sequence[_Claim]) -> Decoded | None:
    """None for what is not UTF-8, not even damaged."""
    text = body.decode("utf-8", "replace")
    bad = _damage(body, text)
    whole = len(text) - len(text.encode("ascii", "ignore")) - bad
    if whole < _MOSTLY * (whole + bad):
        return None
    if whole < _CHANCE_SEQUENCES and any(_is_two_byte(each.encoding) for each in claims):
        return None
    return _repaired(body, text, claims)


def _in_code_page(body: bytes, claims: Sequence[_Claim]) -> Decoded:
    encoding = _named(body, claims) or _guessed(body)
    if encoding == "utf-8":
        return _repaired(body, body.decode("utf-8", "replace"), claims)
    notes = [*_overruled(claims, encoding)]
    if not any(each.encoding for each in claims):
        detail = f"no encoding is named and it is not UTF-8, read as {labels.shown(encoding)}"
        notes.append(Note("line 1", detail))
    return _legible(body.decode(encoding, "replace").encode("utf-8", "replace"), notes)


def _named(body: bytes, claims: Sequence[_Claim]) -> str | None:
    """The first encoding that is named and does not give way, or what it gives way to; None if
    nothing that could be is named.
    """
    sample = codepage.words(body)
    best = codepage.best(sample)
    found = None
    for encoding in filter(_is_narrow, (each.encoding or "" for each in claims)):
        if not best.convinces or not _gives_way(encoding, body, sample, best):
            return encoding
        found = best.encoding
    return found


def _gives_way(encoding: str, body: bytes, sample: bytes, best: codepage.Reading) -> bool:
    if _is_two_byte(encoding):
        return body.decode(encoding, "replace").count("\ufffd") > len(_BEYOND.findall(sample)) / 20
    if best.encoding == _WESTERN and encoding not in codepage.CODE_PAGES:
        return False  # it knows no letters of Polish: half of `żółty` were better western ones
    said = codepage.reading(sample, encoding)
    return not said.convinces and best.points - said.points >= _LEAST_GAIN


def _guessed(body: bytes) -> str:
    """A code page for a document that names none; UTF-8 where there is too little to judge by."""
    best = codepage.best(codepage.words(body))
    if best.convinces:
        return best.encoding
    first = _BEYOND.search(body)
    sample = body[first.start() if first else 0 :][:_LOOKED_AT]
    found = None
    if len(_BEYOND.findall(sample)) >= _JUDGED:
        found = from_bytes(sample, cp_isolation=_OTHERS).best()
    return (labels.known(found.encoding) if found else None) or "utf-8"


def _is_narrow(encoding: str) -> bool:
    """Whether a document that reads as ASCII in part can be in it, other than UTF-8."""
    return encoding not in {"", "utf-8"} and b"<".decode(encoding, "replace") == "<"


def _is_two_byte(encoding: str | None) -> bool:
    """Whether characters beyond ASCII take more than one byte, other than in UTF-8."""
    if encoding is None or not _is_narrow(encoding):
        return False
    return len(_ALL_BEYOND.decode(encoding, "replace")) < len(_ALL_BEYOND)


def _repaired(body: bytes, text: str, claims: Sequence[_Claim]) -> Decoded:
    """As UTF-8, with U+FFFD for each sequence that is none."""
    notes = [*_overruled(claims, "utf-8")]
    bad = _damage(body, text)
    if not bad:
        return _legible(body, notes)
    line = text[: text.find("\ufffd")].count("\n") + 1
    notes.append(Note(f"line {line}", f"bytes that are no UTF-8, read as U+FFFD: {bad} times"))
    return _legible(text.encode("utf-8", "replace"), notes)


def _damage(body: bytes, text: str) -> int:
    """How many U+FFFD of the text stand for bytes that are no UTF-8; it may hold some itself."""
    return text.count("\ufffd") - body.count("\ufffd".encode())


def _overruled(claims: Sequence[_Claim], encoding: str) -> Iterator[Note]:
    """What is told of encodings that were named and not taken."""
    for each in claims:
        if each.encoding is None:
            yield Note("line 1", f"{each.by}: encoding {each.label!r} is not known")
        elif not encoding.startswith(each.encoding):
            shown = labels.shown(encoding)
            yield Note("line 1", f"{each.by} says {each.label}, the document is read as {shown}")
