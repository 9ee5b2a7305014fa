"""What servers put around a feed: warnings before it, comments and scripts behind it."""

import re
from dataclasses import replace

from workers.feeds.reader import Note
from workers.feeds.readers.xml import Tree, blank

NO_ELEMENT = rb"<!--.*?-->|<\?.*?\?>|<![A-Za-z][^<>\[]*+(?:\[[^\]]*+\][^<>]*+)?>"
"""What may stand before a root element: a comment, an instruction, a document type."""
_PROLOG = re.compile(rb"(?s)(?:\s++|" + NO_ELEMENT + rb")*")
_ROOT = re.compile(rb"(?i)<(?:[a-z][\w.-]*+:)?(?:rss|feed|rdf)(?=[\s/>])")
_ITEM = re.compile(rb"(?i)<(?:[a-z][\w.-]*+:)?(?:item|entry|deleted-entry)(?=[\s/>])")


def without_what_is_before(document: bytes) -> tuple[bytes, list[Note]]:
    """The document with blanks for what stands before its feed and may not, so that offsets and
    lines stay; and a note of it. A document type beside it goes as well: nothing that it declares
    is known then.
    """
    prolog = _PROLOG.match(document)
    end = prolog.end() if prolog else 0
    root = _ROOT.search(document, end)
    declared = max(0, document.find(b"<?xml ", 0, end))
    if root is None or _ITEM.search(document, end, root.start()):
        return document, []
    if root.start() == end and not document[:declared].strip():
        return document, []
    before = document[: root.start()]
    note = Note("line 1", f"{len(before.strip())} bytes before the feed, expected none; left out")
    return blank(before) + document[root.start() :], [note]


def without_what_is_behind(document: bytes, found: Tree) -> tuple[bytes, Tree, list[Note]]:
    """The document up to the end of its root element, where only what is behind that is at fault,
    and is no item; and a note of it.
    """
    end = document.find(b">", found.stop) + 1
    if not (found.fault and found.stop and end) or _ITEM.search(document, end):
        return document, found, []
    detail = f"{len(document[end:].strip())} bytes behind the feed, expected none; left out"
    return document[:end], replace(found, fault=None), [Note(f"line {found.fault.line}", detail)]
