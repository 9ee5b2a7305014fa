"""Decide where one article belongs.

A story is judged by all of its members that were compared with the article, and by its
lead: the mean of their verdicts' logits. One pair errs where two outlets report one
event or one topic runs for days; members err differently, so their mean holds a story
together where a chain of single links would swallow a topic. The article joins the
likeliest story; where others are beyond doubt too they are one, the oldest survives and
the rest merge into it. In doubt, stay apart: a missed link shows a reader two items, a
wrong link hides news.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import xxhash

from service.stories.state import Match, StoryState

SUREST = 8.0
"""Bound of a verdict's logit (probability 0.9997): one sure vote can be outvoted."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities, 0 to 1, that a decision asks for."""

    join: float
    """Of a story, for joining it."""
    merge: float
    """Of every further story that would become one with it."""


@dataclass(frozen=True, slots=True)
class OpenStory:
    """The article is the first of its story."""

    story_id: str


@dataclass(frozen=True, slots=True)
class JoinStory:
    """The article joins ``story``; every story in ``absorbed`` merges into it first."""

    story: StoryState
    match: Match
    """The likeliest member of the stories concerned."""
    absorbed: tuple[StoryState, ...] = ()


Decision = OpenStory | JoinStory


def story_id_for(article_id: str, epoch: int) -> str:
    """The id of the story that an article opens: the same on every replay.

    The epoch (a slice of event time) keeps an id that a feed uses again a month later
    from reviving an old story. 80 bits of xxh3: among 10^9 stories a collision has a
    probability of 10^-6.

    >>> story_id_for("tass-1", 3)
    'st_080bb9570d90db12c7e7'
    """
    return "st_" + xxhash.xxh3_128_hexdigest(f"{epoch}:{article_id}".encode())[:20]


def story_probability(probabilities: Iterable[float]) -> float:
    """That an article belongs to a story, from its verdicts against members: mean logit.

    >>> round(story_probability([0.9]), 2), round(story_probability([0.99, 0.2, 0.2]), 2)
    (0.9, 0.65)
    """
    logits = [_logit(probability) for probability in probabilities]
    return 1 / (1 + exp(-sum(logits) / len(logits)))


def decide(
    matches: Sequence[Match],
    stories: Mapping[str, StoryState],
    lead_probability: Mapping[str, float],
    thresholds: Thresholds,
    new_story_id: str,
) -> Decision:
    """Where an article belongs.

    Args:
        matches: the compared articles that are in stories, in any order; also the
            unlikely ones, whose word counts against their stories.
        stories: by id, at least those named in ``matches``.
        lead_probability: by story id, that the article and the story's lead are one
            story; absent where the lead is among ``matches`` or no longer held.
        thresholds: see `Thresholds`.
        new_story_id: the id to open a story under.
    """
    votes: dict[str, list[float]] = {}
    for match in matches:
        votes.setdefault(match.story_id, []).append(match.probability)
    for story_id, probability in lead_probability.items():
        votes[story_id].append(probability)
    ranked = sorted(
        (-story_probability(probabilities), stories[story_id].lead_number, story_id)
        for story_id, probabilities in votes.items()
    )
    if not ranked or -ranked[0][0] < thresholds.join:
        return OpenStory(new_story_id)

    one = [
        stories[story_id]
        for place, (against, _, story_id) in enumerate(ranked)
        if place == 0 or -against >= thresholds.merge
    ]
    oldest, *younger = sorted(one, key=lambda story: (story.lead_number, story.id))
    ids = {story.id for story in one}
    best = min(
        (match for match in matches if match.story_id in ids),
        key=lambda match: (-match.probability, match.candidate.number),
    )
    return JoinStory(oldest, best, tuple(younger))


def _logit(probability: float) -> float:
    odds = max(probability, 1e-9) / max(1 - probability, 1e-9)
    return min(SUREST, max(-SUREST, log(odds)))
