"""The text of an article, where this namespace still has it: in its input entry."""

from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis

from contracts.article import Article
from service.text.mojibake import mended
from workers.errors import Unprocessable
from workers.settings import Settings
from workers.state.entries import Entry, article_of
from workers.state.schema import Article as Record

KILLED = "it was killed: nothing of its text is kept"
HELD_BACK = "it is held back, or under embargo: its text is shown to nobody"
NOT_PLACED = "no version of it is placed here"
NO_INPUT = (
    "its input entry is not kept: set ONESTORY_KEEP_INPUT=1 for workers and API, and the articles "
    "that come from then on have one"
)
ENTRY_GONE = "its input entry is no longer in the articles stream"
NO_ENTRY = "it was placed by a release that did not note its input entry"


@dataclass(frozen=True, slots=True)
class TextOf:
    """An article as it was read, or why there is none."""

    article: Article | None
    note: str | None


async def text_of(redis: Redis, settings: Settings, article_id: str) -> TextOf:
    """The version of an article that is in force, with words that came broken repaired; None with a
    note for one that is killed, held back, under embargo or not placed, and where its entry is
    gone.
    """
    key = settings.keys.article(article_id)
    entry_id = await cast(Any, redis.hget(key, Record.ENTRY))
    at = entry_id or b"0-0"
    pipe = redis.pipeline(transaction=True)  # a kill in between must not be overlooked
    pipe.hmget(key, Record.NUMBER, Record.STORY, Record.KILLED, Record.HELD_VERSION, Record.ENTRY)
    pipe.xrange(settings.streams.articles, min=at, max=at)
    (number, story, killed, held, in_force), entries = await pipe.execute()
    if number is None or story is None:
        if held is not None:
            return TextOf(None, HELD_BACK)
        return TextOf(None, NOT_PLACED if killed is None else KILLED)
    if in_force is None:
        return TextOf(None, NO_ENTRY)
    if in_force != entry_id or not entries:
        return TextOf(None, ENTRY_GONE if settings.keep_input else NO_INPUT)
    try:
        article = article_of(Entry(at.decode(), entries[0][1]), settings.max_entry_bytes)
    except Unprocessable:
        return TextOf(None, ENTRY_GONE)
    article, _ = mended(article)  # as the worker read it
    return TextOf(article, None) if article.id == article_id else TextOf(None, ENTRY_GONE)
