"""The JSON values of a document one after the other, each as soon as it is complete: a list's
items, lines, or objects written over many lines. So a list that breaks off gives what was whole.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_DECODER = json.JSONDecoder()
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


def _behind(text: str, at: int) -> int:
    return _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
