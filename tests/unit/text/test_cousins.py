"""Words of near languages as Russian spells them."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.cousins import MOST_SPELLINGS, NEAR, spellings


@pytest.mark.parametrize(
    ("lang", "word", "russian"),
    [
        ("uk", "рішення", "решение"),
        ("uk", "років", "год"),
        ("uk", "виявили", "выявили"),
        ("uk", "ніс", "нос"),
        ("uk", "населення", "население"),
        ("uk", "сільського", "сельский"),
        ("uk", "роздратований", "раздратованый"),
        ("uk", "об'єктами", "объектами"),
        ("uk", "мэр", "мэр"),
        ("be", "прэзідэнт", "президент"),
        ("be", "беларускага", "белоруского"),
        ("be", "воўк", "волк"),
        ("be", "дзіва", "диво"),
        ("be", "значэнне", "значение"),
        ("be", "сьпіс", "спис"),
        ("be", "перамовы", "переговоры"),
        ("bg", "президентът", "президент"),
        ("bg", "страната", "страна"),
        ("bg", "правителството", "правительство"),
        ("bg", "обектът", "объект"),
        ("bg", "бързо", "быстрый"),
    ],
)
def test_a_word_is_offered_as_russian_spells_it(lang: str, word: str, russian: str) -> None:
    assert russian in spellings(word, lang)


def test_a_beginning_does_not_swallow_a_longer_word() -> None:
    """«міст-» is the town («міста»), and «містифікація» is none."""
    assert next(spellings("містами", "uk")) == "город"
    assert "город" not in spellings("містифікація", "uk")


@given(st.sampled_from(sorted(NEAR)), st.text(alphabet="абвгдеєжзиіїйклмноўэъыя'ь", min_size=1))
def test_spellings_are_some_and_bounded(lang: str, word: str) -> None:
    found = list(islice(spellings(word, lang), 100))

    assert 1 <= len(found) <= MOST_SPELLINGS + 1
