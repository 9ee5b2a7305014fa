"""Plan the commits of a batch on one snapshot of the stories.

Articles are decided in the order of registration. Each decision is a step in a ledger, so a
later article of the batch sees the story that an earlier one opened; the commit script refuses
whatever another worker has overtaken, and those are planned again. A step that concerns all
members of a story (a new version, a merger) needs them read first: the plan ends before such
an article and says what it needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.stories.ledger import Ledger
from service.stories.state import NeedsMembers, StoryState
from workers.placing.context import Grounds, Prepared, View
from workers.placing.one_article import Placing
from workers.placing.telling import NEAR_MISS
from workers.state.answers import Found, Snapshot
from workers.state.commit import Commit, fresh_mark


@dataclass(slots=True)
class Plan:
    """What became of a batch on paper."""

    commits: list[tuple[Prepared, Commit]] = field(default_factory=list)
    """In number order."""
    waiting: list[Prepared] = field(default_factory=list)
    """Articles that match something which is registered and undecided: only when that is decided
    are they sure to find its story."""
    left: list[Prepared] = field(default_factory=list)
    """To be planned again when ``needs`` are read."""
    needs: tuple[str, ...] = ()
    """Ids of stories of which all members are needed."""


@dataclass(frozen=True, slots=True)
class Planner:
    """Turns prepared articles and a snapshot into commits."""

    grounds: Grounds

    def asks_for(self, prepared: Sequence[Prepared]) -> list[Found]:
        """The articles whose places a plan must know: all that a matched article was compared
        with, since the unlikely ones count against their stories; what a new version was; what
        an article would be told beside; and what editors' rules and the feed name.
        """
        asked: dict[Found, None] = {}
        for item in prepared:
            if self.grounds.is_match(item.candidates[:1]) or item.registered.story_id:
                asked |= dict.fromkeys((each.article_id, each.number) for each in item.candidates)
            elif item.candidates and item.candidates[0].probability >= NEAR_MISS:
                asked[item.candidates[0].article_id, item.candidates[0].number] = None
            for bond in self.grounds.bonds(item):
                asked[bond.article_id, None] = None
            strangers = self.grounds.rules.strangers(item.article.id)
            asked |= dict.fromkeys((each, None) for each in strangers)
            if item.registered.story_id:
                asked[item.article.id, item.registered.old_number] = None
        return list(asked)

    def plan(
        self,
        prepared: Sequence[Prepared],
        snapshot: Snapshot,
        whole: Mapping[str, StoryState],
        now: datetime,
    ) -> Plan:
        """Commits in number order, as far as they can be made.

        Args:
            prepared: in number order.
            snapshot: places of what `asks_for` named.
            whole: stories of which all members were read.
            now: time of the events.
        """
        plan = Plan()
        grounds = self.grounds
        stories = {**snapshot.stories, **whole}
        source = grounds.settings.event_source
        view = View(snapshot, Ledger(stories, source, fresh_mark(), grounds.rules))
        for place, item in enumerate(prepared):
            commit = Commit(item.entry.id, "placed", snapshot.rules_revision)
            commit.traceparent = grounds.tracer.traceparent(item.entry)
            try:
                is_planned = Placing(grounds, item, view, commit, now).plan()
            except NeedsMembers as missing:
                plan.left, plan.needs = list(prepared[place:]), missing.story_ids
                break
            if is_planned:
                plan.commits.append((item, commit))
            else:
                plan.waiting.append(item)
        return plan
