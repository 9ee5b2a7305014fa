"""Editors' commands: each is checked against the rules in force, applied, and answered.

One worker at a time does this, in the order of the stream, since a rule may depend on the one
before it. All workers use one consumer name, so what a dead worker left pending is what the
next one reads first.
"""

from dataclasses import dataclass
from typing import cast

from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from contracts.commands import COMMAND, AnyCommand
from contracts.dead_letter import REMEDIES, DeadLetter, Reason
from contracts.streams import GROUP
from workers.keys import StreamEntries
from workers.placing.turns import Turns
from workers.rules.edit import Edit
from workers.settings import Settings
from workers.state.attempts import rounds
from workers.state.entries import Entry, dead_letter, whole_or_cut
from workers.state.store import UNAVAILABLE, Store
from workers.wording import cause

_CONSUMER = "editor"
_LEASE_MS = 30_000
"""Longer than the largest split takes; a worker that dies is replaced after that. Should two
edit at once all the same, a command's commit holds only under the rules that it saw."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Applies the commands of one namespace; any worker may, one at a time does."""

    redis: Redis
    settings: Settings
    store: Store
    turns: Turns
    consumer: str

    async def prepare(self) -> None:
        """Create the group of the commands stream."""
        await self.store.ensure_group(self.settings.streams.commands)

    async def apply(self) -> int:
        """Apply what waits; how many commands there were."""
        # Applied commands are deleted: most of the time there is nothing to look at.
        if not await self.redis.xlen(self.settings.streams.commands):
            return 0
        lease = self.settings.keys.editor
        if not await self._take(lease):
            return 0
        try:
            done = 0
            while entries := await self._read():
                for entry in entries:
                    async with self.turns.take():
                        await self._apply(entry)
                done += len(entries)
                await self.redis.pexpire(lease, _LEASE_MS)
            return done
        finally:
            await self.redis.delete(lease)

    async def _take(self, lease: str) -> bool:
        """Whether this worker may edit now. A lease of its own is left over from a time at which
        it could not give it back, the server being away: nobody else would edit while it lasts.
        """
        if await self.redis.set(lease, self.consumer, nx=True, px=_LEASE_MS):
            return True
        return bool(await self.redis.get(lease) == self.consumer.encode())

    async def _read(self) -> list[Entry]:
        for start in ("0", ">"):
            try:
                # One at a time: they are few, and anything may stand there, of any size.
                answer = await self.redis.xreadgroup(
                    GROUP, _CONSUMER, {self.settings.streams.commands: start}, count=1
                )
            except ResponseError as error:
                if "NOGROUP" not in str(error):
                    raise
                await self.prepare()
                return await self._read()
            found = [
                whole_or_cut(entry_id, fields or {}, self.settings.max_entry_bytes)
                for _, entries in cast(list[tuple[bytes, StreamEntries]], answer)
                for entry_id, fields in entries
            ]
            if found:
                return found
        return []

    async def _apply(self, entry: Entry) -> None:
        stream = self.settings.streams.commands
        if not entry.fields and not entry.cut_from:
            await self.store.bury([_gone(entry)], stream)
            return
        try:
            command = COMMAND.validate_json(entry.fields.get(b"data", b""))
        except ValidationError as error:
            await self.store.bury([_letter(entry, error)], stream)
            return
        try:
            await self._commit(entry, command)
        except UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next command must not wait
            await self.store.bury([_failed(entry, error)], stream)

    async def _commit(self, entry: Entry, command: AnyCommand) -> None:
        for _ in rounds():
            rules = await self.store.rules()
            edit = Edit(self.store, self.turns, entry.id, command, rules)
            commit = await edit.commit()
            if (await self.store.commit([commit], self.settings.streams.commands))[0]:
                self.turns.grounds.rules = await self.store.rules()
                return


def _gone(entry: Entry) -> DeadLetter:
    return dead_letter(
        entry,
        Reason.VANISHED,
        "the command was trimmed or deleted by another client before it was applied",
        deliveries=1,
        remedy="say it again; nobody else may trim or delete from the commands stream",
    )


def _failed(entry: Entry, error: Exception) -> DeadLetter:
    return dead_letter(
        entry,
        Reason.INVALID_COMMAND,
        f"the command can't be applied: {type(error).__name__}: {error}"[:500],
        deliveries=1,
        remedy=REMEDIES[Reason.TOO_MANY_DELIVERIES],
    )


def _letter(entry: Entry, error: ValidationError) -> DeadLetter:
    problems = error.errors(include_url=False)
    detail = "; ".join(
        f"{'.'.join(map(str, each['loc'])) or 'command'}: {cause(each['msg'])}" for each in problems
    )
    return dead_letter(
        entry,
        Reason.INVALID_COMMAND,
        detail,
        deliveries=1,
    )
