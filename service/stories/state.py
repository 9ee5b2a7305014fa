"""What a decision sees: stories as they are now, and the matches of one article."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


class Candidate(NamedTuple):
    """An earlier article that was compared, and the verdict on it."""

    number: int
    """Its place in the order of registration."""
    article_id: str
    probability: float
    """That the two articles are one story, 0 to 1."""
    verdicts: Sequence[Verdict]
    """Of the batch; most of them are never looked at, so they are made when asked for."""
    row: int
    """Of this candidate in ``verdicts``."""

    @property
    def verdict(self) -> Verdict:
        """Probability, relation, similarities and guards."""
        return self.verdicts[self.row]


class Match(NamedTuple):
    """A candidate, and the story it is in."""

    candidate: Candidate
    story_id: str

    @property
    def probability(self) -> float:
        """That the two articles are one story, 0 to 1."""
        return self.candidate.probability
