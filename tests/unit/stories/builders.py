"""Members, stories and verdicts for tests that don't care what they rest on."""

from datetime import UTC, datetime
from typing import Any

from contracts.commands import KeepApart, KeepTogether, SetLead
from contracts.events import Evidence, Model, Relation, Similarity
from service.matching.verify import Verdict
from service.stories.ledger import Ledger
from service.stories.rules import Rules
from service.stories.state import Candidate, Member, StoryState

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
SOURCE = "/onestory/test"
EVIDENCE = Evidence(summary="A test says so", model=Model(version="none", sha256="0" * 16))


def verdict(probability: float, relation: Relation = Relation.REWRITE) -> Verdict:
    """A verdict with this probability and similarities that follow from nothing."""
    return Verdict(
        probability=probability,
        relation=relation,
        similarity=Similarity(text=0.5, facts=0.5, meaning=0.5, headline=0.5),
        guards=(),
    )


def candidate(number: int, probability: float) -> Candidate:
    """Article ``article-{number}``, compared with this outcome."""
    return Candidate(number, f"article-{number}", probability, [verdict(probability)], 0)


def member(article_id: str, first: int, **changes: Any) -> Member:
    """A member in English of its own origin, whose first version is in force."""
    plain = Member(article_id, first, first, 1, "en", first, "", 0)
    return plain._replace(**changes)


def story(story_id: str, *members: Member, **changes: Any) -> StoryState:
    """A story with its members, the lead first, at revision ``3-x`` and sequence 3."""
    lead = members[0]
    whole = StoryState(
        id=story_id,
        revision="3-x",
        sequence=3,
        article_count=0,
        lead_id=lead.article_id,
        lead_number=lead.number,
        born=min(each.first for each in members),
        highest=max(each.number for each in members),
        languages=(),
        independent_sources=0,
        members={each.article_id: each for each in members},
    )
    return whole.recounted()._replace(**changes)


def figures_only(whole: StoryState) -> StoryState:
    """A story as it is read where nothing asks for its members."""
    return whole._replace(members=None, absorbed=())


def told(article_id: str, **changes: Any) -> dict[str, Any]:
    """What is told of an article beside its story's figures."""
    return {
        "article_id": article_id,
        "lang": "en",
        "relation": None,
        "score": None,
        "matched_article_id": None,
        "evidence": EVIDENCE,
        "title": f"Title of {article_id}",
        **changes,
    }


def ledger(*stories: StoryState, rules: Rules | None = None) -> Ledger:
    """A ledger whose mark is ``m``."""
    return Ledger({each.id: each for each in stories}, SOURCE, "m", rules)


def together(one: str, other: str) -> KeepTogether:
    """An editor's word that two articles are one story."""
    return KeepTogether(articles=(one, other), by="anna", reason="one")


def apart(one: str, other: str) -> KeepApart:
    """An editor's word that two articles are two stories."""
    return KeepApart(articles=(one, other), by="anna", reason="two")


def lead(article: str) -> SetLead:
    """An editor's word that an article represents its story."""
    return SetLead(article=article, by="anna", reason="first")
