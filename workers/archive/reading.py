"""From an event's JSON to what the shelf keeps of it.

Ids, languages and outlets come again and again, so equal ones are one string.
"""

from collections.abc import Callable, Iterable, Mapping
from sys import intern
from typing import Any, TypeVar

from pydantic_core import to_json

from workers.archive.records import (
    Closed,
    Divided,
    Facts,
    Merged,
    Placed,
    Retracted,
    Revised,
    Why,
)

Data = Mapping[str, Any]
T = TypeVar("T")


def facts_of(kind: str, data: Data) -> Facts | None:
    """What history keeps of an event; None for a type that isn't known.

    Raises:
        KeyError, TypeError: the data are not what the type's contract says.
    """
    read = _READERS.get(kind)
    if read is None:
        return None
    _check(data)
    return read(data)


_WORDS = (
    *("article_id", "title", "lang", "source", "url", "published_at", "lead", "old_lead"),
    *("relation", "matched_article_id", "split_from", "rule", "merged_into", "because_of"),
)
_ORDER = ("sequence", "position")
_WHOLE = ("version", "old_version", "new_version", "article_count", "independent_sources")
_BEYOND = 2**53
"""Whole numbers are below it wherever Redis' scripts count."""


def _check(data: Data) -> None:
    """Half of an event that is taken in would spoil every list from then on. A microsecond, where
    its model takes thirty.

    Raises:
        TypeError: what shelf and lists read is of another type.
    """
    for name in _WORDS:
        if not isinstance(data.get(name, ""), str | None):
            raise TypeError(f"{name} is no text")
    for name in _ORDER:
        if not _is_whole(data.get(name, 0)):
            raise TypeError(f"{name} is no whole number")
    for name in _WHOLE:
        value = data.get(name)
        if value is not None and not _is_whole(value):
            raise TypeError(f"{name} is no whole number")
    evidence = data.get("evidence") or {}
    numbers = (data.get("score"), evidence.get("thresholds", {}).get("join"))
    if not all(isinstance(each, float | int | None) for each in numbers):
        raise TypeError("score or threshold is no number")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < _BEYOND


def shared(value: str | None) -> str | None:
    """The string of which all equal ones are one."""
    return None if value is None else intern(value)


class Packer:
    """Packs evidence; of thresholds and models that are the same it keeps one each."""

    def __init__(self) -> None:
        self._same: dict[str, Any] = {}

    def packed(self, evidence: Any) -> Why | None:
        """None for none."""
        if not evidence:
            return None
        rest = dict(evidence)
        thresholds, model = rest.pop("thresholds", {}), rest.pop("model", {})
        return Why(to_json(rest), self._one(thresholds), self._one(model))

    def _one(self, value: T) -> T:
        same: T = self._same.setdefault(str(value), value)
        return same


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(intern, values))


def _placed(data: Data) -> Facts:
    return Placed(
        intern(data["article_id"]),
        shared(data.get("relation")),
        data.get("score"),
        shared(data.get("matched_article_id")),
        shared(data.get("split_from")),
        shared(data.get("rule")),
    )


def _revised(data: Data) -> Facts:
    return Revised(
        intern(data["change"]),
        intern(data["article_id"]),
        data.get("old_version"),
        data.get("new_version"),
        intern(data["lead"]),
        shared(data.get("old_lead")),
        _ids(data.get("translations") or ()),
        _ids(data.get("copies") or ()),
        shared(data.get("relation")),
        data.get("score"),
        shared(data.get("matched_article_id")),
        shared(data.get("rule")),
        data["article_count"],
    )


def _merged(data: Data) -> Facts:
    return Merged(
        intern(data["merged_into"]),
        _ids(data["article_ids"]),
        intern(data["because_of"]),
        data["article_count"],
    )


def _divided(data: Data) -> Facts:
    return Divided(
        intern(data["moved_to"]),
        _ids(data["article_ids"]),
        intern(data["because_of"]),
        intern(data["lead"]),
        shared(data.get("old_lead")),
    )


def _retracted(data: Data) -> Facts:
    return Retracted(_ids(data["article_ids"]), intern(data["change"]))


def _closed(data: Data) -> Facts:
    return Closed(data["article_count"])


_READERS: dict[str, Callable[[Data], Facts]] = {
    "story.opened": _placed,
    "story.joined": _placed,
    "story.revised": _revised,
    "story.merged": _merged,
    "story.split": _divided,
    "story.retracted": _retracted,
    "story.closed": _closed,
}
