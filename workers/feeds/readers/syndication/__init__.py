"""RSS and Atom: ``reader`` makes items of what feedparser finds (``entries``, taught by
``parsers``): texts and times (``entry_fields``), names (``identity``), deletions (``tombstones``).
``surroundings`` takes away what servers put around a feed.
"""
