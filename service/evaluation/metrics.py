"""B-cubed and pairwise scores of a partition against gold stories, in linear time.

Only labelled articles are judged: those with a group, and those of suite ``digest``
(alone, each a group of its own). Background is never judged, but it is a stranger
to every labelled article it shares a story with.

Nothing here looks at pairs one by one. With n articles in a cell (a story, a group,
or both) there are n(n-1)/2 pairs in it, so for one story of n articles, b of them
background, and n_g of group g:

    true  = sum over g of C(n_g, 2)
    false = C(n, 2) - C(b, 2) - true        (two of background count neither way)

and true + missed of a group is C(its size, 2). Pairs of two languages are all pairs
less those within one language, by the same formula over each language alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import comb, fsum

from service.evaluation.gold import GoldArticle, GoldError
from service.evaluation.placed import Cluster, placed
from service.evaluation.scores import BCubed, Evaluation, PairCounts, SuiteScore


def evaluate(gold: Sequence[GoldArticle], partition: Iterable[Sequence[str]]) -> Evaluation:
    """All figures of ``partition``, stories given as ids of their articles.

    Articles that are in no story count as alone.

    Raises:
        GoldError: no article is labelled, so there is nothing to judge by.
        ValueError: an article is in two stories.
    """
    at = placed(gold, partition)
    judged = _judged(at.clusters)
    if not judged:
        raise GoldError(f"none of {len(gold)} articles has a group, expected at least one")
    return Evaluation(
        articles=len(gold),
        labelled=len(judged),
        stories=at.stories,
        unplaced=at.unplaced,
        unknown=at.unknown,
        bcubed=_bcubed(judged),
        pairs=_pair_counts(at.clusters),
        cross_lingual=_cross_lingual_counts(at.clusters),
        suites=_suite_scores(judged),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """One labelled article's surroundings; each count includes the article itself."""

    suite: str | None
    together: int
    """Members of its group in its story."""
    story_size: int
    group_size: int


def _judged(clusters: Sequence[Cluster]) -> list[_Judged]:
    group_sizes = _cluster_sizes(article for cluster in clusters for article in cluster)
    rows = []
    for cluster in clusters:
        together = _cluster_sizes(cluster)
        for article in cluster:
            if (key := article.cluster) is not None:
                row = _Judged(article.suite, together[key], len(cluster), group_sizes[key])
                rows.append(row)
    return rows


def _cluster_sizes(articles: Iterable[GoldArticle]) -> Counter[tuple[str, str]]:
    return Counter(key for article in articles if (key := article.cluster) is not None)


def _bcubed(judged: Sequence[_Judged]) -> BCubed:
    return BCubed(
        precision=fsum(row.together / row.story_size for row in judged) / len(judged),
        recall=fsum(row.together / row.group_size for row in judged) / len(judged),
    )


def _suite_scores(judged: Sequence[_Judged]) -> tuple[SuiteScore, ...]:
    in_suites = sorted((row for row in judged if row.suite), key=lambda row: row.suite or "")
    return tuple(
        _suite_score(suite or "", list(rows))
        for suite, rows in groupby(in_suites, key=lambda row: row.suite)
    )


def _suite_score(suite: str, rows: Sequence[_Judged]) -> SuiteScore:
    return SuiteScore(
        suite=suite,
        articles=len(rows),
        bcubed=_bcubed(rows),
        linked=sum(row.together > 1 for row in rows) / len(rows),
        with_stranger=sum(row.story_size > row.together for row in rows) / len(rows),
    )


def _pair_counts(clusters: Iterable[Cluster]) -> PairCounts:
    in_groups: Counter[tuple[str, str]] = Counter()
    true = false = 0
    for cluster in clusters:
        together = _cluster_sizes(cluster)
        in_groups.update(together)
        background = len(cluster) - together.total()
        story_true = sum(comb(size, 2) for size in together.values())
        true += story_true
        false += comb(len(cluster), 2) - comb(background, 2) - story_true
    return PairCounts(
        true=true,
        missed=sum(comb(size, 2) for size in in_groups.values()) - true,
        false=false,
    )


def _cross_lingual_counts(clusters: Iterable[Cluster]) -> PairCounts:
    """Counts over pairs of two known, different languages."""
    known: list[Cluster] = []
    one_language: defaultdict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        by_language: defaultdict[str, list[GoldArticle]] = defaultdict(list)
        for article in cluster:
            if article.lang is not None:
                by_language[article.lang].append(article)
        known.append([article for part in by_language.values() for article in part])
        for lang, part in by_language.items():
            one_language[lang].append(part)
    counts = _pair_counts(known)
    for parts in one_language.values():
        counts -= _pair_counts(parts)
    return counts
