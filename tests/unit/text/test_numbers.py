import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.article import Article
from service.text.anchors import Kind
from service.text.document import document
from service.text.numerals import roman


def keys(text: str) -> list[str]:
    found = document(Article(id="1", text=text)).anchors
    return sorted(anchor.key for anchor in found if anchor.kind is Kind.NUMBER)


@pytest.mark.parametrize(
    ("russian", "english", "key"),
    [
        ("6 млрд 200 млн зрителей", "6.2 billion viewers", "6200000000"),
        ("шесть миллиардов двести миллионов", "six billion two hundred million", "6200000000"),
        ("5 тыс. 300 домов", "five thousand three hundred houses", "5300"),
        ("двести пять домов", "two hundred and five houses", "205"),
        ("сто двадцать домов", "one hundred and twenty houses", "120"),
        ("сто тысяч домов", "a hundred thousand houses", "100000"),
        ("полтора миллиона", "one and a half million", "1500000"),
        ("два с половиной миллиона", "2.5mn", "2500000"),
        ("полмиллиона", "half a million", "500000"),
        ("полмиллиарда", "half a billion", "500000000"),
        ("четверть миллиона", "a quarter of a million", "250000"),
        ("миллион подписей", "a million signatures", "1000000"),
        ("один миллион подписей", "one million signatures", "1000000"),
        ("две сотни", "200", "200"),
        ("12 тыс.", "12K", "12000"),
        ("1 234 567", "1,234,567", "1234567"),
        ("1.234.567", "1'234'567", "1234567"),
        ("150 тысяч", "1,50,000", "150000"),
        ("3 млн 400 тыс.", "34 lakh", "3400000"),
        ("шестидесятитрёхлетний", "sixty-three-year-old", "63"),
        ("двадцатипятиэтажный", "25-storey", "25"),
        ("двухмиллионный", "two million", "2000000"),
    ],
)
def test_a_number_in_words_is_that_number(russian: str, english: str, key: str) -> None:
    assert keys(russian) == keys(english) == [key]


@pytest.mark.parametrize(
    ("russian", "english", "key"),
    [
        ("двадцать второй фестиваль", "twenty-second festival", "22"),
        ("XXII фестиваль", "22nd festival", "22"),
        ("ХХ фестиваль", "20th festival", "20"),  # as a Russian keyboard has it
        ("XVI века", "16th-century", "16"),
        ("в I квартале", "in the first quarter", "1"),
        ("во II квартале", "in the second quarter", "2"),
        ("в третьем квартале", "in the third quarter", "3"),
        ("Вторая мировая война", "World War II", "2"),
        ("Лев XIV", "Leo XIV", "14"),
        ("22-й тур", "round 22", "22"),
        ("второй тайм", "second half", "2"),
    ],
)
def test_an_ordinal_is_a_number(russian: str, english: str, key: str) -> None:
    assert keys(russian) == keys(english) == [key]


@pytest.mark.parametrize(
    "text",
    [
        "I think so", "I half expected it", "X marks the spot", "V for victory", "a second later",
        "first of all", "millions of people", "hundreds", "many a hundred", "семинар", "Пятигорск",
        "двухпалатный парламент", "half of them", "a quarter of them", "на полпути",
    ],
)  # fmt: skip
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert keys(text) == ([] if text != "many a hundred" else ["100"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("two B-52s", ["2", "52"]),  # no two billions
        ("200m freestyle", ["200"]),  # metres
        ("waves 5 m high", ["5"]),
        ("200m people", ["200000000"]),
        ("5 thousand 12 people", ["12", "5000"]),
        ("три десятых", ["3"]),
        ("в 2025 300 домов", ["300"]),
    ],
)
def test_what_stands_beside_a_number_may_be_no_part_of_it(text: str, found: list[str]) -> None:
    assert keys(text) == found


@pytest.mark.parametrize(
    ("russian", "english", "age"),
    [
        ("на 78-м году жизни", "aged 77", "77"),
        ("на семьдесят восьмом году жизни", "a 77-year-old", "77"),
        ("77-летний актёр", "in his 78th year", "77"),
        ("в возрасте 77 лет", "in the 78th year of his life", "77"),
    ],
)
def test_the_year_of_a_life_is_an_age(russian: str, english: str, age: str) -> None:
    assert keys(russian) == keys(english) == [age]


@pytest.mark.parametrize("text", ["на 5-м году войны", "the 78th year of the festival"])
def test_the_year_of_anything_else_is_no_age(text: str) -> None:
    assert keys(text) in (["5"], ["78"])


def test_a_roman_numeral_is_no_name() -> None:
    found = document(Article(id="1", text="Открылся XXII фестиваль в Дорне.")).names

    assert [anchor.surface for anchor in found] == ["Дорне"]


@given(st.integers(1, 39))
def test_roman_numerals_are_read_as_they_are_written(value: int) -> None:
    tens, ones = divmod(value, 10)
    written = "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]

    assert roman(written) == value
