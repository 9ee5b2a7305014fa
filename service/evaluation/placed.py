"""A partition joined with its gold labels: what every figure is counted from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.evaluation.gold import GoldArticle

Cluster = Sequence[GoldArticle]
"""The articles of one story, each with its gold label."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Every article in exactly one cluster."""

    clusters: tuple[Cluster, ...]
    """The stories, then one cluster for each article that was never placed."""
    stories: int
    """How many of ``clusters`` are stories of the partition."""
    unplaced: int
    """Gold articles that are in no story; they count as alone."""
    unknown: int
    """Articles of the partition that gold doesn't know; they count as background."""


def placed(gold: Sequence[GoldArticle], partition: Iterable[Sequence[str]]) -> Placed:
    """Gold articles grouped by the story they ended in; empty stories are dropped.

    Args:
        gold: the labels, an id once.
        partition: stories, each the ids of its articles.

    Raises:
        ValueError: an article is in two stories, or twice in one.
    """
    known = {article.id: article for article in gold}
    seen: set[str] = set()
    stories: list[Cluster] = []
    for story in partition:
        for article_id in story:
            if article_id in seen:
                raise ValueError(f"article {article_id!r} is placed more than once")
            seen.add(article_id)
        if story:
            stories.append([known.get(each) or GoldArticle(each) for each in story])
    alone = [[article] for article in gold if article.id not in seen]
    return Placed(
        clusters=(*stories, *alone),
        stories=len(stories),
        unplaced=len(alone),
        unknown=len(seen - known.keys()),
    )
