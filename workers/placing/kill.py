"""A kill: the article leaves its story, its text leaves Redis, and its id is remembered."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from contracts.article import Article
from contracts.dead_letter import DeadLetter, Reason
from contracts.events import Change
from service.stories.ledger import Ledger
from service.stories.rules import Rules
from service.stories.senders import EVERYONE, Voice, covers
from workers.state.answers import Whole
from workers.state.article_record import killed
from workers.state.commit import Commit, fresh_mark
from workers.state.entries import Entry, dead_letter
from workers.state.schema import Article as Record
from workers.state.schema import mandate_text

MOST_KILLERS: Final = 64
"""Senders whose kills of one article are remembered before it comes."""

_FIRST = "0-0"
"""Before every entry: of versions that a former release placed, the entry is not known."""


def retraction(
    entry_id: str,
    article_id: str,
    through: int,
    whole: Whole,
    source: str,
    rules: Rules,
    keep_ms: int,
    now: datetime,
    *,
    voice: Voice,
    traceparent: str | None,
) -> Commit:
    """The commit of a kill.

    Args:
        entry_id: of the kill.
        article_id: what it kills; it may be placed, held back, or not there yet.
        through: versions up to this one are killed; a later one that is there stays.
        whole: the article's hash and its story, as they are now.
        source: of the events.
        rules: in force; they may say who leads next.
        keep_ms: for how long the id is remembered.
        now: time of the events.
        voice: whose kill it is. It may speak for the article's owner; of an article that is not
            there the kill is remembered for those whom it may speak for.
        traceparent: trace context of the kill, which its events carry.
    """
    # The entry may quote the text that is to be forgotten.
    commit = Commit(entry_id, "killed", deletes=True, traceparent=traceparent)
    record = whole.records[article_id]
    if not _is_there(record):
        return _remembered(commit, article_id, through, voice, record, keep_ms)
    versions = (Record.VERSION, Record.PENDING_VERSION, Record.HELD_VERSION)
    latest = max(int(record.get(name, -1)) for name in versions)
    if _killed_through(record) >= through or latest > through:
        commit.counted = "repeated"
        return commit
    commit.rules_revision = str(rules.revision or "")
    ledger = Ledger(whole.stories, source, fresh_mark(), rules)
    if story := whole.home(article_id):
        ledger.removed(story.id, article_id, Change.RETRACTED, now)
    commit.takes(ledger.take())
    killed(commit, article_id, record, through, keep_ms)
    return commit


def outlives(record: Mapping[str, str], through: int, entry_id: str) -> int | None:
    """The version that stays out, or held, after the kill in an entry, of versions up to
    ``through``: it came before the kill, so the wire means it too, and names another one. None if
    none does: the kill reaches it, was carried out before, or was overtaken by the version after.
    """
    if _killed_through(record) >= through:
        return None
    sent = (
        # The version that left its story when the item was held back is noted and not in force.
        (Record.NUMBER, Record.VERSION, Record.ENTRY),
        (Record.PENDING_NUMBER, Record.PENDING_VERSION, Record.PENDING_ENTRY),
        (Record.HELD_VERSION, Record.HELD_VERSION, Record.HELD_ENTRY),
    )
    there = (
        int(record[version])
        for is_there, version, entry in sent
        if is_there in record and _order(record.get(entry, _FIRST)) < _order(entry_id)
    )
    latest = max(there, default=-1)
    return latest if latest > through else None


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, number = entry_id.partition("-")
    return int(milliseconds), int(number or 0)


def _killed_through(record: Mapping[str, str]) -> int:
    return int(record.get(Record.KILLED, -1))


def kills_older(entry: Entry, article: Article, latest: int) -> DeadLetter:
    """The letter for a kill of versions below the one that is there."""
    return dead_letter(
        entry,
        Reason.KILLS_OLDER,
        f"{article.id!r} is killed up to version {article.effective_version}, and version {latest} "
        "is there: that one stays",
        deliveries=entry.deliveries,
        article_id=article.id,
    )


def _is_there(record: Mapping[str, str]) -> bool:
    """Whether it was ever sent: kills may be all that is known of an article."""
    sent = (Record.OWNER, Record.NUMBER, Record.PENDING_NUMBER, Record.HELD_VERSION)
    return any(name in record for name in sent)


def _remembered(
    commit: Commit,
    article_id: str,
    through: int,
    voice: Voice,
    record: Mapping[str, str],
    keep_ms: int,
) -> Commit:
    """Beside kills by others, of whom one may own the article and another not."""
    kills: list[list[Any]] = json.loads(record.get(Record.KILLS, "[]"))
    if not kills and Record.KILLED in record:
        # Noted before it was noted who kills: whoever sends the article then.
        kills = [[int(record[Record.KILLED]), "", EVERYONE, ""]]
    holds = (known for known, _, mandate, _ in kills if covers(mandate.split("\t"), voice.sender))
    if max(holds, default=-1) >= through:
        commit.counted = "repeated"
        return commit
    own = [through, voice.sender, mandate_text(voice.mandate), commit.entry_id]
    kills = [each for each in kills if each[1] != voice.sender] + [own]
    killed(commit, article_id, record, max(each[0] for each in kills), keep_ms, kills)
    return commit


def is_crowded(record: Mapping[str, str]) -> bool:
    """Whether no further sender's kill of an article that is not there is remembered."""
    return not _is_there(record) and len(json.loads(record.get(Record.KILLS, "[]"))) >= MOST_KILLERS


def kills_nothing(entry: Entry, article: Article) -> DeadLetter:
    """The letter for a kill that names no item and is like none."""
    detail = (
        f"{article.id!r} says that a story is killed; it names none, no item has its id, and none "
        "of the same source, for which it may speak, is like it"
    )
    return _letter(entry, article, detail)


def too_many_kills(entry: Entry, article: Article, article_id: str) -> DeadLetter:
    """The letter for a kill of an item that is not there and that a crowd has killed before."""
    detail = (
        f"{MOST_KILLERS} other senders have killed {article_id!r}, which nobody has sent; this "
        "kill is not remembered beside theirs"
    )
    return _letter(entry, article, detail)


def _letter(entry: Entry, article: Article, detail: str) -> DeadLetter:
    return dead_letter(
        entry,
        Reason.KILLS_NOTHING,
        detail,
        deliveries=entry.deliveries,
        article_id=article.id,
    )
