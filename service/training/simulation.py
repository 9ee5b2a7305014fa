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
from service.stories.decide import story_probability
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
    candidates of the story. Another story is merged into it if it is likely enough too.
    """
    story = list(range(len(candidates)))
    members = {index: [index] for index in story}
    for index, earlier in enumerate(candidates):
        verdicts: dict[int, list[float]] = {}
        for other in earlier:
            verdicts.setdefault(story[other], []).append(scores[index, other])
        ranked = sorted(((story_probability(v), s) for s, v in verdicts.items()), reverse=True)
        for probability, found in ranked:
            is_first = story[index] == index and len(members[index]) == 1
            if probability < (rule.join if is_first else rule.merge):
                break
            older, newer = sorted((found, story[index]))
            for member in members[newer]:
                story[member] = older
            members[older] += members.pop(newer)
    return story


def evaluation(articles: Sequence[Labelled], story: Sequence[int]) -> Evaluation:
    """Figures of a partition as ``stories`` gives it."""
    gold = [GoldArticle(a.id, a.lang, a.group, a.suite) for a in articles]
    partition: dict[int, list[str]] = defaultdict(list)
    for article, place in zip(articles, story, strict=True):
        partition[place].append(article.id)
    return evaluate(gold, partition.values())
