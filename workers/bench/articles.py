"""The benchmark's articles: made up, or of a file; then as many as wanted, however few it holds.

Of an article title, text, source and language are taken; ids and times are made, one evenly behind
the other, since a window of so many live articles needs them so. When all were given out they come
again as other articles: each word is replaced by the one that stands so many places further down
the file's words of its alphabet, most frequent first, as articles have come before. So words stay
as frequent as they were, and reprints in the file are reprints again. The 100 most frequent of
either alphabet, which tell a language, and numbers stay.
"""

import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contracts.article import Article, Status
from workers.bench.corpus import at, corpus
from workers.errors import OnestoryError
from workers.state.streams import lines_of

_WORD = re.compile(r"[^\W\d_]+")
_KEPT = 100


def articles(file: Path | None, interval: timedelta) -> Iterator[bytes]:
    """JSON lines without end, ``interval`` of event time apart; the same ones at each call.

    Args:
        file: where they come from; None: they are made up (`corpus`).
        interval: between two articles.

    Raises:
        OnestoryError: no line of the file is an article that could be placed.
    """
    if file is None:
        return corpus(sys.maxsize, interval)
    found = list(_usable(file))
    if not found:
        raise OnestoryError(f"{file}: no article in it that could be placed")
    return _repeated(found, interval)


def _repeated(found: list[dict[str, Any]], interval: timedelta) -> Iterator[bytes]:
    ranks = _ranks(found)
    for times in itertools.count():
        others = {
            word: ranked[(place + times) % len(ranked)]
            for ranked in ranks
            for place, word in enumerate(ranked)
        }
        for number, article in enumerate(found, start=times * len(found)):
            made = {"id": f"bench-{number}", "published_at": at(number, interval)}
            if times:
                made |= {name: _changed(article[name], others) for name in ("title", "text")}
            yield json.dumps(article | made, ensure_ascii=False).encode()


def _usable(file: Path) -> Iterator[dict[str, Any]]:
    for line in lines_of([file]):
        try:
            article = Article.model_validate_json(line)
        except ValidationError:
            continue
        if article.has_words and article.status is Status.USABLE:
            yield article.model_dump(include={"title", "text", "source", "lang"}, exclude_none=True)


def _ranks(articles: list[dict[str, Any]]) -> list[list[str]]:
    """Words of either alphabet, most frequent first, without the first `_KEPT`."""
    counts = Counter[str]()
    for article in articles:
        counts.update(_WORD.findall(f"{article['title']} {article['text']}".lower()))
    words = sorted(counts, key=lambda word: (-counts[word], word))
    latin = [word for word in words if word.isascii()]
    others = [word for word in words if not word.isascii()]
    return [ranked[_KEPT:] for ranked in (latin, others) if len(ranked) > _KEPT]


def _changed(text: str, others: Mapping[str, str]) -> str:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        instead = others.get(word.lower(), word)
        if word.isupper() and len(word) > 1:
            return instead.upper()
        return instead.capitalize() if word[0].isupper() else instead

    return _WORD.sub(other, text)
