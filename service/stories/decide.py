"""Decide where one article belongs.

A story is judged by all of its members that were compared with the article, and by its
lead: the mean of their verdicts' logits. One pair errs where two outlets report one
event or one topic runs for days; members err differently, so their mean holds a story
together where a chain of single links would swallow a topic. The article joins the
likeliest story; where others are beyond doubt too they are one, the oldest survives and
the rest merge into it. In doubt, stay apart: a missed link shows a reader two items, a
wrong link hides news.

What an editor or the feed itself says goes before all likeness: ``bound`` stories are joined
and ``barred`` ones are not, and two stories that a rule keeps apart never merge. The new
version of a member is judged like a new article, but that it stays where nothing speaks
against it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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

    @property
    def stories(self) -> tuple[StoryState, ...]:
        """The stories that it makes one: none."""
        return ()


@dataclass(frozen=True, slots=True)
class JoinStory:
    """The article belongs to ``story``; every story in ``absorbed`` merges into it first."""

    story: StoryState
    match: Match | None
    """The likeliest member of the stories concerned; None if none was compared."""
    absorbed: tuple[StoryState, ...] = ()

    @property
    def story_id(self) -> str:
        """Id of the story that the article is in."""
        return self.story.id

    @property
    def stories(self) -> tuple[StoryState, ...]:
        """The stories that it makes one, that which goes on first."""
        return (self.story, *self.absorbed)


Decision = OpenStory | JoinStory


def _never(_one: StoryState, _other: StoryState) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Question:
    """Where does one article belong?"""

    matches: Sequence[Match]
    """The compared articles that are in stories, in any order; also the unlikely ones, whose
    word counts against their stories."""
    stories: Mapping[str, StoryState]
    """By id, at least those named in ``matches``, ``bound`` and ``own``."""
    further: Mapping[str, Sequence[float]]
    """By story id, the verdicts against members that are not among ``matches``: its lead, if that
    is held."""
    new_story_id: str
    """The id to open a story under."""
    own: str | None = None
    """The story that an earlier version of the article is in."""
    bound: Collection[str] = ()
    """Stories that it must join, whatever the texts say."""
    barred: Collection[str] = ()
    """Stories that it must not join."""
    are_apart: Callable[[StoryState, StoryState], bool] = _never
    """Whether a rule keeps two stories from merging."""


def story_id_for(article_id: str, epoch: int, opened_before: int = 0) -> str:
    """The id of the story that an article opens: the same on every replay.

    The epoch (a slice of event time) keeps an id that a feed uses again a month later
    from reviving an old story, ``opened_before`` an article that leaves the story it opened
    from opening that one again. 80 bits of xxh3: among 10^9 stories a collision has a
    probability of 10^-6.

    >>> story_id_for("tass-1", 3)
    'st_080bb9570d90db12c7e7'
    """
    again = f"{opened_before}:" if opened_before else ""
    return "st_" + xxhash.xxh3_128_hexdigest(f"{again}{epoch}:{article_id}".encode())[:20]


def story_probability(probabilities: Iterable[float]) -> float:
    """That an article belongs to a story, from its verdicts against members: mean logit.

    >>> round(story_probability([0.9]), 2), round(story_probability([0.99, 0.2, 0.2]), 2)
    (0.9, 0.65)
    """
    logits = [_logit(probability) for probability in probabilities]
    return 1 / (1 + exp(-sum(logits) / len(logits)))


def decide(question: Question, thresholds: Thresholds) -> Decision:
    """Where an article belongs."""
    if not (question.matches or question.further or question.bound or question.own):
        return OpenStory(question.new_story_id)
    stories = question.stories
    votes: dict[str, list[float]] = {}
    for match in question.matches:
        votes.setdefault(match.story_id, []).append(match.probability)
    for story_id, verdicts in question.further.items():
        votes.setdefault(story_id, []).extend(verdicts)
    probabilities = {
        story_id: story_probability(each)
        for story_id, each in votes.items()
        if story_id not in question.barred
    }
    sure = set(question.bound).difference(question.barred)
    own = question.own
    fits = own is not None and probabilities.get(own, 1.0) >= thresholds.join
    if own is not None and fits and own not in question.barred:
        sure.add(own)  # nothing speaks against it
    ranked = sorted(
        probabilities.keys() | sure,
        key=lambda story_id: (
            story_id not in question.bound,
            story_id not in sure,
            -probabilities.get(story_id, 0.0),
            stories[story_id].born,
            story_id,
        ),
    )
    one = _one_story(
        [(each, 1.0 if each in sure else probabilities[each]) for each in ranked],
        question,
        thresholds,
    )
    if not one:
        return OpenStory(question.new_story_id)
    oldest, *younger = sorted(one, key=lambda story: (story.born, story.id))
    ids = {story.id for story in one}
    best = min(
        (match for match in question.matches if match.story_id in ids),
        key=lambda match: (-match.probability, match.candidate.number),
        default=None,
    )
    return JoinStory(oldest, best, tuple(younger))


def _one_story(
    ranked: Sequence[tuple[str, float]],
    question: Question,
    thresholds: Thresholds,
) -> list[StoryState]:
    """The stories that the article shows to be one, of those with their probabilities, likeliest
    first; none if it is new.
    """
    one: list[StoryState] = []
    threshold = thresholds.join
    for story_id, probability in ranked:
        story = question.stories[story_id]
        if probability < threshold or any(question.are_apart(story, other) for other in one):
            continue
        one.append(story)
        # A story that is nothing but this article goes where a new article would go.
        if story_id != question.own or story.article_count > 1:
            threshold = thresholds.merge
    return one


def _logit(probability: float) -> float:
    odds = max(probability, 1e-9) / max(1 - probability, 1e-9)
    return min(SUREST, max(-SUREST, log(odds)))
