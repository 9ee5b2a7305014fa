"""Put files of articles through the real stream and real worker processes.

One loop feeds the stream, reads the events as they are published, and watches the
counters that the scripts keep, until every line is accounted for: placed, repeated or
dead-lettered. Counters know no lines: where others send too, their articles are in them, so the
end is told by the lines' own entries.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, cast

from redis import Redis

from contracts.consumer import Partition, Story
from contracts.events import STORY_EVENT, AnyEvent
from contracts.streams import GROUP
from workers.errors import ServerChanged
from workers.keys import StreamEntries
from workers.process.dead_tally import DeadTally
from workers.process.pool import WorkerPool
from workers.process.totals import RunTotals
from workers.settings import Settings
from workers.state.era import era_of
from workers.state.group import group_seen
from workers.state.schema import Clock
from workers.state.streams import publish, read_after

AHEAD = 2_000
"""Entries on the stream that are not yet placed: enough to keep workers busy, and bounded."""
_CHUNK = 200
_EVENTS = 1_000
_BLOCK_MS = 50


@dataclass(slots=True)
class Run:
    """One run over lines of articles; `totals` is true at any moment."""

    redis: Redis
    settings: Settings
    pool: WorkerPool
    on_progress: Callable[[RunTotals], None]
    events_to: IO[bytes] | None = None
    keep_events: bool = False
    partition: Partition = field(default_factory=Partition)
    events: list[AnyEvent] = field(default_factory=list)
    """The events of this run, if ``keep_events``."""
    dead: DeadTally = field(init=False)
    """Dead letters of this run, complete at its end."""
    _era: bytes = b""
    _lines: int = 0
    _sent: tuple[bytes, bytes] = (b"", b"")
    """Entry ids of the first line and the last."""
    _start: float = field(default_factory=time.monotonic)
    _before: dict[str, int] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def run(self, lines: Iterator[bytes | Mapping[bytes, bytes]]) -> RunTotals:
        """Feed every line, or an entry's fields, and wait until all are accounted for.

        Raises:
            WorkersFailed: the workers end as soon as they start.
            ServerChanged: lines may be lost, and events were read that never happened.
            NotReplicated: replicas that the settings ask for are missing.
        """
        self._era = era_of(self.redis, self.settings.keys)
        self.dead = DeadTally(self.redis, self.settings.streams)
        self._before = self._read_counts()
        last = self._apply_earlier()
        self._start = time.monotonic()
        exhausted = False
        while True:
            if not exhausted and self._lines - self._handled() < AHEAD:
                chunk = list(islice(lines, _CHUNK))
                exhausted = not chunk
                streams, replicas = self.settings.streams, self.settings.wait_replicas
                sent = publish(self.redis, streams, chunk, replicas=replicas)
                self._lines += len(sent)
                self._sent = (self._sent[0] or sent[0], sent[-1]) if sent else self._sent
            # Counters first, events second: whatever is counted has been published.
            self._counts = self._read_counts()
            if self.redis.hget(self.settings.keys.clock, Clock.ERA) != self._era:
                raise ServerChanged
            done = exhausted and self._handled() >= self._lines and not self._waiting()
            last, drained = self._follow(last, block=not done)
            self.on_progress(self.totals)
            if done and drained:
                self.dead.read()
                return self.totals
            self.pool.check()

    @property
    def totals(self) -> RunTotals:
        """What became of the lines so far."""
        count = {name: self._counts.get(name, 0) - self._before.get(name, 0) for name in _COUNTED}
        return RunTotals(
            lines=self._lines,
            placed=count["placed"],
            revised=count["versions"],
            held=count["held"] - count["released"],
            killed=count["killed"],
            repeated=count["repeated"],
            # What others trimmed before it was read has one letter together.
            dead_lettered=count["dead"] + count["missed"],
            stories=count["opened"] - count["merged"] - count["retracted"],
            other_language=count["other_language"],
            seconds=time.monotonic() - self._start,
        )

    @property
    def stories(self) -> list[Story]:
        """All that were told of so far, also those that closed meanwhile: most stories of a file
        that is longer than a window.
        """
        return list(self.partition.all_stories.values())

    def _handled(self) -> int:
        totals = self.totals
        return totals.lines - totals.unaccounted

    def _waiting(self) -> bool:
        """Whether a line is still to be handled; the counts may be full of what others sent."""
        first, last = self._sent
        if not last:
            return False
        stream = self.settings.streams.articles
        group = group_seen(self.redis, stream)
        if group is None or _place(group.delivered) < _place(last):
            return True
        return bool(self.redis.xpending_range(stream, GROUP, first, last, 1))

    def _read_counts(self) -> dict[str, int]:
        counts = cast(dict[bytes, bytes], self.redis.hgetall(self.settings.keys.counts))
        return {name.decode(): int(value) for name, value in counts.items()}

    def _apply_earlier(self) -> str:
        """Stories of earlier runs in this namespace: known to the partition, not told again."""
        last = "0"
        while entries := self._read(last, block=False):
            for _, fields in entries:
                self.partition.apply(STORY_EVENT.validate_json(fields[b"data"]))
            last = entries[-1][0].decode()
        return last

    def _follow(self, last: str, *, block: bool) -> tuple[str, bool]:
        """Take in the next events; the last entry id, and whether there were no more."""
        entries = self._read(last, block=block)
        for _, fields in entries:
            event = STORY_EVENT.validate_json(fields[b"data"])
            self.partition.apply(event)
            if self.events_to is not None:
                self.events_to.write(fields[b"data"] + b"\n")
            if self.keep_events:
                self.events.append(event)
        return (entries[-1][0].decode(), False) if entries else (last, True)

    def _read(self, last: str, *, block: bool) -> StreamEntries:
        return read_after(
            self.redis,
            self.settings.streams.stories,
            last,
            count=_EVENTS,
            block_ms=_BLOCK_MS if block else None,
        )


def _place(entry_id: bytes) -> tuple[int, ...]:
    return tuple(map(int, entry_id.split(b"-")))


_COUNTED = (
    *("placed", "versions", "held", "released", "killed", "repeated", "dead", "missed"),
    *("opened", "merged", "retracted", "other_language"),
)
