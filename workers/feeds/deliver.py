"""What readers found, onto the streams: articles, and dead letters for what is none."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

from redis import Redis
from redis.client import Pipeline

from contracts.article import Article
from contracts.dead_letter import DeadLetter, Reason
from contracts.streams import Streams
from workers.feeds.reader import BadItem, Item, Note, Skipped
from workers.state.clock import server_now
from workers.state.entries import vouched

MOST_LETTERS = 1_000
"""Dead letters of one document; the rest are counted in the last of them. A document of
10 MB can hold five million bad lines."""
_CHUNK = 500
"""Entries of one round trip."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a document's items."""

    accepted: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Items that are no text, by kind."""
    rejected: list[BadItem] = field(default_factory=list)
    """At most ``MOST_LETTERS``."""
    unlisted: int = 0
    """Bad items beyond those."""
    notes: list[Note] = field(default_factory=list)
    """What was said wrongly and cost no item; at most ``MOST_LETTERS``."""

    @property
    def bad(self) -> int:
        """All bad items."""
        return len(self.rejected) + self.unlisted


def deliver(
    redis: Redis,
    streams: Streams,
    items: Iterable[Item],
    *,
    format_name: str,
    origin: str,
    sender: str = "",
) -> Delivered:
    """Publishes items as they come, in their order; a lost connection leaves the rest unsent.
    ``sender``: who sent them, if that is known by more than what they say.

    Sending a document again is harmless: an article of an id and version that is known has no
    effect, bad items make a second letter.
    """
    pipe = redis.pipeline(transaction=False)
    accepted, unlisted = 0, 0
    skipped: Counter[str] = Counter()
    rejected: list[BadItem] = []
    notes: list[Note] = []
    for item in items:
        match item:
            case Article():
                add_article(pipe, streams, item, vouched(sender))
                accepted += 1
            case Skipped():
                skipped[item.kind] += 1
            case Note():
                notes += [item] * (len(notes) < MOST_LETTERS)
            case BadItem() if len(rejected) == MOST_LETTERS:
                unlisted += 1
            case BadItem():
                rejected.append(item)
                add_letter(pipe, streams, item, format_name, origin, server_now(redis))
            case _:
                assert_never(item)
        if len(pipe) >= _CHUNK:
            pipe.execute()
    if unlisted:
        last = _unlisted(unlisted)
        add_letter(pipe, streams, last, format_name, origin, server_now(redis))
    pipe.execute()
    return Delivered(accepted, skipped, rejected, unlisted, notes)


def add_article(
    pipe: Pipeline, streams: Streams, article: Article, sent_by: Mapping[str, str]
) -> None:
    """Queues an article. What the feed did not say stays unsaid, above all its version.

    ``sent_by``: as `vouched` makes it.
    """
    fields: dict[Any, Any] = {"data": article.model_dump_json(exclude_unset=True), **sent_by}
    pipe.xadd(streams.articles, fields)


def add_letter(
    pipe: Pipeline, streams: Streams, item: BadItem, format_name: str, origin: str, at: datetime
) -> None:
    """Queues the dead letter of a bad item. ``at``: now, by the server's clock.

    Its fields are none of those that an article's entry has, so ``onestory dead retry`` makes
    it a dead letter again (``no-article``) and nothing else.
    """
    letter = DeadLetter(
        reason=Reason.BAD_DOCUMENT,
        detail=f"{item.where}: {item.detail}",
        remedy=f"{item.remedy}; then send the document again",
        entry_id=f"{origin}#{item.where}",
        article_id=item.article_id,
        deliveries=0,
        dead_at=at,
        fields={
            "format": format_name,
            "document": origin,
            "where": item.where,
            "fragment": item.fragment.decode("utf-8", "backslashreplace"),
        },
    )
    pipe.xadd(streams.dead, {"data": letter.model_dump_json()})


def _unlisted(count: int) -> BadItem:
    return BadItem(
        "rest of the document",
        f"{count} more bad items",
        "correct those that have letters of their own, or name the right format",
        b"",
    )
