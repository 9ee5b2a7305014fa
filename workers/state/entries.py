"""From the bytes of one stream entry to an article, or to the reason why there is none.

Three shapes are accepted, so that any client can publish: field ``data`` with the
article as JSON, flat fields (``id``, ``title``, …), and FastStream's own envelope in
field ``__data__``.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from faststream.redis.parser import BinaryMessageFormatV1
from pydantic import ValidationError

from contracts.article import Article
from contracts.dead_letter import REMEDIES, DeadLetter, Reason
from workers.errors import Unprocessable

Fields = Mapping[bytes, bytes]

MOST_FAULTS = 20
"""Named of one article: who corrects these finds the rest the next time."""
_MOST_DETAIL = 4_000
"""Characters of what a letter says: twenty faults fit."""
_SHOWN = 80
"""Characters of a value that a fault quotes."""
_CONTROLS = bytes(range(32))
_FLAT = frozenset(name.encode() for name in Article.model_fields)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of ``{NS}:articles`` as it was read."""

    id: str
    fields: Fields
    deliveries: int = 1
    """How often it was delivered, this time included."""


def article_of(entry: Entry, max_bytes: int) -> Article:
    """The article in an entry.

    Raises:
        Unprocessable: the entry can never become an article.
    """
    size = sum(len(value) for value in entry.fields.values())
    if size > max_bytes:
        raise Unprocessable(
            Reason.TOO_LARGE,
            f"entry has {size} bytes, expected at most {max_bytes}",
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


def _from_json(body: bytes) -> Article:
    try:
        return Article.model_validate_json(body)
    except ValidationError as error:
        if error.errors(include_url=False)[0]["type"] not in {"json_invalid", "model_type"}:
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
        f"{'.'.join(map(str, problem['loc'])) or 'article'}: {problem['msg']}"
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


def _as_text(entry_fields: Fields) -> tuple[str, dict[str, str]]:
    """Fields as a letter's JSON can hold them, and how they are encoded."""
    size = sum(map(len, entry_fields.values()))
    printed = sum(len(value.translate(None, _CONTROLS)) for value in entry_fields.values())
    with suppress(UnicodeDecodeError):
        # JSON writes a control character in six: a letter would be six times its entry.
        if size - printed <= size / 15:
            return "utf-8", {name.decode(): each.decode() for name, each in entry_fields.items()}
    return "base64", {
        b64encode(name).decode(): b64encode(value).decode() for name, value in entry_fields.items()
    }


def dead_letter(
    entry: Entry,
    reason: Reason,
    detail: str,
    *,
    deliveries: int,
    article_id: str | None = None,
    remedy: str | None = None,
) -> DeadLetter:
    """The letter for an entry, with its fields whole."""
    encoding, fields = _as_text(entry.fields)
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
