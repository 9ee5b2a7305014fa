"""Small tables of words by hand: a key, then whole words or beginnings of words (``-``)."""

from collections.abc import Iterable
from importlib.resources import files

Row = tuple[str, str]
"""A key and its forms, between spaces."""


def words_of(table: str) -> list[str]:
    """The words of a file in ``words/``."""
    file = files("service.text").joinpath("words", f"{table}.txt")
    return file.read_text(encoding="utf-8").split()


def rows_of(table: str) -> list[Row]:
    """The rows of a file in ``words/``: ``key: form beginning-``."""
    file = files("service.text").joinpath("words", f"{table}.txt")
    rows = (line.partition(": ") for line in file.read_text(encoding="utf-8").splitlines())
    return [(key, forms) for key, _, forms in rows]


class Prefixes:
    """A table to look words up in: whole words first, then the longest beginning."""

    def __init__(self, rows: Iterable[Row], longest_end: int = 40) -> None:
        """``longest_end``: letters that may follow a beginning."""
        self._whole: dict[str, str] = {}
        self._beginnings: dict[str, str] = {}
        for key, forms in rows:
            for form in forms.split():
                table = self._beginnings if form.endswith("-") else self._whole
                table.setdefault(form.removesuffix("-"), key)
        self._shortest = min(map(len, self._beginnings), default=0)
        self._lengths: dict[str, list[int]] = {}
        """First letters of beginnings → how long those may be, longest first."""
        for form in sorted(self._beginnings, key=len, reverse=True):
            lengths = self._lengths.setdefault(form[: self._shortest], [])
            if len(form) not in lengths:
                lengths.append(len(form))
        self._longest_end = longest_end

    def find(self, word: str) -> str | None:
        """The key of the row that ``word`` belongs to, or None."""
        if word in self._whole:
            return self._whole[word]
        shortest = len(word) - self._longest_end
        for length in self._lengths.get(word[: self._shortest], ()):
            if shortest <= length <= len(word) and (key := self._beginnings.get(word[:length])):
                return key
        return None
