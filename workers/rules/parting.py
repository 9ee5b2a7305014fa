"""Who leaves when a rule takes a story apart.

Two articles that must not be together each keep what is more like it: else the next reprint of
the one that left would link both again. What other rules keep together goes together.
"""

from collections.abc import Mapping

from contracts.events import Similarity
from service.matching.verify import Verifier
from service.stories.rules import Rules
from service.stories.state import Member
from workers.window.window import Window


def sides(
    members: Mapping[str, Member],
    apart: tuple[str, str],
    lead: str,
    rules: Rules,
    window: Window,
    verifier: Verifier,
) -> set[str]:
    """Ids of the members that leave: the side without the lead; of equals, ``other``'s.

    A member whose fingerprint is no longer held, or that is equally like both, stays with the
    lead's side.
    """
    one, other = apart
    fixed = {one: set(rules.component(one)), other: set(rules.component(other))}
    free = [
        each
        for each in members.values()
        if not any(each.article_id in ids for ids in fixed.values())
    ]
    near = {
        side: dict(
            zip(
                [each.article_id for each in free],
                _likeness(side, members, free, window, verifier),
                strict=True,
            )
        )
        for side in (one, other)
    }
    groups: dict[str, set[str]] = {
        one: fixed[one] & members.keys(),
        other: fixed[other] & members.keys(),
    }
    stays = other if lead in groups[other] or _nearer(near, lead, one, other) == other else one
    leaves = one if stays == other else other
    for each in free:
        together = set(rules.component(each.article_id))
        side = leaves if _nearer(near, each.article_id, stays, leaves) == leaves else stays
        # A rule's whole component follows its first member.
        if len(together) > 1:
            side = next((name for name, ids in groups.items() if ids & together), side)
        groups[side].add(each.article_id)
    if lead in groups[leaves]:
        stays, leaves = leaves, stays
    return groups[leaves]


def _nearer(near: Mapping[str, Mapping[str, float]], article_id: str, one: str, other: str) -> str:
    """Of two articles the one that a member is more like; ``one`` if it is like both."""
    return other if near[other].get(article_id, 0.0) > near[one].get(article_id, 0.0) else one


def _likeness(
    side: str,
    members: Mapping[str, Member],
    free: list[Member],
    window: Window,
    verifier: Verifier,
) -> list[float]:
    """How alike each free member and a side are. Sums of similarities: probabilities of near
    copies are all but 1, and would not tell which of two is nearer.
    """
    mine = window.fingerprint(members[side].number)
    theirs = [window.fingerprint(each.number) for each in free]
    pairs = [(their, mine) for their in theirs if their is not None and mine is not None]
    likeness = iter([_sum(verdict.similarity) for verdict in verifier.verdicts(pairs)])
    return [next(likeness) if their is not None and mine is not None else 0.0 for their in theirs]


def _sum(similarity: Similarity) -> float:
    return similarity.text + similarity.facts + similarity.meaning + similarity.headline
