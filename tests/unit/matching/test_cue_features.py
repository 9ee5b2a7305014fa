"""Opposites, roles and stages of two headlines, told apart in two languages."""

import numpy as np
import pytest

from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.keywords import Vocabulary
from service.matching.columns import Columns
from service.matching.cue_features import NAMES
from service.matching.features import features
from tests.unit.matching.newsroom import fingerprint


def seen(first: Fingerprint, second: Fingerprint) -> dict[str, float]:
    """The cue features of two fingerprints."""
    found = features(Columns.of([first, second], Vocabulary.load()), np.array([0]), np.array([1]))
    return {name: float(found[name][0]) for name in NAMES}


def of_titles(first: str, second: str) -> dict[str, float]:
    """Of two headlines whose reports begin with them, so that their names are proven."""
    return seen(*(fingerprint(title, f"It was said today: {title}.") for title in (first, second)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bank of Merania raises rate to 5%", "Bank of Merania cuts rate to 5%"),
        ("ЦБ повысил ставку до 5%", "ЦБ снизил ставку до 5%"),
        ("ЦБ повысил ставку до 5%", "Central bank cuts rate to 5%"),
        ("Senate passes budget bill", "Senate rejects budget bill"),
        ("Сенат принял бюджет", "Сенат не принял бюджет"),
        ("Президент подписал закон", "Президент наложил вето на закон"),
        ("Sanchez arrested in Madrid", "Sanchez released in Madrid"),
        ("Coach Mora joins Lodva", "Тренер Мора ушёл из «Лодвы»"),
        ("Власти отменили комендантский час", "Власти ввели комендантский час"),
        ("Аэропорт Дорна возобновил работу", "Dorn airport suspends flights"),
        ("Минздрав подтвердил вспышку", "Минздрав опроверг сообщения о вспышке"),
        ("Hostage rescued in Lodva", "Hostage killed in Lodva"),
        ("Jury finds Lund guilty", "Jury finds Lund not guilty"),
    ],
)
def test_opposites_stand_apart_in_title_and_lead(first: str, second: str) -> None:
    found = of_titles(first, second)

    assert found["titles_opposed"] == found["cues_opposed"] == found["both_opposed"] == -1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bank of Merania raises rate to 5%", "Банк Мерании повысил ставку до 5%"),
        ("Mayor Lund found not guilty", "Мэр Лунд признан невиновным"),
        ("Exports rise as imports fall", "Imports fall in Merania"),
        ("Dorn beat Lodva 2-1", "Lodva lose 1-2 to Dorn"),
        ("Bridge opens in Kolm", "Trains run late in Kolm"),
    ],
)
def test_one_event_told_twice_is_no_opposite(first: str, second: str) -> None:
    found = of_titles(first, second)

    assert found["titles_opposed"] == found["both_opposed"] == 0


def test_the_lead_speaks_where_the_title_says_nothing() -> None:
    opens = fingerprint("News from the border", "Merania has opened the crossing at Lodva.")
    closes = fingerprint("Lodva crossing closes", "Merania has closed the crossing at Lodva.")

    found = seen(opens, closes)

    assert (found["titles_opposed"], found["cues_opposed"], found["both_opposed"]) == (0, -1, 0)


REPORT = "Reporters of Serbia, Kosovo, Microsoft and Adobe, of Dorn and of Lodva, were told so."


def swapped(first: str, second: str) -> float:
    """Of two headlines over a report that names them all."""
    return seen(fingerprint(first, REPORT), fingerprint(second, REPORT))["roles_swapped"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Serbia accuses Kosovo of provocations", "Kosovo accuses Serbia of provocations"),
        ("Сербия обвинила Косово", "Косово обвинило Сербию"),
        ("Сербия обвинила Косово", "Kosovo accuses Serbia"),
        ("Microsoft buys Adobe", "Adobe buys Microsoft"),
        ("Microsoft buys Adobe", "Microsoft acquired by Adobe"),
        ("Dorn beat Lodva", "Lodva beat Dorn"),
        ("Dorn beat Lodva", "Dorn lose to Lodva"),
    ],
)
def test_who_did_it_to_whom_is_told_the_other_way_round(first: str, second: str) -> None:
    assert swapped(first, second) == swapped(second, first) == -1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Serbia accuses Kosovo of provocations", "Сербия обвинила Косово в провокациях"),
        ("Microsoft buys Adobe", "Adobe acquired by Microsoft"),
        ("Dorn beat Lodva", "Lodva lose to Dorn"),
        ("Dorn beat Lodva and end a losing streak", "Dorn beat Lodva"),
        ("Serbia and Kosovo meet", "Kosovo and Serbia meet"),
        ("Serbia accuses Kosovo", "Kosovo is accused"),
        ("Serbian Lodva wins cup", "Lodva of Serbia wins cup"),
        ("Serbian rider Dorn Lodva thanked", "Rider Dorn Lodva of Serbia thanked"),
    ],
)
def test_told_from_the_other_side_the_roles_are_the_same(first: str, second: str) -> None:
    assert swapped(first, second) == 0


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("negated_apart", "Trains to Dorn", "No trains to Dorn"),
        ("denied_apart", "Завод закроют летом", "Завод опроверг сообщения о закрытии"),
        ("ahead_apart", "Preview: Dorn host Lodva", "Dorn host Lodva"),
        ("court_apart", "Mayor of Kolm questioned", "Court sentences mayor of Kolm"),
        ("voice_apart", "Ничья в Колме", "Тренер прокомментировал ничью в Колме"),
        ("explains_apart", "Bridge sways in Kolm", "Why the bridge in Kolm sways"),
        ("round_up_apart", "Танкер обстреляли в проливе", "Главное за день: танкер и мост"),
    ],
)
def test_stage_and_tone_stand_apart(name: str, first: str, second: str) -> None:
    assert of_titles(first, second)[name] == -1
    assert of_titles(second, second)[name] == 0


def test_a_column_meets_only_its_own_kind() -> None:
    assert of_titles("Гороскоп: Овен", "Horoscope: Taurus")["recurring"] == -1
    assert of_titles("Гороскоп: Овен", "Овен")["recurring"] == 0


def test_two_reports_of_what_grows() -> None:
    found = of_titles("Blast in Kolm kills three, injured taken away", "Seven killed in Kolm blast")

    assert found["tolls"] == 1
