"""Judging by single pairs: rows ``{"same": bool, "a": article, "b": article}``.

Nothing is known about two articles of different rows, so only the labelled pairs
count, whatever else shares a story with them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.evaluation.gold import GoldArticle, GoldError, gold_article
from service.evaluation.scores import PairCounts


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two articles, and whether annotators hold them to be one story."""

    first: GoldArticle
    second: GoldArticle
    same: bool


@dataclass(frozen=True, slots=True)
class LabelledPairs:
    """Pairs to judge by, and the articles to run for it."""

    pairs: tuple[LabelledPair, ...]
    articles: tuple[Mapping[str, Any], ...]
    """The rows' articles as they came, an id once, in order of appearance."""


@dataclass(frozen=True, slots=True)
class PairScore:
    """How well a partition answers "same story?"."""

    counts: PairCounts
    different: int
    """Pairs rightly kept apart."""
    false: tuple[LabelledPair, ...]
    """Put together, but different."""
    missed: tuple[LabelledPair, ...]
    """The same, but kept apart."""

    def to_json(self) -> dict[str, Any]:
        """Counts and ratios under their names, and ids of the pairs that went wrong."""
        return {
            **self.counts.to_json(),
            "different": self.different,
            "false_pairs": [[pair.first.id, pair.second.id] for pair in self.false],
            "missed_pairs": [[pair.first.id, pair.second.id] for pair in self.missed],
        }


def is_pair_row(row: Mapping[str, Any]) -> bool:
    """Whether a gold file's row is a labelled pair rather than an article."""
    return "same" in row


def labelled_pairs(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> LabelledPairs:
    """Pairs and their articles from numbered rows.

    Raises:
        GoldError: ``same`` is no boolean, or ``a`` or ``b`` no article.
    """
    pairs: list[LabelledPair] = []
    articles: dict[str, Mapping[str, Any]] = {}
    for line, row in rows:
        if not isinstance(same := row.get("same"), bool):
            raise GoldError(f"line {line}: same: expected true or false, got {same!r}")
        first, second = (_side(row, side, line, articles) for side in ("a", "b"))
        if first.id == second.id:
            raise GoldError(f"line {line}: a and b are one article, {first.id!r}")
        pairs.append(LabelledPair(first, second, same))
    return LabelledPairs(tuple(pairs), tuple(articles.values()))


def _side(
    row: Mapping[str, Any], side: str, line: int, articles: dict[str, Mapping[str, Any]]
) -> GoldArticle:
    raw = row.get(side)
    if not isinstance(raw, Mapping):
        raise GoldError(f"line {line}: {side}: expected an article, got {type(raw).__name__}")
    article = gold_article(raw, line)
    articles.setdefault(article.id, raw)
    return article


def pair_score(pairs: Sequence[LabelledPair], partition: Iterable[Sequence[str]]) -> PairScore:
    """Each pair's label against the partition; an article in no story is alone.

    >>> a, b, c = GoldArticle("a"), GoldArticle("b"), GoldArticle("c")
    >>> pairs = [LabelledPair(a, b, True), LabelledPair(a, c, True), LabelledPair(b, c, False)]
    >>> pair_score(pairs, [["a", "b"], ["c"]]).counts
    PairCounts(true=1, missed=1, false=0)
    """
    story_of = {each: number for number, story in enumerate(partition) for each in story}

    def together(pair: LabelledPair) -> bool:
        story = story_of.get(pair.first.id)
        return story is not None and story == story_of.get(pair.second.id)

    false = tuple(pair for pair in pairs if together(pair) and not pair.same)
    missed = tuple(pair for pair in pairs if pair.same and not together(pair))
    true = sum(pair.same for pair in pairs) - len(missed)
    return PairScore(
        counts=PairCounts(true=true, missed=len(missed), false=len(false)),
        different=len(pairs) - true - len(missed) - len(false),
        false=false,
        missed=missed,
    )
