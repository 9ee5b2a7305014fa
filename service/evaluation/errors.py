"""What went wrong, as a person would look it up: pairs of articles, worst first.

A wrongly glued story of n articles has some n² false pairs, which nobody would read.
So each finding stands for many pairs: a story's largest group is its core, and every
other group in it is one false pair with the core; a group's largest part is its core,
and every other part of it is one missed pair. ``pairs`` says how many it stands for.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from service.evaluation.gold import GoldArticle
from service.evaluation.placed import Cluster, Placed, placed


@dataclass(frozen=True, slots=True)
class Finding:
    """Two articles that stand for all pairs that went wrong in the same way."""

    pairs: int
    first: GoldArticle
    second: GoldArticle

    def to_json(self) -> dict[str, Any]:
        """``pairs``, and id, language, group and title of both articles."""
        return {
            "pairs": self.pairs,
            "first": _article_json(self.first),
            "second": _article_json(self.second),
        }


@dataclass(frozen=True, slots=True)
class Errors:
    """Everything that went wrong, each list worst first (most pairs)."""

    false_pairs: tuple[Finding, ...]
    """Two groups in one story: ``first`` is of the story's largest group."""
    strangers: tuple[Finding, ...]
    """A background article (``second``) in the story of a labelled one (``first``)."""
    missed_pairs: tuple[Finding, ...]
    """One group in two stories: ``first`` is in the largest part of the group."""
    unplaced: tuple[GoldArticle, ...]
    """Articles in no story; one with companions is in ``missed_pairs`` too."""

    def to_json(self) -> dict[str, Any]:
        """Each list under its name."""
        return {
            "false_pairs": [finding.to_json() for finding in self.false_pairs],
            "strangers": [finding.to_json() for finding in self.strangers],
            "missed_pairs": [finding.to_json() for finding in self.missed_pairs],
            "unplaced": [_article_json(article) for article in self.unplaced],
        }


def errors(gold: Sequence[GoldArticle], partition: Iterable[Sequence[str]]) -> Errors:
    """The findings that explain why a score is not 1, worst first.

    Raises:
        ValueError: an article is in two stories.
    """
    at = placed(gold, partition)
    return Errors(
        false_pairs=_worst_first(_false_pairs(at.clusters)),
        strangers=_worst_first(_strangers(at.clusters)),
        missed_pairs=_worst_first(_missed_pairs(at.clusters)),
        unplaced=_unplaced(at),
    )


def _worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.pairs, reverse=True))


def _unplaced(at: Placed) -> tuple[GoldArticle, ...]:
    return tuple(cluster[0] for cluster in at.clusters[at.stories :])


def _parts(cluster: Cluster) -> list[Cluster]:
    """A story's labelled articles by group, the largest first."""
    groups: defaultdict[tuple[str, str], list[GoldArticle]] = defaultdict(list)
    for article in cluster:
        if (key := article.cluster) is not None:
            groups[key].append(article)
    return sorted(groups.values(), key=len, reverse=True)


def _false_pairs(clusters: Iterable[Cluster]) -> Iterable[Finding]:
    for cluster in clusters:
        parts = _parts(cluster)
        for part in parts[1:]:
            yield Finding(len(parts[0]) * len(part), parts[0][0], part[0])


def _strangers(clusters: Iterable[Cluster]) -> Iterable[Finding]:
    for cluster in clusters:
        labelled = [article for article in cluster if article.cluster is not None]
        if not labelled:
            continue
        for article in cluster:
            if article.cluster is None:
                yield Finding(len(labelled), labelled[0], article)


def _missed_pairs(clusters: Iterable[Cluster]) -> Iterable[Finding]:
    groups: defaultdict[tuple[str, str] | None, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        for part in _parts(cluster):
            groups[part[0].cluster].append(part)
    for parts in groups.values():
        parts.sort(key=len, reverse=True)
        for part in parts[1:]:
            yield Finding(len(parts[0]) * len(part), parts[0][0], part[0])


def _article_json(article: GoldArticle) -> dict[str, Any]:
    return {
        "id": article.id,
        "lang": article.lang,
        "group": article.group,
        "title": article.title,
    }
