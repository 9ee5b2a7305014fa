"""Changes of stories, as one consistent whole: what happened, what is told, what is written.

A ledger holds the stories that a batch concerns, as they were read. Each step (`opened`,
`revised`, `split`, ...) changes them and words the events; `Ledger.take` hands out what one
step changed, to be committed only if every story is still at the revision that was read.
Steps follow each other in the ledger before any of them is committed, so a batch costs one
read and one write.

Everything here is pure: times and ids are arguments.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.events import (
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
)
from service.stories.book import Book
from service.stories.state import Member, StoryState
from service.stories.step import StoryChange


class Ledger(Book):
    """A book in which steps are taken, one article or command after the other."""

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
        self.changes[story_id] = StoryChange(None)
        lead = members[0]
        by_id = {member.article_id: member for member in members}
        self.changes[story_id].put |= by_id
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
        self.tell(StoryOpened, Placement, story, time, **told)
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
        before = self.touch(story_id)
        members = before.members
        story = before._replace(
            article_count=before.article_count + 1,
            highest=max(before.highest, member.number),
            languages=tuple(sorted({*before.languages, member.lang})),
            independent_sources=before.independent_sources + (member.origin == member.first),
            ruled=tuple(sorted({*before.ruled, *ruled})),
            members=None if members is None else {**members, member.article_id: member},
        )
        self.changes[story_id].put[member.article_id] = member
        self.tell(StoryJoined, Placement, story, time, **told)
        return self.stories[story_id]

    def merged_into(
        self, survivor_id: str, ended_id: str, because_of: str, time: datetime
    ) -> StoryState:
        """All members of one story move to another.

        Raises:
            NeedsMembers: the members of one of them were not read.
        """
        ended, ended_members = self.whole(ended_id)
        survivor, members = self.whole(survivor_id)
        self.touch(ended_id)
        self.touch(survivor_id)
        outlets = {member.outlet: member.origin for member in members.values() if member.outlet}
        coming = {
            member.article_id: member._replace(origin=outlets.get(member.outlet, member.origin))
            for member in ended_members.values()
        }
        change = self.changes[survivor_id]
        change.put |= coming
        change.absorbed += (ended_id, *ended.absorbed)
        story = survivor._replace(
            highest=max(survivor.highest, ended.highest),
            ruled=tuple(sorted({*survivor.ruled, *ended.ruled})),
            members={**members, **coming},
            absorbed=(*survivor.absorbed, ended_id, *ended.absorbed),
        ).recounted()
        # The survivor's own next event is not told here, but it did change.
        self.stories[survivor_id] = self.bumped(story)
        change.after = self.stories[survivor_id]
        self.merged[ended_id] = survivor_id
        ids = sorted(ended_members.values(), key=lambda member: member.first)
        self.end(
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
        self.changes[ended_id].merged_into = survivor_id
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
        before, members = self.whole(story_id)
        self.touch(story_id)
        members = dict(members)
        if member is not None:
            members[article_id] = member
            self.changes[story_id].put[article_id] = member
        lead_id = lead or before.lead_id
        story = before._replace(
            members=members,
            lead_id=lead_id,
            highest=max(before.highest, *(each.number for each in members.values())),
        ).recounted()
        self.tell(
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
    ) -> StoryState | None:
        """A member leaves for nowhere: killed, or held back. None if it was the last.

        Raises:
            NeedsMembers: the members were not read.
        """
        before, members = self.whole(story_id)
        self.touch(story_id)
        if len(members) == 1:
            ended = self.changes[story_id]
            ended.released = before.absorbed
            self.end(
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
        story = self.without(before, {article_id})
        others = sorted((story.members or {}).values(), key=lambda each: each.first)
        is_killed = change is Change.RETRACTED
        stem = [each for each in others if is_killed and each.origin == gone.origin]
        self.tell(
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
        before, members = self.whole(story_id)
        self.touch(story_id)
        leaving = sorted(
            (members[article_id] for article_id in article_ids), key=lambda each: each.first
        )
        story = self.without(before, set(article_ids))
        self.moved |= dict.fromkeys(article_ids, moved_to)
        self.tell(
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
        lead = self.rules.lead_of(story.ruled)
        if lead is not None and lead != story.lead_id:
            told = {"rule": self.rules.lead_rule(lead)}
            self.revised(story_id, time, change=Change.LEAD, article_id=lead, lead=lead, told=told)

    def named(self, story_id: str, article_ids: Iterable[str]) -> None:
        """Editors' rules name these members: noted in the story, nothing is told."""
        story = self.stories[story_id]
        ruled = tuple(sorted({*story.ruled, *article_ids}))
        if ruled != story.ruled:
            self.touch(story_id)
            self.stories[story_id] = self.bumped(story._replace(ruled=ruled))
            self.changes[story_id].after = self.stories[story_id]

    def closed(self, story_id: str, time: datetime) -> None:
        """A story's window passed.

        Raises:
            NeedsMembers: the members were not read.
        """
        story, members = self.whole(story_id)
        self.touch(story_id)
        change = self.changes[story_id]
        change.dropped |= members.keys()
        change.released = story.absorbed
        self.end(
            StoryClosed,
            Closure(**story.figures | {"sequence": story.sequence + 1}),
            time,
        )
