"""What a decision sees: stories as they are now, and the matches of one article."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

from service.matching.verify import Verdict


class Member(NamedTuple):
    """An article in a story."""

    article_id: str
    first: int
    """Number of its first version in the order of registration."""
    number: int
    """Number of the version that is in force."""
    version: int
    lang: str
    origin: int
    """``first`` of the member from which this one's report stems; its own if it stands alone."""
    outlet: str
    """Short hash of the source's name; empty if the feed gave none."""
    event_ms: int


class StoryState(NamedTuple):
    """A story at one revision. A tuple, since each step makes three of them: replacing fields of a
    frozen dataclass costs ten times as much.
    """

    id: str
    revision: str
    """Another one with every change; a decision holds only while this is unchanged. A number that
    grows, and the mark of the ledger that wrote it."""
    sequence: int
    """Of its last event."""
    article_count: int
    lead_id: str
    lead_number: int
    """The lead's number, to find its fingerprint."""
    born: int
    """Number of the article that opened it; the smaller, the older the story."""
    highest: int
    """Largest number of a member so far: it is held until that leaves the window."""
    languages: tuple[str, ...]
    """Sorted."""
    independent_sources: int
    ruled: tuple[str, ...] = ()
    """Members that editors' rules name, sorted."""
    members: Mapping[str, Member] | None = None
    """By article id; None where only the figures above were read."""
    absorbed: tuple[str, ...] = ()
    """Ids of the stories that merged into it; read together with ``members``."""

    @property
    def figures(self) -> dict[str, Any]:
        """What every event says of a story."""
        return {
            "story_id": self.id,
            "sequence": self.sequence,
            "article_count": self.article_count,
            "languages": self.languages,
            "independent_sources": self.independent_sources,
            "lead": self.lead_id,
        }

    def recounted(self) -> Self:
        """With the figures of its members, which were read."""
        members = self.members or {}
        return self._replace(
            article_count=len(members),
            lead_number=members[self.lead_id].number,
            languages=tuple(sorted({member.lang for member in members.values()})),
            independent_sources=len({member.origin for member in members.values()}),
        )


class NeedsMembers(Exception):
    """A change concerns all members of stories of which only the figures were read."""

    def __init__(self, story_ids: Sequence[str]) -> None:
        super().__init__(", ".join(story_ids))
        self.story_ids = tuple(story_ids)


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
