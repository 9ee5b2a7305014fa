"""Purge the text of killed articles from the streams.

The commit of a kill takes away what the article's own keys hold. What is left are events that
quote it (its own, and those of articles that were compared with it), dead letters, and with
``ONESTORY_KEEP_INPUT`` its entries. A kill notes the article in ``{NS}:purges``; whoever sweeps
goes through the streams and takes it off that list when done, so a crash in between repeats the
work. Nothing quotes a killed article any more after its kill: commits check that what they quote
is still there.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from pydantic_core import from_json
from redis.asyncio import Redis

from service.stories.senders import EVERYONE, Trust, covers, may_be_of
from service.stories.withdrawn import is_letter_of, names_any, without_text
from workers.errors import Unprocessable
from workers.keys import Key, StreamEntries
from workers.settings import Settings
from workers.state.commit import Commit
from workers.state.entries import Entry, article_of, voice_of
from workers.state.letters import Unreadable, fields_of, letter_in
from workers.state.pages import pages
from workers.state.scripts import Scripts
from workers.state.store import Store

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Kills:
    """What is to be purged."""

    of_all: set[str]
    """Ids of articles that were there when they were killed: the kill was their owner's."""
    of_some: dict[str, list[str]]
    """Ids of those that were not, and whom their kills may speak for."""

    @classmethod
    def of(cls, noted: Mapping[bytes, bytes]) -> Self:
        """As ``{NS}:purges`` has them."""
        found = {name.decode(): value.decode().split("\t") for name, value in noted.items()}
        of_all = {each for each, mandate in found.items() if {EVERYONE, "1"} & {*mandate}}
        return cls(of_all, {each: found[each] for each in found.keys() - of_all})

    def reach(self, sender: str) -> set[str]:
        """Ids of which a text that this sender sent is to be purged."""
        if not self.of_some:
            return self.of_all
        return self.of_all | {
            each for each, mandate in self.of_some.items() if covers(mandate, sender)
        }

    def of_another(self, event_json: bytes) -> str | None:
        """The killed article of an event, if that names a source which its kill can't mean."""
        try:
            data = from_json(event_json)["data"]
            mandate = self.of_some.get(data["article_id"])
            is_told = data["title"] and not data["redacted"]
            if mandate is None or not is_told or may_be_of(mandate, data["source"]):
                return None
            return str(data["article_id"])
        except (ValueError, TypeError, LookupError):
            return None  # it tells no article's words


@dataclass(frozen=True, slots=True)
class Purger:
    """Purges one namespace."""

    redis: Redis
    settings: Settings
    store: Store

    async def purge(self) -> int:
        """Purge what is noted; how many articles that were."""
        keys, streams, era = self.settings.keys, self.settings.streams, self.store.era.current
        noted = await cast(Any, self.redis.hgetall(keys.purges))
        kills = Kills.of(noted)
        if not noted:
            return 0
        await self._redact(await self._told(kills))
        await self._delete(streams.dead, lambda entry: _is_letter_of(entry, kills))
        if self.settings.keep_input:
            limit = self.settings.max_entry_bytes
            await self._delete(streams.articles, lambda entry: _is_entry_of(entry, kills, limit))
        # Not by a plain command: another server may have lost what was just redacted.
        self.store.era.must_be(era)
        done = Commit()
        done.forgets(Key.PURGES, *kills.of_all, *kills.of_some)
        await self.store.commit([done])
        return len(noted)

    async def _told(self, kills: Kills) -> set[str]:
        """Ids of killed articles whose events are to be redacted: not those of which an event names
        a source that the kill may not speak for.
        """
        ids = {*kills.of_all, *kills.of_some}
        if not kills.of_some:
            return ids
        stream = self.settings.streams.stories
        after = "-"
        while entries := cast(
            StreamEntries, await self.redis.xrange(stream, min=after, count=_CHUNK)
        ):
            ids -= {
                name
                for _, fields in entries
                if (name := kills.of_another(fields.get(b"data", b""))) is not None
            }
            after = f"({entries[-1][0].decode()}"
        return ids

    async def _redact(self, killed: set[str]) -> None:
        """Up to the events that are there now: what comes later quotes none of these."""
        stream = self.settings.streams.stories
        newest = cast(StreamEntries, await self.redis.xrevrange(stream, count=1))
        after, last = "-", newest[0][0].decode() if newest else "0-0"
        while entries := cast(
            StreamEntries, await self.redis.xrange(stream, min=after, max=last, count=_CHUNK)
        ):
            await self.store.redact(
                {
                    entry_id: redacted
                    for entry_id, fields in entries
                    if (redacted := _without_text(fields, killed)) is not None
                }
            )
            after = f"({entries[-1][0].decode()}"

    async def _delete(self, stream: str, is_withdrawn: Callable[[Entry], bool]) -> None:
        scripts = Scripts(self.redis)
        async for entries in pages(scripts, self.settings.keys, stream, count=_CHUNK):
            gone = [each.id for each in entries if is_withdrawn(each)]
            if gone:
                await self.redis.xdel(stream, *gone)


def _without_text(fields: Mapping[bytes, bytes], killed: set[str]) -> str | None:
    """None also of what is no event: it quotes nothing that we know of."""
    try:
        return without_text(fields[b"data"], killed)
    except (KeyError, ValueError):
        return None


def _is_letter_of(entry: Entry, kills: Kills) -> bool:
    try:
        letter = letter_in(entry.fields)
        of = kills.reach(_sender(Entry(letter.entry_id, fields_of(letter))))
        return is_letter_of(letter, of)
    except Unreadable:
        text = "\n".join(value.decode(errors="replace") for value in entry.fields.values())
        return names_any(text, kills.of_all)


def _is_entry_of(entry: Entry, kills: Kills, max_bytes: int) -> bool:
    try:
        article = article_of(entry, max_bytes)
    except Unprocessable:
        return False
    return article.id in kills.reach(voice_of(entry, article.source, Trust()).sender)


def _sender(entry: Entry) -> str:
    """Who sent an entry, also one that is no article."""
    source: Any = entry.fields.get(b"source", b"").decode(errors="replace")
    with contextlib.suppress(ValueError, TypeError, LookupError):
        source = from_json(entry.fields[b"data"])["source"]
    return voice_of(entry, source if isinstance(source, str) else None, Trust()).sender
