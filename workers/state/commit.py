"""What is written at once: the state that a decision rests on, and what it changes.

Each verb of a `Commit` is one operation of ``lua/change.lua``, in the order in which they are
said. Keys stand without the namespace's prefix, as `Key` has them.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import chain
from secrets import token_hex
from typing import Any

from contracts.events import AnyEvent
from service.stories.step import Step, StoryChange
from workers.keys import Key
from workers.state import schema
from workers.state.story_hash import fields_of

_FIELDS_AT_ONCE = 1_000
"""Of one HSET or HDEL: a script's call takes some 8,000 words at most."""


def fresh_mark() -> str:
    """A mark for one ledger."""
    return token_hex(6)


@dataclass(slots=True)
class Commit:
    """What `Store.commit` is asked to write, all or nothing."""

    entry_id: str = ""
    """The input entry that it acknowledges; empty for none."""
    counted: str = ""
    """Counter of the entry."""
    rules_revision: str | None = None
    """Of the editors' rules that were in force; None if they don't matter."""
    deletes: bool = False
    """Whether the entry is deleted whatever the settings say: it holds withdrawn text."""
    traceparent: str | None = None
    """Trace context that its events carry."""
    events: list[AnyEvent] = field(default_factory=list, init=False)
    """What it tells."""
    _checks: list[tuple[str, str, Any]] = field(default_factory=list, init=False)
    _operations: list[tuple[Any, ...]] = field(default_factory=list, init=False)

    def requires(self, key: str, field_name: str, value: Any) -> None:
        """It holds only if the field has this value; empty for an absent field."""
        self._checks.append((key, field_name, value))

    def requires_of(self, article_id: str, values: Mapping[str, Any]) -> None:
        """The same of some fields of an article's record."""
        for name, value in values.items():
            self.requires(Key.ARTICLE + article_id, name, value)

    def takes(self, step: Step) -> None:
        """The stories that a step changes, where its articles are, and its events."""
        for story_id, change in step.stories.items():
            revision = change.before.revision if change.before else ""
            self.requires(Key.STORY + story_id, schema.Story.REVISION, revision)
            self._changes(story_id, change)
            if change.after is not None and (change.dropped or story_id in step.moved.values()):
                # A story is looked at when its newest member leaves the log. That one may just
                # have left the story, or what came may have left the log long ago.
                self.reminds(change.after.lead_id)
        for article_id, story_id in step.moved.items():
            self.notes(Key.ARTICLE + article_id, {schema.Article.STORY: story_id})
        for event in step.events:
            self.tells(event)

    def _changes(self, story_id: str, change: StoryChange) -> None:
        key = Key.STORY + story_id
        if change.after is None:
            # The key goes first: where the story merged, the survivor's part sets it anew.
            self.removes(key)
            for each in change.released:
                self.removes(Key.STORY + each)
            for each in change.dropped:
                self.removes(Key.ARTICLE + each)
            if change.merged_into is not None:
                self.notes(key, {schema.Story.INTO: change.merged_into})
            return
        self.notes(key, fields_of(change, change.after))
        self.forgets(key, *(schema.Story.MEMBER + each for each in change.dropped))
        for each in change.absorbed:
            self.notes(Key.STORY + each, {schema.Story.INTO: story_id})

    def tells(self, event: AnyEvent) -> None:
        """The event goes onto the stream, with the position that it gets there, and is counted."""
        name, told = event.type.removeprefix("story."), event
        if self.traceparent is not None:
            told = event.model_copy(update={"traceparent": self.traceparent})
        self.events.append(told)
        self._operations.append(("EVENT", name))

    def places(
        self,
        article_id: str,
        *,
        number: int,
        version: int,
        event_ms: int,
        story_id: str,
        opened: int | None,
    ) -> None:
        """What was registered of the article is in force, by the entry of this commit.

        ``opened``: how many stories it opened with this one; None if it opens none now.
        """
        words = (number, version, event_ms, story_id, *(() if opened is None else (opened,)))
        self._operations.append(("PLACE", Key.ARTICLE + article_id, *words))

    def drops(self, number: int | str) -> None:
        """An article leaves the log, and the workers that follow it are told."""
        self._operations.append(("DROP", number))

    def reminds(self, article_id: str) -> None:
        """An entry at the end of the log, so that the article's story is looked at once more when
        that leaves.
        """
        self._operations.append(("REMIND", article_id))

    def refers(
        self, article_id: str, replaced_by: str, keep_ms: int, mandate: Collection[str]
    ) -> None:
        """Notes for an article that did not come yet, for so long, which one replaces it, if that
        may speak for its owner.
        """
        words = (replaced_by, keep_ms, schema.mandate_text(mandate))
        self._operations.append(("REFER", Key.ARTICLE + article_id, *words))

    def tallies(self, name: str) -> None:
        """Counts one more."""
        self._operations.append(("TALLY", name))

    def notes(self, key: str, values: Mapping[str, Any]) -> None:
        """Sets fields of a hash."""
        words = [*chain.from_iterable(values.items())]
        for start in range(0, len(words), 2 * _FIELDS_AT_ONCE):
            chunk = words[start : start + 2 * _FIELDS_AT_ONCE]
            self._operations.append(("HSET", key, *chunk))

    def forgets(self, key: str, *fields: Any) -> None:
        """Takes fields off a hash."""
        for start in range(0, len(fields), _FIELDS_AT_ONCE):
            self._operations.append(("HDEL", key, *fields[start : start + _FIELDS_AT_ONCE]))

    def advances(self, key: str, field_name: str) -> None:
        """Adds one to a field."""
        self._operations.append(("HINCRBY", key, field_name, 1))

    def removes(self, key: str) -> None:
        """The key goes, whatever it holds."""
        self._operations.append(("UNLINK", key))

    def keeps(self, key: str, for_ms: int | None = None) -> None:
        """The key stays for so long; for good with None."""
        for_good = for_ms is None
        self._operations.append(("PERSIST", key) if for_good else ("PEXPIRE", key, for_ms))

    def schedules(self, key: str, name: str, at_ms: int) -> None:
        """Has a sorted set name what is due then."""
        self._operations.append(("ZADD", key, at_ms, name))

    def unschedules(self, key: str, name: str) -> None:
        """Takes it off again."""
        self._operations.append(("ZREM", key, name))

    def sends(self, key: str, data: str) -> None:
        """An entry for a stream, in field ``data``."""
        self._operations.append(("XADD", key, "*", "data", data))

    def cuts(self, key: str, first: int) -> None:
        """Trims a log to the entries from number ``first`` on."""
        self._operations.append(("XTRIM", key, "MINID", f"{first}-0"))

    def said(self, *, deletes: bool) -> list[str]:
        """All of it as ``lua/change.lua`` reads it: its words, and two parts of each event.
        ``deletes``: what the settings say.
        """
        words = [*map(str, self._words(deletes=deletes))]
        return [
            json.dumps(words, ensure_ascii=False),
            *chain.from_iterable(map(_around_its_position, self.events)),
        ]

    def _words(self, *, deletes: bool) -> list[Any]:
        revision = "*" if self.rules_revision is None else self.rules_revision
        words: list[Any] = [self.entry_id, "1" if self.deletes or deletes else "0", self.counted]
        checks = defaultdict[str, list[tuple[str, Any]]](list)
        for key, field_name, value in self._checks:
            checks[key].append((field_name, value))
        words += (revision, len(self.events), len(checks))
        for key, by_field in checks.items():
            fields, values = zip(*by_field, strict=True)
            words += (key, len(fields), *fields, *values)
        for operation in self._operations:
            words.append(len(operation))
            words += operation
        return words


def _around_its_position(event: AnyEvent) -> tuple[str, str]:
    """An event's JSON before its position and behind it."""
    before, behind = event.model_dump_json().split('"position":0', 1)
    return f'{before}"position":', behind
