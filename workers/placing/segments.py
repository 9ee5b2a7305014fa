"""A batch cut into parts whose articles can be handled side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.article import Article
from service.stories.intent import Intent, Wish
from service.stories.senders import Voice
from workers.state.entries import Entry


@dataclass(frozen=True, slots=True)
class Read:
    """An entry that holds an article."""

    entry: Entry
    article: Article
    intent: Intent
    voice: Voice
    repaired: str | None = None
    """How its title and text came broken, in words; the article has them repaired."""


def segments(read: Sequence[Read]) -> Iterator[list[Read]]:
    """Entries in order, cut so that no part holds two versions of one article, or a kill beside
    others. The same version once more, which has no effect, goes behind its part.
    """
    part: dict[str, Read] = {}
    repeats: list[Read] = []
    for item in read:
        before = part.get(item.article.id)
        if item.intent.wish is Wish.KILL or (before is not None and not _repeats(item, before)):
            yield from _part(part, repeats)
            part, repeats = {}, []
        elif before is not None:
            repeats.append(item)
            continue
        if item.intent.wish is Wish.KILL:
            yield [item]
        else:
            part[item.article.id] = item
    yield from _part(part, repeats)


def _part(part: dict[str, Read], repeats: Sequence[Read]) -> Iterator[list[Read]]:
    if part:
        yield list(part.values())
    if repeats:
        yield from segments(repeats)


def _repeats(item: Read, before: Read) -> bool:
    return (
        item.article.effective_version <= before.article.effective_version
        and item.intent.wish is before.intent.wish is Wish.PUBLISH
        and item.article.embargoed == before.article.embargoed
    )
