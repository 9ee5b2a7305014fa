"""Archived articles once more, into a namespace of their own.

A replay takes the same way as any article: stream, worker processes, scripts. What it tries is in
the environment (encoder, verifier, operating point), and what it must not lose is copied first:
the editors' rules. They are in force from the first article on, also those that a desk made only
when it saw the stories.

One worker registers articles in the order in which they are sent, so the same input in the same
order gives the same story ids; several share the work, and which of two articles opens their story
is then a matter of chance. Exact while the window is searched whole, up to 16,384 articles
(``window/shelves.py``); articles without a date are dated by their arrival, so by each
replay anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis

from contracts.streams import Streams
from workers.errors import NamespaceInUse, NothingToReplay, OnestoryError, Unprocessable
from workers.keys import Keys
from workers.settings import Settings
from workers.state.entries import Entry, Fields, article_of, sent_by
from workers.state.group import Group, group_seen
from workers.state.pages import pages_seen
from workers.state.schema import Clock
from workers.state.schema import Replay as Kept

FILES = "files"
"""What a namespace is filled from that is not filled from a stream; no namespace's own name is
told apart from it, so a stream's has its key's braces."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Replay:
    """Prepares a fresh namespace, and reads what is to be sent there."""

    redis: Redis
    settings: Settings
    """Of the namespace that is filled."""
    source: Streams | None = None
    """Whose articles stream is replayed; None for files."""
    rules_from: Streams | None = None
    """Whose editors' rules are copied; None for none."""

    def begin(self, *, resume: bool = False) -> None:
        """Make sure that the namespace is fresh, and copy the rules.

        Args:
            resume: go on with a namespace that a replay from the same source has filled.

        Raises:
            NamespaceInUse: it holds something else, or rules have changed since.
            NothingToReplay: the source has kept no input.
        """
        if self.source is not None:
            self._require_input(self.source)
        if resume:
            self._resume()
            return
        keys = self.settings.keys
        streams = self.settings.streams
        if self.redis.exists(keys.clock, keys.model, streams.articles, streams.stories):
            raise NamespaceInUse(
                f"namespace {streams.namespace!r} is in use: its stories would mix with the "
                "replayed ones; name a fresh one, or go on with an earlier replay by --resume"
            )
        rules = self._rules(self.rules_from)
        revision = self._revision(self.rules_from)
        pipe = self.redis.pipeline(transaction=True)
        pipe.hset(keys.replay, Kept.FROM, self._named)
        if rules:
            pipe.hset(keys.rules, mapping=cast(Any, rules))
        if revision:
            pipe.hset(keys.clock, Clock.RULES, revision)
        pipe.execute()

    def entries(self) -> Iterator[Fields]:
        """The articles of the source, oldest first, up to what is there now, as entries: who sent
        them is said there as it was.

        Entries that hold no article are left out: they are dead letters of the source.
        """
        if self.source is None:
            return
        newest = cast(Any, self.redis.xrevrange(self.source.articles, count=1))
        through = cast(bytes | None, self.redis.hget(self.settings.keys.replay, Kept.THROUGH))
        after = "0-0" if through is None else through.decode()
        for entries in pages_seen(
            self.redis,
            Keys(self.source),
            self.source.articles,
            count=_CHUNK,
            after=after,
            last=newest[0][0].decode(),
        ):
            for entry in entries:
                body = _body(entry, self.settings.max_entry_bytes)
                if body is not None:
                    yield {b"data": body, **sent_by(entry)}
        # Only if all came to an end: a replay that was killed starts anew, which changes nothing.
        self.redis.hset(self.settings.keys.replay, Kept.SENT, newest[0][0])

    def done(self) -> None:
        """All that was sent is placed: a replay that is resumed goes on behind it."""
        keys = self.settings.keys
        sent = cast(bytes | None, self.redis.hget(keys.replay, Kept.SENT))
        if sent is not None:
            self.redis.hset(keys.replay, Kept.THROUGH, sent)

    def _resume(self) -> None:
        keys = self.settings.keys
        filled_from = cast(bytes | None, self.redis.hget(keys.replay, Kept.FROM))
        if filled_from is None or filled_from.decode() != self._named:
            known = "no replay" if filled_from is None else f"a replay from {filled_from.decode()}"
            raise NamespaceInUse(
                f"namespace {self.settings.namespace!r} was filled by {known}, expected one from "
                f"{self._named}; only that can be resumed"
            )
        if self.rules_from is not None and self._rules(self.rules_from) != self._rules(
            self.settings.streams
        ):
            raise NamespaceInUse(
                f"the editors' rules of {self.rules_from.namespace!r} have changed since "
                f"{self.settings.namespace!r} was filled; replay into a fresh namespace"
            )
        # What a killed replay left waiting is sent once more; its workers' claims on it are void.
        self.redis.delete(self.settings.streams.articles)

    @property
    def _named(self) -> str:
        return FILES if self.source is None else self.source.articles

    def _rules(self, streams: Streams | None) -> dict[bytes, bytes]:
        if streams is None:
            return {}
        return cast(dict[bytes, bytes], self.redis.hgetall(Keys(streams).rules))

    def _revision(self, streams: Streams | None) -> bytes | None:
        if streams is None:
            return None
        return cast(bytes | None, self.redis.hget(Keys(streams).clock, Clock.RULES))

    def _require_input(self, source: Streams) -> None:
        """Refuses a stream of which placed entries were deleted."""
        if source.namespace == self.settings.namespace:
            raise OnestoryError(f"namespace {source.namespace!r} can't be replayed into itself")
        group = group_seen(self.redis, source.articles) or Group(b"0-0", 0)
        last, pending = group.delivered, group.pending
        kept = len(cast(Any, self.redis.xrange(source.articles, "-", last, count=pending + 1)))
        if self.redis.xlen(source.articles) == 0 or (last != b"0-0" and kept <= pending):
            raise NothingToReplay(
                f"namespace {source.namespace!r} has kept no input: its workers delete placed "
                "entries unless ONESTORY_KEEP_INPUT=1 is set. Set it from now on, or replay from "
                "files"
            )


def _body(entry: Entry, max_bytes: int) -> bytes | None:
    """An entry's article as JSON; None if it holds none."""
    if b"data" in entry.fields and not entry.cut_from:
        return entry.fields[b"data"]
    try:
        article = article_of(entry, max_bytes)
    except Unprocessable:
        return None
    # What was absent stays absent: an explicit version says something else than none.
    return article.model_dump_json(exclude_unset=True).encode()
