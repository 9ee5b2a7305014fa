"""Decide where one article belongs.

An article joins the story of its best match. It must also fit that story's lead: a
story is held together by its lead, not by chains of pairs, so an article that only
resembles the story's last straggler stays out. Where it fits several stories beyond
doubt, they are one: the oldest survives and the others merge into it. In doubt, stay
apart; a missed link shows a reader two items, a wrong link hides news.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xxhash

from service.stories.state import Match, StoryState


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities, 0 to 1, that a decision asks for."""

    join: float
    """To the best match."""
    merge: float
    """To a match in each of the stories that would become one."""
    lead: float
    """To the lead of a story, for joining it through another member."""


@dataclass(frozen=True, slots=True)
class OpenStory:
    """The article is the first of its story."""

    story_id: str


@dataclass(frozen=True, slots=True)
class JoinStory:
    """The article joins ``story``; every story in ``absorbed`` merges into it first."""

    story: StoryState
    match: Match
    absorbed: tuple[StoryState, ...] = ()


Decision = OpenStory | JoinStory


def story_id_for(article_id: str, epoch: int) -> str:
    """The id of the story that an article opens: the same on every replay.

    The epoch (a slice of event time) keeps an id that a feed uses again a month later
    from reviving an old story. 80 bits of xxh3: among 10^9 stories a collision has a
    probability of 10^-6.

    >>> story_id_for("tass-1", 3)
    'st_a1e5d1b9ad2fe6ab32f6'
    """
    return "st_" + xxhash.xxh3_128_hexdigest(f"{epoch}:{article_id}".encode())[:20]


def decide(
    matches: Sequence[Match],
    stories: Mapping[str, StoryState],
    lead_probability: Mapping[str, float],
    thresholds: Thresholds,
    new_story_id: str,
) -> Decision:
    """Where an article with these matches belongs.

    Args:
        matches: verified earlier articles, in any order.
        stories: by id, at least those named in ``matches``.
        lead_probability: by story id, that the article and the story's lead are one
            story; a story whose lead is no longer held is absent and not asked.
        thresholds: see `Thresholds`.
        new_story_id: the id to open a story under.
    """
    ranked = sorted(matches, key=lambda match: (-match.probability, match.candidate.number))
    best: dict[str, Match] = {}
    for match in ranked:
        best.setdefault(match.story_id, match)

    fitting = [
        match
        for match in best.values()
        if match.probability >= thresholds.join
        and lead_probability.get(match.story_id, 1.0) >= thresholds.lead
    ]
    if not fitting:
        return OpenStory(new_story_id)

    certain = [
        stories[match.story_id]
        for match in fitting
        if match.probability >= thresholds.merge
        and lead_probability.get(match.story_id, 1.0) >= thresholds.join
    ]
    if len(certain) < 2 or fitting[0].story_id not in {story.id for story in certain}:
        return JoinStory(stories[fitting[0].story_id], fitting[0])
    oldest, *younger = sorted(certain, key=lambda story: (story.lead_number, story.id))
    return JoinStory(oldest, best[oldest.id], tuple(younger))
