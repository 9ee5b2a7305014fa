"""Shelves for tests, filled with events as a stream would hold them; and random histories."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from contracts.events import AnyEvent, Change, Placement, Revision
from service.stories.withdrawn import without_text
from tests.support.builders.story_events import (
    EVIDENCE,
    at_position,
    closed,
    joined,
    merged,
    opened,
    retracted,
    revised,
    split,
)
from workers.archive.shelf import Shelf


def feed(shelf: Shelf, events: Iterable[AnyEvent], first: int = 1) -> list[bool]:
    """Apply events as entries ``first``-0, and so on; what each apply said."""
    return [
        shelf.apply(f"{number}-0".encode(), json.loads(event.model_dump_json()))
        for number, event in enumerate(events, start=first)
    ]


def shelf_of(*events: AnyEvent) -> Shelf:
    """A shelf that took in these events, in this order."""
    shelf = Shelf()
    feed(shelf, events)
    shelf.settle()
    return shelf


def redacted(event: AnyEvent, *killed: str) -> AnyEvent:
    """The event as it is told once more when these articles were killed."""
    text = without_text(event.model_dump_json().encode(), set(killed))
    return event if text is None else type(event).model_validate_json(text)


@dataclass
class Teller:
    """Tells a consistent history, step by step, as a service would."""

    events: list[AnyEvent] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    """Article → its story."""
    ends: set[str] = field(default_factory=set)
    sequences: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    killed: set[str] = field(default_factory=set)

    def tell(self, step: str, one: str, other: str) -> None:
        """One step about an article, and perhaps another; does nothing where it can't be."""
        getattr(self, step)(one, other)

    def place(self, one: str, other: str) -> None:
        """``one`` joins the story of ``other``; opens one if that has none."""
        if one in self.homes or one in self.killed:
            return
        self.versions[one] = self.versions.get(one, 0) + 1
        story = self.homes.get(other)
        self._placed(one, story, other if story else None)

    def version(self, one: str, _other: str) -> None:
        if one in self.homes:
            self.versions[one] += 1
            told: dict[str, Any] = {"title": self._title(one), "lang": "ru"}
            self._revised(one, Change.VERSION, new_version=self.versions[one], **told)

    def merge(self, one: str, other: str) -> None:
        ended, into = self.homes.get(one), self.homes.get(other)
        if ended is None or into is None or ended == into:
            return
        moved = self._members(ended)
        self._add(merged, ended, into, *moved, lead=other)
        self.ends.add(ended)
        self.homes |= dict.fromkeys(moved, into)

    def leave(self, one: str, _other: str) -> None:
        story = self.homes.get(one)
        if story is None or self._members(story) == [one]:
            return
        rest = [each for each in self._members(story) if each != one]
        fresh = f"st_{len(self.sequences)}"
        self._add(split, story, fresh, one, lead=rest[0])
        self._placed(one, None, None, split_from=story, fresh=fresh)

    def kill(self, one: str, _other: str) -> None:
        self._remove(one, Change.RETRACTED)

    def hold(self, one: str, _other: str) -> None:
        self._remove(one, Change.WITHHELD)

    def lead(self, one: str, _other: str) -> None:
        if one in self.homes:
            self._revised(one, Change.LEAD, lead=one, rule="rule-1")

    def close(self, one: str, _other: str) -> None:
        story = self.homes.get(one)
        if story is not None:
            members = self._members(story)
            self._add(closed, story, lead=members[0])
            self.ends.add(story)
            for each in members:
                del self.homes[each]

    def _remove(self, one: str, change: Change) -> None:
        story = self.homes.pop(one, None)
        if story is None:
            return
        if change is Change.RETRACTED:
            self.killed.add(one)
        rest = self._members(story)
        if rest:
            self._revised(one, change, story=story, lead=rest[0])
        else:
            self._add(retracted, story, one, change=change)
            self.ends.add(story)

    def _placed(
        self, one: str, story: str | None, matched: str | None, fresh: str = "", **more: Any
    ) -> None:
        told = {
            "title": self._title(one),
            "version": self.versions[one],
            "lang": "ru" if one in "ace" else "en",
            "matched_article_id": matched,
            "evidence": EVIDENCE.model_copy(update={"summary": f"like {matched}"}),
        } | more
        if story is None:
            story = fresh or f"st_{len(self.sequences)}"
            self._add(opened, story, one, lead=one, **told)
        else:
            self._add(joined, story, one, lead=self._members(story)[0], **told)
        self.homes[one] = story

    def _revised(self, one: str, change: Change, story: str = "", **more: Any) -> None:
        story = story or self.homes[one]
        lead = {"lead": more.pop("lead", None) or self._members(story)[0]}
        self._add(revised, story, change, one, **lead, **more)

    def _add(self, make: Any, story: str, *args: Any, **more: Any) -> None:
        sequence = self.sequences[story] = self.sequences.get(story, 0) + 1
        numbered = () if make is opened else (sequence,)
        event = make(story, *numbered, *args, **more)
        self.events.append(at_position(event, len(self.events) + 1))

    def _title(self, one: str) -> str:
        return f"title{self.versions[one]} of{one} Ёж"

    def _members(self, story: str) -> list[str]:
        return [each for each, home in self.homes.items() if home == story]


_NAMES = ("place", "place", "place", "version", "merge", "leave", "kill", "hold", "lead", "close")
_ARTICLES = st.sampled_from("abcdefgh")
STEPS = st.tuples(st.sampled_from(_NAMES), _ARTICLES, _ARTICLES)
"""What `Teller.tell` takes."""


@st.composite
def histories(draw: st.DrawFn, most: int = 40) -> Teller:
    """A history of eight articles, of up to so many steps."""
    teller = Teller()
    for step, one, other in draw(st.lists(STEPS, min_size=1, max_size=most)):
        teller.tell(step, one, other)
    return teller


@st.composite
def streams(draw: st.DrawFn) -> tuple[Teller, list[AnyEvent]]:
    """A history, and what a consumer reads of it: events that quote killed articles come once more
    at the end without their text, behind the original or in its place; some events come twice.
    """
    teller = draw(histories())
    read, copies = [], []
    for event in teller.events:
        copy = redacted(event, *teller.killed)
        is_redacted = isinstance(copy.data, Placement | Revision) and copy.data.redacted
        if not is_redacted or draw(st.booleans()):
            read.append(event)
        if is_redacted:
            copies.append(copy)
        if draw(st.integers(0, 9)) == 0:
            read.append(draw(st.sampled_from(teller.events[: len(read) or 1])))
    return teller, [*read, *copies]
