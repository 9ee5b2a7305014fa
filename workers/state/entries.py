"""From the bytes of one stream entry to an article, or to the reason why there is none.

Three shapes are accepted, so that any client can publish: field ``data`` with the
article as JSON, flat fields (``id``, ``title``, …), and FastStream's own envelope in
field ``__data__``.

Who passes an article on and knows where it is from (the poller, the API) says so in field
``sender``, and in ``speaks-for`` whom that sender may speak for. Nothing in an article can say
it; whoever may append to the stream can.
"""

import json
import re
from base64 import b64encode
from codecs import BOM_UTF8
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from faststream.redis.parser import BinaryMessageFormatV1
from pydantic import ValidationError

from contracts.article import Article
from contracts.dead_letter import REMEDIES, DeadLetter, Reason
from service.stories.senders import EVERYONE, SOURCE, Trust, Voice, named
from workers.errors import Unprocessable
from workers.wording import cause

Fields = Mapping[bytes, bytes]

SENDER, SPEAKS_FOR = "sender", "speaks-for"
"""Fields of an entry beside the article's. A client of the stream may have a field of such a
name: what is no name of a sender is not heard."""
_NAME = re.compile(r"(?:feed|token|source):[^\x00-\x1f\x7f]{0,64}|\*")

_ESCAPED = bytes({*range(32)} - {*b"\b\t\n\f\r"})
MOST_FAULTS = 20
"""Named of one article: who corrects these finds the rest the next time."""
_MOST_DETAIL = 4_000
"""Characters of what a letter says: twenty faults fit."""
_SHOWN = 80
"""Characters of a value that a fault quotes."""
_NO_OBJECT = {b"[": "an array", b'"': "a string"}
"""What may be long, by how it begins."""
_FLAT = frozenset(name.encode() for name in Article.model_fields)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of ``{NS}:articles`` as it was read."""

    id: str
    fields: Fields
    deliveries: int = 1
    """How often it was delivered, this time included."""
    cut_from: int = 0
    """Bytes of an entry that is too large to be read, of which ``fields`` hold the beginning; else
    0."""

    @property
    def size(self) -> int:
        """Bytes of its names and values."""
        return self.cut_from or size_of(self.fields)

    @property
    def body_bytes(self) -> int:
        """Bytes of its values."""
        return self.cut_from or sum(map(len, self.fields.values()))


def size_of(fields: Fields) -> int:
    """Bytes of names and values."""
    return sum(map(len, fields)) + sum(map(len, fields.values()))


def told(entry_id: bytes, words: Sequence[bytes], size: int = 0, deliveries: int = 1) -> Entry:
    """An entry as ``lua/sized.lua`` tells it: names and values by turns, and the bytes of all."""
    fields = dict(zip(words[::2], words[1::2], strict=True))
    is_cut = size > 0 and sum(map(len, words)) < size
    return Entry(entry_id.decode(), fields, deliveries, size if is_cut else 0)


def whole_or_cut(entry_id: bytes, fields: Fields, most_bytes: int) -> Entry:
    """An entry as it was read; of one that is too large nothing but that."""
    size = size_of(fields)
    return Entry(
        entry_id.decode(), fields if size <= most_bytes else {}, 1, size * (size > most_bytes)
    )


def article_of(entry: Entry, max_bytes: int) -> Article:
    """The article in an entry.

    Raises:
        Unprocessable: the entry can never become an article.
    """
    if entry.body_bytes > max_bytes:
        raise Unprocessable(
            Reason.TOO_LARGE,
            f"entry has {entry.body_bytes} bytes, expected at most {max_bytes}",
        )
    body = body_of(entry)
    if body is not None:
        return _from_json(body)
    if _FLAT & entry.fields.keys():
        return validated(
            {
                name.decode("utf-8", "replace"): value.decode("utf-8", "replace")
                for name, value in entry.fields.items()
            }
        )
    raise Unprocessable(
        Reason.NO_ARTICLE,
        f"fields {sorted(map(_readable, entry.fields))[:10]}, expected 'data' (JSON), "
        "'__data__' (FastStream) or flat fields such as 'id' and 'text'",
    )


def body_of(entry: Entry) -> bytes | None:
    """The bytes that should be JSON; None of an entry of flat fields, or of none that are known."""
    body = entry.fields.get(b"data")
    if body is None and b"__data__" in entry.fields:
        # Never fails: what is no envelope comes back as it is, and is judged as JSON.
        body, _headers = BinaryMessageFormatV1.parse(entry.fields[b"__data__"])
    return body


def vouched(sender: str, speaks_for: Collection[str] = ()) -> dict[str, str]:
    """The fields by which an entry says who sent it; none for a sender without a name."""
    if not sender:
        return {}
    return {SENDER: sender} | ({SPEAKS_FOR: "\t".join(speaks_for)} if speaks_for else {})


def sent_by(entry: Entry) -> dict[bytes, bytes]:
    """The same fields of an entry, as they are there."""
    names = (SENDER.encode(), SPEAKS_FOR.encode())
    return {name: entry.fields[name] for name in names if name in entry.fields}


def voice_of(entry: Entry, source: str | None, trust: Trust) -> Voice:
    """Who speaks in an entry: whom it names, else its article's own source."""
    said = _names(entry.fields.get(SENDER.encode(), b""))
    if len(said) != 1 or said[0] == EVERYONE:
        return trust.voice(named(SOURCE, source))
    return trust.voice(said[0], _names(entry.fields.get(SPEAKS_FOR.encode(), b"")))


def _names(value: bytes) -> list[str]:
    names = value.decode("utf-8", "replace").split("\t")
    return [each for each in names if _NAME.fullmatch(each)]


def _from_json(body: bytes) -> Article:
    body = body.removeprefix(
        BOM_UTF8
    )  # RFC 8259, 8.1: may be ignored; editors and exports write it
    # Not read: eight megabytes of empty lists are half a gigabyte once they are read.
    if begins := _NO_OBJECT.get(body[:_SHOWN].lstrip()[:1]):
        raise Unprocessable(Reason.NOT_JSON, f"not a JSON object: it begins like {begins}")
    try:
        return Article.model_validate_json(body)
    except ValidationError as error:
        kind = error.errors(include_url=False, include_context=False, include_input=False)[0][
            "type"
        ]
        if kind not in {"json_invalid", "model_type"}:
            raise _invalid(error) from error
    # pydantic's reader refuses lone surrogates and bad UTF-8; both occur in real feeds.
    try:
        value = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unprocessable(Reason.NOT_JSON, f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Unprocessable(
            Reason.NOT_JSON,
            f"JSON of type {type(value).__name__}, expected an object",
        )
    return validated(value)


def validated(value: Mapping[str, object]) -> Article:
    """The article that these fields make.

    Raises:
        Unprocessable: they break the contract; every broken field is named, up to twenty.
    """
    try:
        return Article.model_validate(value)
    except ValidationError as error:
        raise _invalid(error) from error


def _invalid(error: ValidationError) -> Unprocessable:
    problems = [
        f"{'.'.join(map(str, problem['loc'])) or 'article'}: {cause(problem['msg'])}"
        + (f" (got {_readable(problem['input'])})" if problem["loc"] else "")
        for problem in error.errors(include_url=False)[:MOST_FAULTS]
    ]
    if (more := error.error_count() - MOST_FAULTS) > 0:
        problems.append(f"and {more} more faults")
    return Unprocessable(
        Reason.INVALID_ARTICLE,
        "; ".join(problems),
    )


def _readable(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else _shown(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "…"


def _shown(value: object) -> str:
    """Whatever was sent is not written out before it is cut."""
    match value:
        case str():
            return repr(value[:_SHOWN])
        case list() | tuple():
            return f"a list of {len(value)}"
        case dict():
            return f"an object of {len(value)}"
        case int() if value.bit_length() > 4 * _SHOWN:
            return "a huge number"
        case _:
            return repr(value)


def dead_letter(
    entry: Entry,
    reason: Reason,
    detail: str,
    *,
    deliveries: int,
    article_id: str | None = None,
    remedy: str | None = None,
) -> DeadLetter:
    """The letter for an entry, with its fields whole; without any if it is too large to be read."""
    fields, encoding = _body_of({} if entry.cut_from else entry.fields)
    if entry.cut_from:
        detail += "; its body is not kept"
    return DeadLetter(
        reason=reason,
        detail=detail[:_MOST_DETAIL],
        remedy=remedy or REMEDIES[reason],
        entry_id=entry.id,
        article_id=article_id,
        deliveries=deliveries,
        dead_at=datetime.now(UTC),
        fields=fields,
        encoding=encoding,
    )


def _body_of(fields: Fields) -> tuple[dict[str, str], str]:
    """An entry's fields as a letter has them, and their encoding."""
    # Each as six in JSON, so that a letter of nothing else would be six times its entry.
    escaped = sum(len(each) - len(each.translate(None, _ESCAPED)) for each in fields.values())
    if 5 * escaped <= size_of(fields):
        with suppress(UnicodeDecodeError):
            return {name.decode(): value.decode() for name, value in fields.items()}, "utf-8"
    return {
        b64encode(name).decode(): b64encode(value).decode() for name, value in fields.items()
    }, "base64"
