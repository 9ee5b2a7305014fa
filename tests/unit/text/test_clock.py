import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.article import Article
from service.text.anchors import Kind
from service.text.clock import pair_in
from service.text.document import document


def keys(text: str, kind: Kind = Kind.NUMBER) -> list[str]:
    found = document(Article(id="1", text=text)).anchors
    return sorted(anchor.key for anchor in found if anchor.kind is kind)


@pytest.mark.parametrize(
    ("won", "lost", "found"),
    [
        ("победа со счётом 3:1", "lost 1-3", ["3:1"]),
        ("победа 2:1 (1:0)", "a 1–2 defeat (0–1)", ["1:0", "2:1"]),
        ("6:4, 4:6, 7:5", "4-6, 6-4, 5-7", ["6:4", "7:5"]),
        ("выиграли 101:87", "went down 87-101", ["101:87"]),
        ("проиграли со счётом 18:21", "won 21-18", ["21:18"]),
        ("0:0", "0-0", ["0:0"]),
    ],
)
def test_a_score_has_one_key_for_both_sides(won: str, lost: str, found: list[str]) -> None:
    assert keys(won) == keys(lost) == found


@pytest.mark.parametrize(
    ("russian", "english", "key"),
    [
        ("в 22:30", "at 10:30 p.m.", "22:30"),
        ("в 22.30 мск", "at 10.30pm", "22:30"),
        ("в 22 часа 30 минут", "at half past ten in the evening", "22:30"),
        ("в половине одиннадцатого вечера", "22:30", "22:30"),
        ("в 10:30 вечера", "10:30 in the evening", "22:30"),
        ("в 7 утра", "at 7am", "7:00"),
        ("в семь часов утра", "at seven o'clock in the morning", "7:00"),
        ("в 7:00", "at 07:00", "7:00"),
        ("в 3 часа дня", "at 3 p.m.", "15:00"),
        ("в 3 часа ночи", "at 3 a.m.", "3:00"),
        ("в полдень", "at noon", "12:00"),
        ("в 12:15 ночи", "at 12:15 a.m.", "0:15"),
        ("в полночь", "at midnight", "0:00"),
    ],
)
def test_a_time_of_day_has_one_key(russian: str, english: str, key: str) -> None:
    assert key in keys(russian)
    assert keys(english) == [key]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("16:40", ["16:40"]),  # a time keeps its order
        ("с 23:00–5:00", ["23:00", "5:00"]),
        ("10.30 percent", ["10.3%"]),
        ("3 дня", ["3"]),
        ("5 часов пути", ["5"]),
        ("2030 GMT", ["20:30"]),
        ("25 pm", ["25"]),
        ("the half past the hour", []),
    ],
)
def test_figures_are_a_time_only_where_the_text_says_so(text: str, found: list[str]) -> None:
    assert keys(text) == found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("в 0:40 по московскому времени", "at 21:40 GMT"),
        ("в 21:30 мск", "at 1830 UTC"),
        ("в 16:00 (мск)", "at 8 a.m. EST"),
        ("в 15:00 мск", "at 8 a.m. ET"),
        ("at 9 p.m. Beijing time", "at 13:00 GMT"),
        ("at 5:30 a.m. PDT", "at 12:30 GMT"),
    ],
)
def test_one_moment_in_two_zones_shares_its_time_in_utc(first: str, second: str) -> None:
    assert set(keys(first)) & set(keys(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("4 марта в 0:40 по московскому времени", "at 21:40 GMT on March 3"),
        ("матч 4 марта", "the match on March 3 at 23:30 GMT"),
        ("1 января в 1:00 мск", "on December 31 at 22:00 GMT"),
        ("on March 3 at 7 p.m. EST", "4 марта в 3:00 мск"),
    ],
)
def test_a_zone_carries_a_day_over_midnight(first: str, second: str) -> None:
    assert set(keys(first, Kind.DATE)) & set(keys(second, Kind.DATE))


@pytest.mark.parametrize("text", ["4 марта в 0:40", "4 марта в 12:40 мск", "4 марта, Москва"])
def test_a_day_stays_what_it_is_without_a_zone_that_changes_it(text: str) -> None:
    assert keys(text, Kind.DATE) == ["03-04"]


@given(st.integers(0, 200), st.integers(0, 200))
def test_whoever_tells_a_score_its_key_is_the_same(first: int, second: int) -> None:
    assert pair_in(f"{first}-{second}") == pair_in(f"{second}-{first}")


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_keeps_its_hour_and_minute(hour: int, minute: int) -> None:
    assert pair_in(f"{hour}:{minute:02}") == f"{hour}:{minute:02}"
