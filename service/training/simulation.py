"""The story rule offline: articles in time order, each joins its likeliest story.

The same rule as ``service/stories``, on verdicts worked out beforehand, so that
thresholds and models can be compared in seconds.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.evaluation.gold import GoldArticle
from service.evaluation.metrics import evaluate
from service.evaluation.scores import Evaluation
from service.stories.decide import bars_merger, story_probability
from service.training.labelled import Labelled

Pair = tuple[int, int]
"""Indices of a newer and an earlier article."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Thresholds of the story rule, as probabilities."""

    join: float = 0.5
    merge: float = 0.8


def stories(
    candidates: Sequence[Sequence[int]], scores: Mapping[Pair, float], rule: Rule
) -> list[int]:
    """The story of each article, named by the index of its first article.

    An article joins the likeliest story among those of its candidates, judged by all
    candidates of the story. Another story is merged into it if it is likely enough too, and the
    pairs of leads and nearest candidates that were scored don't bar it. Leads that are no
    candidates have no vote here, copies one each, and nobody looks for bridges.
    """
    story = list(range(len(candidates)))
    members = {index: [index] for index in story}
    for index, earlier in enumerate(candidates):
        verdicts: dict[int, dict[int, float]] = defaultdict(dict)
        for other in earlier:
            verdicts[story[other]][other] = scores[index, other]
        ranked = sorted(((story_probability(v.values()), s) for s, v in verdicts.items()))
        one: list[tuple[int, int]] = []
        for probability, found in reversed(ranked):
            if probability < (rule.merge if one else rule.join):
                break
            votes = verdicts[found]
            spokesmen = found, max(votes, key=lambda other: (votes[other], -other))
            if any(
                bars_merger(_across(scores, spokesmen, other), votes.values(), rule.join)
                for other in one
            ):
                continue
            one.append(spokesmen)
            older, newer = sorted((found, story[index]))
            for member in members[newer]:
                story[member] = older
            members[older] += members.pop(newer)
    return story


def _across(scores: Mapping[Pair, float], one: Pair, other: Pair) -> list[float]:
    """The verdicts between two stories' leads and nearest members, of the pairs that have one."""
    pairs = {(max(a, b), min(a, b)) for a in one for b in other}
    return [scores[pair] for pair in pairs if pair in scores]


def evaluation(articles: Sequence[Labelled], story: Sequence[int]) -> Evaluation:
    """Figures of a partition as ``stories`` gives it."""
    gold = [GoldArticle(a.id, a.lang, a.group, a.suite) for a in articles]
    partition: dict[int, list[str]] = defaultdict(list)
    for article, place in zip(articles, story, strict=True):
        partition[place].append(article.id)
    return evaluate(gold, partition.values())
