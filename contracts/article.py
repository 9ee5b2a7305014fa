"""The input article, and how it is read from one stream entry's bytes."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic.config import JsonDict

MAX_ID_BYTES = 1024
"""Ids are keys in Redis and stand in every event; a longer one is a mistake upstream."""

MAX_VERSION = 2**53 - 1
"""Redis' scripts compare versions as doubles. Feeds that send a time in ms stay far below."""


class Status(StrEnum):
    """May the item be published? IPTC's NewsCodes ``pubstatus``, without its prefix ``stat:``."""

    USABLE = "usable"
    WITHHELD = "withheld"
    """Held back until a later version says otherwise."""
    CANCELED = "canceled"
    """Killed: never to be used."""


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _clean(value: Any) -> Any:
    """Text as it can be stored: no NUL, lone surrogates replaced; null reads as empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    if not _is_utf8(value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value.replace("\x00", "")


def _checked_id(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _is_utf8(value):
        raise ValueError("id holds a lone surrogate, so it is no valid Unicode text")
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise ValueError("id holds a control character")
    value = value.strip()
    if len(value.encode()) > MAX_ID_BYTES:
        raise ValueError(f"id has {len(value.encode())} bytes, expected at most {MAX_ID_BYTES}")
    return value


def _with_zone(value: Any) -> Any:
    """A time without a zone is read as UTC, an empty one as absent."""
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def _status(value: Any) -> Any:
    if value is None or value == "":
        return Status.USABLE
    if isinstance(value, str):
        value = value.strip().lower().removeprefix("stat:")
        return "canceled" if value == "cancelled" else value
    return value


_SEPARATORS = re.compile(r"[,;\s]+")


def _words(value: Any) -> Any:
    """``"UPDATE, sig:correction"`` → ``("update", "correction")``; lists likewise."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = _SEPARATORS.split(value)
    if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        words = (_clean(word).strip().lower().rpartition(":")[2] for word in value)
        return tuple(dict.fromkeys(word for word in words if word))
    return value


Text = Annotated[str, BeforeValidator(_clean, json_schema_input_type=str | None)]
OptionalText = Annotated[str | None, BeforeValidator(lambda value: _clean(value) or None)]

_ID_SCHEMA: JsonDict = {
    "maxLength": MAX_ID_BYTES,
    "pattern": r"^(?=.*\S)[^\u0000-\u001f\u007f]+$",
}
_HOLDS_A_WORD: JsonDict = {"type": "string", "pattern": r"[^\s\u0000]"}


class Article(BaseModel):
    """One item of a feed. Unknown fields are allowed and ignored."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        use_attribute_docstrings=True,
        json_schema_extra={
            "anyOf": [
                {"required": ["title"], "properties": {"title": _HOLDS_A_WORD}},
                {"required": ["text"], "properties": {"text": _HOLDS_A_WORD}},
                {"required": ["status"], "properties": {"status": {"const": "canceled"}}},
            ]
        },
    )

    id: Annotated[
        str,
        Field(
            min_length=1,
            json_schema_extra=_ID_SCHEMA,
        ),
        BeforeValidator(_checked_id),
    ]
    """The feed's own name of the item; the same id again is the same item.

    At most 1024 bytes of UTF-8. A number is read as its digits.
    """
    title: Text = ""
    text: Text = ""
    source: OptionalText = None
    url: OptionalText = None
    lang: OptionalText = None
    """ISO 639-1 as the feed says; identified from the text where absent."""
    published_at: Annotated[AwareDatetime | None, BeforeValidator(_with_zone)] = None
    """Event time; arrival time where absent. Without a zone it is read as UTC."""
    version: Annotated[int, Field(ge=0, le=MAX_VERSION)] = 1
    """Grows when the item changes; 1 where absent. The same or a lower one has no effect."""
    status: Annotated[Status, BeforeValidator(_status, json_schema_input_type=Status | None)] = (
        Status.USABLE
    )
    """``withheld`` holds the item back, ``canceled`` kills it; a kill needs no title or text."""
    embargoed: Annotated[AwareDatetime | None, BeforeValidator(_with_zone)] = None
    """Not to be published before this time; matched at once."""
    signals: Annotated[
        tuple[str, ...],
        BeforeValidator(_words, json_schema_input_type=list[str] | str | None),
    ] = ()
    """What the wire says of the item: ``correction``, ``update``, ``repeat``, ``kill``, ``hold``;
    lower case, prefixes such as ``sig:`` dropped. Others are ignored.
    """
    slug: OptionalText = None
    """The wire's keyword line, read for tags such as ``/UPDATE 2`` only."""
    replaces: Annotated[
        str | None,
        Field(min_length=1, json_schema_extra=_ID_SCHEMA),
        BeforeValidator(lambda value: _checked_id(value) or None),
    ] = None
    """Id of the earlier item that this one corrects, updates or kills, where ids differ."""

    @model_validator(mode="before")
    @classmethod
    def _without_version(cls, value: Any) -> Any:
        """No version is no version, however a feed says so: a kill without one kills them all."""
        if isinstance(value, dict) and value.get("version", 1) in (None, ""):
            return {name: each for name, each in value.items() if name != "version"}
        return value

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.title.strip() or self.text.strip())

    @model_validator(mode="after")
    def _has_words(self) -> "Article":
        if not self.has_words and self.status is not Status.CANCELED:
            raise ValueError("neither title nor text holds a word")
        return self
