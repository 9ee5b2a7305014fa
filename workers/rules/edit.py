"""What one editor's command does: to the rules, and to the stories that are there."""

import json
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from contracts.commands import (
    Answer,
    AnyCommand,
    KeepApart,
    KeepTogether,
    Revoke,
    Ruling,
    SetLead,
)
from contracts.events import Evidence
from service.stories.decide import story_id_for
from service.stories.ledger import Ledger
from service.stories.rules import Rules
from service.stories.state import Member, StoryState
from workers.keys import Key
from workers.placing.turns import Turns
from workers.rules.parting import sides
from workers.state import schema
from workers.state.answers import Whole
from workers.state.commit import Commit, fresh_mark
from workers.state.store import Store

_SHOWN = 5
"""Articles that an answer names."""
_IS_ONE = "they are in one story already"


class Edit:
    """One command under the rules as they are; `commit` is what to write."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        entry_id: str,
        command: AnyCommand,
        rules: Rules,
    ) -> None:
        self._store = store
        self._turns = turns
        self._grounds = turns.grounds
        self._command = command
        self._rule_id = command.id or entry_id
        self._rules = rules
        self._now = turns.grounds.now()
        self._commit = Commit(entry_id, "commands", deletes=True)

    async def commit(self) -> Commit:
        """State, events and answer of the command. It holds only under the rules given."""
        commit, command, rules = self._commit, self._command, self._rules
        commit.rules_revision = str(rules.revision or "")
        if self._rule_id in rules.commands:
            return commit  # delivered once more
        refused = _refusal(command, rules) or await self._barrier()
        if refused is not None:
            self._answer(Answer.REFUSED, *refused)
            return commit
        named = _named(command, rules)
        rules.add(self._rule_id, command)
        detail = await self._apply([*dict.fromkeys([*named, *_named(command, rules)])])
        if isinstance(command, Revoke):
            commit.forgets(Key.RULES, command.rule)
        else:
            stored = command.model_dump(mode="json") | {
                "id": self._rule_id,
                "place": rules.revision + 1,
                "at": self._now.isoformat(),
            }
            commit.notes(Key.RULES, {self._rule_id: json.dumps(stored, ensure_ascii=False)})
        commit.advances(Key.CLOCK, schema.Clock.RULES)
        self._answer(Answer.ACCEPTED, detail)
        return commit

    async def _barrier(self) -> tuple[str, Sequence[str]] | None:
        """Why stories can't merge though two articles could: others in them are kept apart."""
        if not isinstance(self._command, KeepTogether):
            return None
        named = [each for one in self._command.articles for each in self._rules.component(one)]
        stories = {each.id: each for each in _homes(await self._store.whole(named), named).values()}
        for one, other in combinations(stories.values(), 2):
            rule = self._rules.between(one.ruled, other.ruled)
            if rule is not None:
                said = _in_words(rule, self._rules.commands[rule])
                return f"the stories that would merge hold what {said}. Revoke it first", [rule]
        return None

    async def _apply(self, named: Sequence[str]) -> str:
        """What the command does to the stories that are there; in words."""
        command = self._command
        whole = await self._store.whole(named)
        ledger = Ledger(
            whole.stories, self._grounds.settings.event_source, fresh_mark(), self._rules
        )
        homes = _homes(whole, named)
        for article_id, story in homes.items():
            if self._rules.names(article_id):
                ledger.named(story.id, [article_id])
        absent = [each for each in named if each not in homes]
        detail = f"noted for when {' and '.join(absent)} comes" if absent else _IS_ONE
        match command:
            case KeepTogether():
                detail = self._together(ledger, homes) or detail
            case KeepApart():
                detail = await self._apart(ledger, homes, command) or detail
            case SetLead() if homes:
                ledger.led(homes[command.article].id, self._now)
                detail = f"it leads {homes[command.article].id} now"
            case Revoke():
                for story in homes.values():
                    ledger.led(story.id, self._now)
                detail = "the rule no longer holds; stories stay as they are"
        self._commit.takes(ledger.take())
        for article_id in named:
            # Whoever places it at this moment decides again, under the new rules.
            record = whole.records[article_id]
            where = (schema.Article.NUMBER, schema.Article.STORY)
            self._commit.requires_of(article_id, {name: record.get(name, "") for name in where})
        return detail

    def _together(self, ledger: Ledger, homes: Mapping[str, StoryState]) -> str | None:
        ids = {story.id for story in homes.values()}
        stories = sorted(ids, key=lambda each: (ledger.stories[each].born, each))
        for story_id in stories[1:]:
            ledger.merged_into(stories[0], story_id, self._rule_id, self._now)
        if stories:
            ledger.led(stories[0], self._now)
        return f"{', '.join(stories[1:])} merged into {stories[0]}" if stories[1:] else None

    async def _apart(
        self, ledger: Ledger, homes: Mapping[str, StoryState], command: KeepApart
    ) -> str | None:
        one, other = command.articles
        if one not in homes or other not in homes:
            return None
        if homes[one].id != homes[other].id:
            return "they are in two stories already"
        await self._turns.followed()
        story = ledger.stories[homes[one].id]
        members = story.members or {}
        leaving = sides(
            members,
            command.articles,
            story.lead_id,
            self._rules,
            self._grounds.window,
            self._grounds.verifier,
        )
        first = min((members[each] for each in leaving), key=lambda each: each.first)
        record = (await self._store.whole([first.article_id])).records[first.article_id]
        opened = int(record.get(schema.Article.OPENED, 0))
        epoch = first.event_ms // self._grounds.settings.epoch_ms
        new_id = story_id_for(first.article_id, epoch, opened)
        gone = ledger.split(story.id, leaving, new_id, self._rule_id, self._now)
        ruled = [each.article_id for each in gone if self._rules.names(each.article_id)]
        ledger.opened(new_id, gone, self._told(first, story.id), self._now, ruled)
        ledger.led(new_id, self._now)
        self._commit.notes(Key.ARTICLE + first.article_id, {schema.Article.OPENED: opened + 1})
        shown = ", ".join(each.article_id for each in gone[:_SHOWN])
        more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
        return f"{shown}{more} left {story.id} for {new_id}"

    def _told(self, member: Member, split_from: str) -> dict[str, Any]:
        """What the event says of the first article that the rule takes out of a story."""
        grounds, command = self._grounds, self._command
        fingerprint = grounds.window.fingerprint(member.number)
        verifier = grounds.verifier
        return {
            "article_id": member.article_id,
            "lang": member.lang,
            "relation": None,
            "score": None,
            "matched_article_id": None,
            "evidence": Evidence(
                summary=f"Kept apart by rule {self._rule_id} ({command.by}: {command.reason})",
                thresholds={"join": verifier.join_threshold, "merge": verifier.merge_threshold},
                model=grounds.fingerprinter.model,
            ),
            "title": fingerprint.title if fingerprint else "",
            "source": fingerprint.source if fingerprint else None,
            "version": member.version,
            "split_from": split_from,
            "rule": self._rule_id,
        }

    def _answer(self, answer: Answer, detail: str, in_the_way: Sequence[str] = ()) -> None:
        ruling = Ruling(
            rule=self._rule_id,
            answer=answer,
            detail=detail,
            in_the_way=tuple(in_the_way),
            command=self._command,
            at=self._now,
        )
        self._commit.sends(Key.RULINGS, ruling.model_dump_json())


def _named(command: AnyCommand, rules: Rules) -> list[str]:
    """The articles whose stories a command may change."""
    match command:
        case KeepTogether(articles=(one, _)):
            return rules.component(one)
        case KeepApart(articles=(one, other)):
            return [one, other]
        case SetLead(article=article):
            return [article]
        case Revoke(rule=rule):
            revoked = rules.commands.get(rule)
            return [revoked.article] if isinstance(revoked, SetLead) else []


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
    return {article_id: story for article_id in article_ids if (story := whole.home(article_id))}
