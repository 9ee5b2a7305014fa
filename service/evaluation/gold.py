"""Gold labels: which article belongs to which story, read from JSON lines."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DIGEST_SUITE = "digest"
"""In this suite a null group is a label too: the article must stay alone."""


class GoldError(ValueError):
    """A gold file that can't be judged by; the message names the line, field and value."""


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One article and what is known about its story."""

    id: str
    lang: str | None = None
    """ISO 639-1; where null, its pairs count in no cross-lingual figure."""
    group: str | None = None
    """The gold story; null for background, whose stories nobody labelled."""
    suite: str | None = None
    title: str = ""

    @property
    def cluster(self) -> tuple[str, str] | None:
        """Key of the gold cluster, equal for articles of one story; None for background.

        >>> GoldArticle("a", group="g1").cluster
        ('group', 'g1')
        >>> GoldArticle("d", suite="digest").cluster
        ('alone', 'd')
        >>> GoldArticle("b").cluster is None
        True
        """
        if self.group is not None:
            return ("group", self.group)
        return ("alone", self.id) if self.suite == DIGEST_SUITE else None


def numbered_rows(lines: Iterable[str | bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number (from 1) and object of each JSON line; blank lines are skipped.

    Raises:
        GoldError: a line is not JSON, or not an object.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise GoldError(f"line {number}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise GoldError(f"line {number}: expected a JSON object, got {type(row).__name__}")
        yield number, row


def gold_articles(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[GoldArticle, ...]:
    """One record for each article of numbered rows, in their order.

    A row is read like an article of the feed (numbers count as text), and fields it
    doesn't need are ignored. The same id again is the same item, so it counts once.

    Raises:
        GoldError: a field has the wrong type, or an id returns with other labels.
    """
    articles: dict[str, GoldArticle] = {}
    for line, row in rows:
        article = gold_article(row, line)
        first = articles.setdefault(article.id, article)
        if (first.group, first.suite) != (article.group, article.suite):
            raise GoldError(
                f"line {line}: id {article.id!r} has group {article.group!r} and suite "
                f"{article.suite!r}, but an earlier line gave it {first.group!r} and "
                f"{first.suite!r}"
            )
    return tuple(articles.values())


def gold_article(row: Mapping[str, Any], line: int) -> GoldArticle:
    """The record of one row; ``line`` is for the message.

    Raises:
        GoldError: ``id`` is missing, or a field is neither text nor number nor null.
    """
    article_id = _text(row, "id", line)
    if article_id is None:
        raise GoldError(f"line {line}: id: expected a non-empty text, got {row.get('id')!r}")
    lang = _text(row, "lang", line)
    return GoldArticle(
        id=article_id,
        lang=lang and lang.lower(),
        group=_text(row, "group", line),
        suite=_text(row, "suite", line),
        title=_text(row, "title", line) or "",
    )


def _text(row: Mapping[str, Any], field: str, line: int) -> str | None:
    value = row.get(field)
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise GoldError(f"line {line}: {field}: expected text or null, got {value!r}")
    return None if value is None else str(value).strip() or None
