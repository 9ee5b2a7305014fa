"""Shared names and numbers, marked in both texts."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.article import Article
from service.matching.marks import Marks, shared_marks

RU = Article(
    id="ru",
    title="Посол Бездетко дал интервью ТАСС 9 февраля",
    text="МОСКВА, 9 февраля. /ТАСС/. Приехал Бездетко.\nПосол сказал, что 1,5 млн человек "
    "пострадали в Мурманске в 2024 году, рост на 5,6%.",
)
EN = Article(
    id="en",
    title="Ambassador Bezdetko speaks to TASS",
    text="On February 9 Mr Bezdetko said in Murmansk: 1.5 million people suffered in 2024.\n"
    "Up 5.6 percent. His wife, Anna, did not speak.",
)


def said(article: Article, marks: Marks) -> list[tuple[str, int]]:
    """What is marked, in the order of title and text."""
    return [
        (text[span.start : span.end], span.group)
        for text, spans in ((article.title, marks.title), (article.text, marks.text))
        for span in spans
    ]


def test_a_name_and_a_date_have_one_group_in_both_alphabets() -> None:
    ru, en = shared_marks(RU, EN)

    assert said(RU, ru) == [
        ("Бездетко", 0),
        ("9 февраля", 1),
        ("9 февраля", 1),
        ("Бездетко", 0),
        ("1,5 млн", 2),
        ("Мурманске", 3),
        ("2024", 4),
        ("5,6", 5),
    ]
    assert said(EN, en) == [
        ("Bezdetko", 0),
        ("February 9", 1),
        ("Bezdetko", 0),
        ("Murmansk", 3),
        ("1.5 million", 2),
        ("2024", 4),
        ("5.6 percent", 5),
    ]


def test_articles_that_share_nothing_have_no_marks() -> None:
    other = Article(id="b", title="Ferry returns", text="The ferry came back to port on Monday.")

    assert shared_marks(RU, other) == (Marks((), ()), Marks((), ()))


@pytest.mark.parametrize(
    "written", ["<b>Бездетко</b>", "«Бездетко»,", "Без\u00adдетко", "(Бездетко)", "\tБездетко\r"]
)
def test_marks_are_of_the_text_as_it_is_shown(written: str) -> None:
    one = Article(id="a", title="Посол", text=f"Приехал посол {written} в 2024 году.")

    marks, _ = shared_marks(one, EN)

    (name,) = [text for text, group in said(one, marks) if group == 0]
    assert name.replace("\u00ad", "").strip("<>/b") == "Бездетко"


def test_an_article_beside_itself_is_marked_alike() -> None:
    one, other = shared_marks(RU, RU)

    assert one == other
    assert len(one.text) >= 6


@given(
    st.lists(
        st.sampled_from(
            [
                *"aЯ1 .,%\n\u00b6$-'\u00ad\u0301<>",
                "Путин",
                "5,6",
                "9",
                " февраля ",
                "Feb. ",
                "U.S.",
                "\ud55c\uae00",
            ]
        )
    ).map("".join)
)
def test_whatever_the_text_spans_are_in_it_apart_and_in_order(text: str) -> None:
    one = Article.model_construct(id="a", title=text[:40], text=text)

    for marks in shared_marks(one, RU)[:1] + shared_marks(RU, one)[1:] + shared_marks(one, one):
        for shown, spans in ((one.title, marks.title), (one.text, marks.text)):
            assert all(0 <= span.start < span.end <= len(shown) for span in spans)
            assert all(left.end <= right.start for left, right in pairwise(spans))


@settings(max_examples=40)
@given(st.text())
def test_marks_are_total(text: str) -> None:
    one = Article.model_construct(id="a", title=text[:20], text=text)

    assert len(shared_marks(one, EN)) == 2
