"""Items of one document that have one name.

Feeds give every item the address of one page, or count anew in each section. No order says which
of them the name is of, since feeds put new items on top: so each is named by more, and by nothing
that its neighbours say.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from contracts.article import Article, Status
from contracts.fields import MAX_ID_BYTES
from workers.feeds.content import content_digest
from workers.feeds.reader import Item, Note
from workers.feeds.readers.fields import shown
from workers.feeds.readers.ids import address_key, damage, hashed

_DIGITS = 16
_TWIN = re.compile(rf"#twin-[0-9a-f]{{{_DIGITS}}}\ufffd?\Z")


def told_apart(items: Iterable[Item]) -> Iterator[Item]:
    """The items, different ones under different names, and a note for each name that several had.

    The same item twice is no matter: it is known the second time. Of revisions of one item
    (RFC 4287, 4.1.1), that are of one page and title and have different update times, the latest
    is taken. Others are different items: their link and title go into their names, the text as
    well where these are the same.
    """
    found = list(items)
    named: dict[str, dict[str, list[Article]]] = {}
    for item in found:
        if isinstance(item, Article) and item.status is not Status.CANCELED:
            contents = named.setdefault(item.id, {})
            contents.setdefault(content_digest(item), []).append(item)
    instead: dict[int, Article | None] = {}
    for name, contents in named.items():
        if len(contents) > 1:
            names = _names([each[0] for each in contents.values()])
            yield Note(f"id {shown(name)}", _told(len(contents), len(names)))
            for same in contents.values():
                instead |= {id(each): _called(each, names.get(id(same[0]))) for each in same}
    for item in found:
        article = instead.get(id(item), item)
        if article is not None:
            yield article


def shared_name(name: str) -> str:
    """What an item was called before it was told apart.

    >>> shared_name("urn:x:1#twin-0123456789abcdef")
    'urn:x:1'
    """
    return _TWIN.sub("", name)


def _names(articles: list[Article]) -> dict[int, str]:
    """The names of different items that had one, by their places in memory."""
    current = list(_latest(articles))
    if len(current) == 1:
        return {id(current[0]): current[0].id}
    keys = Counter(map(_page_and_title, current))
    return {id(each): _name(each, alone=keys[_page_and_title(each)] == 1) for each in current}


def _latest(articles: list[Article]) -> Iterator[Article]:
    """Without earlier revisions."""
    for _, group in groupby(sorted(articles, key=_page_and_title), key=_page_and_title):
        same = list(group)
        versions = {each.version for each in same}
        if len(versions) == len(same) and None not in versions:
            yield max(same, key=lambda each: each.effective_version)
        else:
            yield from same


def _name(article: Article, *, alone: bool) -> str:
    key = _page_and_title(article) + ("" if alone else f"\0{article.text}")
    mark = f"#twin-{hashed(key)[:_DIGITS]}{damage(key)}"
    return article.id.encode()[: MAX_ID_BYTES - len(mark)].decode("utf-8", "ignore") + mark


def _called(article: Article, name: str | None) -> Article | None:
    return article.model_copy(update={"id": name}) if name else None


def _page_and_title(article: Article) -> str:
    return f"{address_key(article.url or '')}\0{article.title}"


def _told(items: int, kept: int) -> str:
    if kept == 1:
        return f"{items} revisions of one item have it; the latest is taken"
    return f"{items} items have it; each is named by its link and title as well"
