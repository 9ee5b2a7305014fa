"""The story events of a decision, built before the commit that publishes them."""

from dataclasses import dataclass
from datetime import datetime

from contracts.article import Article
from contracts.events import (
    Evidence,
    Merger,
    Placement,
    Relation,
    StoryJoined,
    StoryMerged,
    StoryOpened,
    event_id,
)
from service.stories.decide import Decision, JoinStory, OpenStory
from service.stories.state import Candidate, StoryState


@dataclass(frozen=True, slots=True)
class Placed:
    """An article's decision with the events that tell it, and the story as it is after."""

    story: StoryState
    """After the decision."""
    event: StoryOpened | StoryJoined
    mergers: tuple[StoryMerged, ...]
    """Published before ``event``, one for each absorbed story."""


def placed(
    decision: Decision,
    article: Article,
    lang: str,
    number: int,
    evidence: Evidence,
    *,
    nearest: Candidate | None,
    source: str,
    time: datetime,
) -> Placed:
    """Apply a decision to its story and word the events.

    Args:
        decision: from `service.stories.decide.decide`.
        article: the article that was decided.
        lang: its language as identified.
        number: its place in the order of registration.
        evidence: why.
        nearest: for an opened story, the candidate that came nearest to being a match.
        source: CloudEvents source, a URI reference naming the namespace.
        time: when the decision was made.
    """
    if isinstance(decision, OpenStory):
        story = StoryState(decision.story_id, 1, 1, article.id, number, (lang,))
        data = _placement(story, article, lang, None, nearest, evidence)
        opened = StoryOpened(
            id=event_id(story.id, 1), source=source, subject=story.id, time=time, data=data
        )
        return Placed(story, opened, ())
    return _joined(decision, article, lang, evidence, source, time)


def _joined(
    decision: JoinStory,
    article: Article,
    lang: str,
    evidence: Evidence,
    source: str,
    time: datetime,
) -> Placed:
    before = decision.story
    count = before.article_count
    languages = set(before.languages)
    mergers = []
    for absorbed in decision.absorbed:
        count += absorbed.article_count
        languages |= set(absorbed.languages)
        mergers.append(
            StoryMerged(
                id=event_id(absorbed.id, absorbed.sequence + 1),
                source=source,
                subject=absorbed.id,
                time=time,
                data=Merger(
                    story_id=absorbed.id,
                    sequence=absorbed.sequence + 1,
                    merged_into=before.id,
                    article_ids=(),  # filled by the commit, which alone knows the members
                    because_of=article.id,
                    article_count=count,
                    languages=tuple(sorted(languages)),
                ),
            )
        )
    story = StoryState(
        before.id,
        before.sequence + 1,
        count + 1,
        before.lead_id,
        before.lead_number,
        tuple(sorted(languages | {lang})),
    )
    match = decision.match.candidate
    data = _placement(story, article, lang, match.verdict.relation, match, evidence)
    event = StoryJoined(
        id=event_id(story.id, story.sequence),
        source=source,
        subject=story.id,
        time=time,
        data=data,
    )
    return Placed(story, event, tuple(mergers))


def _placement(
    story: StoryState,
    article: Article,
    lang: str,
    relation: Relation | None,
    compared: Candidate | None,
    evidence: Evidence,
) -> Placement:
    return Placement(
        story_id=story.id,
        article_id=article.id,
        sequence=story.sequence,
        lang=lang,
        relation=relation,
        score=round(compared.probability, 4) if compared else None,
        matched_article_id=compared.article_id if compared else None,
        evidence=evidence,
        article_count=story.article_count,
        languages=story.languages,
        title=article.title[:300],
        source=article.source,
        url=article.url,
        published_at=article.published_at,
        version=article.version,
    )
