"""Articles that are kept and shown nowhere: under embargo, or held back."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import AwareDatetime
from pydantic_core import from_json
from redis.asyncio import Redis

from contracts.article import Article
from contracts.events import Relation
from service.text.mojibake import mended
from workers.archive.listing import NO_CURSOR, BadCursor, cursor_of, cursor_parts
from workers.archive.records import time_of, whole_ms
from workers.archive.rows import shown
from workers.archive.views import View
from workers.settings import Settings

_KIND = "held"


class Would(View):
    """Where a held article would go."""

    story_id: str | None
    matched_article_id: str | None
    relation: Relation | None
    score: float | None


class HeldArticle(View):
    """An article that is kept and shown nowhere."""

    article_id: str
    until: AwareDatetime | None
    """End of its embargo; null: held back until a later version says otherwise."""
    title: str
    would: Would


class Held(View):
    """A page of held articles; those without end first, then by the end of their embargo."""

    held: list[HeldArticle]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """In the order of the list."""

    until_ms: int
    """0: without end."""
    article_id: str

    @property
    def key(self) -> tuple[int, str]:
        return self.until_ms, self.article_id


async def held_page(redis: Redis, settings: Settings, limit: int, cursor: str | None) -> Held:
    """A page of what is held.

    Raises:
        BadCursor: the cursor is none of this list.
    """
    after = None if cursor is None else _after(cursor)
    keys = settings.keys
    pipe = redis.pipeline(transaction=True)
    pipe.hkeys(keys.held)
    pipe.zrange(keys.embargoes, 0, -1, withscores=True)
    ids, embargoes = await pipe.execute()
    ends = {name: whole_ms(score) for name, score in embargoes}
    places = sorted(
        (_Place(ends.get(each, 0), each.decode("utf-8", "replace")) for each in ids), key=_key
    )
    if after is not None:
        places = [each for each in places if each.key > after]
    page = places[:limit]
    following = cursor_of(_KIND, *page[-1].key) if len(places) > limit else None
    return Held(held=await _told(redis, settings, page), next=following)


async def _told(redis: Redis, settings: Settings, page: Sequence[_Place]) -> list[HeldArticle]:
    if not page:
        return []
    ids = [each.article_id for each in page]
    pipe = redis.pipeline(transaction=True)
    pipe.hmget(settings.keys.held, ids)
    pipe.hmget(settings.keys.would, ids)
    articles, would = await pipe.execute()
    rows = [
        (place, article, goes)
        for place, article, goes in zip(page, articles, would, strict=True)
        if article is not None  # released or killed since
    ]
    return shown(rows, _view, lambda row: f"held article {row[0].article_id!r}")


def _view(row: tuple[_Place, bytes, bytes | None]) -> HeldArticle:
    place, article, would = row[0], from_json(row[1]), from_json(row[2] or b"{}")
    relation = would.get("relation")
    sent = Article.model_construct(
        id=place.article_id, title=article.get("title") or "", text=article.get("text") or ""
    )
    return HeldArticle(
        article_id=place.article_id,
        until=time_of(place.until_ms) if place.until_ms else None,
        title=mended(sent)[0].title,  # kept as it came, shown as it will be
        would=Would(
            story_id=would.get("story_id"),
            matched_article_id=would.get("matched_article_id"),
            relation=None if relation is None else Relation(relation),
            score=would.get("score"),
        ),
    )


def _after(cursor: str) -> tuple[int, str]:
    match cursor_parts(cursor, _KIND):
        case [int(until_ms), str(article_id)]:
            return until_ms, article_id
        case _:
            raise BadCursor(NO_CURSOR)


def _key(place: _Place) -> tuple[int, str]:
    return place.key
