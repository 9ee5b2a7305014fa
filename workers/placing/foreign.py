"""Messages about what another sender owns: nothing changes, and a dead letter says so.

One that brings the text which is in force anyway changes nothing and is no more than a repeat:
feeds of one outlet carry each other's items.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contracts.article import MAX_VERSION
from contracts.dead_letter import REMEDIES, DeadLetter, Reason
from service.fingerprints.fingerprint import Fingerprint
from service.stories.intent import Wish
from service.stories.senders import EVERYONE, KINDS, SOURCE, covers, shown
from workers.keys import Key
from workers.placing.context import Grounds
from workers.placing.segments import Read
from workers.state.answers import Foreign, Registered
from workers.state.commit import Commit
from workers.state.entries import dead_letter, vouched
from workers.state.schema import Article as Record
from workers.state.store import Store


async def refuse(
    store: Store, grounds: Grounds, item: Read, fingerprint: Fingerprint, answer: Foreign
) -> None:
    """Acknowledge a message as a repeat, or bury it."""
    if await _repeats(store, grounds, item, fingerprint, answer):
        await store.commit([Commit(item.entry.id, "repeated")])
    else:
        await store.bury([not_the_owner(item, answer.about, answer.owner, killed=answer.killed)])


async def _repeats(
    store: Store, grounds: Grounds, item: Read, fingerprint: Fingerprint, answer: Foreign
) -> bool:
    """Whether the owner's article has the same text, and the message wants nothing else."""
    article, window = item.article, grounds.window
    if item.intent.wish is not Wish.PUBLISH or article.embargoed is not None:
        return False
    if answer.about != article.id or not answer.number:
        return False
    while window.last < answer.number and (entries := await store.log_after(window.last)):
        window.follow(entries)
    theirs = window.fingerprint(answer.number)
    return theirs is not None and theirs.digest == fingerprint.digest


def not_the_owner(item: Read, about: str, owner: str, *, killed: str = "") -> DeadLetter:
    """The letter for a message whose sender may not speak for the owner of an article.

    Args:
        item: the message.
        about: id of the article: the message's own, or one that it names.
        owner: of that article.
        killed: not empty if all that is left of it is its kill. The message may hold the killed
            text, so its fields are left out.
    """
    sender, article = item.voice.sender, item.article
    how = "" if about == article.id else f" says that it replaces or kills {about!r}, which"
    detail = (
        f"{article.id!r}{how} was first sent by {shown(owner)}; {shown(sender)} may not speak for "
        "that, so nothing changed"
    )
    entry = item.entry
    if killed:
        detail += ". That item was killed, so the text of this one is not kept"
    letter = dead_letter(
        entry,
        Reason.NOT_THE_OWNER,
        detail,
        deliveries=entry.deliveries,
        article_id=article.id,
        remedy=_remedy(sender, owner),
    )
    return letter.model_copy(update={"fields": {}, "encoding": "utf-8"}) if killed else letter


def tells_kills(
    commit: Commit, article_id: str, sender: str, registered: Registered, now: datetime
) -> None:
    """Kills that came before their article, by others than may kill it: each is told, by a letter
    that holds the kill, and is remembered no longer.
    """
    if not registered.kills:
        return
    commit.requires_of(article_id, {Record.KILLS: registered.kills})
    commit.forgets(Key.ARTICLE + article_id, Record.KILLS, Record.KILLED)
    for letter in _told(article_id, sender, registered.kills, now):
        commit.sends(Key.DEAD, letter.model_dump_json())


def _told(article_id: str, owner: str, kills: str, now: datetime) -> Iterator[DeadLetter]:
    for through, killer, mandate, entry_id in json.loads(kills):
        if covers(mandate.split("\t"), owner):
            continue  # it holds for other versions
        kill: dict[str, Any] = {"id": article_id, "status": "canceled"}
        if through != MAX_VERSION:
            kill["version"] = through
        yield DeadLetter(
            reason=Reason.NOT_THE_OWNER,
            detail=f"a kill of {article_id!r} by {shown(killer)} came before the item, which "
            f"{shown(owner)} then sent: it may not speak for that, so the item was published",
            remedy=_remedy(killer, owner),
            entry_id=entry_id,
            article_id=article_id,
            deliveries=1,
            dead_at=now,
            fields={"data": json.dumps(kill, ensure_ascii=False), **vouched(killer)},
        )


def _remedy(sender: str, owner: str) -> str:
    """What to write into the file of trust, as it is written there."""
    line = f"{_written(sender)} = [{_written(owner)}]"
    return f"{REMEDIES[Reason.NOT_THE_OWNER]}. The line, below [speaks-for]: {line}"


def _written(sender: str) -> str:
    name = sender.removeprefix(SOURCE)
    is_plain = name != EVERYONE and not name.startswith(KINDS)
    return json.dumps(name if is_plain else sender, ensure_ascii=False)
