import pytest

from contracts.article import Article
from service.text.anchors import Kind
from service.text.document import document
from service.text.numbers import number_weight


def keys(text: str) -> list[tuple[Kind, str]]:
    found = document(Article(id="1", text=text)).numbers
    return sorted((anchor.kind, anchor.key) for anchor in found)


def test_a_fact_reads_the_same_wherever_its_chunk_was_met_first() -> None:
    alone = keys("50")

    assert keys("ещё 50 базисных пунктов") == [(Kind.NUMBER, "0.5pp")]
    assert keys("50") == alone == [(Kind.NUMBER, "50")]


@pytest.mark.parametrize(
    ("russian", "english", "key"),
    [
        ("до 1,5 млн зрителей", "to 1.5 million viewers", "1500000"),
        ("1,5 миллиона человек", "1.5m people", "1500000"),
        ("свыше 2 млрд зрителей", "over 2bn viewers", "2000000000"),
        ("10 000 зрителей", "10,000 spectators", "10000"),
        ("10\u00a0000 зрителей", "10 thousand spectators", "10000"),
        ("1 234 567 подписей", "1,234,567 signatures", "1234567"),
        ("рост на 5%", "growth of 5 percent", "5%"),
        ("рост на 5 процентов", "growth of 5 per cent", "5%"),
        ("рост на 5,5 %", "growth of 5.50%", "5.5%"),
        ("уровень 85,73 пункта", "level of 85.73 points", "85.73"),
        ("погибли двое", "two were killed", "2"),
        ("погибли пять человек", "five people died", "5"),
        ("двадцать пять машин", "twenty-five cars", "25"),
        ("пятьсот двадцать машин", "five hundred and twenty cars", "520"),
        ("четыреста машин", "four hundred cars", "400"),
        ("двести тысяч машин", "two hundred thousand cars", "200000"),
        ("сорок одна машина", "forty-one cars", "41"),
        ("победа со счётом 3:1", "won it 3-1", "3:1"),
        ("начало в 19:30", "starts at 19:30", "19:30"),
    ],
)
def test_a_number_has_one_key_in_both_languages(russian: str, english: str, key: str) -> None:
    assert keys(russian) == keys(english) == [(Kind.NUMBER, key)]


@pytest.mark.parametrize(
    ("russian", "english", "found"),
    [
        ("встреча 9 февраля", "meeting on February 9", ["02-09"]),
        ("встреча 9-го февраля", "meeting on 9th February", ["02-09"]),
        ("встреча 9 фев", "meeting on Feb. 9", ["02-09"]),
        ("встреча девятого февраля", "meeting on the 9th of February", ["02-09"]),
        ("встреча двадцать второго февраля", "meeting on February twenty-second", ["02-22"]),
        ("встреча 09.02.2026", "meeting on 2026-02-09", ["02-09"]),
        ("в мае 2025 года", "in May 2025", ["2025", "2025-05"]),
        ("1 марта 2024 года", "March 1, 2024", ["03-01", "2024"]),
        ("итоги 2025 года", "the results of 2025", ["2025"]),
        ("встреча в понедельник", "meeting on Monday", ["day1"]),
        ("визит с 20 по 22 февраля", "visit on February 20 to 22", ["02-20", "02-22"]),
        ("визит 20–22 февраля", "visit from 20 to 22 February", ["02-20", "02-22"]),
        ("в ночь с 26 на 27 ноября", "the night of November 26-27", ["11-26", "11-27"]),
    ],
)
def test_a_date_has_one_key_in_both_languages(russian: str, english: str, found: list[str]) -> None:
    assert keys(russian) == keys(english) == [(Kind.DATE, key) for key in found]


@pytest.mark.parametrize("text", ["it may rain", "этот март", "March on Rome", "мая нет"])
def test_a_month_alone_is_no_date(text: str) -> None:
    assert keys(text) == []


def test_a_year_before_a_number_does_not_swallow_it() -> None:
    assert keys("в 2025 300 домов") == [(Kind.NUMBER, "300"), (Kind.DATE, "2025")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on May 5 and 22 people", [(Kind.NUMBER, "22"), (Kind.DATE, "05-05")]),
        ("between 10 and 20 people", [(Kind.NUMBER, "10"), (Kind.NUMBER, "20")]),
        ("с 22 по 20 человек", [(Kind.NUMBER, "20"), (Kind.NUMBER, "22")]),
    ],
)
def test_numbers_around_a_conjunction_are_no_span_of_days(
    text: str, found: list[tuple[Kind, str]]
) -> None:
    assert keys(text) == found


def test_the_number_of_a_disease_is_no_quantity() -> None:
    assert keys("the COVID-19 ward") == keys("отделение COVID-19") == []


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("потратили 1,5 млн зрителей", {"1,5 млн"}),
        ("потратили 1,5 млн рублей", {"1,5 млн рублей"}),
        ("the spill is 4 miles long", {"4 miles"}),
        ("толчок магнитудой 4,8", {"4,8", "магнитудой 4.8"}),
        ("в 0:40 мск", {"0:40", "0:40 мск"}),
    ],
)
def test_the_original_form_is_kept(text: str, surfaces: set[str]) -> None:
    found = document(Article(id="1", text=text)).numbers

    assert {anchor.surface for anchor in found} == surfaces


@pytest.mark.parametrize(
    "text",
    [
        "9" * 400,
        "1." * 300,
        "٣٤ ५६ ²³ ½",
        "5%%%%",
        "$" * 50,
        "31.31.31",
        "99:99 pm",
        "25 pm GMT",
        "half",
        "half past",
        "мск",
        "magnitude",
        "31.02 в 0:10 мск 31 февраля",
        "a million",
        "XXX XXXX",
        "1'2'3",
        "5 of a",
        "три четверти",
        "0 miles",
        "0F",
    ],
)
def test_odd_digits_break_nothing(text: str) -> None:
    document(Article(id="1", text=text))


def test_odd_numbers_tell_more_than_round_ones() -> None:
    weights = [number_weight(key) for key in ("2", "5000000", "17", "85.73")]

    assert weights == [1, 1, 2, 3]
