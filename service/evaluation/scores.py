"""Result objects of an evaluation."""

from dataclasses import dataclass
from typing import Any


def ratio(part: int, whole: int) -> float:
    """``part / whole``; 1 where there is nothing to be wrong about.

    >>> ratio(1, 4), ratio(0, 0)
    (0.25, 1.0)
    """
    return part / whole if whole else 1.0


def harmonic_mean(precision: float, recall: float) -> float:
    """F1 of the two; 0 where both are 0."""
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class BCubed:
    """Means over articles of how pure and how complete each one's story is.

    Source: Bagga and Baldwin (1998), "Algorithms for scoring coreference chains".
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """F1 of the two means (not the mean of the articles' F1)."""
        return harmonic_mean(self.precision, self.recall)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers under their names."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs of articles by what gold and the partition say about them."""

    true: int
    """Share group and story."""
    missed: int
    """Share only the group."""
    false: int
    """Share only the story, at least one of them labelled."""

    @property
    def precision(self) -> float:
        """Share of the pairs put together that belong together; 1 where none was."""
        return ratio(self.true, self.true + self.false)

    @property
    def recall(self) -> float:
        """Share of the pairs that belong together that were put so; 1 where none does."""
        return ratio(self.true, self.true + self.missed)

    @property
    def f1(self) -> float:
        """F1 of precision and recall."""
        return harmonic_mean(self.precision, self.recall)

    def __sub__(self, other: "PairCounts") -> "PairCounts":
        return PairCounts(
            self.true - other.true, self.missed - other.missed, self.false - other.false
        )

    def to_json(self) -> dict[str, Any]:
        """Counts and ratios under their names."""
        return {
            "true": self.true,
            "missed": self.missed,
            "false": self.false,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """Figures over the labelled articles of one suite."""

    suite: str
    articles: int
    bcubed: BCubed
    linked: float
    """Share with another member of their group in their story; 0 where all stand alone."""
    with_stranger: float
    """Share whose story holds an article of another group or of none."""

    def to_json(self) -> dict[str, Any]:
        """Everything under its name."""
        return {
            "suite": self.suite,
            "articles": self.articles,
            "bcubed": self.bcubed.to_json(),
            "linked": self.linked,
            "with_stranger": self.with_stranger,
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one partition."""

    articles: int
    """Gold articles, background included."""
    labelled: int
    stories: int
    unplaced: int
    """Gold articles in no story (dead-lettered, for one); they count as alone."""
    unknown: int
    """Articles in stories that gold doesn't know; they count as background."""
    bcubed: BCubed
    pairs: PairCounts
    cross_lingual: PairCounts
    suites: tuple[SuiteScore, ...]
    """By name."""

    def to_json(self) -> dict[str, Any]:
        """Everything under its name; ``suites`` by suite."""
        return {
            "articles": self.articles,
            "labelled": self.labelled,
            "stories": self.stories,
            "unplaced": self.unplaced,
            "unknown": self.unknown,
            "bcubed": self.bcubed.to_json(),
            "pairs": self.pairs.to_json(),
            "cross_lingual": self.cross_lingual.to_json(),
            "suites": {score.suite: score.to_json() for score in self.suites},
        }
