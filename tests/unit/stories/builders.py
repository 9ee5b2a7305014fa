"""Verdicts for tests that don't care what they rest on."""

from contracts.events import Relation, Similarity
from service.matching.verify import Verdict
from service.stories.state import Candidate


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
