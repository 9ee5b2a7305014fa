"""What an item says, as a digest: two that are equal say the same."""

from contracts.article import Article
from workers.feeds.readers.ids import address_key, hashed

_MARK = "="
"""Before digests without the item's id, which those that were remembered before do not have."""


def content_digest(article: Article) -> str:
    """Without its name, which feeds change, without when it says so, since some feeds date every
    item anew each time, and without its source, since some have the hour in their titles. Of its
    address, which page it is.
    """
    said = article.model_dump_json(exclude={"id", "source", "version", "published_at", "url"})
    page = address_key(article.url or "")
    return f"{_MARK}{hashed(said + page)}"


def former_digest(article: Article) -> str:
    """As it was remembered with the id in it."""
    return hashed(article.model_dump_json(exclude={"version", "published_at"}))


def names_none(digest: str) -> bool:
    """Whether it is the content's alone, so that it finds an item under another name."""
    return digest.startswith(_MARK)
