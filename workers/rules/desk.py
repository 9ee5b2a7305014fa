"""Editors' commands onto their stream, the workers' answers from theirs, and what is in force."""

import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from pydantic import AwareDatetime, BaseModel
from redis import Redis

from contracts.commands import COMMAND, AnyCommand, Ruling
from contracts.streams import Streams
from workers.state.streams import read_after

log = logging.getLogger("onestory.rules")

_BLOCK_MS = 250
_PAGE = 100


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule in force."""

    rule_id: str
    command: AnyCommand
    at: datetime | None
    """When it was accepted."""


class _Since(BaseModel):
    """What a kept rule has beside its command."""

    at: AwareDatetime | None = None


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def kept_rules(stored: Mapping[bytes, bytes]) -> list[KeptRule]:
    """The rules of ``{NS}:rules``, oldest first. One that can't be read costs itself alone: it is
    left out, and the log names it.
    """
    rules = []
    for rule_id, data in stored.items():
        try:
            command, since = COMMAND.validate_json(data), _Since.model_validate_json(data)
            rules.append(KeptRule(rule_id.decode(), command, since.at))
        except ValueError as error:
            log.warning("rule %r can't be read and is left out: %s", rule_id, error)
    return sorted(rules, key=lambda each: (each.at or _LONG_AGO, each.rule_id))


def fresh_rule_id() -> str:
    """An id by which the answer is recognised: ``rule-`` and 8 hex digits.

    Short enough to be typed. Among 1,000 rules two are alike with a probability of 10^-4;
    the second then has no effect, and its ruling says so.
    """
    return f"rule-{secrets.token_hex(4)}"


def send_command(redis: Redis, streams: Streams, command: AnyCommand) -> None:
    """Append a command to its stream."""
    redis.xadd(streams.commands, {"data": command.model_dump_json(exclude_none=True)})


def ask(redis: Redis, streams: Streams, command: AnyCommand, wait_s: float) -> Ruling | None:
    """Send a command that has an id and wait for its ruling; None if none comes in time."""
    # Taken before sending: a worker may answer before the first read.
    newest = cast(Any, redis.xrevrange(streams.rulings, count=1))
    last: str = newest[0][0].decode() if newest else "0"
    send_command(redis, streams, command)
    deadline = time.monotonic() + wait_s
    while (left_s := deadline - time.monotonic()) > 0:
        block_ms = max(1, min(_BLOCK_MS, int(1000 * left_s)))
        for entry_id, fields in read_after(
            redis, streams.rulings, last, count=_PAGE, block_ms=block_ms
        ):
            last = entry_id.decode()
            ruling = Ruling.model_validate_json(fields[b"data"])
            if ruling.rule == command.id:
                return ruling
    return None
