"""A batch on paper: articles, what they are compared with, and the stories they come upon.

An article's number is in its id: ``a7`` was registered seventh. How alike two articles are is said
by a table, so that a test says what is decided and not why.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from contracts.article import Article
from contracts.commands import AnyCommand
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.keywords import Vocabulary
from service.matching.network import Network
from service.matching.verify import Verdicts, Verifier
from service.stories.decide import Thresholds
from service.stories.rules import Rules
from service.stories.senders import SOURCE, Trust, named
from service.stories.state import Candidate, Member, StoryState
from tests.support.builders.fingerprints import fingerprint
from tests.unit.fingerprints.builders import fingerprinter
from tests.unit.stories import builders
from workers.placing.context import Grounds, Prepared
from workers.settings import Settings
from workers.state.answers import UNDECIDED, Found, Kind, Place, Registered, Snapshot
from workers.state.entries import Entry
from workers.state.log_entry import Logged
from workers.window.window import Window

SETTINGS = Settings()


class NoNeighbours:
    """Near nothing: what is compared is named by the test."""

    def add(self, numbers: Sequence[int], fingerprints: Sequence[Fingerprint]) -> None:
        pass

    def remove_below(self, floor: int) -> None:
        pass

    def remove(self, numbers: Sequence[int]) -> None:
        pass

    def nearest(
        self,
        fingerprints: Sequence[Fingerprint],
        count: int,  # noqa: ARG002 - of what is never there
    ) -> list[dict[int, float]]:
        return [{} for _ in fingerprints]


class TableVerifier(Verifier):
    """Judges by a table of probabilities, 0 for pairs that are not in it; the rest is computed."""

    def __init__(self, likeness: Mapping[frozenset[str], float]) -> None:
        super().__init__(
            cast(Network, None),
            join_threshold=0.5,
            merge_threshold=0.9,
            vocabulary=Vocabulary.load(),
        )
        self._likeness = likeness
        self._pairs: Sequence[tuple[Fingerprint, Fingerprint]] = ()

    def verdicts(self, pairs: Sequence[tuple[Fingerprint, Fingerprint]]) -> Verdicts:
        self._pairs = pairs
        return super().verdicts(pairs)

    def _probabilities(self, *_: Any) -> list[float]:
        return [
            self._likeness.get(frozenset({newer.article_id, earlier.article_id}), 0.0)
            for newer, earlier in self._pairs
        ]


def grounds(
    *held: int, rules: Mapping[str, AnyCommand] | None = None, **likeness: float
) -> Grounds:
    """What placings rest on, with a window of these numbers.

    Args:
        held: numbers whose fingerprints are in the window.
        rules: by id.
        likeness: ``a1_a2=0.7``: the probability that the two are one story.
    """
    window = Window(NoNeighbours())
    window.follow([Logged(each, 0, f"a{each}", fingerprint(each).payload) for each in sorted(held)])
    verifier = TableVerifier({frozenset(pair.split("_")): p for pair, p in likeness.items()})
    thresholds = Thresholds(verifier.join_threshold, verifier.merge_threshold)
    return Grounds(
        SETTINGS, fingerprinter(), verifier, window, thresholds, rules=Rules.of(rules or {})
    )


def member(number: int, **changes: Any) -> Member:
    """Article ``a{number}`` as a member of a story."""
    return builders.member(f"a{number}", number, **changes)


def candidate(number: int, probability: float) -> Candidate:
    """Article ``a{number}``, compared with this outcome."""
    return builders.candidate(number, probability)._replace(article_id=f"a{number}")


def prepared(
    number: int, *candidates: Candidate, registered: Mapping[str, Any] | None = None, **fields: Any
) -> Prepared:
    """A registered article of an outlet of its own, with what it was compared with, best first."""
    given = {"id": f"a{number}", "title": f"Title {number}", "source": f"outlet {number}"}
    article = Article.model_validate({**given, **fields})
    return Prepared(
        Entry(f"{number}-0", {}),
        article,
        Trust().voice(named(SOURCE, article.source)),
        fingerprint(
            number,
            article_id=article.id,
            version=article.effective_version,
            lang=article.lang or "en",
        ),
        Registered(**{
            "kind": Kind.NEW, "number": number, "event_ms": 0, "floor": 1,
            **(registered or {}),
        }),
        candidates,
    )  # fmt: skip


def snapshot(*stories: StoryState, undecided: Mapping[str, int] | None = None) -> Snapshot:
    """What the store answers: where these stories' members are, and the stories' figures.

    Args:
        stories: with their members.
        undecided: by article id, the numbers of those that another worker has.
    """
    places: dict[Found, Place] = {}
    for story in stories:
        for each in (story.members or {}).values():
            for number in (each.number, None):
                places[each.article_id, number] = Place(story.id, each)
    for article_id, number in (undecided or {}).items():
        for found in (number, None):
            places[article_id, found] = Place(UNDECIDED, pending=number)
    return Snapshot(places, {each.id: builders.figures_only(each) for each in stories}, "")
