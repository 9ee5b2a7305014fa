"""Words of made-up stories in two languages; every story has words of its own."""

import random
from dataclasses import dataclass

_LATIN = "ba de ko lu mi na po ra su ti ve zo gar mel tor vin sal dor ker lan".split()
_CYRILLIC = "ба де ко лу ми на по ра су ти ве зо гар мел тор вин сал дор кер лан".split()
_FRAMES = {
    "en": (
        "The {place} of {town} {verb}, {person} of {company} said.",
        "{town} {place} {verb}, says {person}",
        "harbour market bridge station airport school factory library museum stadium".split(),
        "opened closed flooded burned moved reopened merged expanded failed recovered".split(),
    ),
    "ru": (
        "{place} города {town} {verb}, сообщил {person} из компании {company}.",
        "{place} города {town} {verb}, говорит {person}",
        "Порт Рынок Мост Вокзал Аэропорт Завод Музей Стадион Театр Склад".split(),
        "открылся закрылся затоплен сгорел переехал расширен восстановлен продан".split(),
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a story is told in."""

    lang: str
    title: str
    text: str


def words(rng: random.Random, sentences: int = 5) -> Words:
    """A new story's."""
    lang = rng.choice(["ru", "en"])
    frame, headline, places, verbs = _FRAMES[lang]
    said = {
        "place": rng.choice(places),
        "verb": rng.choice(verbs),
        "town": name(rng, lang),
        "person": f"{name(rng, lang)} {name(rng, lang)}",
        "company": name(rng, lang),
    }
    text = [frame.format(**said), *(sentence(rng, lang) for _ in range(sentences))]
    return Words(lang, headline.format(**said), " ".join(text))


def name(rng: random.Random, lang: str) -> str:
    """An invented name."""
    syllables = _CYRILLIC if lang == "ru" else _LATIN
    return "".join(rng.choices(syllables, k=rng.randint(3, 4))).capitalize()


def sentence(rng: random.Random, lang: str) -> str:
    """Invented words and a number."""
    found = " ".join(name(rng, lang).lower() for _ in range(9))
    return f"{found.capitalize()} {rng.randint(11, 99_999)}."
