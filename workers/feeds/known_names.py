"""Under which name an item of a polled feed was published.

A site that moves to https, or numbers anew, gives all its items other names, and a reader would see
each of them twice. So an item that says what is known, and is the same page, is the item that was
known, and its new name is remembered: what comes under it later is a version of that item.
"""

from collections.abc import Iterable, Iterator, Mapping

from contracts.article import Article, Status
from workers.feeds.content import content_digest, names_none
from workers.feeds.memory import Seen
from workers.feeds.readers.twins import shared_name

_IS = "\1"
"""Between a new name and the one that was published; ids hold no control character."""


class KnownNames:
    """The names of one document's items, and of those that are remembered."""

    def __init__(self, held: Mapping[str, Seen], document: Iterable[Article]) -> None:
        self._present = {
            each.id: content_digest(each) for each in document if each.status is not Status.CANCELED
        }
        pairs = (name.split(_IS) for name in held if _IS in name)
        self._known_as = {new: known for new, known in pairs if known in held}
        self._by_content: dict[str, str] = {}
        self._by_name_and_content: dict[tuple[str, str], str] = {}
        self._twins: dict[str, list[str]] = {}
        for name, seen in held.items():
            self.remember(name, seen.digest)
            if shared_name(name) != name:
                self._twins.setdefault(shared_name(name), []).append(name)

    def remember(self, name: str, digest: str) -> None:
        """That an item of this content has this name, unless the document says something else."""
        if names_none(digest) and self._present.get(name, digest) == digest:
            self._by_content.setdefault(digest, name)
            self._by_name_and_content.setdefault((_in_its_feed(name), digest), name)

    def meant(self, article: Article) -> Iterator[Article]:
        """The article under the name that it was published by. A kill is of all items that had its
        name, if they are not there any more.
        """
        known = self._known_as.get(article.id)
        yield _named(article, known) if known and known not in self._present else article
        if article.status is Status.CANCELED:
            for name in self._twins.get(article.id, ()):
                if name not in self._present:
                    yield _named(article, name)

    def other_name(self, article: Article, digest: str) -> str | None:
        """The name of a known item that is this one: it says the same, and has the same link, or at
        least had the same name before items were told apart, or before the feed named another page
        as its own.
        """
        if not article.has_words:
            return None
        if article.url:
            return self._by_content.get(digest)
        return self._by_name_and_content.get((_in_its_feed(article.id), digest))

    def is_present(self, name: str) -> bool:
        """Whether the document has an item of this name."""
        return name in self._present


def alias(name: str, known: str) -> str:
    """How it is remembered that an item which was published under one name has another now."""
    return f"{name}{_IS}{known}"


def _in_its_feed(name: str) -> str:
    """The item's own part of a name that has the feed's before it."""
    return shared_name(name).rpartition("#")[2]


def _named(article: Article, name: str) -> Article:
    return article.model_copy(update={"id": name})
