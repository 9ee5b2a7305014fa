import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.article import Article
from service.text.anchors import Place
from service.text.chunks import CHUNKS, WORDS
from service.text.document import LONGEST_TEXT, LONGEST_TITLE, document, documents
from service.text.tokens import word_tokens


def names(title: str, text: str) -> set[str]:
    return {anchor.surface for anchor in document(Article(id="1", title=title, text=text)).names}


def test_a_capital_inside_a_sentence_is_a_name() -> None:
    assert names("", "вчера Бездетко встретился с Гуцаном в Ханое.") == {
        "Бездетко",
        "Гуцаном",
        "Ханое",
    }


def test_a_sentences_first_word_is_no_name_by_accident() -> None:
    assert names("", "Накануне прошла встреча. Участники довольны. Договор подписан.") == set()


def test_a_sentences_first_word_is_a_name_where_another_place_proves_it() -> None:
    assert names("", "Бездетко прибыл. Позже Бездетко улетел.") == {"Бездетко"}


def test_a_sentences_first_word_is_a_name_where_a_name_follows() -> None:
    assert names("", "Геннадий Бездетко прибыл.") == {"Геннадий", "Бездетко"}


def test_a_headline_in_title_case_proves_no_name() -> None:
    found = names("Bezdetko Praises Strong Ties With Partners", "the envoy Bezdetko spoke of ties.")

    assert found == {"Bezdetko"}


def test_an_english_title_of_office_is_no_name() -> None:
    assert names("", "today President Smithson met Prime Minister Jonesson.") == {
        "Smithson",
        "Jonesson",
    }


def test_a_name_in_the_title_is_placed_there_and_counted() -> None:
    read = document(Article(id="1", title="Приехал Бездетко", text="приехал посол Бездетко."))

    (anchor,) = read.names
    assert (anchor.key, anchor.place, anchor.times) == ("bzdtk", Place.TITLE, 2)


def test_translations_share_their_anchors() -> None:
    russian = document(
        Article(
            id="1",
            text="Посол Геннадий Бездетко 9 февраля сообщил ТАСС, что визит То Лама "
            "в мае 2025 года принёс 1,5 млн долларов и 12 соглашений с Вьетнамом.",
        )
    )
    english = document(
        Article(
            id="2",
            text="Ambassador Gennady Bezdetko told TASS on February 9 that the May 2025 "
            "visit of To Lam brought $1.5 million and 12 accords with Vietnam.",
        )
    )

    assert {anchor.key for anchor in russian.anchors} == {anchor.key for anchor in english.anchors}


def test_a_headline_repeated_in_the_text_is_read_once() -> None:
    read = document(Article(id="1", title="Принят бюджет", text="Принят бюджет\nДума голосовала."))

    assert read.tokens == ["дума", "голосовала"]


def test_list_items_are_counted() -> None:
    read = document(Article(id="1", text="Главное:\n— одно\n— другое\n• третье\n4. четвёртое"))

    assert read.items == 4


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        (["— Вы довольны?", "— Да, — ответил он.", "— И всё?", "— Пока всё."], 0),
        (["– Are you glad?", "– I am!", "– Is that all?", "– It is."], 0),
        (["— Мост открыт", "— Суд отложен", "— Кто выиграл «Кубок»?", "— Погода"], 4),
        (["• Вы довольны?", "• Да!", "• И всё?", "• Пока всё."], 4),
    ],
)
def test_what_is_spoken_behind_dashes_is_no_list(lines: list[str], items: int) -> None:
    read = document(Article(id="1", text="\n".join(["Беседа в Колме.", *lines])))

    assert read.items == items


def test_the_names_of_a_title_are_ranked_as_they_stand() -> None:
    title = "Dorn beat Lodva, Dorn fans sing"
    read = documents([Article(id="1", title=title, text="It was cold, Karga said.")])

    ranks = zip(read.anchors.surfaces, read.anchors.ranks.tolist(), strict=True)
    assert dict(ranks) == {"Dorn": 1, "Lodva": 2, "Karga": 0}


def test_a_title_is_made_of_the_first_line_where_there_is_none() -> None:
    assert document(Article(id="1", text="Первая строка\nвторая")).title == "Первая строка"


def test_a_long_title_is_cut_at_a_word() -> None:
    title = document(Article(id="1", title="слово " * 200)).title

    assert len(title) <= LONGEST_TITLE
    assert title.endswith("слово…")


def test_of_a_huge_text_only_the_beginning_is_read() -> None:
    read = document(Article(id="1", text="слово " * 900_000))

    assert len(read.tokens) == pytest.approx(LONGEST_TEXT / 6, abs=1)


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000_000, "<" * 100_000, "[" * 100_000, "Фото: " * 9_000, "&#" * 50_000, "А. " * 9_000],
)
def test_hostile_texts_are_read(text: str) -> None:
    document(Article(id="1", text=text))


@given(st.text(), st.text())
def test_any_text_gives_a_document(title: str, text: str) -> None:
    batch = documents([Article(id="1", title=f"T{title}", text=text)])

    (read,) = batch.read
    assert batch.bounds.tolist() == [0, len(read.title_tokens) + len(read.tokens)]
    assert [WORDS.texts[number] for number in batch.words] == read.title_tokens + read.tokens
    assert read.lead_end <= len(read.tokens)
    assert all(0 <= at < len(batch.words) for at in batch.varying)


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=4))
def test_articles_read_together_are_as_if_read_alone(texts: list[tuple[str, str]]) -> None:
    articles = [Article(id="1", title=f"T. {title}", text=text) for title, text in texts]

    together = documents(articles).read

    for read, article in zip(together, articles, strict=True):
        alone = document(article)
        assert (read.title_tokens, read.tokens) == (alone.title_tokens, alone.tokens)
        assert (read.lang, read.lead_end, read.items) == (alone.lang, alone.lead_end, alone.items)
        assert read.anchors == alone.anchors


def test_what_was_read_stays_readable_when_the_tables_start_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CHUNKS, "_limit", 3)
    read = document(Article(id="1", text="Власти закрыли мост через реку Вилюгу."))

    again = document(Article(id="1", text="Власти закрыли мост через реку Вилюгу."))

    assert read.tokens == again.tokens == "власти закрыли мост через реку вилюгу".split()
    assert read.anchors == again.anchors


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("Dam bursts — three die.", "Dam bursts — three die.", id="short"),
        pytest.param(
            "HANOI, Feb 9 (VNA) - " + "Rain-fed  rivers\nrose by 1,5 metres. " * 6,
            " ".join(["Rain-fed rivers rose by 1,5 metres."] * 3),
            id="first sentences",
        ),
    ],
)
def test_the_lead_as_written_holds_the_leads_words(text: str, lead: str) -> None:
    found = document(Article(id="1", title="Rivers", text=text))

    assert found.lead == lead
    assert word_tokens(found.lead) == found.tokens[: found.lead_end]
    assert word_tokens(found.text) == found.tokens
