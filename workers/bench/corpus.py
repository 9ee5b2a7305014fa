"""Articles for measuring: as long and as mixed as a wire's, made from the sample feed's words.

Not news, and no measure of quality: each story draws some 120 words from the vocabulary of
one language, with invented names and numbers, in sentences of 8 to 20 words. Three in ten
articles reprint one of the last 20,000 under another headline.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from workers.demo.feed import demo_lines

REPRINT_SHARE = 0.3
SPAN_WORDS = (150, 480)
"""Body length, words: 1 to 3 kB of Latin, 2 to 6 kB of Cyrillic text in UTF-8."""
_TOPIC_WORDS = 120
_RECENT = 20_000
_START = datetime(2026, 1, 1, tzinfo=UTC)
_SYLLABLES = {
    "en": "bar den ko lin mor nes pol rit sun tav vel zor gam hart".split(),
    "ru": "бар ден ко лин мор нес пол рит сун тав вел зор гам харт".split(),
}


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    words: NDArray[np.object_]
    probability: NDArray[np.float64]


def corpus(count: int, interval: timedelta, *, first: int = 0, seed: int = 7) -> Iterator[bytes]:
    """``count`` articles as JSON lines, ``interval`` of event time apart.

    Args:
        count: how many.
        interval: between two articles.
        first: number of the first one; ids and times go on from there.
        seed: of the random generator; with ``first`` it fixes every byte.
    """
    random = np.random.default_rng((seed, first))
    vocabularies = _vocabularies()
    recent: list[tuple[str, str, str]] = []
    for number in range(first, first + count):
        if recent and random.random() < REPRINT_SHARE:
            lang, title, text = recent[int(random.integers(len(recent)))]
            title = f"{title} - {_name(random, lang)}"
        else:
            lang = "ru" if random.random() < 0.5 else "en"
            title, text = _story(random, vocabularies[lang], lang)
            recent.append((lang, title, text))
            if len(recent) > _RECENT:
                recent.pop(0)
        article = {
            "id": f"bench-{number}",
            "source": f"outlet-{number % 40}",
            "title": title,
            "text": text,
            "published_at": at(number, interval),
        }
        yield json.dumps(article, ensure_ascii=False).encode()


def at(number: int, interval: timedelta) -> str:
    """When an article was published."""
    return (_START + number * interval).isoformat()


def _vocabularies() -> dict[str, _Vocabulary]:
    counts: dict[str, Counter[str]] = {"ru": Counter(), "en": Counter()}
    for line in demo_lines():
        text = json.loads(line)["text"]
        counts["ru"].update(re.findall(r"\b[а-яё]{2,}\b", text))
        counts["en"].update(re.findall(r"\b[a-z]{2,}\b", text))
    return {
        lang: _Vocabulary(
            np.array(list(words), dtype=object),
            np.array(list(words.values()), dtype=np.float64) / words.total(),
        )
        for lang, words in counts.items()
    }


def _story(random: Generator, vocabulary: _Vocabulary, lang: str) -> tuple[str, str]:
    topic = random.choice(vocabulary.words, size=_TOPIC_WORDS, p=vocabulary.probability)
    names = [_name(random, lang) for _ in range(12)]
    length = int(random.integers(*SPAN_WORDS))
    picks = random.integers(len(topic), size=length)
    special = random.random(length)
    words = [
        names[pick % len(names)]
        if chance < 0.06
        else str(pick * 37 + 11)
        if chance < 0.08
        else topic[pick]
        for pick, chance in zip(picks.tolist(), special.tolist(), strict=True)
    ]
    sentences = []
    start = 0
    while start < length:
        end = start + int(random.integers(8, 20))
        sentence = " ".join(words[start:end])
        sentences.append(sentence[:1].upper() + sentence[1:] + ".")
        start = end
    title = f"{names[0]}: " + " ".join(topic[:7])
    return title, " ".join(sentences)


def _name(random: Generator, lang: str) -> str:
    syllables = _SYLLABLES[lang]
    return "".join(syllables[i] for i in random.integers(len(syllables), size=3)).capitalize()
