"""A kill: the article leaves its story, its text leaves Redis, and its id is remembered."""

from collections.abc import Mapping
from datetime import datetime

from contracts.article import Article
from contracts.dead_letter import DeadLetter, Reason
from contracts.events import Change
from service.stories.ledger import Ledger
from service.stories.rules import Rules
from workers.state.answers import Whole
from workers.state.article_record import killed
from workers.state.commit import Commit, fresh_mark
from workers.state.entries import Entry, dead_letter
from workers.state.schema import Article as Record

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
        traceparent: trace context of the kill, which its events carry.
    """
    # The entry may quote the text that is to be forgotten.
    commit = Commit(entry_id, "killed", deletes=True, traceparent=traceparent)
    record = whole.records[article_id]
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
        (Record.VERSION, Record.ENTRY),
        (Record.PENDING_VERSION, Record.PENDING_ENTRY),
        (Record.HELD_VERSION, Record.HELD_ENTRY),
    )
    there = (
        int(record[version])
        for version, entry in sent
        if version in record and _order(record.get(entry, _FIRST)) < _order(entry_id)
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


def kills_nothing(entry: Entry, article: Article) -> DeadLetter:
    """The letter for a kill that names no item and is like none."""
    return dead_letter(
        entry,
        Reason.KILLS_NOTHING,
        f"{article.id!r} says that a story is killed; it names none, no item has its id, and none "
        "of the same source is like it",
        deliveries=entry.deliveries,
        article_id=article.id,
    )
