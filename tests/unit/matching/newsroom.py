"""Articles written for these tests, and their fingerprints by the bundled model."""

from functools import cache
from typing import Any

import numpy as np

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter

TEXTS: dict[str, tuple[str, str]] = {
    "talks-en": (
        "Foreign ministers Okonjo and Lindqvist meet in Vilnius",
        (
            "Foreign ministers Amara Okonjo and Erik Lindqvist met in Vilnius on April 14 to "
            "discuss fishing rights in the northern seas. After three hours of talks they "
            "agreed to cut the herring quota by 12.5 percent and to send inspectors to 40 "
            "ports. Okonjo called the agreement a first step. Lindqvist said a treaty could "
            "be signed in Reykjavik in October."
        ),
    ),
    "talks-ru": (
        "Главы МИД Оконджо и Линдквист встретились в Вильнюсе",
        (
            "Министры иностранных дел Амара Оконджо и Эрик Линдквист 14 апреля встретились в "
            "Вильнюсе, чтобы обсудить права на рыболовство в северных морях. После трёх часов "
            "переговоров они договорились сократить квоту на вылов сельди на 12,5 процента и "
            "направить инспекторов в 40 портов. Оконджо назвал соглашение первым шагом. "
            "Линдквист сказал, что договор может быть подписан в Рейкьявике в октябре."
        ),
    ),
    "flash-ru": (
        "Главы МИД Оконджо и Линдквист встретились в Вильнюсе",
        (
            "Министры иностранных дел Амара Оконджо и Эрик Линдквист 14 апреля встретились в "
            "Вильнюсе."
        ),
    ),
    "elephant-en": (
        "Elephant escapes from zoo in Pretoria and visits a bakery",
        (
            "A six-year-old elephant walked out of a zoo in Pretoria on Tuesday night and "
            "broke the window of a bakery. Keepers lured the animal back with apples. Nobody "
            "was hurt, the zoo said, and the owner of the bakery will be paid for 200 loaves "
            "of bread."
        ),
    ),
    "quake-a-en": (
        "Magnitude 5.4 earthquake strikes off Valparaiso",
        (
            "A magnitude 5.4 earthquake struck 38 km off Valparaiso on April 3, the survey "
            "said. The focus was at a depth of 61 km. No casualties were reported."
        ),
    ),
    "quake-b-en": (
        "Magnitude 6.1 earthquake strikes off Valparaiso",
        (
            "A magnitude 6.1 earthquake struck 112 km off Valparaiso on May 19, the survey "
            "said. The focus was at a depth of 17 km. No casualties were reported."
        ),
    ),
    "quake-b-ru": (
        "Землетрясение магнитудой 6,1 произошло у Вальпараисо",
        (
            "Землетрясение магнитудой 6,1 произошло 19 мая в 112 км от Вальпараисо, сообщила "
            "служба. Очаг находился на глубине 17 км. О пострадавших не сообщалось."
        ),
    ),
    "digest-en": (
        "The day in ten lines",
        (
            "- Ministers Okonjo and Lindqvist meet in Vilnius\n"
            "- An elephant visits a bakery in Pretoria\n"
            "- Quake of magnitude 5.4 off Valparaiso\n"
            "- Lisbon trams stand still\n"
            "- Opera opens in Oslo\n"
            "- Chess: Havel leads after round three"
        ),
    ),
}


@cache
def fingerprinter() -> Fingerprinter:
    return Fingerprinter.load()


def fingerprint(title: str, text: str, **fields: Any) -> Fingerprint:
    article = Article(**{"id": "a", "title": title, "text": text, **fields})
    (made,) = fingerprinter().fingerprints([article])
    return made


@cache
def known(name: str) -> Fingerprint:
    """The fingerprint of one of ``TEXTS``; its suffix is the language."""
    title, text = TEXTS[name]
    return fingerprint(title, text, id=name, lang=name[-2:])


def pairs(count: int, rng: np.random.Generator) -> list[tuple[Fingerprint, Fingerprint]]:
    """Pairs drawn from ``TEXTS`` with repetition."""
    names = list(TEXTS)
    return [(known(rng.choice(names)), known(rng.choice(names))) for _ in range(count)]
