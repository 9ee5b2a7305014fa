"""Editors' commands: each is checked against the rules in force, applied, and answered.

One worker at a time does this, in the order of the stream, since a rule may depend on the one
before it. All workers use one consumer name, so what a dead worker left pending is what the
next one reads first.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from contracts.commands import (
    COMMAND,
    AnyCommand,
    Answer,
    KeepApart,
    KeepTogether,
    Revoke,
    Ruling,
    SetLead,
)
from contracts.dead_letter import Reason
from contracts.events import Change, Evidence
from contracts.streams import GROUP
from service.stories.decide import story_id_for
from service.stories.ledger import Ledger
from service.stories.rules import Rules
from service.stories.state import Member, StoryState
from workers.deduplicator import Deduplicator
from workers.entries import Entry, dead_letter
from workers.keys import StreamEntries
from workers.settings import Settings
from workers.sides import sides
from workers.steps import Commit, add_step
from workers.store import Store, Whole

_CONSUMER = "editor"
_AT_ONCE = 20
_SHOWN = 5
"""Articles that an answer names."""
_LEASE_MS = 30_000
"""Longer than the largest split takes; a worker that dies is replaced after that."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Applies the commands of one namespace; any worker may, one at a time does."""

    redis: Redis
    settings: Settings
    store: Store
    deduplicator: Deduplicator
    consumer: str

    async def prepare(self) -> None:
        """Create the group of the commands stream."""
        try:
            await self.redis.xgroup_create(
                self.settings.streams.commands, GROUP, id="0", mkstream=True
            )
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def apply(self) -> int:
        """Apply what waits; how many commands there were."""
        keys = self.settings.keys
        if not await self._anything():
            return 0
        if not await self.redis.set(keys.editor, self.consumer, nx=True, px=_LEASE_MS):
            return 0
        try:
            done = 0
            while entries := await self._read():
                for entry in entries:
                    async with self.deduplicator.lock:
                        await self._apply(entry)
                done += len(entries)
            return done
        finally:
            await self.redis.delete(keys.editor)

    async def _anything(self) -> bool:
        """Whether a command waits: one look, since most of the time none does."""
        stream = self.settings.streams.commands
        try:
            groups = await self.redis.xinfo_groups(stream)
        except ResponseError:
            groups = []
        ours = next((group for group in groups if group["name"] == GROUP.encode()), None)
        if ours is None:
            await self.prepare()
            return True
        info = await self.redis.xinfo_stream(stream)
        return bool(ours["pending"]) or info["last-generated-id"] != ours["last-delivered-id"]

    async def _read(self) -> list[Entry]:
        for start in ("0", ">"):
            answer = await self.redis.xreadgroup(
                GROUP, _CONSUMER, {self.settings.streams.commands: start}, count=_AT_ONCE
            )
            found = [
                Entry(entry_id.decode(), fields or {})
                for _, entries in cast(list[tuple[bytes, StreamEntries]], answer)
                for entry_id, fields in entries
            ]
            if found:
                return found
        return []

    async def _apply(self, entry: Entry) -> None:
        try:
            command = COMMAND.validate_json(entry.fields.get(b"data", b""))
        except ValidationError as error:
            await self.store.bury([_letter(entry, error)], self.settings.streams.commands)
            return
        rule_id = command.id or entry.id
        while True:
            rules = await self.store.rules()
            commit = await self._commit(entry, rule_id, command, rules)
            outcome = await self.store.commit([commit], self.settings.streams.commands)
            if outcome[0]:
                self.deduplicator.planner.rules = await self.store.rules()
                return

    async def _commit(
        self, entry: Entry, rule_id: str, command: AnyCommand, rules: Rules
    ) -> Commit:
        """The commit that applies a command, or refuses it."""
        commit = Commit(entry.id, "commands", deletes=True)
        revision = str(rules.revision) if rules.revision else ""
        commit.checks.append(("clock", "rules", revision))
        if rule_id in rules.commands:
            return commit  # delivered once more
        refused = _refusal(command, rules)
        if refused is not None:
            detail, in_the_way = refused
            _answer(commit, rule_id, command, Answer.REFUSED, detail, in_the_way)
            return commit
        rules.add(rule_id, command)
        detail = await self._effect(commit, rule_id, command, rules)
        if isinstance(command, Revoke):
            commit.operations.append(("HDEL", "rules", command.rule))
        else:
            stored = command.model_dump(mode="json") | {
                "id": rule_id,
                "place": rules.revision + 1,
                "at": datetime.now(UTC).isoformat(),
            }
            commit.operations.append(
                ("HSET", "rules", rule_id, json.dumps(stored, ensure_ascii=False))
            )
        commit.operations.append(("HINCRBY", "clock", "rules", 1))
        _answer(commit, rule_id, command, Answer.ACCEPTED, detail, ())
        return commit

    async def _effect(self, commit: Commit, rule_id: str, command: AnyCommand, rules: Rules) -> str:
        """What a command does to the stories that are there; in words."""
        now = datetime.now(UTC)
        match command:
            case KeepTogether(articles=(one, _)):
                named = rules.component(one)
            case KeepApart(articles=articles):
                named = [*articles]
            case SetLead(article=one):
                named = [one]
            case Revoke():
                return "the rule no longer holds; stories stay as they are"
        whole = await self.store.whole(named)
        ledger = Ledger(whole.stories, self.deduplicator.planner.source)
        homes = _homes(whole, named)
        for article_id, story in homes.items():
            ledger.named(story.id, [article_id])
        match command:
            case KeepTogether():
                detail = _together(ledger, homes, named, rules, rule_id, now)
            case KeepApart():
                detail = await self._apart(ledger, whole, command, rules, rule_id, now)
            case SetLead():
                detail = _lead(ledger, homes, rules, command, now)
        step = ledger.take()
        add_step(commit, step)
        for article_id in named:
            # Whatever happens to it meanwhile is decided again, under the new rule.
            record = whole.records[article_id]
            commit.checks += [
                (f"a:{article_id}", name, record.get(name, "")) for name in ("n", "s")
            ]
        return detail

    async def _apart(
        self,
        ledger: Ledger,
        whole: Whole,
        command: KeepApart,
        rules: Rules,
        rule_id: str,
        now: datetime,
    ) -> str:
        one, other = command.articles
        homes = _homes(whole, [one, other])
        if len(homes) < 2 or homes[one].id != homes[other].id:
            return _unknown(homes, command.articles) or "they are in two stories already"
        await self.deduplicator.followed()
        story = ledger.stories[homes[one].id]
        members = story.members or {}
        leaving = sides(
            members,
            one,
            other,
            story.lead_id,
            rules,
            self.deduplicator.window,
            self.deduplicator.verifier,
        )
        first = min((members[each] for each in leaving), key=lambda each: each.first)
        record = (await self.store.whole([first.article_id])).records[first.article_id]
        opened = int(record.get("o", 0))
        epoch = first.event_ms // self.settings.epoch_ms
        new_id = story_id_for(first.article_id, epoch, opened)
        gone = ledger.split(story.id, leaving, new_id, rule_id, now)
        ruled = [each.article_id for each in gone if rules.names(each.article_id)]
        told = self._told(first, story.id, command, rule_id)
        ledger.opened(new_id, gone, told, now, ruled)
        shown = ", ".join(each.article_id for each in gone[:_SHOWN])
        more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
        return f"{shown}{more} left {story.id} for {new_id}"

    def _told(
        self, member: Member, split_from: str, command: KeepApart, rule_id: str
    ) -> dict[str, Any]:
        """What the event says of the first article that a rule takes out of a story."""
        fingerprint = self.deduplicator.window.fingerprint(member.number)
        verifier = self.deduplicator.verifier
        return {
            "article_id": member.article_id,
            "lang": member.lang,
            "relation": None,
            "score": None,
            "matched_article_id": None,
            "evidence": Evidence(
                summary=f"Kept apart by rule {rule_id} ({command.by}: {command.reason})",
                thresholds={"join": verifier.join_threshold, "merge": verifier.merge_threshold},
                model=self.deduplicator.fingerprinter.model,
            ),
            "title": fingerprint.title if fingerprint else "",
            "source": fingerprint.source if fingerprint else None,
            "version": member.version,
            "split_from": split_from,
            "rule": rule_id,
        }


def _refusal(command: AnyCommand, rules: Rules) -> tuple[str, Sequence[str]] | None:
    """Why a command can't be accepted, and the rules in the way; None if it can."""
    if isinstance(command, Revoke):
        if command.rule not in rules.commands:
            return f"there is no rule {command.rule!r}; see `onestory rules list`", ()
        return None
    in_the_way = rules.in_the_way(command)
    if not in_the_way:
        return None
    said = "; ".join(_in_words(each, rules.commands[each]) for each in in_the_way)
    return f"contradicts {said}. Revoke it first", in_the_way


def _in_words(rule_id: str, command: AnyCommand) -> str:
    match command:
        case KeepTogether(articles=(one, other)):
            what = f"keeps {one} and {other} together"
        case KeepApart(articles=(one, other)):
            what = f"keeps {one} and {other} apart"
        case SetLead(article=one):
            what = f"makes {one} lead"
        case Revoke(rule=rule):
            what = f"revokes {rule}"
    return f"{rule_id} ({command.by}: {command.reason}), which {what}"


def _homes(whole: Whole, article_ids: Sequence[str]) -> dict[str, StoryState]:
    """The stories that articles are in, of those that are in one."""
    return {
        article_id: story
        for article_id in article_ids
        for story in whole.stories.values()
        if article_id in (story.members or {})
    }


def _unknown(homes: dict[str, StoryState], article_ids: Sequence[str]) -> str | None:
    absent = [each for each in article_ids if each not in homes]
    return f"noted for when {' and '.join(absent)} comes" if absent else None


def _together(
    ledger: Ledger,
    homes: dict[str, StoryState],
    named: Sequence[str],
    rules: Rules,
    rule_id: str,
    now: datetime,
) -> str:
    stories = sorted(
        {story.id for story in homes.values()}, key=lambda each: (ledger.stories[each].born, each)
    )
    kept, merged = stories[:1], []
    for story_id in stories[1:]:
        barrier = rules.between(ledger.stories[kept[0]].ruled, ledger.stories[story_id].ruled)
        if barrier is None:
            ledger.merged_into(kept[0], story_id, rule_id, now)
            merged.append(story_id)
    if kept:
        _led(ledger, kept[0], rules, now)
    if merged:
        return f"{', '.join(merged)} merged into {kept[0]}"
    return _unknown(homes, named) or "they are in one story already"


def _lead(
    ledger: Ledger,
    homes: dict[str, StoryState],
    rules: Rules,
    command: SetLead,
    now: datetime,
) -> str:
    if command.article not in homes:
        return f"noted for when {command.article} comes"
    story_id = homes[command.article].id
    if ledger.stories[story_id].lead_id == command.article:
        return f"it leads {story_id} already"
    _led(ledger, story_id, rules, now)
    return f"it leads {story_id} now"


def _led(ledger: Ledger, story_id: str, rules: Rules, now: datetime) -> None:
    story = ledger.stories[story_id]
    lead = rules.lead_of(story.ruled)
    if lead is not None and lead != story.lead_id:
        ledger.revised(
            story_id,
            now,
            change=Change.LEAD,
            article_id=lead,
            lead=lead,
            told={"rule": rules.lead_rule(lead)},
        )


def _answer(
    commit: Commit,
    rule_id: str,
    command: AnyCommand,
    answer: Answer,
    detail: str,
    in_the_way: Sequence[str],
) -> None:
    ruling = Ruling(
        rule=rule_id,
        answer=answer,
        detail=detail,
        in_the_way=tuple(in_the_way),
        command=command,
        at=datetime.now(UTC),
    )
    commit.operations.append(("XADD", "rulings", "*", "data", ruling.model_dump_json()))


def _letter(entry: Entry, error: ValidationError) -> Any:
    problems = error.errors(include_url=False)
    detail = "; ".join(
        f"{'.'.join(map(str, each['loc'])) or 'command'}: {each['msg']}" for each in problems
    )
    return dead_letter(
        entry,
        Reason.INVALID_COMMAND,
        detail,
        "send one JSON object in field `data`, as contracts/schemas/command.schema.json says, or "
        "use `onestory rules`",
        deliveries=1,
    )
