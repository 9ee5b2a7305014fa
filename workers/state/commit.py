"""Steps of the ledger as Redis keeps them: hashes read, checks and operations written.

``lua/change.lua`` says what the fields of a story's hash are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from contracts.events import AnyEvent
from service.stories.state import Member, StoryState
from service.stories.step import Step, StoryChange

Check = tuple[str, str, str]
"""Key without prefix, field, value it must have; empty for an absent field."""
Operation = tuple[Any, ...]
"""A word of ``lua/change.lua`` or a Redis command, its key without prefix, and the rest."""

_FIELDS_AT_ONCE = 1_000
"""Of one HSET: a script's call takes some 8,000 words at most."""


def fresh_mark() -> str:
    """A mark for one ledger."""
    return token_hex(6)


@dataclass(slots=True)
class Commit:
    """What `Store.commit` is asked to write, all or nothing."""

    entry_id: str
    """The input entry that it acknowledges; empty for none."""
    counted: str
    """Counter of the entry."""
    rules_revision: str | None = None
    """Of the editors' rules that were in force; None if they don't matter."""
    checks: list[Check] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    deletes: bool = False
    """Whether the entry is deleted whatever the settings say: it holds withdrawn text."""
    traceparent: str | None = None
    """Trace context that its events carry."""
    events: list[AnyEvent] = field(default_factory=list)
    """What the operations tell."""


def add_step(commit: Commit, step: Step) -> None:
    """The checks and operations of one step, behind those that the commit has."""
    for story_id, change in step.stories.items():
        revision = change.before.revision if change.before else ""
        commit.checks.append((f"s:{story_id}", "r", revision))
        commit.operations += _story_operations(story_id, change)
        if change.after is not None and (change.dropped or story_id in step.moved.values()):
            # A story is looked at when its newest member leaves the log. That one may just have
            # left the story, or what came may have left the log long ago.
            commit.operations.append(("REMIND", change.after.lead_id))
    for article_id, story_id in step.moved.items():
        commit.operations.append(("HSET", f"a:{article_id}", "s", story_id))
    for event in step.events:
        name, told = event.type.removeprefix("story."), event
        if commit.traceparent is not None:
            told = event.model_copy(update={"traceparent": commit.traceparent})
        commit.events.append(told)
        commit.operations.append(("EVENT", name, told.model_dump_json()))


def _story_operations(story_id: str, change: StoryChange) -> list[Operation]:
    key = f"s:{story_id}"
    if change.after is None:
        # The key goes first: where the story merged, the survivor's part sets it anew.
        gone: list[Operation] = [("UNLINK", key)]
        gone += [("UNLINK", f"s:{each}") for each in change.released]
        gone += [("UNLINK", f"a:{each}") for each in change.dropped]
        if change.merged_into is not None:
            gone.append(("HSET", key, "into", change.merged_into))
        return gone
    pairs = _changed(change.before, change.after)
    for member in change.put.values():
        pairs += [f"m{member.article_id}", member_text(member)]
    for each in change.absorbed:
        pairs += [f"x{each}", ""]
    written: list[Operation] = [
        ("HSET", key, *pairs[start : start + 2 * _FIELDS_AT_ONCE])
        for start in range(0, len(pairs), 2 * _FIELDS_AT_ONCE)
    ]
    if change.dropped:
        written.append(("HDEL", key, *(f"m{each}" for each in change.dropped)))
    written += [("HSET", f"s:{each}", "into", story_id) for each in change.absorbed]
    return written


def _changed(before: StoryState | None, after: StoryState) -> list[Any]:
    """Fields of a story's hash that are not as they were, with their values."""
    pairs: list[Any] = []
    for name, place in _STORED:
        if before is None or before[place] != after[place]:
            value: Any = after[place]
            if name == "g":
                value = ",".join(value)
            elif name == "d":
                value = json.dumps(value) if value else ""
            pairs += [name, value]
    return pairs


_STORED = tuple(
    (name, StoryState._fields.index(field_name))
    for name, field_name in {
        "r": "revision",
        "q": "sequence",
        "c": "article_count",
        "l": "lead_id",
        "ln": "lead_number",
        "b": "born",
        "hn": "highest",
        "g": "languages",
        "i": "independent_sources",
        "d": "ruled",
    }.items()
)
"""Fields of a story's hash, and their places in `StoryState`."""


def member_text(member: Member) -> str:
    """A member as its story's hash keeps it."""
    return ":".join(map(str, member[1:]))


def member_of(article_id: str, text: bytes) -> Member:
    """The other way round."""
    first, number, version, lang, origin, outlet, event_ms = text.decode().split(":")
    return Member(
        article_id, int(first), int(number), int(version), lang, int(origin), outlet, int(event_ms)
    )


def figures_of(values: Sequence[bytes | None]) -> StoryState:
    """A story without its members, as ``lua/stories.lua`` answers it."""
    story_id, revision, sequence, count, lead, lead_number, born, highest, languages, sources = (
        (value or b"").decode() for value in values[:10]
    )
    ruled = values[10]
    return StoryState(
        id=story_id,
        revision=revision,
        sequence=int(sequence),
        article_count=int(count),
        lead_id=lead,
        lead_number=int(lead_number),
        born=int(born),
        highest=int(highest),
        languages=tuple(languages.split(",")),
        independent_sources=int(sources),
        ruled=tuple(json.loads(ruled)) if ruled else (),
    )


def whole_of(story_id: str, fields: Mapping[bytes, bytes]) -> StoryState:
    """A story with its members, from all fields of its hash."""
    figures = figures_of([story_id.encode(), *(fields.get(name.encode()) for name, _ in _STORED)])
    members, absorbed = {}, []
    for name, value in fields.items():
        if name.startswith(b"m"):
            article_id = name[1:].decode()
            members[article_id] = member_of(article_id, value)
        elif name.startswith(b"x"):
            absorbed.append(name[1:].decode())
    return figures._replace(members=members, absorbed=tuple(sorted(absorbed)))


def pairs_of(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    """A hash as a script answers it: fields and values by turns."""
    return dict(zip(flat[::2], flat[1::2], strict=True))
