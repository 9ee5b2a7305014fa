"""JSON lines: one article a line, in the article's own contract."""

from collections.abc import Iterator

from workers.errors import Unprocessable
from workers.feeds.reader import LONGEST_FRAGMENT, BadItem, Document, Item
from workers.state.entries import Entry, article_of
from workers.state.readable_id import readable_id

_REMEDY = "write one JSON object a line, as UTF-8, with 'id' and 'title' or 'text'"


class JsonLines:
    """Lines as ``{NS}:articles`` takes them; blank ones are no input."""

    def read(self, document: Document) -> Iterator[Item]:
        """See ``Reader.read``."""
        for number, line in enumerate(document.text.split(b"\n"), start=1):
            if not line.strip():
                continue
            entry = Entry(f"{document.origin}:{number}", {b"data": line})
            try:
                yield article_of(entry, len(line))
            except Unprocessable as error:
                where, fragment = f"line {number}", line[:LONGEST_FRAGMENT]
                yield BadItem(where, error.detail, _REMEDY, fragment, readable_id(entry))
