"""Labels before headlines and names of outlets behind them."""

import pytest

from contracts.article import Article
from service.text.document import document
from service.text.headline import headline, headline_of


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Olympics Latest: Rower wins first gold", "Rower wins first gold"),
        ("Coronavirus live updates: Norway opens its schools", "Norway opens its schools"),
        ("LIVE: Governor speaks on flood", "Governor speaks on flood"),
        ("Watch: Whale swims into harbour", "Whale swims into harbour"),
        ("Explained: why the bridge fell", "why the bridge fell"),
        ("Transfer news LIVE: Holt signs for Dorn", "Holt signs for Dorn"),
        ("Harbour fire – live: ferry docks again", "ferry docks again"),
        ("Видео: кит заплыл в гавань", "кит заплыл в гавань"),
        ("СМИ: губернатор уйдёт в отставку", "губернатор уйдёт в отставку"),
        ("Where to live: a guide to Dorn", "Where to live: a guide to Dorn"),
        ("Dorn: bridge opens", "Dorn: bridge opens"),
        ("Губернатор: мост откроют в мае", "Губернатор: мост откроют в мае"),
        ("Live: Dorn", "Live: Dorn"),
    ],
)
def test_a_series_label_goes_and_a_topic_stays(title: str, left: str) -> None:
    assert headline(title).text == left


@pytest.mark.parametrize(
    ("title", "source", "left"),
    [
        ("Rower wins first gold | The Harbour Post", None, "Rower wins first gold"),
        ("Rower wins first gold | Sport - The Harbour Post", None, "Rower wins first gold"),
        ("Rower wins first gold - Harbour Herald", None, "Rower wins first gold"),
        ("Rower wins first gold – harbour.co.uk", None, "Rower wins first gold"),
        ("Rower wins first gold - Larvik Blad", "larvikblad.no", "Rower wins first gold"),
        ("Гребец взял золото - Чемпионат", "Championat.com", "Гребец взял золото"),
        ("Гребец взял золото — РБК", "RBC", "Гребец взял золото"),
        ("Гребец взял золото – Полярная правда", None, "Гребец взял золото"),
        ("Rower wins first gold (video)", None, "Rower wins first gold"),
        ("Five things about the cabin (sponsored)", None, "Five things about the cabin"),
        ("Спартак - Зенит", "Sport", "Спартак - Зенит"),
        ("Dorn beat Lodva - Holt scores twice", "Wire", "Dorn beat Lodva - Holt scores twice"),
        ("Flood on the Sorn | two are missing", None, "Flood on the Sorn | two are missing"),
    ],
)
def test_an_outlets_name_goes_and_news_stays(title: str, source: str | None, left: str) -> None:
    assert headline_of(Article(id="1", title=title, source=source, text="")).text == left


def test_tags_are_found_beside_what_goes() -> None:
    said = headline_of(
        Article(id="1", title="UPDATE 2-Quake hits Larvik | The Harbour Post", text="")
    )

    assert (said.text, said.tags) == ("Quake hits Larvik", ("update",))


def test_two_outlets_headlines_become_one() -> None:
    plain, dressed = (
        document(Article(id="1", title=title, text="", source="Harbour Post"))
        for title in (
            "Rower wins first gold for Norway",
            "Olympics Latest: Rower wins first gold for Norway | The Harbour Post",
        )
    )

    assert dressed.title_tokens == plain.title_tokens
    assert dressed.anchors == plain.anchors


@pytest.mark.parametrize(
    "title",
    ["Мост в Мoсквe открыт", "Мост в Мо́скве открыт", "Мост в М\u00adоскве открыт"],
)
def test_a_disguised_word_is_read_as_it_looks(title: str) -> None:
    assert document(Article(id="1", title=title)).title_tokens == ["мост", "в", "москве", "открыт"]


def test_a_word_written_with_spaces_is_one() -> None:
    assert headline("П О Ж А Р в порту").text == "ПОЖАР в порту"


def test_capitals_throughout_name_nobody() -> None:
    shouted = document(
        Article(
            id="1",
            title="DIVERS FIND RECORDER",
            text="DIVERS FOUND THE RECORDER OF A PLANE IN THE SORN STRAIT. THE US NAVY HELPED.",
        )
    )

    assert [name.key for name in shouted.names] == ["@usa"]


def test_a_shouted_headline_over_a_written_text_names_whom_the_text_names() -> None:
    read = document(Article(id="1", title="HOLT FINDS RECORDER", text="The diver Holt found it."))

    assert [name.surface.lower() for name in read.names] == ["holt"]
