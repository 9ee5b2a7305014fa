"""Who speaks: senders of messages by name, who owns an item, and who may speak for whom.

The first sender of an id owns it. A later message about it (another version, a hold, an embargo, a
kill, an item that replaces it) counts only if its sender may speak for the owner: a sender for
itself, and for those whom a file of trust lets it speak for.

A name says how the sender is known: ``feed:courier.example``, ``token:desk``, or ``source:reuters``
where nothing but the article's own field says it. That field may be absent, ``source:``. Then
nobody is named, and among those who are known by that field alone nobody is kept off: such a kill
reaches the items of every source, and such an item is reached by all. What a feed or a token
vouches for is out of its reach.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import xxhash

FEED, TOKEN, SOURCE = "feed:", "token:", "source:"
KINDS = (FEED, TOKEN, SOURCE)
EVERYONE = "*"
"""In a mandate: it holds for any owner. In a file of trust likewise."""
ANY_SOURCE = "source"
"""In a mandate: it holds for each owner that is known by an article's field alone. No name is like
this: all have a colon."""
_LONGEST = 60
"""Bytes of a name. Beyond 64 a value costs Redis' compact encoding of the article's record."""
_READ = 200
"""Characters of a name that are looked at: folding costs up to eighteen times as many."""


class Voice(NamedTuple):
    """A sender, and whom it may speak for."""

    sender: str
    mandate: tuple[str, ...]
    """Names of owners, `ANY_SOURCE` or `EVERYONE`."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Who may speak for whom, beside everyone for itself."""

    speaks_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By a sender's name, or `EVERYONE` for all senders: names of owners, or `EVERYONE`."""

    def voice(self, sender: str, lent: Iterable[str] = ()) -> Voice:
        """The voice of a sender; ``lent``: whom whoever passed the message on lets it speak for.

        >>> Trust().voice("source:reuters").mandate
        ('source:reuters', 'source:')
        """
        own = (sender, ANY_SOURCE) if sender == SOURCE else (sender,)
        nobody = (SOURCE,) if sender.startswith(SOURCE) else ()
        trusted = self.speaks_for.get(sender, ()), self.speaks_for.get(EVERYONE, ())
        return Voice(sender, tuple(dict.fromkeys((*own, *nobody, *trusted[0], *trusted[1], *lent))))


def covers(mandate: Collection[str], owner: str) -> bool:
    """Whether a mandate holds for an owner. ``workers/state/lua/mandate.lua`` says the same.

    >>> covers(("source:reuters", "source:"), "source:tass"), covers(("*",), "feed:tass")
    (False, True)
    """
    return (
        owner in mandate
        or EVERYONE in mandate
        or (ANY_SOURCE in mandate and owner.startswith(SOURCE))
    )


def named(kind: str, name: str | None) -> str:
    """The name of a sender: one spelling for all ways to write it, and never long.

    >>> named(SOURCE, " REUTERS  World "), named(SOURCE, None)
    ('source:reuters world', 'source:')
    """
    said = name or ""
    plain = " ".join(unicodedata.normalize("NFKC", said[:_READ]).casefold().split())
    whole = kind + plain
    if len(said) <= _READ and len(whole.encode()) <= _LONGEST:
        return whole
    mark = f"#{xxhash.xxh3_64_hexdigest((plain + said[_READ:]).encode())}"
    return whole.encode()[: _LONGEST - len(mark)].decode(errors="ignore") + mark


def may_be_of(mandate: Collection[str], source: str | None) -> bool:
    """Whether a mandate may hold for an item of which only its source's name is known: also as the
    name of a feed or a token.

    >>> may_be_of(["feed:courier"], "Courier"), may_be_of(["feed:courier"], "Wire")
    (True, False)
    """
    source_name = named(SOURCE, source)
    name = source_name.removeprefix(SOURCE)
    return covers(mandate, source_name) or bool(
        name and any(each == kind + name for each in mandate for kind in KINDS)
    )


def sender_named(text: str) -> str:
    """A sender as a person writes it: without ``feed:`` or ``token:`` it is a source.

    >>> sender_named("Reuters"), sender_named("token:Desk"), sender_named("*")
    ('source:reuters', 'token:desk', '*')
    """
    if text == EVERYONE:
        return EVERYONE
    kind = next((each for each in KINDS if text.startswith(each)), "")
    return named(kind or SOURCE, text.removeprefix(kind))


def shown(sender: str) -> str:
    """A sender as a message names it.

    >>> shown("source:reuters"), shown("source:"), shown("token:desk")
    ("source 'reuters'", 'no source', 'token:desk')
    """
    if sender == SOURCE:
        return "no source"
    return f"source {sender.removeprefix(SOURCE)!r}" if sender.startswith(SOURCE) else sender
