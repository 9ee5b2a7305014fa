"""Plan the commits of a batch on one snapshot of the stories.

Articles are decided in the order of registration. Each decision is a step in a ledger, so a
later article of the batch sees the story that an earlier one opened; the commit script refuses
whatever another worker has overtaken, and those are planned again. A step that concerns all
members of a story (a new version, a merger) needs them read first: the plan ends before such
an article and says what it needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contracts.article import Article
from contracts.events import Change, Evidence, Relation
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.evidence import evidence
from service.matching.guards import KNOWN_LANGUAGES
from service.matching.verify import Verifier
from service.stories.decide import (
    Decision,
    JoinStory,
    OpenStory,
    Question,
    Thresholds,
    decide,
    story_id_for,
)
from service.stories.events import about, as_revision
from service.stories.intent import Wish, intent
from service.stories.ledger import Ledger
from service.stories.rules import Rules
from service.stories.sources import origin, outlet
from service.stories.state import Candidate, Match, Member, NeedsMembers, StoryState
from workers.entries import Entry
from workers.records import held_back, placed_record
from workers.settings import Settings
from workers.steps import Commit, add_step
from workers.store import UNDECIDED, Found, Kind, Place, Registered, Snapshot
from workers.window import Window

NEAR_MISS = 0.05
"""Least probability of an earlier article that a ``story.opened`` tells of: below it there is
nothing an editor could doubt, and the event stays small."""
MEMBERS_ASKED = 8
"""Members of its own story that a new version is compared with, if it came near none of them."""
NOWHERE = Place("")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A registered article with its verified candidates, best first."""

    entry: Entry
    article: Article
    fingerprint: Fingerprint
    registered: Registered
    candidates: tuple[Candidate, ...]

    @property
    def number(self) -> int:
        """Its place in the order of registration."""
        return self.registered.number


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


class _View:
    """The snapshot with the steps of this plan taken."""

    def __init__(self, snapshot: Snapshot, ledger: Ledger) -> None:
        self.ledger = ledger
        self._places = snapshot.places
        self._placed: dict[str, Place] = {}

    def place(self, found: Found) -> Place:
        """Where an article is, if the version that was found is the one in force."""
        article_id, number = found
        place = self._placed.get(article_id) or self._places.get(found)
        if place is None:
            place = self._places.get((article_id, None), NOWHERE)
        if number is not None and place.member is not None and place.member.number != number:
            return NOWHERE
        if place.story_id in self.ledger.merged:
            return Place(self.ledger.resolve(place.story_id), place.member)
        return place

    def put(self, member: Member, story_id: str) -> None:
        self._placed[member.article_id] = Place(story_id, member)


@dataclass(frozen=True, slots=True)
class _Bond:
    """An article whose story another one must join."""

    article_id: str
    rule: str | None
    """None: the feed said so."""


@dataclass(slots=True)
class Planner:
    """Turns prepared articles and a snapshot into commits."""

    settings: Settings
    fingerprinter: Fingerprinter
    verifier: Verifier
    window: Window
    thresholds: Thresholds
    rules: Rules = field(default_factory=Rules)
    """As this worker knows them; a commit holds only while they are the namespace's."""

    @property
    def source(self) -> str:
        """CloudEvents source of this namespace's events."""
        return f"/onestory/{self.settings.namespace}"

    def asks_for(self, prepared: Sequence[Prepared]) -> list[Found]:
        """The articles whose places a plan must know: all that a matched article was compared
        with, since the unlikely ones count against their stories; what a new version was; what
        an article would be told beside; and what editors' rules and the feed name.
        """
        asked: dict[Found, None] = {}
        for item in prepared:
            if self._is_match(item.candidates[:1]) or item.registered.story_id:
                asked |= dict.fromkeys((each.article_id, each.number) for each in item.candidates)
            elif item.candidates and item.candidates[0].probability >= NEAR_MISS:
                asked[item.candidates[0].article_id, item.candidates[0].number] = None
            for bond in self._bonds(item):
                asked[bond.article_id, None] = None
            asked |= dict.fromkeys((each, None) for each in self.rules.strangers(item.article.id))
            if item.registered.story_id:
                asked[item.article.id, item.registered.old_number] = None
        return list(asked)

    def plan(
        self,
        prepared: Sequence[Prepared],
        snapshot: Snapshot,
        whole: dict[str, StoryState],
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
        view = _View(snapshot, Ledger(snapshot.stories | whole, self.source, self.rules))
        for place, item in enumerate(prepared):
            commit = Commit(item.entry.id, "placed")
            commit.checks.append(("clock", "rules", snapshot.rules_revision))
            try:
                is_planned = _Placing(self, item, view, commit, now).plan()
            except NeedsMembers as missing:
                plan.left, plan.needs = list(prepared[place:]), missing.story_ids
                break
            if is_planned:
                plan.commits.append((item, commit))
            else:
                plan.waiting.append(item)
        return plan

    def _bonds(self, item: Prepared) -> list[_Bond]:
        bonds = [_Bond(*each) for each in self.rules.partners(item.article.id).items()]
        for other in (item.article.replaces, item.registered.replaced_by):
            if other and other != item.article.id:
                bonds.append(_Bond(other, None))
        return bonds

    def _is_match(self, candidates: Sequence[Candidate]) -> bool:
        return any(each.probability >= self.thresholds.join for each in candidates)

    def are_apart(self, one: StoryState, other: StoryState) -> bool:
        """Whether a rule keeps two stories from becoming one."""
        return self.rules.between(one.ruled, other.ruled) is not None


@dataclass(slots=True)
class _Placing:
    """One article on its way into a story."""

    planner: Planner
    item: Prepared
    view: _View
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
        bonds = self.planner._bonds(item)
        partners = {bond: view.place((bond.article_id, None)) for bond in bonds}
        # Waiting for smaller numbers only: two that name each other must not wait for ever.
        awaited = any(place.pending and place.pending < item.number for place in partners.values())
        if matches is None or (awaited and not is_held):
            return False
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
            self._place(decision, bound, item.number, split_from=None)
        return True

    def _matches(self, *, may_wait: bool) -> list[Match] | None:
        """The candidates that are in stories; None while one that matches is undecided."""
        item, planner = self.item, self.planner
        if not planner._is_match(item.candidates[:1]) and not item.registered.story_id:
            return []
        matches = []
        for candidate in item.candidates:
            if candidate.article_id == item.article.id:
                continue
            place = self.view.place((candidate.article_id, candidate.number)).story_id
            if place == UNDECIDED:
                if may_wait and planner._is_match([candidate]):
                    return None
            elif place:
                matches.append(Match(candidate, place))
        return matches

    def _decide(
        self, matches: Sequence[Match], bound: dict[str, _Bond], own_id: str | None
    ) -> Decision:
        item, planner, stories = self.item, self.planner, self.view.ledger.stories
        strangers = planner.rules.strangers(item.article.id)
        barred = {self.view.place((each, None)).story_id for each in strangers}
        epoch = item.registered.event_ms // planner.settings.epoch_ms
        return decide(
            Question(
                matches=matches,
                stories=stories,
                further=self._further(matches, own_id),
                new_story_id=story_id_for(item.article.id, epoch, item.registered.opened),
                own=own_id,
                bound=bound,
                barred=barred,
                are_apart=planner.are_apart,
            ),
            planner.thresholds,
        )

    def _further(self, matches: Sequence[Match], own_id: str | None) -> dict[str, list[float]]:
        """Probabilities to members that were not compared yet: by story that matches to its lead;
        in the article's own story, where nothing was compared, to its oldest members.
        """
        item, planner, stories = self.item, self.planner, self.view.ledger.stories
        compared = {candidate.number for candidate in item.candidates}
        asked: list[str] = []
        pairs = []
        likely = {each.story_id for each in matches if planner._is_match([each.candidate])}
        for story_id in sorted(likely | ({own_id} if own_id else set())):
            story = stories[story_id]
            numbers = [story.lead_number] if story.lead_id != item.article.id else []
            if story_id == own_id and all(each.story_id != own_id for each in matches):
                numbers = self._oldest(story)
            for number in numbers:
                fingerprint = planner.window.fingerprint(number)
                if number not in compared and fingerprint is not None:
                    asked.append(story_id)
                    pairs.append((item.fingerprint, fingerprint))
        found: dict[str, list[float]] = {}
        verdicts = planner.verifier.verdicts(pairs) if pairs else ()
        for story_id, verdict in zip(asked, verdicts, strict=True):
            found.setdefault(story_id, []).append(verdict.probability)
        return found

    def _oldest(self, story: StoryState) -> list[int]:
        """Numbers of a story's oldest members beside the article."""
        if story.members is None:
            raise NeedsMembers([story.id])
        others = (
            each for each in story.members.values() if each.article_id != self.item.article.id
        )
        return [each.number for each in sorted(others, key=lambda each: each.first)[:MEMBERS_ASKED]]

    def _place(
        self, decision: Decision, bound: dict[str, _Bond], first: int, split_from: str | None
    ) -> None:
        """The article opens a story, or joins one, which others may merge into before."""
        item, ledger = self.item, self.view.ledger
        ruled = [item.article.id] if self.planner.rules.names(item.article.id) else []
        if isinstance(decision, JoinStory):
            story_id = decision.story.id
            self._merge(decision)
            told, member = self._told(decision, bound, first, split_from)
            ledger.joined(story_id, member, told, self.now, ruled)
        else:
            story_id = decision.story_id
            told, member = self._told(decision, bound, first, split_from)
            ledger.opened(story_id, [member], told, self.now, ruled)
        ledger.led(story_id, self.now)
        self._finish(story_id, member, opened=not isinstance(decision, JoinStory))

    def _revise(
        self, decision: Decision, own_id: str, old: Member, bound: dict[str, _Bond]
    ) -> None:
        """A new version of a member: it stays in its story, or leaves it for another."""
        item, ledger = self.item, self.view.ledger
        self.commit.counted = "revised"
        if not (
            isinstance(decision, JoinStory)
            and own_id in (decision.story.id, *(each.id for each in decision.absorbed))
        ):
            ledger.require([own_id, *self._concerned(decision)])
            moved_to = decision.story.id if isinstance(decision, JoinStory) else decision.story_id
            ledger.split(own_id, [item.article.id], moved_to, item.article.id, self.now)
            self._place(decision, bound, old.first, split_from=own_id)
            return
        ledger.require({own_id, *(each.id for each in _all(decision))})
        story_id = decision.story.id
        self._merge(decision)
        told, member = self._told(decision, bound, old.first, None, stays_from=old)
        ledger.revised(
            story_id,
            self.now,
            change=Change.VERSION,
            article_id=item.article.id,
            member=member,
            told=as_revision(told, old.version),
        )
        ledger.led(story_id, self.now)
        self._finish(story_id, member, opened=False)

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
            item.article,
            item.registered,
            until=None if is_withheld else item.article.embargoed,
            leaves=is_withheld and own_id is not None,
            story_id=decision.story.id if isinstance(decision, JoinStory) else None,
            matched=match.candidate if match else None,
        )
        add_step(self.commit, ledger.take())

    def _merge(self, decision: JoinStory) -> None:
        ledger = self.view.ledger
        ledger.require(self._concerned(decision))
        for absorbed in decision.absorbed:
            ledger.merged_into(decision.story.id, absorbed.id, self.item.article.id, self.now)

    def _concerned(self, decision: Decision) -> list[str]:
        """Stories of which all members change places, or another one comes to lead."""
        if isinstance(decision, OpenStory):
            return []
        concerned = bool(decision.absorbed) or self._leads_elsewhere(decision)
        return [each.id for each in _all(decision)] if concerned else []

    def _leads_elsewhere(self, decision: JoinStory) -> bool:
        if not self.planner.rules.commands:
            return False
        ruled = {each for story in _all(decision) for each in story.ruled}
        lead = self.planner.rules.lead_of({*ruled, self.item.article.id})
        return lead not in (None, decision.story.lead_id)

    def _finish(self, story_id: str, member: Member, *, opened: bool) -> None:
        item = self.item
        self.view.put(member, story_id)
        add_step(self.commit, self.view.ledger.take())
        placed_record(self.commit, member, item.registered, story_id, opened=opened)
        if item.article.replaces and item.article.replaces != item.article.id:
            target = self.view.place((item.article.replaces, None))
            if not target.story_id:
                # It may come later: then it finds who replaces it.
                key = f"a:{item.article.replaces}"
                self.commit.checks.append((key, "n", ""))
                self.commit.operations += [
                    ("HSET", key, "f", item.article.id),
                    ("PEXPIRE", key, 2 * self.planner.settings.window_ms),
                ]
        if item.fingerprint.lang not in KNOWN_LANGUAGES:
            self.commit.operations.append(("TALLY", "other_language"))

    def _told(
        self,
        decision: Decision,
        bound: dict[str, _Bond],
        first: int,
        split_from: str | None,
        stays_from: Member | None = None,
    ) -> tuple[dict[str, object], Member]:
        """What the event says of the article, and the member that it is from now on."""
        item, planner = self.item, self.planner
        joined = isinstance(decision, JoinStory)
        match = decision.match if isinstance(decision, JoinStory) else None
        bond = bound.get(decision.story.id) if isinstance(decision, JoinStory) else None
        if isinstance(decision, JoinStory):
            bond = bond or next(
                (bound[each.id] for each in decision.absorbed if each.id in bound), None
            )
        compared = match.candidate if match else None if joined else self._near_miss()
        if bond is not None:
            compared = self._bonded(bond) or compared
        if compared is not None:
            self.commit.checks.append((f"a:{compared.article_id}", "n", str(compared.number)))
        verdict = compared.verdict if compared else None
        earlier = planner.window.fingerprint(compared.number) if compared else None
        relation: Relation | None = None
        if joined and verdict is not None:
            relation = Relation.REVISION if bond and bond.rule is None else verdict.relation
        why = evidence(
            item.fingerprint,
            earlier,
            verdict if earlier else None,
            joined=joined,
            candidates=len(item.candidates),
            verifier=planner.verifier,
            model=planner.fingerprinter.model,
        )
        why = self._worded(why, bond, split_from, stays_from)
        told = about(
            item.article,
            item.fingerprint.lang,
            why,
            relation=relation,
            compared=compared,
            rule=bond.rule if bond else None,
            split_from=split_from,
        )
        return told, self._member(decision, first, relation, compared, stays_from)

    def _near_miss(self) -> Candidate | None:
        """The nearest article that was no match, if it is near, and still there."""
        best = next(
            (each for each in self.item.candidates if each.article_id != self.item.article.id), None
        )
        if best is None or best.probability < NEAR_MISS:
            return None
        place = self.view.place((best.article_id, best.number)).story_id
        return best if place not in ("", UNDECIDED) else None

    def _bonded(self, bond: _Bond) -> Candidate | None:
        """The partner that a rule or the feed names, compared with the article."""
        member = self.view.place((bond.article_id, None)).member
        fingerprint = self.planner.window.fingerprint(member.number) if member else None
        if member is None or fingerprint is None:
            return None
        verdicts = self.planner.verifier.verdicts([(self.item.fingerprint, fingerprint)])
        return Candidate(member.number, member.article_id, verdicts.probabilities[0], verdicts, 0)

    def _worded(
        self,
        why: Evidence,
        bond: _Bond | None,
        split_from: str | None,
        stays_from: Member | None,
    ) -> Evidence:
        summary = why.summary
        if bond is not None and bond.rule is not None:
            command = self.planner.rules.commands[bond.rule]
            summary = (
                f"Kept together with {bond.article_id} by rule {bond.rule} "
                f"({command.by}: {command.reason})"
            )
        elif bond is not None:
            summary = f"The feed says that it and {bond.article_id} are one item: {summary}"
        version = self.item.article.version
        if stays_from is not None:
            summary = (
                f"Version {version} stays. {summary}"
                if why.similarity is not None or bond is not None
                else f"Version {version} of the article: nothing else to compare it with"
            )
        elif split_from is not None:
            summary = f"Version {version} no longer fits its story. {summary}"
        return why if summary == why.summary else why.model_copy(update={"summary": summary})

    def _member(
        self,
        decision: Decision,
        first: int,
        relation: Relation | None,
        compared: Candidate | None,
        stays_from: Member | None,
    ) -> Member:
        item = self.item
        name = outlet(item.article.source)
        if stays_from is not None:
            stems = stays_from.origin
        elif not isinstance(decision, JoinStory):
            stems = first
        else:
            there = {story.id for story in _all(decision)} | {decision.story.id}
            places = [self.view.place((each.article_id, each.number)) for each in item.candidates]
            matched = (
                self.view.place((compared.article_id, compared.number)).member if compared else None
            )
            stems = origin(
                first,
                name,
                relation,
                compared.verdict.similarity.text if compared else 0.0,
                matched,
                [each.member for each in places if each.member and each.story_id in there],
            )
        return Member(
            item.article.id,
            first,
            item.number,
            item.article.version,
            item.fingerprint.lang,
            stems,
            name,
            item.registered.event_ms,
        )


def _all(decision: Decision) -> tuple[StoryState, ...]:
    return (decision.story, *decision.absorbed) if isinstance(decision, JoinStory) else ()
