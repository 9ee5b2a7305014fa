"""The JSON values of a document one after the other, each as soon as it is complete: a list's
items, lines, or objects written over many lines. So a list that breaks off gives what was whole.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workers.feeds.reader import LONGEST_FRAGMENT, BadItem, Note
from workers.feeds.readers.fields import shown

_DECODER = json.JSONDecoder(strict=False)
"""Takes a line break within a text, which JSON would have escaped, for what it looks like."""
_BETWEEN = re.compile(r"[\s,]*+")
_AT = re.compile(r":? line \d+ column \d+ \(char \d+\)")


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value and where it stands."""

    value: object
    start: int
    """Characters before it."""
    stop: int
    """Characters up to its end."""


class NoJson(Exception):
    """Where the values end that can be read, and why."""

    def __init__(self, detail: str, start: int) -> None:
        super().__init__(detail)
        self.detail = detail
        self.start = start
        """Characters before the value that is none."""


def values(text: str) -> Iterator[Value]:
    """The items of a list; else the values that stand behind each other.

    Raises:
        NoJson: what comes next is none, or it breaks off.
    """
    at = _BETWEEN.match(text).end()  # type: ignore[union-attr]  # it matches nothing as well
    in_list = text.startswith("[", at)
    at = _behind(text, at + in_list)
    while at < len(text) and not (in_list and text[at] == "]"):
        try:
            value, stop = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise NoJson(f"not JSON: {_AT.sub('', str(error))}", at) from error
        yield Value(value, at, stop)
        at = _behind(text, stop)
    if in_list and at == len(text):
        raise NoJson("not JSON: the list is not closed", at)
    if in_list and (behind := _behind(text, at + 1)) < len(text):
        raise NoJson("not JSON: more behind the list", behind)


def _behind(text: str, at: int) -> int:
    return _BETWEEN.match(text, at).end()  # type: ignore[union-attr]


def unread(text: str, error: NoJson, remedy: str, line: int = 1) -> BadItem:
    """The bad item for what is no JSON in a text that begins in this line of its document."""
    where = f"line {line + text.count(chr(10), 0, error.start)}"
    rest = text[error.start : error.start + LONGEST_FRAGMENT].encode()
    return BadItem(where, error.detail, remedy, rest[:LONGEST_FRAGMENT])


def source_of(value: object) -> bytes:
    """The beginning of a value as a letter shows it; empty for one that nests too deeply."""
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")[:LONGEST_FRAGMENT]
    except RecursionError:  # writing nests deeper than reading
        return b""


def text_at(holder: Mapping[str, Any], name: str, where: str, notes: list[Note]) -> str:
    """A member that is to be text; empty without one, or with a note for one that is none."""
    said = holder.get(name)
    if said is not None and not isinstance(said, str):
        notes.append(Note(f"{where}.{name}", f"{shown(said)}, expected text; left out"))
    return said.strip() if isinstance(said, str) else ""


def type_of(value: object) -> str:
    """What a value is that is to be something else."""
    return f"JSON of type {type(value).__name__}"
