"""What the placing of an article rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier
from service.stories.decide import Thresholds
from service.stories.ledger import Ledger
from service.stories.rules import Rules
from service.stories.senders import Trust, Voice, covers
from service.stories.state import Candidate, Member, StoryState
from workers.metrics.tracing import PASS_ON, Tracer
from workers.settings import Settings
from workers.state.answers import Found, Place, Registered, Snapshot
from workers.state.clock import Now, utc_now
from workers.state.entries import Entry
from workers.window.window import Window

NOWHERE = Place("")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A registered article with its verified candidates, best first."""

    entry: Entry
    article: Article
    voice: Voice
    fingerprint: Fingerprint
    registered: Registered
    candidates: tuple[Candidate, ...]
    repaired: str | None = None
    """See `Read`."""

    @property
    def number(self) -> int:
        """Its place in the order of registration."""
        return self.registered.number

    @property
    def replaces(self) -> str | None:
        """Id of the article that it replaces, if it may: another sender's may have come since it
        was registered.
        """
        named, owner = self.article.replaces, self.registered.replaced_owner
        is_barred = owner != "" and not covers(self.voice.mandate, owner)
        return None if is_barred or named == self.article.id else named


@dataclass(frozen=True, slots=True)
class Bond:
    """An article whose story another one must join."""

    article_id: str
    rule: str | None
    """None: the feed said so."""


@dataclass(slots=True)
class Grounds:
    """What all placings of this worker have in common."""

    settings: Settings
    fingerprinter: Fingerprinter
    verifier: Verifier
    window: Window
    thresholds: Thresholds
    tracer: Tracer = PASS_ON
    now: Now = utc_now
    """Gives events their time."""
    trust: Trust = field(default_factory=Trust)
    """Who may speak for whom."""
    rules: Rules = field(default_factory=Rules)
    """As this worker knows them; a commit holds only while they are the namespace's."""

    def bonds(self, item: Prepared) -> list[Bond]:
        """The articles that rules and the feed tie an article to."""
        bonds = [Bond(*each) for each in self.rules.partners(item.article.id).items()]
        named = (item.replaces, item.registered.replaced_by)
        bonds += [Bond(other, None) for other in named if other and other != item.article.id]
        return bonds

    def is_match(self, candidates: Sequence[Candidate]) -> bool:
        """Whether one of these is likely enough to join."""
        return any(each.probability >= self.thresholds.join for each in candidates)

    def are_apart(self, one: StoryState, other: StoryState) -> bool:
        """Whether a rule keeps two stories from becoming one."""
        return self.rules.between(one.ruled, other.ruled) is not None


class View:
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
        """Notes where a step of this plan placed an article."""
        self._placed[member.article_id] = Place(story_id, member)
