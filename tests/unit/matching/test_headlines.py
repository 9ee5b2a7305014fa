"""Headlines that must speak for themselves: labels, series, and one text under many headlines."""

from itertools import combinations

import pytest

from contracts.article import Article
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.headlines import are_editions, common_share, without_label
from service.matching.verify import Verifier
from tests.unit.matching.series import DESCRIPTION, HEADLINES, LABEL, OUTLET


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        ("Live: Rain", "Live: Snow", ("Rain", "Snow")),
        ("Rain | The Post", "Snow | The Post", ("Rain", "Snow")),
        ("Регата – онлайн: Дождь — Волна", "Регата – онлайн: Шторм — Волна", ("Дождь", "Шторм")),
        ("Rain at last", "Rain at sea", ("Rain at last", "Rain at sea")),
        ("Live: Rain", "Rain", ("Live: Rain", "Rain")),
        ("Live: Rain", "Live: Rain", ("Rain", "Rain")),
        ("Follow-up on rain", "Follow-up on snow", ("Follow-up on rain", "Follow-up on snow")),
        ("", "Rain", ("", "Rain")),
    ],
)
def test_what_is_left_of_two_headlines_without_a_label_of_both(
    one: str, other: str, left: tuple[str, str]
) -> None:
    assert without_label(one, other) == left
    assert without_label(other, one) == left[::-1]


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("Bridge opens in Murmansk", "New Murmansk bridge opened", 2 / 3),  # opens, opene
        ("Мост открыли в Вельморе", "Открытие моста: Вельмора ждёт", 2 / 3),  # открыли, открытие
        ("Bridge opens", "Ferry sinks", 0.0),
        ("Live: a b c", "Live: d e f", 1.0),  # no words to compare
        ("Toll at 7", "Toll at 12", 0.5),
        ("Velmora harbour opens again - Alpha", "Velmora harbour opens again - Beta", 0.8),
    ],
)
def test_the_share_of_words_in_common(one: str, other: str, share: float) -> None:
    assert common_share(one, other) == pytest.approx(share)


@pytest.fixture(scope="module")
def fingerprinter() -> Fingerprinter:
    return Fingerprinter.load()


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier.load()


def item(number: int, title: str, text: str, source: str | None = OUTLET) -> Article:
    return Article(id=f"i{number}", source=source, lang="en", title=title, text=text)


@pytest.mark.parametrize("text", ["", DESCRIPTION])
@pytest.mark.parametrize(
    "title", ["{}", f"{LABEL}: {{}}", f"{{}} | {OUTLET}", f"{LABEL}: {{}} | {OUTLET}"]
)
@pytest.mark.parametrize("source", [OUTLET, None])
def test_of_forty_items_of_a_series_no_two_are_one_story(
    fingerprinter: Fingerprinter, verifier: Verifier, title: str, text: str, source: str | None
) -> None:
    items = [
        item(number, title.format(headline), text, source)
        for number, headline in enumerate(HEADLINES)
    ]

    found = verifier.verdicts(list(combinations(fingerprinter.fingerprints(items), 2)))

    assert len(found) == 780
    assert max(found.probabilities) < verifier.join_threshold


@pytest.mark.parametrize("text", ["", DESCRIPTION])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dutch cyclist Pieter Maas wins road race", "Pieter Maas of Netherlands wins road race"),
        ("Kayak course closed after storm", "Storm damage closes kayak course"),
    ],
)
def test_two_items_of_a_series_on_one_event_are_one_story(
    fingerprinter: Fingerprinter, verifier: Verifier, one: str, other: str, text: str
) -> None:
    items = [item(place, f"{LABEL}: {each}", text) for place, each in enumerate((one, other))]
    mine, theirs = fingerprinter.fingerprints(items)

    (verdict,) = verifier.verdicts([(theirs, mine)])

    assert verdict.probability >= verifier.join_threshold


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("2020/05/25 17:00 GMT", "2020/05/25 14:00 GMT", True),
        ("Новости 12:00", "Новости 15:00", True),
        ("Выпуск 34", "Выпуск 34", False),
        ("Three die in Velmora blast", "Seven die in Velmora blast", False),
        ("Blast in Velmora kills 3", "Blast in Velmora kills 7", False),  # a toll that grows
        ("Новости", "Новости 15:00", False),
    ],
)
def test_editions_of_a_bulletin_differ_in_their_numbers(one: str, other: str, are: bool) -> None:
    assert are_editions(one, other) is are


def test_hourly_bulletins_over_one_teaser_stay_apart(
    fingerprinter: Fingerprinter, verifier: Verifier
) -> None:
    teaser = "The latest five minute news bulletin from Velmora Radio."
    items = [item(hour, f"2026/03/02 {hour}:00 GMT", teaser, "Radio") for hour in (14, 17)]

    mine, theirs = fingerprinter.fingerprints(items)
    (verdict,) = verifier.verdicts([(theirs, mine)])

    assert verdict.probability == 0


def test_a_report_of_two_outlets_under_other_headlines_is_one_story(
    fingerprinter: Fingerprinter, verifier: Verifier
) -> None:
    text = "Nightclubs in Velmora have come back to life, but owners check guests for fever."
    mine, theirs = fingerprinter.fingerprints([
        item(1, "Dancing with disinfectant: Velmora's nightclubs back in the groove", text, "One"),
        item(2, "Nightclub guests in Velmora are checked for fever", text, "Two"),
    ])  # fmt: skip

    (verdict,) = verifier.verdicts([(theirs, mine)])

    assert verdict.probability > verifier.join_threshold
