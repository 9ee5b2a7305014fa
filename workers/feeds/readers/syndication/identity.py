"""What a feed and its items are called, and where their links lead.

A link that is relative is taken from ``xml:base``, by feedparser; else from the page that the feed
is of, from the address that it gives itself (``rel="self"``), from where it came. RSS says nothing
of it, and feeds are often served by another host than their site.
"""

from dataclasses import dataclass

from workers.feeds.readers.ids import (
    absolute,
    address_key,
    damage,
    feed_name,
    hashed,
    is_unique,
    unique,
)
from workers.feeds.readers.markup import one_line
from workers.feeds.readers.syndication.entry_fields import Said, get, said


@dataclass(frozen=True, slots=True)
class Naming:
    """How the items of one feed are named."""

    feed: str
    """What goes before a name that is unique in its feed only."""
    bases: tuple[str, ...]
    """Addresses from which links are taken, the first best."""

    def link(self, entry: Said) -> str:
        """An entry's link, absolute if anything says from where. A ``guid`` that feedparser took
        for a link is one if it looks like it.
        """
        link = said(entry, "link")
        if link == said(entry, "id") and not link.startswith(("http://", "https://", "/")):
            return ""
        return absolute(link, *self.bases)

    def id(self, entry: Said, title: str, text: str) -> str:
        """``guid`` or ``atom:id`` as it is written, else the link, else a hash of the words.

        The feed's own address is the name of none of its items; where each has it, the title is
        what stays when the text is corrected.
        """
        name, link = said(entry, "id"), self.link(entry)
        for each in filter(None, (name, link)):
            if not self._is_of_feed(each):
                return unique(each, self.feed)
        words = title if title and (name or link) else f"{title}\0{text}"
        return f"{self.feed}#{hashed(words)}{damage(words)}"

    def _is_of_feed(self, name: str) -> bool:
        return address_key(name) in {address_key(base) for base in self.bases if is_unique(base)}


def naming(feed: Said, origin: str) -> Naming:
    """The naming of feedparser's feed that came from ``origin``."""
    itself = _link(feed, "self")
    page = absolute(_link(feed, "alternate") or said(feed, "link"), itself, origin)
    title = one_line(said(feed, "title"))
    name = feed_name(page, itself, said(feed, "id"), origin=origin, title=title)
    return Naming(name, (page, absolute(itself, origin), origin))


def _link(feed: Said, relation: str) -> str:
    """The first: an item whose beginning is broken leaves its own to the feed."""
    found = get(feed, "links")
    links = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return next(filter(None, (said(e, "href") for e in links if said(e, "rel") == relation)), "")
