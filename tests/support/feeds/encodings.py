"""How many documents are read right, a cell of language, encoding and who names it.

python -m tests.support.feeds.encodings
"""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.support.feeds.headlines import ENCODINGS, HEADLINES, feed, readable, written
from workers.feeds.encoding.charset import decoded

WAYS = ("by the server", "by the document", "wrongly", "not at all")
_WRONG = ("utf-8", "windows-1251", "koi8-r", "iso-8859-1", "windows-1252", "iso-8859-5")
_SAME = {"iso-8859-1": "windows-1252", "koi8-u": "koi8-r", "utf-8-sig": "utf-8"}
"""What is no wrong name."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Documents read right, of all."""

    right: int
    total: int

    def __str__(self) -> str:
        return f"{self.right}/{self.total}"


def counted(encoding: str, way: str, feeds: tuple[tuple[str, ...], ...]) -> Cell:
    """Feeds of these headlines in an encoding that is named in this way."""
    same = _SAME.get(encoding, encoding)
    names = {"by the document": [encoding], "wrongly": [n for n in _WRONG if n != same]}
    read = [
        _is_read(feed(titles, name), encoding, encoding if way == "by the server" else None)
        for titles in feeds
        for name in names.get(way, [None])
    ]
    return Cell(sum(read), len(read))


def _is_read(document: str, encoding: str, charset: str | None) -> bool:
    content_type = f"text/xml; charset={charset}" if charset else ""
    found = decoded(written(document, encoding), content_type).text.decode()
    return found == readable(document, encoding).lstrip("\ufeff")


if __name__ == "__main__":
    table = Table("", "encoding", *WAYS, *(f"headline, {way}" for way in WAYS))
    for language, encodings in ENCODINGS.items():
        alone = tuple((each,) for each in HEADLINES[language])
        for encoding in encodings:
            whole = [counted(encoding, way, (HEADLINES[language],)) for way in WAYS]
            each = [counted(encoding, way, alone) for way in WAYS]
            table.add_row(language, encoding, *map(str, (*whole, *each)))
    Console(width=140).print(table)
