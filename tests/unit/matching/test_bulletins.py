"""Templated bulletins: the same facts in two languages are one story, other facts never.

Kinds that the verifier was not trained on, so that no rule for a template can pass.
"""

from itertools import combinations
from random import Random

import numpy as np
import pytest

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier

TOWNS = [
    ("Тверь", "Твери", "Tver"),
    ("Самара", "Самаре", "Samara"),
    ("Казань", "Казани", "Kazan"),
    ("Пермь", "Перми", "Perm"),
    ("Омск", "Омске", "Omsk"),
]
MONTHS = [("января", "January"), ("марта", "March"), ("июля", "July")]

TEMPLATES = {
    "air": (
        (
            "Индекс качества воздуха в {in_ru}: {big}\n"
            "В {in_ru} {day} {month_ru} индекс качества воздуха составил {big}, сообщила служба "
            "мониторинга. Содержание мелких частиц достигло {real_ru} микрограмма на кубометр."
        ),
        (
            "Air quality index in {en}: {big}\n"
            "The air quality index in {en} stood at {big} on {month_en} {day}, the monitoring "
            "service said. Fine particles reached {real} micrograms per cubic metre."
        ),
    ),
    "petrol": (
        (
            "Литр бензина в {in_ru} стоит {real_ru} рубля\n"
            "Средняя цена литра бензина в {in_ru} на {day} {month_ru} составила {real_ru} рубля. "
            "За неделю топливо подорожало на {small} копеек, дизельное стоит {big} рублей."
        ),
        (
            "A litre of petrol costs {real} rubles in {en}\n"
            "The average price of a litre of petrol in {en} was {real} rubles as of "
            "{month_en} {day}. Fuel rose by {small} kopecks in a week, diesel costs {big} rubles."
        ),
    ),
    "river": (
        (
            "Уровень воды у города {ru} вырос до {big} сантиметров\n"
            "Уровень воды в реке у города {ru} на утро {day} {month_ru} составил {big} "
            "сантиметров. За сутки вода поднялась на {small} сантиметра."
        ),
        (
            "River level near {en} rises to {big} centimetres\n"
            "The water level in the river near {en} was {big} centimetres on the morning of "
            "{month_en} {day}. The water rose by {small} centimetres in a day."
        ),
    ),
    "fire": (
        (
            "В {in_ru} сгорел склад площадью {big} квадратных метров\n"
            "Пожар на складе в {in_ru} потушили утром {day} {month_ru}, сообщили спасатели. "
            "Площадь возгорания составила {big} квадратных метров, пострадали {small} человек."
        ),
        (
            "Warehouse of {big} square metres burns down in {en}\n"
            "A fire at a warehouse in {en} was put out on the morning of {month_en} {day}, "
            "rescuers said. The fire covered {big} square metres and {small} people were hurt."
        ),
    ),
}
FACT_SETS = 8


def bulletins(kind: str) -> list[tuple[int, Fingerprint]]:
    """Each fact set in Russian and in English; half of the sets are of one town and month."""
    random = Random(kind)
    articles = []
    for facts in range(FACT_SETS):
        one_place = facts < FACT_SETS // 2
        town = TOWNS[0] if one_place else random.choice(TOWNS)
        month = MONTHS[0] if one_place else random.choice(MONTHS)
        real = f"{random.uniform(50, 70):.1f}"
        values = {
            "ru": town[0],
            "in_ru": town[1],
            "en": town[2],
            "month_ru": month[0],
            "month_en": month[1],
            "day": 2 + 3 * facts,
            "big": random.randint(41, 399),
            "small": random.randint(2, 9),
            "real": real,
            "real_ru": real.replace(".", ","),
        }
        for lang, template in zip(("ru", "en"), TEMPLATES[kind], strict=True):
            title, text = template.format(**values).split("\n")
            articles.append(Article(id=f"{kind}-{facts}-{lang}", title=title, text=text, lang=lang))
    made = Fingerprinter.load().fingerprints(articles)
    return [(place // 2, fingerprint) for place, fingerprint in enumerate(made)]


@pytest.mark.parametrize("kind", TEMPLATES)
def test_bulletins_are_told_apart_by_their_facts_in_both_languages(kind: str) -> None:
    verifier = Verifier.load()
    pairs = list(combinations(bulletins(kind), 2))
    same = np.array([first == second for (first, _), (second, _) in pairs])

    verdicts = verifier.verdicts([(newer, earlier) for (_, earlier), (_, newer) in pairs])
    joined = np.array(verdicts.probabilities) >= verifier.join_threshold

    assert joined[same].all()
    assert not joined[~same].any()
