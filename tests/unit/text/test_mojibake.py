"""Mojibake: a table of invented headlines in Russian and Ukrainian, by all the ways in which feeds
break them, and one of headlines in fifty languages that must stay as they are.
"""

import re
from pathlib import Path

import pytest

from contracts.article import Article
from service.stories.intent import Wish, intent
from service.text import diagnosis
from service.text.bigrams import evidence
from service.text.mojibake import SAMPLE, mended, repaired
from tests.support.mojibake.damages import (
    CONTROLS_LOST,
    MIXED,
    ONCE,
    SWAPPED_TWICE,
    TWICE,
    TWINS,
    WORN,
    Damage,
    kept,
)

FOLDER = Path(__file__).parents[2] / "support" / "mojibake"
HEADLINES = (FOLDER / "headlines.txt").read_text().splitlines()
GOOD = [line.split("\t")[1] for line in (FOLDER / "good.txt").read_text().splitlines()]

LEAST_REPAIRED = 0.98
"""Of the headlines of a damage."""
BROKEN = {
    name: damage for name, damage in {**ONCE, **TWICE, **MIXED, **WORN}.items() if name not in TWINS
}


def shown(text: str) -> str:
    """As it is read: a no-break space is a space."""
    return " ".join(text.split())


def mending(text: str) -> str:
    found = repaired(text)
    return text if found is None else found.text


def letters(text: str) -> list[str]:
    return re.findall(r"\w", text)


def missed(damage: Damage) -> float:
    """The share that does not come back as it was, of the headlines whose letters the damage keeps:
    not every page has those of Ukrainian.
    """
    whole = {headline: kept(headline, damage) for headline in HEADLINES}
    tried = [sent for headline, sent in whole.items() if letters(sent) == letters(headline)]
    assert len(tried) > 180
    return sum(shown(mending(damage(sent))) != shown(sent) for sent in tried) / len(tried)


def test_there_are_headlines_enough() -> None:
    assert len(set(HEADLINES)) >= 300
    assert len(set(GOOD)) >= 300


@pytest.mark.parametrize("name", BROKEN)
def test_headlines_are_repaired(name: str) -> None:
    assert missed(BROKEN[name]) <= 1 - LEAST_REPAIRED


@pytest.mark.parametrize("name", SWAPPED_TWICE)
def test_two_pages_of_letters_alone_leave_one_in_eight_in_doubt(name: str) -> None:
    assert missed(SWAPPED_TWICE[name]) <= 1 / 8


@pytest.mark.parametrize("name", TWINS)
def test_a_headline_of_a_twin_page_leans_on_its_text(name: str) -> None:
    body = " ".join(HEADLINES[:5])
    damage = ONCE[name]

    wrong = [
        headline
        for headline in HEADLINES
        if shown(mended(Article(id="1", title=damage(headline), text=damage(body)))[0].title)
        != shown(kept(headline, damage))
    ]

    assert len(wrong) <= (1 - LEAST_REPAIRED) * len(HEADLINES)


def test_letters_whose_second_byte_was_lost_are_guessed_by_their_neighbours() -> None:
    right = total = 0
    for headline in HEADLINES:
        expected = letters(headline)
        said = letters(mending(CONTROLS_LOST(headline)))
        right += sum(one == other for one, other in zip(said, expected, strict=False))
        total += len(expected)

    assert right / total > 0.97


@pytest.mark.parametrize("text", GOOD)
def test_a_good_headline_stays_as_it_is(text: str) -> None:
    assert repaired(text) is None


@pytest.mark.parametrize("text", GOOD)
def test_a_good_text_stays_as_it_is(text: str) -> None:
    assert repaired(f"{text}. " * 20) is None


@pytest.mark.parametrize("text", [*HEADLINES, *(each.upper() for each in HEADLINES)])
def test_good_cyrillic_stays_as_it_is(text: str) -> None:
    assert repaired(text) is None


@pytest.mark.parametrize("page", ["latin-1", "windows-1252"])
@pytest.mark.parametrize(
    "text",
    [
        "München feiert: Die Größe zählt",
        "It’s done — really",
        "Le président français à Évry : « voilà »",
        "São Paulo: não há água",
        "Łódź: Żółta gęś już śpi",
        "Příliš žluťoučký kůň",
        "Các nước Đông Nam Á họp tại Hà Nội",
        "İstanbul’da şiddetli yağış",
        "Ελλάδα: Η κυβέρνηση",
        "€100 for a £50 ticket",
        "Україна — це Європа: їжа й ґанок",
        "naïve 😀 emoji",
        "don’t",
    ],
)
def test_utf_8_of_any_language_comes_back(text: str, page: str) -> None:
    for damage in (ONCE[f"UTF-8 read as {page}"], TWICE[f"UTF-8 read as {page}, twice"]):
        found = repaired(damage(text))

        assert found is not None
        assert found.text == text


def test_how_it_came_is_said_in_the_order_in_which_it_happened() -> None:
    title = "Рецензия на фильм «Тихая вода»"
    broken = MIXED["windows-1251 read as latin-1, then UTF-8 read as windows-1251"](title)

    article, said = mended(Article(id="1", title=broken))

    assert article.title == title
    assert said == "windows-1251 read as latin-1, then UTF-8 read as windows-1251"


def test_title_and_text_are_judged_each_by_itself() -> None:
    broken = ONCE["koi8-r read as windows-1251"]("Губернатор подал в отставку")

    article, said = mended(Article(id="1", title="Отставка губернатора", text=broken))

    assert article.title == "Отставка губернатора"
    assert article.text == "Губернатор подал в отставку"
    assert said == "text: koi8-r read as windows-1251"


@pytest.mark.parametrize("name", ["windows-1251 read as latin-1", "koi8-r read as windows-1251"])
def test_a_word_that_proves_nothing_leans_on_its_article(name: str) -> None:
    damage = ONCE[name]
    text = "Мост через залив открыли после двух лет работ."

    alone = repaired(damage("Мост"))
    titled, said = mended(Article(id="1", title=damage("Мост"), text=damage(text)))
    texted, _ = mended(Article(id="1", title=damage(text), text=damage("Мост")))

    assert alone is None
    assert (titled.title, titled.text, said) == ("Мост", text, name)
    assert (texted.title, texted.text) == (text, "Мост")


def test_a_good_title_does_not_lean_on_a_broken_text() -> None:
    text = ONCE["windows-1251 read as latin-1"]("Мост через залив открыли после двух лет работ.")

    for title in ("Größe", "Ça va", "Мост", "Bridge", "МИД", "São Paulo"):
        assert mended(Article(id="1", title=title, text=text))[0].title == title


def test_an_article_that_is_as_it_should_be_is_the_same_object() -> None:
    article = Article(id="1", title="Мост открыт", text="Открыт мост.")

    assert mended(article) == (article, None)
    assert mended(article)[0] is article


@pytest.mark.parametrize(
    ("headline", "wish"),
    [
        ("АННУЛИРУЕТСЯ: мост открыли в марте", Wish.KILL),
        ("НЕ ДЛЯ ПУБЛИКАЦИИ: мост откроют в марте", Wish.HOLD),
        ("МОЛНИЯ: взрыв на заводе", Wish.PUBLISH),
    ],
)
@pytest.mark.parametrize(
    "name",
    ["windows-1251 read as latin-1", "koi8-r read as windows-1251", "UTF-8 read as windows-1251"],
)
def test_a_tag_in_a_broken_headline_is_heard(headline: str, wish: Wish, name: str) -> None:
    article, _ = mended(Article(id="1", title=ONCE[name](headline)))

    assert intent(article).wish is wish


def test_what_came_right_into_a_broken_text_stays() -> None:
    broken = ONCE["windows-1251 read as latin-1"]("Мост открыт")

    found = repaired(f"{broken} — 😀 <b>{broken}</b> &mdash; iPhone")

    assert found is not None
    assert found.text == "Мост открыт — 😀 <b>Мост открыт</b> &mdash; iPhone"


def test_what_an_outlet_adds_in_good_letters_hides_nothing() -> None:
    broken = ONCE["windows-1251 read as latin-1"]("Рецензия на фильм о войне")

    assert mending(f"{broken} | РИА Новости") == "Рецензия на фильм о войне | РИА Новости"


def test_a_text_that_was_cut_within_a_letter_loses_that_letter() -> None:
    for name in ("UTF-8 read as latin-1", "UTF-8 read as windows-1251"):
        assert mending(ONCE[name]("Губернатор подал в отставку")[:-1]) == (
            "Губернатор подал в отставк"
        )
        assert mending(ONCE[name]("ГУБЕРНАТОР ВИЛЮГИН")[:-1]) == "ГУБЕРНАТОР ВИЛЮГИ"


def test_the_same_text_is_repaired_the_same_way_and_once() -> None:
    for name, damage in BROKEN.items():
        found = repaired(damage(HEADLINES[3]))

        assert found == repaired(damage(HEADLINES[3])), name
        assert found is not None, name
        assert repaired(found.text) is None, name


def test_words_are_told_from_noise() -> None:
    broken = ONCE["koi8-r read as windows-1251"]

    for headline in HEADLINES:
        if len(headline) > 20:
            assert evidence(headline).mean > 0.4
            assert evidence(broken(headline)).mean < 0.1


def test_a_clean_text_is_not_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(sample: str) -> None:
        raise AssertionError(sample)

    monkeypatch.setattr(diagnosis, "_undone", refuse)

    repaired("The governor said on Monday that it’s open — yes.")
    repaired("Größe zählt: Münchner Straßenbahn fährt künftig häufiger als bisher geplant")
    mixed = [line for line in HEADLINES if len(line) > 40 and not line.isupper()]
    texts = [" ".join(mixed[at : at + 8]) for at in range(0, len(mixed), 8)]
    for text in texts:
        repaired(text)


def test_only_the_beginning_is_looked_at() -> None:
    broken = ONCE["windows-1251 read as latin-1"]("Мост открыт. " * 50)

    assert repaired("Bridge opened. " * SAMPLE + broken) is None
