"""Labelled articles for the verifier: the dev files, and variants made from them."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

from contracts.article import Article


@dataclass(frozen=True, slots=True)
class Labelled:
    """One article with its gold story."""

    id: str
    lang: str
    title: str
    text: str
    group: str | None
    """Gold story; None for background, whose stories nobody labelled."""
    suite: str
    fold: str = ""
    """What must stay on one side of a cross-validation; the group unless set."""
    published_at: datetime | None = None
    source: str | None = None

    def article(self) -> Article:
        """As the fingerprinter takes it."""
        return Article(
            id=self.id,
            title=self.title,
            text=self.text,
            lang=self.lang or None,
            source=self.source,
            published_at=self.published_at,
        )


def read(path: Path) -> list[Labelled]:
    """A gold file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        Labelled(
            row["id"],
            row["lang"],
            row["title"],
            row["text"],
            row["group"],
            row.get("suite", "feed"),
            row["group"] or row["id"],
            datetime.fromisoformat(row["published_at"]),
            row.get("source"),
        )
        for row in rows
    ]


_SENTENCE = re.compile(r"(?<=[.!?…»\"])\s+(?=[A-ZА-ЯЁ«\"“—])")
_TAGS = {
    "en": ("UPDATE 1-", "UPDATE 2-", "CORRECTED-", "REFILE-", "CORRECTED: ", "UPDATED: "),
    "ru": ("ПОПРАВКА: ", "УТОЧНЕНИЕ: ", "ОБНОВЛЕНИЕ: ", "ПОВТОР - ", "Исправлено: ", "Дополнено: "),
}


def sentences(text: str) -> list[str]:
    """Sentences, roughly: enough to cut a text where an editor would."""
    return [part for line in text.split("\n") for part in _SENTENCE.split(line) if part.strip()]


def variants(article: Labelled, rng: Random) -> Iterator[Labelled]:
    """What wires make of one item: flash, opening, refiled with other numbers."""
    parts = sentences(article.text)
    suffix = 0

    def variant(suite: str, title: str, text: str) -> Labelled:
        nonlocal suffix
        suffix += 1
        return replace(
            article, id=f"{article.id}-{suite}{suffix}", title=title, text=text, suite=suite
        )

    yield variant("flash", article.title, parts[0] if parts else "")
    if len(parts) > 4:
        count = rng.randint(2, 4)
        yield variant("partial", article.title, " ".join(parts[:count]))
    if len(parts) > 1 and article.lang in _TAGS:
        tag = rng.choice(_TAGS[article.lang])
        yield variant(
            "update", tag + article.title, " ".join(_other_numbers(p, rng) for p in parts)
        )


def _other_numbers(text: str, rng: Random) -> str:
    """Small counts moved by a little, as a toll moves; years and decimals stay."""

    def moved(match: re.Match[str]) -> str:
        return str(int(match[0]) + rng.randint(1, 5)) if rng.random() < 0.7 else match[0]

    return re.sub(r"(?<![\d.,:])\d{1,3}(?![\d.,:]*\d)", moved, text)


def digests(articles: list[Labelled], count: int, rng: Random) -> Iterator[Labelled]:
    """Round-ups of several items; each must stay alone."""
    for number in range(count):
        lang = ("en", "ru")[number % 2]
        chosen = rng.sample(
            [article for article in articles if article.lang == lang], rng.randint(4, 9)
        )
        mark = rng.choice(("— ", "• ", "* ", "", "- "))
        items = [f"{mark}{a.title}. {(sentences(a.text) or [''])[0]}" for a in chosen]
        title = rng.choice(
            (
                "The news at a glance",
                "Evening briefing",
                "What happened today",
                "Top stories this hour",
            )
            if lang == "en"
            else (
                "Главное за день",
                "Вечерняя сводка",
                "Коротко о главном",
                "Что произошло к этому часу",
            )
        )
        yield Labelled(
            f"digest-{number}", lang, title, "\n".join(items), f"digest-{number}", "digest"
        )
