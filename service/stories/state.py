"""What a decision sees: stories as they are now, and the matches of one article."""

from dataclasses import dataclass

from service.matching.verify import Verdict


@dataclass(frozen=True, slots=True)
class StoryState:
    """A story at one sequence number."""

    id: str
    sequence: int
    """Of its last event; a decision holds only while this is unchanged."""
    article_count: int
    lead_id: str
    lead_number: int
    """The lead's place in the order of registration; the smaller, the older the story."""
    languages: tuple[str, ...]
    """Sorted."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier article, its place in the order of registration, and the verdict on it."""

    number: int
    article_id: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate that passed verification, and the story it is in."""

    candidate: Candidate
    story_id: str

    @property
    def probability(self) -> float:
        """That the two articles are one story, 0 to 1."""
        return self.candidate.verdict.probability
