"""Decide where one article belongs.

A story is judged by all of its members that were compared with the article, and by its
lead: the mean of their verdicts' logits. One pair errs where two outlets report one
event or one topic runs for days; members err differently, so their mean holds a story
together where a chain of single links would swallow a topic. Members that are copies of each
other have one vote, that of the surest: forty reprints of one wire know no more than it does.
A yes may be as sure as 3,000 to 1, a no only as 20 to 1, since a true pair that the network
misreads gets any low probability; but a guard's veto weighs as much as the surest yes.

The article joins the likeliest story; where others are beyond doubt too they are one, the
oldest survives and the rest merge into it. A headline alone or a wrap-up may fit two stories
that are two, so a merger asks their members too: the leads of both and what came nearest to
the article are compared with each other. A veto there bars it, and so does doubt: the mean
of those verdicts, with the article's word as one more, must be enough to join. And one article
never makes strangers one: two texts under one headline are surely one with each of two stories
that have nothing to do with each other, so one of those pairs must at least be thinkable. For the
same reason a story whose members take the article for a stranger, all but one text, is not
joined: that one is a bridge. In doubt, stay apart: a missed link shows a reader two items, a wrong
link hides news.

What an editor or the feed itself says goes before all likeness: ``bound`` stories are joined
and ``barred`` ones are not, and two stories that a rule keeps apart never merge. The new
version of a member is judged like a new article, but that it stays where nothing speaks
against it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, fsum, log
from typing import NamedTuple

import xxhash

from service.stories.state import Candidate, Match, StoryState

SUREST = 8.0
"""Bound of a verdict's logit (probability 0.9997): one sure vote can be outvoted. A veto is -8."""
SUREST_NO = 3.0
"""Bound of an unlikely verdict's logit (probability 0.05). With 8 a true pair that the network
misread outvotes one that it read: own reports of three real days, F1 of RU-EN, EN-EN and RU-RU
0.52, 0.48, 0.48 with 8, and 0.54, 0.50, 0.50 with 3, at the same precision; of translations
and suites none is lost either way. With 2 it takes more strangers along.
"""

SWAY = 4.0
"""Bound of the logit with which an article speaks for a merger. More than a sure no, so an article
that is sure of two stories makes them one though their own pairs seem unlike; a guard's veto
bars that, however sure it is: a wrap-up is as sure of both. With 2.5 every doubt barred a merger,
and the longer report that tells of both storms left two stories.
"""

STRANGERS = 0.05
"""Probability below which two articles have nothing to do with each other, as far as a second
witness goes. Of own reports of three real days 5 of 100 true pairs are below it, of translations 1
in 1,000, of pairs of unrelated stories of the sample feed all (below 0.01). None of the 52 mergers
of those days, and none of 2,321 joins, rested on one article with strangers beside it.
"""


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
    unlike: "Vote | None" = field(default=None, compare=False)
    """Of the likeliest story, the vote that speaks loudest against it; None if none was near."""

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
    bars: tuple["Bar", ...] = ()
    """Likely stories that stay apart, and why."""
    ballot: "Ballot | None" = field(default=None, compare=False)
    """Of the likeliest story; None if nothing of it was compared."""

    @property
    def story_id(self) -> str:
        """Id of the story that the article is in."""
        return self.story.id

    @property
    def stories(self) -> tuple[StoryState, ...]:
        """The stories that it makes one, that which goes on first."""
        return (self.story, *self.absorbed)


Decision = OpenStory | JoinStory


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a story that the article fits as well does not merge."""

    story: StoryState
    unlike: Candidate | None
    """Of what was compared across both stories, the least likely pair's earlier article; None:
    a rule keeps the two apart."""


class Vote(NamedTuple):
    """What the verdict on one member says of its story."""

    number: int
    """The member's."""
    probability: float


class Ballot(NamedTuple):
    """How a story's members voted, one vote a text."""

    likely: int
    """Votes for it."""
    votes: int


def _never(_one: StoryState, _other: StoryState) -> bool:
    return False


def _nothing(_one: StoryState, _other: StoryState) -> Sequence[Candidate]:
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """Where does one article belong?"""

    matches: Sequence[Match]
    """The compared articles that are in stories, in any order; also the unlikely ones, whose
    word counts against their stories."""
    stories: Mapping[str, StoryState]
    """By id, at least those named in ``votes``, ``bound`` and ``own``."""
    votes: Mapping[str, Sequence[Vote]]
    """By story id, the verdicts on its members: those among ``matches``, and its lead, if that is
    within the window (`votes_of`)."""
    new_story_id: str
    """The id to open a story under."""
    own: str | None = None
    """The story that an earlier version of the article is in."""
    bound: Collection[str] = ()
    """Stories that it must join, whatever the texts say."""
    barred: Collection[str] = ()
    """Stories that it must not join."""
    bridged: Collection[str] = ()
    """Stories that one text alone ties to it, see `is_bridged`: joined only if they are bound."""
    are_apart: Callable[[StoryState, StoryState], bool] = _never
    """Whether a rule keeps two stories from merging."""
    copies: Mapping[int, int] = field(default_factory=dict)
    """Number of a compared member → that of the one whose copy it is."""
    across: Callable[[StoryState, StoryState], Sequence[Candidate]] = _nothing
    """The verdicts between two stories that are about to merge, each with the earlier article."""


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
    return 1 / (1 + exp(-_mean_logit(probabilities)))


def one_vote_a_text(votes: Iterable[Vote], copies: Mapping[int, int]) -> list[float]:
    """The probabilities of a story's votes, of copies of one text the greatest alone.

    >>> one_vote_a_text([Vote(1, 0.9), Vote(2, 0.1), Vote(3, 0.4)], {2: 1})
    [0.9, 0.4]
    """
    surest: dict[int, float] = {}
    for number, probability in votes:
        text = copies.get(number, number)
        surest[text] = max(surest.get(text, 0.0), probability)
    return list(surest.values())


def votes_of(
    matches: Iterable[Match], further: Mapping[str, Sequence[Vote]]
) -> dict[str, list[Vote]]:
    """By story id, the votes of its members: of those compared, and further ones."""
    votes: dict[str, list[Vote]] = {}
    for match in matches:
        vote = Vote(match.candidate.number, match.probability)
        votes.setdefault(match.story_id, []).append(vote)
    for story_id, more in further.items():
        votes.setdefault(story_id, []).extend(more)
    return {story_id: each for story_id, each in votes.items() if each}


def is_bridged(votes: Collection[Vote], stems: Mapping[int, int]) -> bool:
    """Whether one text of a story speaks for an article to which others are strangers.

    Args:
        votes: the story's.
        stems: number of a member → that of the one from whose text its own stems.

    >>> votes = [Vote(1, 0.02), Vote(2, 0.99), Vote(3, 0.9)]
    >>> is_bridged(votes, {}), is_bridged(votes, {3: 2}), is_bridged(votes[1:2], {})
    (False, True, False)
    """
    near = [vote.number for vote in votes if vote.probability >= STRANGERS]
    texts = {stems.get(number, number) for number in near}
    return len(texts) == 1 and len(near) < len(votes)


def bars_merger(across: Sequence[float], words: Collection[float], join: float) -> bool:
    """Whether two stories stay two, though an article fits both.

    Args:
        across: probabilities between their leads and the members that came nearest to it; where
            there are none nothing speaks against the merger.
        words: what the members of one of them say of the article.
        join: least probability of one story.

    >>> bars_merger([0.9, 0.0], [0.99], 0.5), bars_merger([0.2, 0.3], [0.99], 0.5)
    (True, False)
    >>> bars_merger([0.02], [0.9997], 0.5)
    True
    """
    if not across:
        return False
    if 0 in across or max(across) < STRANGERS:
        return True
    logits = [_logit(each) for each in across]
    logits += [min(SWAY, _mean_logit(words))] if words else []
    return fsum(logits) / len(logits) < _logit(join)


def decide(question: Question, thresholds: Thresholds) -> Decision:
    """Where an article belongs."""
    if not (question.votes or question.bound or question.own):
        return OpenStory(question.new_story_id)
    stories, votes = question.stories, question.votes
    words = {story_id: one_vote_a_text(each, question.copies) for story_id, each in votes.items()}
    probabilities = {
        story_id: story_probability(each)
        for story_id, each in words.items()
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
    likely = {each: p for each, p in probabilities.items() if each not in question.bridged}
    one, bars = _one_story(
        [(each, 1.0 if each in sure else likely.get(each, 0.0)) for each in ranked],
        words,
        question,
        thresholds,
    )
    if not one:
        of_likeliest = votes.get(ranked[0], ()) if ranked else ()
        unlike = min(of_likeliest, key=lambda vote: (vote.probability, vote.number), default=None)
        return OpenStory(question.new_story_id, unlike)
    oldest, *younger = sorted(one, key=lambda story: (story.born, story.id))
    ids = {story.id for story in one}
    best = min(
        (match for match in question.matches if match.story_id in ids),
        key=lambda match: (-match.probability, match.candidate.number),
        default=None,
    )
    said = words.get(one[0].id, ())
    ballot = Ballot(sum(each >= thresholds.join for each in said), len(said)) if said else None
    return JoinStory(oldest, best, tuple(younger), tuple(bars), ballot)


def _one_story(
    ranked: Sequence[tuple[str, float]],
    words: Mapping[str, Sequence[float]],
    question: Question,
    thresholds: Thresholds,
) -> tuple[list[StoryState], list[Bar]]:
    """The stories that the article shows to be one, of those with their probabilities, likeliest
    first, none if it is new; and those that are as likely, but barred.
    """
    one: list[StoryState] = []
    bars: list[Bar] = []
    threshold = thresholds.join
    for story_id, probability in ranked:
        story = question.stories[story_id]
        if probability < threshold:
            continue
        bar = _bar(story, one, words.get(story_id, ()), question, thresholds)
        if bar is not None:
            bars.append(bar)
            continue
        one.append(story)
        # A story that is nothing but this article goes where a new article would go.
        if story_id != question.own or story.article_count > 1:
            threshold = thresholds.merge
    return one, bars


def _bar(
    story: StoryState,
    one: Sequence[StoryState],
    words: Sequence[float],
    question: Question,
    thresholds: Thresholds,
) -> Bar | None:
    """What keeps a story from becoming one with all of ``one``; None if nothing does.

    Args:
        story: it, which the article fits.
        one: the stories that the article makes one so far.
        words: what its members say of the article.
        question: the article's.
        thresholds: in force.
    """
    for other in one:
        if question.are_apart(story, other):
            return Bar(story, None)
        if story.id in question.bound and other.id in question.bound:
            continue
        found = question.across(story, other)
        if bars_merger([each.probability for each in found], words, thresholds.join):
            return Bar(story, min(found, key=lambda each: (each.probability, each.number)))
    return None


def _mean_logit(probabilities: Iterable[float]) -> float:
    logits = [_logit(each) for each in probabilities]
    return fsum(logits) / len(logits)


def _logit(probability: float) -> float:
    if probability == 0:
        return -SUREST
    odds = probability / max(1 - probability, 1e-9)
    return min(SUREST, max(-SUREST_NO, log(odds)))
