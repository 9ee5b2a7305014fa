import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.article import Article
from service.text.anchors import Kind
from service.text.document import document
from service.text.quakes import magnitude


def weights(text: str) -> dict[str, int]:
    found = document(Article(id="1", text=text)).anchors
    return {anchor.key: anchor.weight for anchor in found if anchor.kind is Kind.NUMBER}


def shared(first: str, second: str) -> int:
    """Weight of what two texts share."""
    one, other = weights(first), weights(second)
    return sum(min(weight, other[key]) for key, weight in one.items() if key in other)


@pytest.mark.parametrize(
    ("imperial", "metric"),
    [
        ("5 miles away", "в 8 км"),
        ("five miles away", "8 kilometres away"),
        ("a 4-mile slick", "пятно в 6,5 км"),
        ("4 miles", "6.4km"),
        ("6 miles", "10 км"),
        ("12 miles", "19 км"),
        ("12 miles", "20 км"),
        ("half a mile", "0,8 км"),
        ("120 square miles", "310 кв. км"),
        ("260 feet long", "длиной 79 метров"),
        ("300 feet", "91 м"),
        ("12 inches", "30 см"),
        ("100 yards", "91 метр"),
        ("2,500 acres", "1000 гектаров"),
        ("110 pounds", "50 кг"),
        ("110lb", "50 кг"),
        ("60,000 gallons", "227 тысяч литров"),
        ("60,000 gallons", "230 тыс. литров"),
        ("104 degrees Fahrenheit", "40 градусов"),
        ("104°F", "40°C"),
        ("104F", "40C"),
        ("101F", "38,3 °C"),
        ("35 mph", "56 km/h"),
        ("35 miles an hour", "16 м/с"),
        ("64 knots", "33 м/с"),
        ("в 5 милях", "8 km"),
        ("10 футов", "3 metres"),
        ("58 км/ч", "16 м/с"),
        ("1,600 metres", "1,6 км"),
        ("2500 кг", "2.5 tonnes"),
    ],
)
def test_a_quantity_meets_itself_in_another_unit(imperial: str, metric: str) -> None:
    assert shared(imperial, metric) > 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("5 miles", "5 км"),
        ("5 miles", "9 км"),
        ("104F", "104 км"),
        ("12 miles", "25 км"),
        ("0.5 percentage points", "0,5%"),
        ("50 basis points", "50%"),
        ("two F-16s", "-17 градусов"),
    ],
)
def test_quantities_that_differ_share_nothing(first: str, second: str) -> None:
    assert shared(first, second) == 0


@pytest.mark.parametrize(
    ("russian", "english", "key"),
    [
        ("5 млн долларов", "$5m", "5000000 dollar"),
        ("5 млн долл. США", "US$5 million", "5000000 dollar"),
        ("5 млн австралийских долларов", "A$5m", "5000000 dollar"),
        ("1,5 млн ₽", "1.5 million roubles", "1500000 rouble"),
        ("500 р.", "500 rubles", "500 rouble"),
        ("500 руб.", "RUB 500", "500 rouble"),
        ("5 млрд рупий", "Rs 500 crore", "5000000000 rupee"),
        ("500 рупий", "Rs.500", "500 rupee"),
        ("5 млн швейцарских франков", "CHF5m", "5000000 franc"),
        ("1,5 млрд юаней", "RMB1.5bn", "1500000000 yuan"),
        ("1,5 млрд крон", "cr1.5bn", "1500000000 crown"),
        ("1,5 млрд остравских крон", "1,500 million Ostravian crowns", "1500000000 crown"),
        ("2 млрд евро", "€2bn", "2000000000 euro"),
        ("3,5 млн фунтов стерлингов", "£3.5m", "3500000 pound"),
        ("10 млн фунтов", "10 million pounds", "10000000 pound"),
        ("100 млрд иен", "¥100bn", "100000000000 yen"),
        ("2000 рублей", "2000 roubles", "2000 rouble"),
    ],
)
def test_a_sum_is_of_a_currency(russian: str, english: str, key: str) -> None:
    number, _ = key.split()

    assert weights(russian).keys() == weights(english).keys() == {key, number}


def test_a_sum_meets_the_same_number_and_more_so_in_its_currency() -> None:
    """17 roubles: the number at weight 1, with the currency 2 more; dollars share the 1."""
    assert shared("17 рублей", "17 roubles") == 3
    assert shared("17 рублей", "all 17") == 1
    assert shared("17 рублей", "$17") == 1


@pytest.mark.parametrize(
    ("russian", "english", "key"),
    [
        ("на 0,5 процентного пункта", "by half a percentage point", "0.5pp"),
        ("на 0,5 п. п.", "by 50 basis points", "0.5pp"),
        ("на 0,5 п.п.", "by 50bps", "0.5pp"),
        ("на 50 б. п.", "a half-point cut", "0.5pp"),
        ("на полпункта", "by half a point", "0.5pp"),
        ("на 25 базисных пунктов", "by a quarter of a point", "0.25pp"),
        ("на четверть пункта", "a quarter-point cut", "0.25pp"),
        ("на три четверти пункта", "by three quarters of a point", "0.75pp"),
        ("на 5 процентных пунктов", "by 5 percentage points", "5pp"),
        ("пятипроцентный рост", "growth of 5 percent", "5%"),
        ("5-процентный рост", "5% growth", "5%"),
    ],
)
def test_points_and_percents_are_two_things(russian: str, english: str, key: str) -> None:
    assert list(weights(russian)) == list(weights(english)) == [key]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10–15%", {"10", "15%"}),
        ("from 10 to 15 percent", {"10", "15%"}),
        ("5–10 км", {"5", "10"}),
        ("10-15 млн", {"10", "15000000"}),
        ("won 10-15", {"15:10"}),
    ],
)
def test_a_range_of_something_is_its_two_ends(text: str, found: set[str]) -> None:
    assert weights(text).keys() == found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("землетрясение магнитудой 4,8", "M4.8 quake"),
        ("землетрясение магнитудой 4,8", "a magnitude 4.9 quake"),
        ("магнитуда составила 4,8", "a 5.0-magnitude quake"),
        ("4,8 по шкале Рихтера", "a quake with a magnitude of 4.9"),
        ("M5.4 quake", "магнитуда толчка составила 5,2"),
    ],
)
def test_two_agencies_magnitudes_of_one_quake_agree(first: str, second: str) -> None:
    assert shared(first, second) >= 2


def test_magnitudes_of_two_quakes_share_nothing() -> None:
    assert shared("землетрясение магнитудой 4,8", "M5.2 quake") == 0


@given(st.integers(10, 99), st.integers(-9, 9))
def test_magnitudes_share_a_key_if_near_and_none_if_far(tenths: int, apart: int) -> None:
    one = magnitude(["magnitude", f"{tenths / 10:.1f}"], 0)[1]
    other = magnitude(["magnitude", f"{max(10, min(99, tenths + apart)) / 10:.1f}"], 0)[1]
    distance = abs(max(10, min(99, tenths + apart)) - tenths)

    if distance <= 2:
        assert set(one) & set(other)
    if distance >= 4:
        assert not set(one) & set(other)
