"""Plays a scripted day through the real stream and a real worker, step by step.

Each step waits for conditions that Redis can tell: every entry delivered and
acknowledged, no embargo pending. So what a step is seen to produce is what it produced.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import compress
from typing import Any, cast

from redis import Redis

from contracts.commands import Ruling
from contracts.consumer import Partition
from contracts.dead_letter import DeadLetter
from contracts.events import STORY_EVENT, AnyEvent
from workers.demo.day import Step
from workers.demo.outcome import Outcome, Told, broken
from workers.errors import OnestoryError
from workers.process.pool import WorkerPool
from workers.rules.desk import send_command
from workers.settings import Settings
from workers.state.group import Group, group_seen
from workers.state.streams import publish, read_after

_POLL_S = 0.02
_PATIENCE_S = 60.0
"""For one step. The first one waits for the worker to start, on a busy machine half a minute."""
_PAGE = 1_000


@dataclass(slots=True)
class Play:
    """One day on one namespace; `events` and `partition` are those of all steps so far."""

    redis: Redis
    settings: Settings
    pool: WorkerPool
    patience_s: float = _PATIENCE_S
    partition: Partition = field(default_factory=Partition)
    events: list[AnyEvent] = field(default_factory=list)
    _last: dict[str, str] = field(default_factory=dict)
    """By stream: the last entry that was read."""

    def play(self, step: Step) -> Outcome:
        """Do one step, wait until it has settled, and compare.

        Raises:
            OnestoryError: it does not settle.
            WorkersFailed: the worker ends as soon as it starts.
        """
        streams = self.settings.streams
        if step.article is not None:
            publish(self.redis, streams, [_sent(step.article, step.embargo_in_s)])
        elif step.command is not None:
            send_command(self.redis, streams, step.command)
        else:
            self._wait(step, self._released, "what is under embargo is published")
        self._wait(step, self._settled, "every entry is acknowledged")
        events = [STORY_EVENT.validate_json(data) for data in self._new(streams.stories)]
        self.events += events
        new = [self.partition.apply(event) for event in events]
        told = Told(
            events=tuple(compress(events, new)),
            rulings=tuple(map(Ruling.model_validate_json, self._new(streams.rulings))),
            dead=tuple(map(DeadLetter.model_validate_json, self._new(streams.dead))),
            retold=tuple(event for event, is_new in zip(events, new, strict=True) if not is_new),
        )
        return Outcome(step, told, broken(step.expect, told, self.partition))

    def _wait(self, step: Step, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + self.patience_s
        while not condition():
            self.pool.check()
            if time.monotonic() > deadline:
                raise OnestoryError(
                    f"{step.at} {step.note}: not within {self.patience_s:g} s: {what}"
                )
            time.sleep(_POLL_S)

    def _released(self) -> bool:
        return self.redis.zcard(self.settings.keys.embargoes) == 0

    def _settled(self) -> bool:
        streams = self.settings.streams
        return all(map(self._acknowledged, (streams.articles, streams.commands)))

    def _acknowledged(self, stream: str) -> bool:
        """Whether the workers' group has had every entry and none is pending.

        By ids: ``lag`` is there from Redis 7 on only, and unknown once entries are deleted.
        """
        if not self.redis.exists(stream):
            return True
        newest = cast(Any, self.redis.xinfo_stream(stream))["last-generated-id"]
        group = group_seen(self.redis, stream)
        return group is not None and group == Group(delivered=newest, pending=0)

    def _new(self, stream: str) -> list[bytes]:
        """Field ``data`` of the entries that were not read yet."""
        told: list[bytes] = []
        while entries := read_after(
            self.redis, stream, self._last.get(stream, "0"), count=_PAGE, block_ms=None
        ):
            self._last[stream] = entries[-1][0].decode()
            told += [fields[b"data"] for _, fields in entries]
        return told


def _sent(article: dict[str, Any], embargo_in_s: float | None) -> bytes:
    """The article as a feed sends it now."""
    if embargo_in_s is not None:
        until = datetime.now(UTC) + timedelta(seconds=embargo_in_s)
        article = article | {"embargoed": until.isoformat()}
    return json.dumps(article, ensure_ascii=False).encode()
