"""The input article, and how it is read from one stream entry's bytes."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from contracts.fields import (
    HOLDS_A_WORD,
    Id,
    Lang,
    Moment,
    OptionalId,
    Signals,
    Slug,
    Source,
    Text,
    Title,
    Url,
)

MAX_VERSION = 2**53 - 1
"""Redis' scripts compare versions as doubles. Feeds that send a time in ms stay far below."""


class Status(StrEnum):
    """May the item be published? IPTC's NewsCodes ``pubstatus``, without its prefix ``stat:``."""

    USABLE = "usable"
    WITHHELD = "withheld"
    """Held back until a later version says otherwise."""
    CANCELED = "canceled"
    """Killed: never to be used."""


def _status(value: Any) -> Any:
    if value is None or value == "":
        return Status.USABLE
    if isinstance(value, str):
        value = value.strip().lower().removeprefix("stat:")
        return "canceled" if value == "cancelled" else value
    return value


_KILLS: JsonDict = {"const": "canceled"}
_WORD: JsonDict = {"type": "string", "pattern": HOLDS_A_WORD}


class Article(BaseModel):
    """One item of a feed. Unknown fields are allowed and ignored."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        use_attribute_docstrings=True,
        json_schema_extra={
            # Not as alternatives of the whole: generators would make a type of each.
            "if": {"not": {"required": ["status"], "properties": {"status": _KILLS}}},
            "then": {
                "anyOf": [
                    {"required": ["title"], "properties": {"title": _WORD}},
                    {"required": ["text"], "properties": {"text": _WORD}},
                ]
            },
        },
    )

    id: Id
    """The feed's own name of the item; the same id again is the same item.

    At most 1024 bytes of UTF-8. A number is read as its digits.
    """
    title: Title = ""
    text: Text = ""
    source: Source = None
    url: Url = None
    lang: Lang = None
    """ISO 639-1 as the feed says; identified from the text where absent."""
    published_at: Moment = None
    """Event time; arrival time where absent. Without a zone it is read as UTC."""
    version: Annotated[
        int | None,
        Field(ge=0, le=MAX_VERSION),
        BeforeValidator(lambda value: None if value == "" else value),
    ] = None
    """Grows when the item changes; the same or a lower one has no effect. Null, or absent, where
    the wire does not count: then an item counts as version 1, and a kill or hold is of all.
    """
    status: Annotated[Status, BeforeValidator(_status, json_schema_input_type=Status | None)] = (
        Status.USABLE
    )
    """``withheld`` holds the item back, ``canceled`` kills it; a kill needs no title or text."""
    embargoed: Moment = None
    """Not to be published before this time; matched at once."""
    signals: Signals = ()
    """What the wire says of the item: ``correction``, ``update``, ``repeat``, ``kill``, ``hold``;
    lower case, prefixes such as ``sig:`` dropped. Others are ignored.
    """
    slug: Slug = None
    """The wire's keyword line, read for tags such as ``/UPDATE 2`` only."""
    replaces: OptionalId = None
    """Id of the earlier item that this one corrects, updates or kills, where ids differ."""

    @property
    def effective_version(self) -> int:
        """The version by which it is compared: the first one where the wire does not count."""
        return 1 if self.version is None else self.version

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.title.strip() or self.text.strip())

    @model_validator(mode="after")
    def _has_words(self) -> "Article":
        if not self.has_words and self.status is not Status.CANCELED:
            raise ValueError("neither title nor text holds a word")
        return self
