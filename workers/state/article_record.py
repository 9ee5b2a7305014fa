"""What commits write about articles themselves: the record of each, and what is held back.

`schema.Article` says what the fields of a record are.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.article import Article
from service.stories.senders import EVERYONE
from service.stories.state import Candidate, Member
from workers.keys import Key
from workers.state import schema
from workers.state.answers import Hold, Registered
from workers.state.commit import Commit


def hold_of(article: Article, *, is_held: bool, is_explicit: bool) -> Hold | None:
    """Whether, and until when, an article is held back.

    Args:
        article: as it came.
        is_held: its feed holds it back without saying until when.
        is_explicit: the feed named its version. Else it speaks of whatever is there.
    """
    if is_held:
        return Hold(None, at_any_version=not is_explicit)
    if article.embargoed is not None:
        return Hold(_milliseconds(article.embargoed))
    return None


def placed_record(
    commit: Commit, member: Member, registered: Registered, story_id: str, *, opened: bool
) -> None:
    """The version that was registered is in force, in this story."""
    # Whoever names it as replaced while it is decided must be heard.
    commit.requires_of(
        member.article_id,
        {
            schema.Article.PENDING_NUMBER: member.number,
            schema.Article.REPLACED_BY: registered.replaced_by,
        },
    )
    commit.places(
        member.article_id,
        number=member.number,
        version=member.version,
        event_ms=member.event_ms,
        story_id=story_id,
        opened=registered.opened + 1 if opened else None,
    )
    if registered.replaced_by:
        commit.keeps(Key.ARTICLE + member.article_id)  # it was kept for a while only
    if registered.held_version >= 0:
        _no_longer_held(commit, member.article_id)
    if registered.old_number:
        commit.drops(registered.old_number)


def held_back(
    commit: Commit,
    article: Article,
    registered: Registered,
    *,
    sender: str,
    until: datetime | None,
    leaves: bool,
    story_id: str | None,
    matched: Candidate | None,
) -> None:
    """The article is kept, and where it would go; ``leaves``: it was in a story and is not now."""
    key = Key.ARTICLE + article.id
    version = max(article.effective_version, registered.old_version, registered.held_version)
    commit.requires_of(
        article.id,
        {
            schema.Article.NUMBER: registered.old_number or "",
            schema.Article.HELD_VERSION: (
                "" if registered.held_version < 0 else registered.held_version
            ),
            schema.Article.PENDING_NUMBER: "",
            schema.Article.KILLED: registered.killed,
            schema.Article.OWNER: registered.owner,
        },
    )
    owner = registered.owner or sender
    held = {
        schema.Article.HELD_VERSION: version,
        schema.Article.HELD_ENTRY: commit.entry_id,
        schema.Article.OWNER: owner,
    }
    commit.notes(key, held)
    commit.notes(Key.HELD, {article.id: article.model_dump_json(exclude_unset=True)})
    if until is None:
        commit.unschedules(Key.EMBARGOES, article.id)
    else:
        commit.schedules(Key.EMBARGOES, article.id, _milliseconds(until))
    note = {
        "story_id": story_id,
        "matched_article_id": matched.article_id if matched else None,
        "relation": matched.verdict.relation if matched else None,
        "score": matched.probability if matched else None,
    }
    commit.notes(Key.WOULD, {article.id: json.dumps(note)})
    if leaves:
        in_force = (
            *(schema.Article.NUMBER, schema.Article.STORY),
            *(schema.Article.EVENT_MS, schema.Article.ENTRY),
        )
        commit.forgets(key, *in_force)
        commit.drops(registered.old_number)


def killed(
    commit: Commit,
    article_id: str,
    record: Mapping[str, str],
    through: int,
    keep_ms: int,
    kills: Sequence[Any] = (),
) -> None:
    """Nothing is left of the article but whose it was and that it was killed, for ``keep_ms``; its
    text is to be purged from the streams (``workers/process/purge.py``).

    ``kills``: of one that is not there yet, who killed it, as `schema.Article.KILLS` has them.
    """
    key = Key.ARTICLE + article_id
    numbers = (schema.Article.NUMBER, schema.Article.PENDING_NUMBER)
    known = (
        *(*numbers, schema.Article.HELD_VERSION, schema.Article.KILLED),
        *(schema.Article.OWNER, schema.Article.KILLS),
    )
    commit.requires_of(article_id, {name: record.get(name, "") for name in known})
    for name in numbers:
        if name in record:
            commit.drops(record[name])
    commit.removes(key)
    tomb: dict[str, str | int] = {schema.Article.KILLED: through}
    if schema.Article.STORY in record:
        tomb[schema.Article.KILLED_IN] = record[schema.Article.STORY]
    for name in (schema.Article.OPENED, schema.Article.OWNER):
        if name in record:
            tomb[name] = record[name]
    if kills:
        tomb[schema.Article.KILLS] = json.dumps(kills)
    commit.notes(key, tomb)
    commit.keeps(key, keep_ms)
    # The record says whose an article is that is there; of another its texts themselves do.
    mandates = [mandate for _, _, mandate, _ in kills] or [EVERYONE]
    commit.notes(Key.PURGES, {article_id: "\t".join(mandates)})
    _no_longer_held(commit, article_id)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _no_longer_held(commit: Commit, article_id: str) -> None:
    commit.forgets(Key.HELD, article_id)
    commit.forgets(Key.WOULD, article_id)
    commit.unschedules(Key.EMBARGOES, article_id)
