"""One article on its way into a story: what it matches, what is decided, and the step it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from contracts.events import Change
from service.stories.decide import (
    Decision,
    JoinStory,
    OpenStory,
    Question,
    Vote,
    decide,
    story_id_for,
    votes_of,
)
from service.stories.events import as_revision
from service.stories.intent import Wish, intent
from service.stories.state import Match, Member, NeedsMembers, StoryState
from workers.placing.context import Bond, Grounds, Prepared, View
from workers.placing.foreign import tells_kills
from workers.placing.members import across, bridged, copies_among, further_votes
from workers.placing.telling import Telling, Told
from workers.state import schema
from workers.state.answers import UNDECIDED, Kind
from workers.state.article_record import held_back, placed_record
from workers.state.commit import Commit
from workers.state.entries import article_of

MEMBERS_ASKED = 8
"""Members of its own story that a new version is compared with, if it came near none of them."""


@dataclass(slots=True)
class Placing:
    """One article on its way into a story."""

    grounds: Grounds
    item: Prepared
    view: View
    commit: Commit
    now: datetime

    def plan(self) -> bool:
        """Fills the commit; False if the article must wait.

        Raises:
            NeedsMembers: before anything was changed.
        """
        item, view = self.item, self.view
        is_held = item.registered.kind is Kind.HELD
        matches = self._matches(may_wait=not is_held)
        bonds = self.grounds.bonds(item)
        partners = {bond: view.place((bond.article_id, None)) for bond in bonds}
        # Waiting for smaller numbers only: two that name each other must not wait for ever.
        awaited = any(place.pending and place.pending < item.number for place in partners.values())
        if matches is None or (awaited and not is_held):
            return False
        if item.replaces and not is_held:
            # It was looked at when the article was registered; another may have sent it since.
            owner = {schema.Article.OWNER: item.registered.replaced_owner}
            self.commit.requires_of(item.replaces, owner)
        tells_kills(self.commit, item.article.id, item.voice.sender, item.registered, self.now)
        bound = {
            place.story_id: bond
            for bond, place in partners.items()
            if place.story_id not in ("", UNDECIDED)
        }
        own = view.place((item.article.id, item.registered.old_number))
        own_id = own.story_id if item.registered.story_id and own.member else None
        decision = self._decide(matches, bound, own_id)
        if is_held:
            self._hold(decision, own_id)
        elif own_id is not None and own.member is not None:
            self._revise(decision, own_id, own.member, bound)
        else:
            self._place(decision, bound)
        return True

    def _matches(self, *, may_wait: bool) -> list[Match] | None:
        """The candidates that are in stories; None while one that matches is undecided."""
        item, grounds = self.item, self.grounds
        if not grounds.is_match(item.candidates[:1]) and not item.registered.story_id:
            return []
        matches = []
        for candidate in item.candidates:
            if candidate.article_id == item.article.id:
                continue
            place = self.view.place((candidate.article_id, candidate.number)).story_id
            if place == UNDECIDED:
                if may_wait and grounds.is_match([candidate]):
                    return None
            elif place:
                matches.append(Match(candidate, place))
        return matches

    def _decide(
        self, matches: Sequence[Match], bound: dict[str, Bond], own_id: str | None
    ) -> Decision:
        item, grounds, stories = self.item, self.grounds, self.view.ledger.stories
        strangers = grounds.rules.strangers(item.article.id)
        barred = {self.view.place((each, None)).story_id for each in strangers}
        epoch = item.registered.event_ms // grounds.settings.epoch_ms
        further = self._further(matches, own_id)
        votes = votes_of(matches, further)
        return decide(
            Question(
                matches=matches,
                stories=stories,
                votes=votes,
                new_story_id=story_id_for(item.article.id, epoch, item.registered.opened),
                own=own_id,
                bound=bound,
                barred=barred,
                bridged=self._bridged(matches, further),
                are_apart=grounds.are_apart,
                copies=self._copies(votes),
                across=partial(across, grounds, item, matches),
            ),
            grounds.thresholds,
        )

    def _copies(self, votes: Mapping[str, Sequence[Vote]]) -> dict[int, int]:
        """Copies among those that vote, where a story has more than one vote."""
        if all(len(each) == 1 for each in votes.values()):
            return {}
        return copies_among(self.grounds, [vote.number for each in votes.values() for vote in each])

    def _further(self, matches: Sequence[Match], own_id: str | None) -> dict[str, list[Vote]]:
        """Votes of members that were not compared yet: of a story that matches its lead's; of the
        article's own story, where nothing was compared, those of its oldest members.
        """
        item, grounds, stories = self.item, self.grounds, self.view.ledger.stories
        likely = {each.story_id for each in matches if grounds.is_match([each.candidate])}
        asked: dict[str, list[int]] = {}
        for story_id in sorted(likely | ({own_id} if own_id else set())):
            story = stories[story_id]
            asked[story_id] = [story.lead_number] if story.lead_id != item.article.id else []
            if story_id == own_id and all(each.story_id != own_id for each in matches):
                asked[story_id] = self._oldest(story)
        return further_votes(grounds, item, asked)

    def _bridged(self, matches: Sequence[Match], further: Mapping[str, Sequence[Vote]]) -> set[str]:
        """The stories that one text alone ties to the article. Where the lead alone was compared,
        the newest member is asked too: the lead may be two texts in one, and the rest far away.
        """
        stories, is_match = self.view.ledger.stories, self.grounds.is_match
        likely = {each.story_id for each in matches if is_match([each.candidate])}
        votes = votes_of([each for each in matches if each.story_id in likely], further)
        newest = {
            story_id: [stories[story_id].highest]
            for story_id in likely
            if {vote.number for vote in votes[story_id]} == {stories[story_id].lead_number}
            and stories[story_id].highest != stories[story_id].lead_number
        }
        if newest:
            for story_id, more in further_votes(self.grounds, self.item, newest).items():
                votes[story_id] += more
        return bridged(self.grounds, self.item, votes)

    def _oldest(self, story: StoryState) -> list[int]:
        """Numbers of a story's oldest members beside the article."""
        if story.members is None:
            raise NeedsMembers([story.id])
        others = (
            each for each in story.members.values() if each.article_id != self.item.article.id
        )
        return [each.number for each in sorted(others, key=lambda each: each.first)[:MEMBERS_ASKED]]

    def _place(
        self,
        decision: Decision,
        bound: dict[str, Bond],
        old: Member | None = None,
        split_from: str | None = None,
    ) -> None:
        """The article opens a story, or joins one, which others may merge into before."""
        ledger, named = self.view.ledger, self.item.article.id
        ruled = [named] if self.grounds.rules.names(named) else []
        self._merge(decision)
        telling = Telling(
            self.grounds,
            self.item,
            self.view,
            decision,
            bound,
            split_from=split_from,
            first=old.first if old else 0,
        )
        told = telling.told()
        if isinstance(decision, JoinStory):
            ledger.joined(decision.story_id, told.member, told.about, self.now, ruled)
        else:
            ledger.opened(decision.story_id, [told.member], told.about, self.now, ruled)
        ledger.led(decision.story_id, self.now)
        self._finish(decision.story_id, told, opened=isinstance(decision, OpenStory))

    def _revise(self, decision: Decision, own_id: str, old: Member, bound: dict[str, Bond]) -> None:
        """A new version of a member: it stays in its story, or leaves it for another."""
        ledger, article_id = self.view.ledger, self.item.article.id
        self.commit.counted = "versions"
        if own_id not in {story.id for story in decision.stories}:
            ledger.require([own_id, *self._concerned(decision)])
            ledger.split(own_id, [article_id], decision.story_id, article_id, self.now)
            self._place(decision, bound, old, split_from=own_id)
            return
        ledger.require(story.id for story in decision.stories)
        self._merge(decision)
        told = Telling(
            self.grounds, self.item, self.view, decision, bound, stays=old, first=old.first
        ).told()
        ledger.revised(
            decision.story_id,
            self.now,
            change=Change.VERSION,
            article_id=article_id,
            member=told.member,
            told=as_revision(told.about, old.version),
        )
        ledger.led(decision.story_id, self.now)
        self._finish(decision.story_id, told, opened=False)

    def _hold(self, decision: Decision, own_id: str | None) -> None:
        """Kept for later: where it would go is noted, and told to nobody."""
        item, ledger = self.item, self.view.ledger
        is_withheld = intent(item.article).wish is Wish.HOLD
        if is_withheld and own_id is not None:
            ledger.require([own_id])
            ledger.removed(own_id, item.article.id, Change.WITHHELD, self.now)
        self.commit.counted = "held"
        match = decision.match if isinstance(decision, JoinStory) else None
        held_back(
            self.commit,
            # As it came: when it is released it is read again, and said to be repaired.
            article_of(item.entry, self.grounds.settings.max_entry_bytes)
            if item.repaired
            else item.article,
            item.registered,
            sender=item.voice.sender,
            until=None if is_withheld else item.article.embargoed,
            leaves=is_withheld and own_id is not None,
            story_id=decision.story.id if isinstance(decision, JoinStory) else None,
            matched=match.candidate if match else None,
        )
        self.commit.takes(ledger.take())

    def _merge(self, decision: Decision) -> None:
        ledger = self.view.ledger
        ledger.require(self._concerned(decision))
        for absorbed in decision.stories[1:]:
            ledger.merged_into(decision.story_id, absorbed.id, self.item.article.id, self.now)

    def _concerned(self, decision: Decision) -> list[str]:
        """Stories of which all members change places, or another one comes to lead."""
        if isinstance(decision, OpenStory):
            return []
        concerned = bool(decision.absorbed) or self._leads_elsewhere(decision)
        return [each.id for each in decision.stories] if concerned else []

    def _leads_elsewhere(self, decision: JoinStory) -> bool:
        if not self.grounds.rules.commands:
            return False
        ruled = {each for story in decision.stories for each in story.ruled}
        lead = self.grounds.rules.lead_of({*ruled, self.item.article.id})
        return lead not in (None, decision.story.lead_id)

    def _finish(self, story_id: str, told: Told, *, opened: bool) -> None:
        item = self.item
        self.view.put(told.member, story_id)
        if told.compared is not None:
            quoted = {schema.Article.NUMBER: told.compared.number}
            self.commit.requires_of(told.compared.article_id, quoted)
        self.commit.takes(self.view.ledger.take())
        placed_record(self.commit, told.member, item.registered, story_id, opened=opened)
        if item.replaces:
            target = self.view.place((item.replaces, None))
            if target.story_id in ("", UNDECIDED):
                # It comes later, or is decided later: then it finds who replaces it.
                self.commit.requires_of(item.replaces, {schema.Article.NUMBER: ""})
                kept_ms = 2 * self.grounds.settings.window_ms
                mandate = item.voice.mandate
                self.commit.refers(item.replaces, item.article.id, kept_ms, mandate)
        if told.member.lang not in self.grounds.verifier.languages:
            self.commit.tallies(schema.Count.OTHER_LANGUAGE)
        if item.repaired:
            self.commit.tallies(schema.Count.REPAIRED)
