"""Made-up articles for tests: stories with reprints, told apart by their words.

Only ids, times and wording matter here; every story has words of its own, so a reprint is
as near as reprints are, and two stories are as far apart as two stories are.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 2, 9, tzinfo=UTC)

_PLACES = "harbour market bridge station airport school factory library museum stadium".split()
_VERBS = "opened closed flooded burned moved reopened merged expanded failed recovered".split()
_SYLLABLES = "ba de ko lu mi na po ra su ti ve zo gar mel tor vin sal dor ker lan".split()


@dataclass(frozen=True, slots=True)
class Sample:
    """One article and the story it was written for."""

    id: str
    story: int
    line: bytes


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(3, 4))).capitalize()


_SENTENCES = 7
_SENTENCE_WORDS = 9


def _story_text(rng: random.Random) -> tuple[str, list[str]]:
    """Invented words but for a frame: real sentences with other names would be one template,
    which is another test's matter.
    """
    town, person, company = _name(rng), f"{_name(rng)} {_name(rng)}", _name(rng)
    place, verb = rng.choice(_PLACES), rng.choice(_VERBS)
    sentences = [f"The {place} of {town} {verb}, {person} of {company} said."]
    for _ in range(_SENTENCES):
        words = [_name(rng).lower() for _ in range(_SENTENCE_WORDS)]
        sentences.append(f"{_name(rng)} {' '.join(words)} {rng.randint(11, 99_999)}.")
    return f"{town} {place} {verb}, says {person}", sentences


def samples(stories: int, reprints: int = 1, *, seed: int = 1) -> list[Sample]:
    """``stories`` articles, each followed by ``reprints`` reprints, shuffled, in time order."""
    rng = random.Random(seed)
    drafts = []
    for story in range(stories):
        title, sentences = _story_text(rng)
        for reprint in range(reprints + 1):
            head = title if reprint == 0 else f"{title} - {_name(rng)} News"
            drafts.append((story, f"s{story}-{reprint}", head, " ".join(sentences)))
    rng.shuffle(drafts)
    return [
        Sample(
            article_id,
            story,
            article_line(
                article_id, title, text, published_at=START + timedelta(seconds=30 * place)
            ),
        )
        for place, (story, article_id, title, text) in enumerate(drafts)
    ]


def article_line(
    article_id: str,
    title: str,
    text: str,
    *,
    published_at: datetime | None = None,
    lang: str = "en",
) -> bytes:
    """An article as one line of JSON."""
    article = {"id": article_id, "title": title, "text": text, "lang": lang, "source": "test"}
    if published_at is not None:
        article["published_at"] = published_at.isoformat()
    return json.dumps(article).encode()


def stories_of(articles: Sequence[Sample]) -> set[frozenset[str]]:
    """The partition that the articles were written for."""
    groups: dict[int, set[str]] = {}
    for article in articles:
        groups.setdefault(article.story, set()).add(article.id)
    return {frozenset(group) for group in groups.values()}
