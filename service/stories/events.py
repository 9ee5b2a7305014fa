"""What events say about an article, worded before the commit that tells them."""

from collections.abc import Mapping
from typing import Any

from contracts.article import Article
from contracts.events import Evidence, Relation
from service.stories.state import Candidate

LONGEST_TITLE = 300
"""Characters of a headline in an event."""


def about(
    article: Article,
    lang: str,
    evidence: Evidence,
    *,
    relation: Relation | None,
    compared: Candidate | None,
    **more: Any,
) -> dict[str, Any]:
    """The fields of `Placement` about an article.

    Args:
        article: the article that was placed.
        lang: its language as identified.
        evidence: why it is here.
        relation: to ``compared``, if that is why; None for one that opens a story.
        compared: its match; of one that opens a story the nearest that was none.
        more: ``split_from``, ``rule`` and ``repaired``, where there is one.
    """
    return {
        "article_id": article.id,
        "lang": lang,
        "relation": relation,
        "score": round(compared.probability, 4) if compared else None,
        "matched_article_id": compared.article_id if compared else None,
        "evidence": evidence,
        "title": article.title[:LONGEST_TITLE],
        "source": article.source,
        "url": article.url,
        "published_at": article.published_at,
        "version": article.effective_version,
        **more,
    }


def as_revision(told: Mapping[str, Any], old_version: int) -> dict[str, Any]:
    """The same for `Revision`: the article is a member that has a new version."""
    left_out = ("article_id", "version", "split_from")
    return {name: value for name, value in told.items() if name not in left_out} | {
        "old_version": old_version,
        "new_version": told["version"],
    }
