"""How a story stands in its hash, written and read; `schema.Story` says what the fields are."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from service.stories.state import Member, StoryState
from service.stories.step import StoryChange
from workers.state.schema import Story, names_of

_FIGURES = tuple(
    (field, StoryState._fields.index(name.lower()))
    for name, field in names_of(Story).items()
    if name.lower() in StoryState._fields and name != "ABSORBED"
)
"""Fields with their places in `StoryState`, in the order in which ``lua/stories.lua`` answers."""


def fields_of(change: StoryChange, after: StoryState) -> dict[str, Any]:
    """What a change writes: the figures that are not as they were, members, absorbed stories."""
    fields: dict[str, Any] = {}
    for name, place in _FIGURES:
        if change.before is None or change.before[place] != after[place]:
            fields[name] = _written(name, after[place])
    fields |= {Story.MEMBER + each.article_id: member_text(each) for each in change.put.values()}
    return fields | {Story.ABSORBED + each: "" for each in change.absorbed}


def _written(name: str, value: Any) -> Any:
    if name == Story.LANGUAGES:
        return ",".join(value)
    if name == Story.RULED:
        return json.dumps(value) if value else ""
    return value


def member_text(member: Member) -> str:
    """A member as its story's hash keeps it.

    >>> member_text(Member("a", 1, 2, 1, "en", 1, "ap", 1_000))
    '1:2:1:en:1:ap:1000'
    """
    return ":".join(map(str, member[1:]))


def member_of(article_id: str, text: bytes) -> Member:
    """The other way round."""
    first, number, version, lang, origin, outlet, event_ms = text.decode().split(":")
    return Member(
        article_id, int(first), int(number), int(version), lang, int(origin), outlet, int(event_ms)
    )


def figures_of(values: Sequence[bytes | None]) -> StoryState:
    """A story without its members, as ``lua/stories.lua`` answers it: its id, then its figures."""
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
    figures = figures_of([story_id.encode(), *(fields.get(name.encode()) for name, _ in _FIGURES)])
    members, absorbed = {}, []
    for field, value in fields.items():
        name = field.decode()
        if name.startswith(Story.MEMBER):
            article_id = name.removeprefix(Story.MEMBER)
            members[article_id] = member_of(article_id, value)
        elif name.startswith(Story.ABSORBED):
            absorbed.append(name.removeprefix(Story.ABSORBED))
    return figures._replace(members=members, absorbed=tuple(sorted(absorbed)))


def pairs_of(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    """A hash as a script answers it: fields and values by turns."""
    return dict(zip(flat[::2], flat[1::2], strict=True))
