"""Changes of stories, as one consistent whole: what happened, what is told, what is written.

A ledger holds the stories that a batch concerns, as they were read. Each step (`placed`,
`revised`, `left`, ...) changes them and words the events; `Ledger.take` hands out what one
step changed, to be committed only if every story is still at the revision that was read.
Steps follow each other in the ledger before any of them is committed, so a batch costs one
read and one write.

Everything here is pure: times and ids are arguments.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.events import (
    AnyEvent,
    Change,
    Closure,
    Merger,
    Placement,
    Retraction,
    Revision,
    Split,
    StoryClosed,
    StoryJoined,
    StoryMerged,
    StoryOpened,
    StoryRetracted,
    StoryRevised,
    StorySplit,
    event_id,
)
from service.stories.rules import Rules
from service.stories.state import Member, NeedsMembers, StoryState
from service.stories.step import Step, StoryChange


class Ledger:
    """The stories that a batch concerns, with the steps that were taken so far."""

    def __init__(
        self,
        stories: Mapping[str, StoryState],
        source: str,
        mark: str,
        rules: Rules | None = None,
    ) -> None:
        """A ledger over stories as they were read.

        Args:
            stories: by id.
            source: CloudEvents source of the events, a URI reference.
            mark: no other ledger's. Revisions carry it, so that a step which follows one that
                was refused is refused too, however far others have come meanwhile.
            rules: the editors' rules in force; they may say who leads.
        """
        self.stories = dict(stories)
        """As the steps so far leave them."""
        self.merged: dict[str, str] = {}
        """Stories that ended in these steps → the stories they merged into."""
        self._source = source
        self._mark = mark
        self._rules = rules or Rules()
        self._changes: dict[str, StoryChange] = {}
        self._events: list[AnyEvent] = []
        self._moved: dict[str, str] = {}

    def take(self) -> Step:
        """What changed since the last call."""
        step = Step(self._changes, tuple(self._events), self._moved)
        self._changes, self._events, self._moved = {}, [], {}
        return step

    def resolve(self, story_id: str) -> str:
        """The story that an id stands for after these steps."""
        while story_id in self.merged:
            story_id = self.merged[story_id]
        return story_id

    def require(self, story_ids: Iterable[str]) -> None:
        """Asks for whole stories before a step of several parts begins.

        Raises:
            NeedsMembers: of some, names them all.
        """
        missing = [each for each in story_ids if self.stories[each].members is None]
        if missing:
            raise NeedsMembers(missing)

    def opened(
        self,
        story_id: str,
        members: Sequence[Member],
        told: Mapping[str, Any],
        time: datetime,
        ruled: Collection[str] = (),
    ) -> StoryState:
        """Articles make up a new story: one that matched nothing, or those that left another.

        Args:
            story_id: of the new story.
            members: the lead first.
            told: the fields of `Placement` about the lead.
            time: when it was decided.
            ruled: members that editors' rules name.
        """
        self._start(story_id, "")
        lead = members[0]
        by_id = {member.article_id: member for member in members}
        self._changes[story_id].put |= by_id
        story = StoryState(
            id=story_id,
            revision="",
            sequence=0,
            article_count=0,
            lead_id=lead.article_id,
            lead_number=lead.number,
            born=lead.number,
            highest=max(member.number for member in members),
            languages=(),
            independent_sources=0,
            ruled=tuple(sorted(ruled)),
            members=by_id,
        ).recounted()
        self._tell(StoryOpened, Placement, story, time, **told)
        return self.stories[story_id]

    def joined(
        self,
        story_id: str,
        member: Member,
        told: Mapping[str, Any],
        time: datetime,
        ruled: Collection[str] = (),
    ) -> StoryState:
        """An article joins a story; ``ruled`` names it if an editors' rule does."""
        before = self._touch(story_id)
        members = before.members
        story = replace(
            before,
            article_count=before.article_count + 1,
            highest=max(before.highest, member.number),
            languages=tuple(sorted({*before.languages, member.lang})),
            independent_sources=before.independent_sources + (member.origin == member.first),
            ruled=tuple(sorted({*before.ruled, *ruled})),
            members=None if members is None else {**members, member.article_id: member},
        )
        self._changes[story_id].put[member.article_id] = member
        self._tell(StoryJoined, Placement, story, time, **told)
        return self.stories[story_id]

    def merged_into(
        self, survivor_id: str, ended_id: str, because_of: str, time: datetime
    ) -> StoryState:
        """All members of one story move to another.

        Raises:
            NeedsMembers: the members of one of them were not read.
        """
        ended, ended_members = self._whole(ended_id)
        survivor, members = self._whole(survivor_id)
        self._touch(ended_id)
        self._touch(survivor_id)
        outlets = {member.outlet: member.origin for member in members.values() if member.outlet}
        coming = {
            member.article_id: member._replace(origin=outlets.get(member.outlet, member.origin))
            for member in ended_members.values()
        }
        change = self._changes[survivor_id]
        change.put |= coming
        change.absorbed += (ended_id, *ended.absorbed)
        story = replace(
            survivor,
            highest=max(survivor.highest, ended.highest),
            ruled=tuple(sorted({*survivor.ruled, *ended.ruled})),
            members={**members, **coming},
            absorbed=(*survivor.absorbed, ended_id, *ended.absorbed),
        ).recounted()
        # The survivor's own next event is not told here, but it did change.
        self.stories[survivor_id] = self._bumped(story)
        change.after = self.stories[survivor_id]
        self.merged[ended_id] = survivor_id
        ids = sorted(ended_members.values(), key=lambda member: member.first)
        self._end(
            StoryMerged,
            Merger(
                **self.stories[survivor_id].figures
                | {"story_id": ended_id, "sequence": ended.sequence + 1},
                merged_into=survivor_id,
                article_ids=tuple(member.article_id for member in ids),
                because_of=because_of,
            ),
            time,
        )
        self._changes[ended_id].merged_into = survivor_id
        return self.stories[survivor_id]

    def revised(
        self,
        story_id: str,
        time: datetime,
        *,
        change: Change,
        article_id: str,
        member: Member | None = None,
        lead: str | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> StoryState:
        """A member has a new version (``member``), or another one leads (``lead``).

        Raises:
            NeedsMembers: the members were not read.
        """
        before, members = self._whole(story_id)
        self._touch(story_id)
        members = dict(members)
        if member is not None:
            members[article_id] = member
            self._changes[story_id].put[article_id] = member
        lead_id = lead or before.lead_id
        story = replace(
            before,
            members=members,
            lead_id=lead_id,
            highest=max(each.number for each in members.values()),
        ).recounted()
        story = replace(story, highest=max(story.highest, before.highest))
        self._tell(
            StoryRevised,
            Revision,
            story,
            time,
            change=change,
            article_id=article_id,
            old_lead=before.lead_id if lead_id != before.lead_id else None,
            **(told or {}),
        )
        return self.stories[story_id]

    def removed(
        self,
        story_id: str,
        article_id: str,
        change: Change,
        time: datetime,
        told: Mapping[str, Any] | None = None,
    ) -> StoryState | None:
        """A member leaves for nowhere: killed, or held back. None if it was the last.

        Raises:
            NeedsMembers: the members were not read.
        """
        before, members = self._whole(story_id)
        self._touch(story_id)
        if len(members) == 1:
            ended = self._changes[story_id]
            ended.released = before.absorbed
            self._end(
                StoryRetracted,
                Retraction(
                    story_id=story_id,
                    sequence=before.sequence + 1,
                    article_ids=(article_id,),
                    change=change,
                ),
                time,
            )
            return None
        gone = members[article_id]
        story = self._without(before, {article_id})
        others = sorted((story.members or {}).values(), key=lambda each: each.first)
        is_killed = change is Change.RETRACTED
        stem = [each for each in others if is_killed and each.origin == gone.origin]
        self._tell(
            StoryRevised,
            Revision,
            story,
            time,
            change=change,
            article_id=article_id,
            old_version=gone.version,
            old_lead=before.lead_id if story.lead_id != before.lead_id else None,
            translations=tuple(each.article_id for each in stem if each.lang != gone.lang),
            copies=tuple(each.article_id for each in stem if each.lang == gone.lang),
            **(told or {}),
        )
        return self.stories[story_id]

    def split(
        self,
        story_id: str,
        article_ids: Collection[str],
        moved_to: str,
        because_of: str,
        time: datetime,
    ) -> list[Member]:
        """Members leave a story, at least one stays; those that left, oldest first.

        Where they go is told by the step that follows: `opened` or `joined` for the first
        of them.

        Raises:
            NeedsMembers: the members were not read.
        """
        before, members = self._whole(story_id)
        self._touch(story_id)
        leaving = sorted(
            (members[article_id] for article_id in article_ids), key=lambda each: each.first
        )
        story = self._without(before, set(article_ids))
        self._moved |= dict.fromkeys(article_ids, moved_to)
        self._tell(
            StorySplit,
            Split,
            story,
            time,
            split_from=story_id,
            moved_to=moved_to,
            article_ids=tuple(each.article_id for each in leaving),
            because_of=because_of,
            old_lead=before.lead_id if story.lead_id != before.lead_id else None,
        )
        return leaving

    def led(self, story_id: str, time: datetime) -> None:
        """The member leads that a rule names, if another one does so far.

        Raises:
            NeedsMembers: the members were not read.
        """
        story = self.stories[story_id]
        lead = self._rules.lead_of(story.ruled)
        if lead is not None and lead != story.lead_id:
            told = {"rule": self._rules.lead_rule(lead)}
            self.revised(story_id, time, change=Change.LEAD, article_id=lead, lead=lead, told=told)

    def named(self, story_id: str, article_ids: Iterable[str]) -> None:
        """Editors' rules name these members: noted in the story, nothing is told."""
        story = self.stories[story_id]
        ruled = tuple(sorted({*story.ruled, *article_ids}))
        if ruled != story.ruled:
            self._touch(story_id)
            self.stories[story_id] = self._bumped(replace(story, ruled=ruled))
            self._changes[story_id].after = self.stories[story_id]

    def closed(self, story_id: str, time: datetime) -> None:
        """A story's window passed.

        Raises:
            NeedsMembers: the members were not read.
        """
        story, members = self._whole(story_id)
        self._touch(story_id)
        change = self._changes[story_id]
        change.dropped |= members.keys()
        change.released = story.absorbed
        self._end(
            StoryClosed,
            Closure(**story.figures | {"sequence": story.sequence + 1}),
            time,
        )

    def _without(self, story: StoryState, gone: set[str]) -> StoryState:
        """A story with these members gone and, if it was among them, a new lead: the oldest."""
        change = self._changes[story.id]
        members = {
            each: member for each, member in (story.members or {}).items() if each not in gone
        }
        for article_id in gone:
            change.put.pop(article_id, None)
        change.dropped |= gone
        ruled = tuple(each for each in story.ruled if each not in gone)
        lead_id = story.lead_id
        if lead_id in gone:
            oldest = min(members.values(), key=lambda member: member.first)
            lead_id = self._rules.lead_of(ruled) or oldest.article_id
        return replace(story, members=members, lead_id=lead_id, ruled=ruled).recounted()

    def _whole(self, story_id: str) -> tuple[StoryState, Mapping[str, Member]]:
        story = self.stories[story_id]
        if story.members is None:
            raise NeedsMembers([story_id])
        return story, story.members

    def _touch(self, story_id: str) -> StoryState:
        self._start(story_id, self.stories[story_id].revision)
        return self.stories[story_id]

    def _bumped(self, story: StoryState) -> StoryState:
        count = int(story.revision.partition("-")[0] or 0) + 1
        return replace(story, revision=f"{count}-{self._mark}")

    def _start(self, story_id: str, revision: str) -> None:
        self._changes.setdefault(story_id, StoryChange(revision))

    def _tell(
        self, envelope: type[Any], data: type[Any], story: StoryState, time: datetime, **told: Any
    ) -> None:
        """Words an event of a story that goes on, and notes the story as it is after it."""
        story = self._bumped(replace(story, sequence=story.sequence + 1))
        self.stories[story.id] = story
        self._changes[story.id].after = story
        self._word(envelope, data(**story.figures, **told), time)

    def _end(self, envelope: type[Any], data: Any, time: datetime) -> None:
        del self.stories[data.story_id]
        self._changes[data.story_id].after = None
        self._word(envelope, data, time)

    def _word(self, envelope: type[Any], data: Any, time: datetime) -> None:
        self._events.append(
            envelope(
                id=event_id(data.story_id, data.sequence),
                source=self._source,
                subject=data.story_id,
                time=time,
                data=data,
            )
        )
