"""Deleted entries (RFC 6721), as feedparser's entries.

A tombstone kills the entry whose ``atom:id`` its ``ref`` is, letter for letter, whatever its
version; unless the same feed holds that entry with a later update: then it is back.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from workers.feeds.reader import Note
from workers.feeds.readers import fields
from workers.feeds.readers.syndication.entry_fields import Said, said
from workers.feeds.readers.syndication.parsers import DELETED

Entry = Said
Graves = Mapping[str, datetime | None]
"""When each entry was deleted; None for a time that is none."""


def is_tombstone(entry: Entry) -> bool:
    """Whether it is no entry but says that one was deleted."""
    return DELETED in entry


def reference(tombstone: Entry) -> str:
    """The id of the deleted entry; empty where it is missing."""
    return _attribute(tombstone, "ref")


def graves(entries: Iterable[Entry], notes: list[Note]) -> Graves:
    """The last time that each entry was deleted; a note of each that is none."""
    found: dict[str, datetime | None] = {}
    for tombstone in filter(is_tombstone, entries):
        name = reference(tombstone)
        where = f"deleted-entry {fields.shown(name)}/@when"
        when = fields.moment_or_note(_attribute(tombstone, "when"), where, notes)
        before = found.get(name)
        found[name] = when if name not in found else before and when and max(before, when)
    return found


def is_outlived(entry: Entry, updated: datetime | None, dead: Graves) -> bool:
    """Whether a tombstone of the same feed outlives an entry: then only the kill is told."""
    name = said(entry, "id")
    when = dead.get(name)
    return bool(name) and name in dead and not (when and updated and updated > when)


def _attribute(tombstone: Entry, name: str) -> str:
    """With a prefix or without."""
    attributes: dict[str, str] = tombstone[DELETED]
    found = (value for key, value in attributes.items() if key.rpartition(":")[2] == name)
    return next(found, "").strip()
