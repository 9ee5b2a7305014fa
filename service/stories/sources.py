"""Independent sources: which reports of a story stand on their own.

A story that forty outlets reprint from one wire has one source; two that agree have two.
Each member has an origin: its own number if it is a report of its own, else that of the
member from which it stems. Distinct origins are the story's independent sources.
"""

from collections.abc import Iterable

import xxhash

from contracts.events import Relation
from service.stories.state import Member

STEMS_FROM = 0.25
"""Shingle similarity from which a rewrite stems from its match. Outlets that word one report
themselves share a quotation or two, 0.02 to 0.15 in the sample feeds; a reprint cut to half
its length still has 0.5, one cut to a quarter 0.25."""


def outlet(source: str | None) -> str:
    """An outlet's name as stories keep it: eight hex digits, empty for no name.

    >>> outlet("Reuters") == outlet(" REUTERS "), outlet(None)
    (True, '')
    """
    name = " ".join((source or "").casefold().split())
    return f"{xxhash.xxh3_64_intdigest(name.encode()) >> 32:08x}" if name else ""


def origin(
    first: int,
    outlet_of_article: str,
    relation: Relation | None,
    text_similarity: float,
    matched: Member | None,
    compared: Iterable[Member],
) -> int:
    """The origin of an article that joins a story.

    Args:
        first: the article's own number, which is its origin if it stands alone.
        outlet_of_article: as `outlet` gives it.
        relation: to ``matched``; None where a rule put the article here.
        text_similarity: shingle similarity to ``matched``, 0 to 1.
        matched: the member that it matched, if one was compared.
        compared: the members of the story that it was compared with.
    """
    stems = relation is not None and (
        relation is not Relation.REWRITE or text_similarity >= STEMS_FROM
    )
    if matched is not None and stems:
        return matched.origin
    if outlet_of_article:
        for member in compared:
            if member.outlet == outlet_of_article:
                return member.origin
    return first
