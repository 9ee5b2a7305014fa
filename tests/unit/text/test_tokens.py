import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.tokens import Mark, chunk_of, word_tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Вице-премьер едет в Нью-Йорк.", ["вице", "премьер", "едет", "в", "нью", "йорк"]),
        ("Ёлка, ещё одна", ["елка", "еще", "одна"]),
        ("Пу\u0301тин", ["путин"]),  # stress mark of encyclopaedic Russian
        ("и\u0306од", ["йод"]),  # decomposed й
        ("пере\u00adнос", ["перенос"]),  # soft hyphen
        ("Trump’s U.S. trip", ["trump", "usa", "trip"]),
        ("US tells us", ["usa", "tells", "us"]),
        ("п’ять об’єктів", ["пять", "об'єктів"]),
        ("Großbritannien", ["grossbritannien"]),
        ("ﬁve ２０", ["five", "20"]),
        ("up 1.5% to 10,000", ["up", "1.5", "to", "10000"]),
        ("1,5 млн", ["1.5", "млн"]),
        ("1,234,567.89", ["1234567.89"]),
        ("1.234.567,89", ["1234567.89"]),
        ("3:2 или 10:30", ["3:2", "или", "10:30"]),
        ("snake_case", ["snake", "case"]),
        ("см. https://example.org/a?b=c и t.me/channel", ["см", "и"]),
        ("пишите на desk@example.org или @desk", ["пишите", "на", "или"]),
        ("日本語", ["日", "本", "語"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("العربية", ["العربية"]),
        ("🎯 👍🏽 — ***", []),
        ("", []),
    ],
)
def test_words_are_cut_and_brought_to_normal_form(text: str, words: list[str]) -> None:
    assert word_tokens(text) == words


@pytest.mark.parametrize(
    ("chunk", "mark"),
    [
        ("слово", Mark(0)),
        ("Москва", Mark.CAPITAL),
        ("Путин,", Mark.CAPITAL | Mark.BREAKS),
        ("сказал.", Mark.ENDS),
        ("said.”", Mark.ENDS | Mark.BREAKS),
        ("г.", Mark(0)),
        ("Mr.", Mark.CAPITAL),
        ("А.С.", Mark.CAPITAL),
        ("U.S.", Mark.CAPITAL),
        ("12%", Mark.FACT | Mark.SIGNED),
        ("двое", Mark.FACT),
        ("—", Mark.BARE),
    ],
)
def test_a_chunk_shows_what_later_stages_look_for(chunk: str, mark: Mark) -> None:
    assert Mark(chunk_of(chunk)[2]) == mark


@given(st.text())
def test_words_hold_no_space_and_are_their_own_normal_form(text: str) -> None:
    words = word_tokens(text)

    assert all(word and not any(char.isspace() for char in word) for word in words)
    assert all(word == word.casefold() for word in words)


@given(st.text(), st.text())
def test_words_of_two_texts_side_by_side_are_the_words_of_each(one: str, other: str) -> None:
    assert word_tokens(f"{one} {other}") == word_tokens(one) + word_tokens(other)
