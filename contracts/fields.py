"""How each field of an article is read, and how long it may be.

Every limit counts code points and bytes of UTF-8: the first is what the work on a text grows
with, the second what Redis keeps of it in every event.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

MAX_ID_BYTES = 1024
"""Ids are keys in Redis and stand in every event; a longer one is a mistake upstream."""

MAX_SIGNALS = 128
MAX_SIGNAL_CHARS = 2 * MAX_SIGNALS
"""Of one signal, or of all where they come as one string: then they can't be more than so many."""

FIRST_YEAR, LAST_YEAR = 1800, 2199
"""Years that a date may be of, in its own zone. Newspapers that archives hold begin about there;
0001, 1601, 1753 and 9999 are how databases write "no date", and the outermost days of the
calendar have no counterpart in UTC."""

ONE_LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
"""Something to read, and no control characters; in the words that RE2, Rust, ECMAScript and
Python share, which have neither look-ahead nor four-digit escapes in common."""

HOLDS_A_WORD = r"[^\s\x00]"


@dataclass(frozen=True, slots=True)
class Most:
    """The greatest length of a text: refused beyond it, and said in the JSON Schema."""

    chars: int
    size: int
    """Bytes of UTF-8."""

    def checked(self, value: str | None) -> str | None:
        """The value.

        Raises:
            ValueError: it is longer.
        """
        if value is not None and len(value) > self.chars:
            raise ValueError(f"{len(value)} characters, expected at most {self.chars}")
        if value is not None and (size := len(value.encode())) > self.size:
            raise ValueError(f"{size} bytes, expected at most {self.size}")
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Checked after everything else."""
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """With the limit that JSON Schema can count: code points."""
        described = handler(schema)
        for branch in described.get("anyOf", [described]):
            if branch.get("type") == "string":
                branch["maxLength"] = self.chars
        return described


def is_utf8(value: str) -> bool:
    """Whether a text holds no lone surrogate."""
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
    if not is_utf8(value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value.replace("\x00", "")


def _clean_or_none(value: Any) -> Any:
    cleaned = _clean(value)
    return None if cleaned == "" else cleaned


def _checked_id(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not is_utf8(value):
        raise ValueError("id holds a lone surrogate, so it is no valid Unicode text")
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise ValueError("id holds a control character")
    value = value.strip()
    if len(value.encode()) > MAX_ID_BYTES:
        raise ValueError(f"id has {len(value.encode())} bytes, expected at most {MAX_ID_BYTES}")
    return value


def _checked_id_or_none(value: Any) -> Any:
    checked = _checked_id(value)
    return None if checked == "" else checked


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


def _of_our_time(value: datetime | None) -> datetime | None:
    # By the year as it stands: to convert the outermost days to UTC is what overflows.
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"year {value.year}, expected {FIRST_YEAR} to {LAST_YEAR}")
    return value


_SEPARATORS = re.compile(r"[,;\s]+")


def _words(value: Any) -> Any:
    """``"UPDATE, sig:correction"`` → ``("update", "correction")``; lists likewise."""
    if value is None:
        return ()
    if isinstance(value, str):
        if len(value) > MAX_SIGNAL_CHARS:
            raise ValueError(f"{len(value)} characters, expected at most {MAX_SIGNAL_CHARS}")
        value = _SEPARATORS.split(value)
    if isinstance(value, list | tuple):
        # Before they are looked at one by one: a million of them are a million faults.
        if len(value) > MAX_SIGNALS:
            raise ValueError(f"{len(value)} signals, expected at most {MAX_SIGNALS}")
        if all(isinstance(word, str) for word in value):
            words = (_clean(word).strip().lower().rpartition(":")[2] for word in value)
            return tuple(dict.fromkeys(word for word in words if word))
    return value


Title = Annotated[
    str, BeforeValidator(_clean, json_schema_input_type=str | None), Most(4096, 12288)
]
"""The longest "headline" of a feed that has none is a message of a messenger: 4,096 characters."""
Text = Annotated[str, BeforeValidator(_clean, json_schema_input_type=str | None)]
"""As long as an entry may be (``ONESTORY_MAX_ENTRY_BYTES``)."""
Source = Annotated[str | None, BeforeValidator(_clean_or_none), Most(512, 1536)]
Url = Annotated[str | None, BeforeValidator(_clean_or_none), Most(8192, 8192)]
"""As long as web servers take."""
Lang = Annotated[str | None, BeforeValidator(_clean_or_none), Most(64, 128)]
"""Twice what BCP 47 asks buffers to hold."""
Slug = Annotated[str | None, BeforeValidator(_clean_or_none), Most(1024, 3072)]

_ID_SCHEMA: JsonDict = {"maxLength": MAX_ID_BYTES, "pattern": ONE_LINE}
Id = Annotated[str, Field(min_length=1, json_schema_extra=_ID_SCHEMA), BeforeValidator(_checked_id)]
_GivenId = Annotated[str, Field(min_length=1, json_schema_extra=_ID_SCHEMA)]
OptionalId = Annotated[_GivenId | None, BeforeValidator(_checked_id_or_none)]

Moment = Annotated[AwareDatetime | None, BeforeValidator(_with_zone), AfterValidator(_of_our_time)]

_Signal = Annotated[str, Most(MAX_SIGNAL_CHARS, 4 * MAX_SIGNAL_CHARS)]
Signals = Annotated[
    tuple[_Signal, ...],
    Field(max_length=MAX_SIGNALS),
    BeforeValidator(
        _words,
        json_schema_input_type=Annotated[list[_Signal], Field(max_length=MAX_SIGNALS)]
        | Annotated[str, Field(max_length=MAX_SIGNAL_CHARS)]
        | None,
    ),
]
