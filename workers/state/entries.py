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
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from faststream.redis.parser import BinaryMessageFormatV1
from pydantic import ValidationError

from contracts.article import Article
from contracts.dead_letter import REMEDIES, DeadLetter, Reason
from service.stories.senders import EVERYONE, SOURCE, Trust, Voice, named
from workers.errors import Unprocessable

Fields = Mapping[bytes, bytes]

SENDER, SPEAKS_FOR = "sender", "speaks-for"
"""Fields of an entry beside the article's. A client of the stream may have a field of such a
name: what is no name of a sender is not heard."""
_NAME = re.compile(r"(?:feed|token|source):[^\x00-\x1f\x7f]{0,64}|\*")

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
    body = entry.fields.get(b"data")
    if body is None and b"__data__" in entry.fields:
        # Never fails: what is no envelope comes back as it is, and is judged as JSON.
        body, _headers = BinaryMessageFormatV1.parse(entry.fields[b"__data__"])
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
        Unprocessable: they break the contract; every broken field is named.
    """
    try:
        return Article.model_validate(value)
    except ValidationError as error:
        raise _invalid(error) from error


def _invalid(error: ValidationError) -> Unprocessable:
    problems = [
        f"{'.'.join(map(str, problem['loc'])) or 'article'}: {problem['msg']}"
        + (f" (got {_readable(problem['input'])})" if problem["loc"] else "")
        for problem in error.errors(include_url=False)
    ]
    return Unprocessable(
        Reason.INVALID_ARTICLE,
        "; ".join(problems),
    )


def _readable(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else repr(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= 80 else text[:77] + "…"


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
    encoding = "utf-8"
    try:
        fields = {name.decode(): value.decode() for name, value in entry.fields.items()}
    except UnicodeDecodeError:
        encoding = "base64"
        fields = {
            b64encode(name).decode(): b64encode(value).decode()
            for name, value in entry.fields.items()
        }
    return DeadLetter(
        reason=reason,
        detail=detail,
        remedy=remedy or REMEDIES[reason],
        entry_id=entry.id,
        article_id=article_id,
        deliveries=deliveries,
        dead_at=datetime.now(UTC),
        fields=fields,
        encoding=encoding,
    )
