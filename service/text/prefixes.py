"""A small table of words by hand: a key, then whole words or beginnings of words (``-``)."""


class Prefixes:
    """Rows of a table, ``key: form beginning-``; the longest beginning wins, whole words first."""

    def __init__(self, rows: str, longest_end: int = 40) -> None:
        """``longest_end``: letters that may follow a beginning."""
        self._whole: dict[str, str] = {}
        self._beginnings: dict[str, str] = {}
        for line in rows.strip().splitlines():
            key, forms = line.split(": ")
            for form in forms.split():
                table = self._beginnings if form.endswith("-") else self._whole
                table.setdefault(form.rstrip("-"), key.strip())
        self._lengths = sorted({len(form) for form in self._beginnings}, reverse=True)
        self._longest_end = longest_end

    def find(self, word: str) -> str | None:
        """The key of the row that ``word`` belongs to, or None."""
        if word in self._whole:
            return self._whole[word]
        shortest = len(word) - self._longest_end
        for length in self._lengths:
            if shortest <= length <= len(word) and (key := self._beginnings.get(word[:length])):
                return key
        return None
