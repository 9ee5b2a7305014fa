"""What steps write about articles themselves: the hash of each, and what is held back.

``lua/register.lua`` says what the fields of an article's hash are.
"""

import json
from datetime import datetime

from contracts.article import Article
from service.stories.state import Candidate, Member
from workers.state.answers import Registered
from workers.state.commit import Commit

WITHOUT_END = "-1"
"""Held back until a later version says otherwise."""


def held_until(article: Article, *, is_held: bool, is_explicit: bool) -> str:
    """Until when an article is held back, as ``lua/register.lua`` reads it."""
    if is_held:
        return WITHOUT_END if is_explicit else WITHOUT_END + "x"
    if article.embargoed is not None:
        return str(_milliseconds(article.embargoed))
    return "0"


def placed_record(
    commit: Commit, member: Member, registered: Registered, story_id: str, *, opened: bool
) -> None:
    """The version that was registered is in force, in this story."""
    key = f"a:{member.article_id}"
    # Whoever names it as replaced while it is decided must be heard.
    commit.checks += [(key, "pn", str(member.number)), (key, "f", registered.replaced_by)]
    values = [member.number, member.version, member.event_ms, story_id]
    if opened:
        values.append(registered.opened + 1)
    commit.operations.append(("PLACE", key, *values))
    if registered.replaced_by:
        commit.operations.append(("PERSIST", key))  # it was kept for a while only
    if registered.held_version >= 0:
        commit.operations += _not_held(member.article_id)
    if registered.old_number:
        commit.operations.append(("DROP", registered.old_number))


def held_back(
    commit: Commit,
    article: Article,
    registered: Registered,
    *,
    until: datetime | None,
    leaves: bool,
    story_id: str | None,
    matched: Candidate | None,
) -> None:
    """The article is kept, and where it would go; ``leaves``: it was in a story and is not now."""
    key = f"a:{article.id}"
    version = max(article.version, registered.old_version, registered.held_version)
    commit.checks += [
        (key, "n", str(registered.old_number or "")),
        (key, "hv", "" if registered.held_version < 0 else str(registered.held_version)),
        (key, "pn", ""),
        (key, "k", registered.killed),
    ]
    commit.operations.append(("HSET", key, "hv", version))
    commit.operations.append(
        ("HSET", "held", article.id, article.model_dump_json(exclude_unset=True))
    )
    if until is None:
        commit.operations.append(("ZREM", "embargoes", article.id))
    else:
        commit.operations.append(("ZADD", "embargoes", _milliseconds(until), article.id))
    note = {
        "story_id": story_id,
        "matched_article_id": matched.article_id if matched else None,
        "relation": matched.verdict.relation if matched else None,
        "score": matched.probability if matched else None,
    }
    commit.operations.append(("HSET", "would", article.id, json.dumps(note)))
    if leaves:
        commit.operations += [("HDEL", key, "n", "s", "t", "e"), ("DROP", registered.old_number)]


def killed(
    commit: Commit, article_id: str, record: dict[str, str], through: int, keep_ms: int
) -> None:
    """Nothing is left of the article but that it was killed, for ``keep_ms``; its text is to be
    purged from the streams (``workers/process/purge.py``).
    """
    key = f"a:{article_id}"
    commit.checks += [(key, name, record.get(name, "")) for name in ("n", "pn", "hv", "k")]
    commit.operations += [("DROP", record[name]) for name in ("n", "pn") if name in record]
    commit.operations.append(("UNLINK", key))
    tomb = ["k", through, *(["ks", record["s"]] if "s" in record else [])]
    if "o" in record:
        tomb += ["o", record["o"]]
    commit.operations += [
        ("HSET", key, *tomb),
        ("PEXPIRE", key, keep_ms),
        ("HSET", "purges", article_id, "1"),
        *_not_held(article_id),
    ]


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _not_held(article_id: str) -> list[tuple[str, ...]]:
    return [
        ("HDEL", "held", article_id),
        ("HDEL", "would", article_id),
        ("ZREM", "embargoes", article_id),
    ]
