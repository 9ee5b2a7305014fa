"""Purge the text of killed articles from the streams.

The commit of a kill takes away what the article's own keys hold. What is left are events that
quote it (its own, and those of articles that were compared with it), dead letters, and with
``ONESTORY_KEEP_INPUT`` its entries. A kill notes the article in ``{NS}:purges``; whoever sweeps
goes through the streams and takes it off that list when done, so a crash in between repeats the
work. Nothing quotes a killed article any more after its kill: commits check that what they quote
is still there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis

from service.stories.withdrawn import is_letter_of, names_any, without_text
from workers.errors import Unprocessable
from workers.keys import Key, StreamEntries
from workers.settings import Settings
from workers.state.commit import Commit
from workers.state.entries import Entry, article_of
from workers.state.letters import Unreadable, letter_in
from workers.state.store import Store

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Purger:
    """Purges one namespace."""

    redis: Redis
    settings: Settings
    store: Store

    async def purge(self) -> int:
        """Purge what is noted; how many articles that were."""
        keys, streams, era = self.settings.keys, self.settings.streams, self.store.era.current
        noted = await cast(Any, self.redis.hkeys(keys.purges))
        killed = {each.decode() for each in noted}
        if not killed:
            return 0
        await self._redact(killed)
        await self._delete(streams.dead, lambda _, fields: _is_letter_of(fields, killed))
        if self.settings.keep_input:
            limit = self.settings.max_entry_bytes
            await self._delete(
                streams.articles,
                lambda entry_id, fields: _is_entry_of(Entry(entry_id, fields), killed, limit),
            )
        # Not by a plain command: another server may have lost what was just redacted.
        self.store.era.must_be(era)
        done = Commit()
        done.forgets(Key.PURGES, *killed)
        await self.store.commit([done])
        return len(killed)

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
                    if (redacted := without_text(fields[b"data"], killed)) is not None
                }
            )
            after = f"({entries[-1][0].decode()}"

    async def _delete(
        self, stream: str, is_withdrawn: Callable[[str, dict[bytes, bytes]], bool]
    ) -> None:
        after = "-"
        while entries := cast(
            StreamEntries, await self.redis.xrange(stream, min=after, count=_CHUNK)
        ):
            gone = [
                entry_id for entry_id, fields in entries if is_withdrawn(entry_id.decode(), fields)
            ]
            if gone:
                await self.redis.xdel(stream, *gone)
            after = f"({entries[-1][0].decode()}"


def _is_letter_of(fields: dict[bytes, bytes], killed: set[str]) -> bool:
    try:
        return is_letter_of(letter_in(fields), killed)
    except Unreadable:
        text = "\n".join(value.decode(errors="replace") for value in fields.values())
        return names_any(text, killed)


def _is_entry_of(entry: Entry, killed: set[str], max_bytes: int) -> bool:
    try:
        return article_of(entry, max_bytes).id in killed
    except Unprocessable:
        return False
