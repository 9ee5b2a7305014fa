"""One story or two: the bundled verifier on texts it has not seen."""

import time

import numpy as np
import pytest

from contracts.events import Relation
from service.fingerprints.fingerprint import Fingerprint
from service.matching.verify import Verdict, Verifier
from tests.support.builders.fingerprints import changed
from tests.unit.matching.newsroom import TEXTS, fingerprint, known, pairs


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier.load()


def verdict(verifier: Verifier, newer: str, earlier: str) -> Verdict:
    return verifier.verdicts([(known(newer), known(earlier))])[0]


@pytest.mark.parametrize(
    ("newer", "earlier"),
    [("talks-ru", "talks-en"), ("talks-en", "talks-ru"), ("flash-ru", "talks-en"),
     ("quake-b-ru", "quake-b-en")],
)  # fmt: skip
def test_a_translation_joins(verifier: Verifier, newer: str, earlier: str) -> None:
    judged = verdict(verifier, newer, earlier)

    assert judged.probability >= verifier.join_threshold
    assert judged.relation is Relation.TRANSLATION
    assert judged.guards == ()


@pytest.mark.parametrize(
    ("newer", "earlier"),
    [("talks-en", "elephant-en"), ("talks-ru", "elephant-en"), ("talks-ru", "quake-a-en"),
     ("quake-b-en", "quake-a-en"), ("quake-b-ru", "quake-a-en"), ("digest-en", "elephant-en"),
     ("digest-en", "talks-ru"), ("quake-a-en", "digest-en")],
)  # fmt: skip
def test_another_story_stays_apart(verifier: Verifier, newer: str, earlier: str) -> None:
    assert verdict(verifier, newer, earlier).probability < verifier.join_threshold


def test_a_bulletin_of_another_person_is_vetoed_in_words(verifier: Verifier) -> None:
    def obituary(name: str) -> Fingerprint:
        return fingerprint(
            f"Composer {name} dies at 79",
            f"Composer {name} has died at the age of 79, the family of {name.split()[1]} said "
            "on Tuesday. The funeral will be held at the weekend.",
            lang="en",
        )

    one, again, other = obituary("Tarvo Ellim"), obituary("Tarvo Ellim"), obituary("Dana Kosmar")
    same, apart = verifier.verdicts([(again, one), (other, one)])

    assert same.probability >= verifier.join_threshold
    assert apart.probability == 0
    assert apart.guards[0].startswith("other names: one template")


def test_a_bulletin_with_other_facts_is_vetoed_in_words(verifier: Verifier) -> None:
    judged = verdict(verifier, "quake-b-en", "quake-a-en")

    assert judged.probability == 0
    assert judged.guards[0].startswith("other facts")


def test_a_digest_is_vetoed_in_words(verifier: Verifier) -> None:
    judged = verdict(verifier, "elephant-en", "digest-en")

    assert judged.probability == 0
    assert judged.guards[0].startswith("digest")


FERRY = (
    "Ferry {goes} to Kolm island",
    (
        "The harbour office of Veligorsk {went} the ferry to Kolm island on Tuesday, director "
        "Anna Lisko said. The 140 people who live there had been told a week before."
    ),
)
BEAR = (
    "Bear walks into bakery in Dorn",
    (
        "A young bear walked into a bakery in Dorn on Tuesday morning and left with two loaves, "
        "owner Zdena Holub said. Nobody was hurt. Rangers led the animal back to the forest."
    ),
)
OBITUARY = {
    "en": (
        "Composer {} dies",
        "Composer {} has died in {}, the opera said on Tuesday. The farewell will be on Sunday.",
    ),
    "ru": (
        "Умер композитор {}",
        "Композитор {} умер в {}, сообщили во вторник в опере. Прощание пройдёт в выходные.",
    ),
}


def test_the_contrary_is_vetoed_in_words(verifier: Verifier) -> None:
    title, text = FERRY
    sails, again, stops = (
        fingerprint(title.format(goes=goes), text.format(went=went), lang="en")
        for goes, went in (("resumes", "resumed"), ("is back", "resumed"), ("ends", "halted"))
    )

    same, apart = verifier.verdicts([(again, sails), (stops, sails)])

    assert same.guards == ()
    assert apart.probability == 0
    assert apart.guards == ("opposite: title and lead say that the contrary happened",)


def test_swapped_roles_are_vetoed_in_words(verifier: Verifier) -> None:
    def accused(first: str, second: str) -> Fingerprint:
        return fingerprint(
            f"{first} accuses {second} of spying",
            f"On Tuesday {first} accused {second} of spying and sent two diplomats home. The "
            "neighbours have had no embassy in each other's capital for six years.",
            lang="en",
        )

    (apart,) = verifier.verdicts([(accused("Merania", "Ostravia"), accused("Ostravia", "Merania"))])

    assert apart.probability == 0
    assert apart.guards[0].startswith("swapped: ")


def test_a_report_with_a_list_at_its_end_is_no_digest(verifier: Verifier) -> None:
    title, text = BEAR
    tail = "\nMost read\n- Trams stand still\n- Rate cut again\n- Cup final sold out\n- Snow"
    plain, listed = (fingerprint(title, body, lang="en") for body in (text, text + tail))
    trams = fingerprint(
        "Trams stand still in Veligorsk", "Tram drivers in Veligorsk walked out on Tuesday."
    )

    joined, apart = verifier.verdicts([(listed, plain), (trams, listed)])

    assert (listed.items, joined.guards) == (4, ())
    assert joined.probability >= verifier.join_threshold
    assert apart.guards[0].startswith("digest: ")


def test_an_obituary_of_another_is_vetoed_across_languages(verifier: Verifier) -> None:
    def obituary(lang: str, name: str, place: str) -> Fingerprint:
        title, text = OBITUARY[lang]
        return fingerprint(title.format(name), text.format(name, place), lang=lang)

    one = obituary("en", "Tarvo Ellim", "Veligorsk")
    same, apart = verifier.verdicts(
        [
            (obituary("ru", "Тарво Эллим", "Велигорске"), one),
            (obituary("ru", "Дана Космар", "Зареченске"), one),
        ]
    )

    assert same.guards == ()
    assert apart.probability == 0
    assert apart.guards[0].startswith("other names: ")


def test_a_toll_that_grows_is_not_vetoed_and_the_next_accident_is(verifier: Verifier) -> None:
    def crash(day: str, dead: int, hurt: int) -> Fingerprint:
        return fingerprint(
            f"В аварии под Колмом погибли {dead} человека",
            f"{day} марта под Колмом столкнулись автобус и грузовик. Погибли {dead} человека, "
            f"пострадали {hurt}, сообщили в МВД.",
            lang="ru",
        )

    grown, other = verifier.verdicts(
        [(crash("3", 4, 9), crash("3", 2, 6)), (crash("27", 4, 9), crash("3", 2, 6))]
    )

    assert grown.guards == ()
    assert other.guards[0].startswith("other facts: ")


def test_an_exact_copy_joins_whatever_it_says(verifier: Verifier) -> None:
    digest = known("digest-en")

    judged = verifier.verdicts([(changed(digest, article_id="b"), digest)])[0]

    assert judged.probability > 0.99
    assert judged.relation is Relation.COPY


@pytest.mark.parametrize("words", ["", "Видео", "Прямой эфир"])
def test_two_words_join_nothing_not_even_their_copy(verifier: Verifier, words: str) -> None:
    short = fingerprint(words or "...", "", lang="ru")

    judged = verifier.verdicts([(short, short), (short, known("talks-ru"))])

    assert [one.probability for one in judged] == [0, 0]
    assert judged[0].guards[0].startswith("too short")


def test_three_words_join_their_exact_copy_only(verifier: Verifier) -> None:
    short = fingerprint("Оконджо прибыл в Вильнюс", "", lang="ru")

    copied = verifier.verdicts([(changed(short, article_id="b"), short)])[0]

    assert copied.probability > 0.99


def test_a_tagged_refiling_with_other_numbers_is_a_revision(verifier: Verifier) -> None:
    title, text = TEXTS["quake-a-en"]
    refiled = fingerprint(
        f"CORRECTED-{title}", text.replace("5.4", "5.6").replace("61 km", "58 km"), lang="en"
    )

    judged = verifier.verdicts([(refiled, known("quake-a-en"))])[0]

    assert judged.probability >= verifier.join_threshold
    assert judged.relation is Relation.REVISION


def test_a_trimmed_reprint_is_a_rewrite(verifier: Verifier) -> None:
    title, text = TEXTS["talks-en"]
    trimmed = fingerprint(title, text.rsplit(". ", 2)[0] + ".", lang="en")

    judged = verifier.verdicts([(trimmed, known("talks-en"))])[0]

    assert judged.probability >= verifier.join_threshold
    assert judged.relation is Relation.REWRITE


def test_a_language_the_model_does_not_know_joins_no_other(verifier: Verifier) -> None:
    foreign = changed(known("talks-ru"), lang="kk", digest=1)

    across, within = verifier.verdicts(
        [(foreign, known("talks-en")), (foreign, changed(known("talks-ru"), lang="kk"))]
    )

    assert across.probability < 0.01
    assert within.probability >= verifier.join_threshold


def test_the_batch_changes_no_verdict(verifier: Verifier) -> None:
    chosen = pairs(40, np.random.default_rng(3))

    together = verifier.verdicts(chosen)

    assert list(together) == [verifier.verdicts([pair])[0] for pair in chosen]


def test_no_pairs_no_verdicts(verifier: Verifier) -> None:
    assert list(verifier.verdicts([])) == []


def test_a_batch_takes_well_under_its_budget(verifier: Verifier) -> None:
    chosen = pairs(1200, np.random.default_rng(4))
    verifier.verdicts(chosen)

    began = time.perf_counter()
    verifier.verdicts(chosen)

    assert (time.perf_counter() - began) / len(chosen) < 200e-6  # ten times the budget: CI is slow
