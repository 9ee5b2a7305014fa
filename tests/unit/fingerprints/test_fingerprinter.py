import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.article import Article
from service.fingerprints.fingerprinter import Fingerprinter
from service.fingerprints.minhash import jaccard
from tests.unit.fingerprints.builders import as_plain, fingerprint_of, fingerprinter

REPORT = (
    "Посол Геннадий Бездетко 9 февраля сообщил ТАСС, что визит То Лама в Москву принёс 12 "
    "соглашений на 1,5 млн долларов. По его словам, стороны продолжат работу в Ханое, где "
    "осенью соберутся делегации обеих стран, чтобы обсудить торговлю, энергетику и науку."
)


def test_copies_share_digest_and_signature() -> None:
    one = fingerprint_of(REPORT, title="Принят бюджет")
    other = fingerprint_of(
        f"<p>МОСКВА, 9 фев - РИА Новости. {REPORT}</p>", title="Принят бюджет - РИА Новости"
    )

    assert one.digest == other.digest
    assert one.shingle_rows.tolist() == other.shingle_rows.tolist()


def test_a_light_edit_has_another_digest_and_much_of_the_signature() -> None:
    one, other = fingerprint_of(REPORT), fingerprint_of(REPORT.replace("осенью ", ""))

    assert one.digest != other.digest
    assert jaccard(one.shingle_rows, other.shingle_rows) > 0.6


def test_a_translation_shares_anchors() -> None:
    russian = fingerprint_of(REPORT)
    english = fingerprint_of(
        "Ambassador Gennady Bezdetko told TASS on February 9 that the visit of To Lam to Moscow "
        "brought 12 accords worth $1.5 million. The work goes on in Hanoi, he said."
    )

    assert set(russian.names) == set(english.names)
    assert set(russian.numbers) == set(english.numbers)
    assert jaccard(russian.shingle_rows, english.shingle_rows) < 0.1


def test_templated_texts_with_other_facts_share_their_template() -> None:
    text = "Сегодня Банк России установил курс доллара на {} марта в размере {} рубля за единицу."
    one, other = fingerprint_of(text.format(2, "85,73")), fingerprint_of(text.format(3, "91,04"))

    assert one.template_rows.tolist() == other.template_rows.tolist()
    assert set(one.numbers).isdisjoint(other.numbers)


def test_a_batch_gives_what_single_articles_give() -> None:
    texts = [REPORT, "Да", "🎯", REPORT[:90], "The quick brown fox met Mr Smith in London"]
    articles = [Article(id=str(number), text=text) for number, text in enumerate(texts)]
    maker = fingerprinter()

    together = maker.fingerprints(articles)

    alone = [made for article in articles for made in maker.fingerprints([article])]
    assert [as_plain(made) for made in together] == [as_plain(made) for made in alone]


def test_no_articles_give_no_fingerprints() -> None:
    assert fingerprinter().fingerprints([]) == []


def test_the_articles_own_fields_are_kept() -> None:
    made = fingerprint_of(
        "текст",
        id="7",
        version=3,
        source="ТАСС",
        title="ПОПРАВКА: Принят бюджет",
        published_at="2026-02-09T10:00:00Z",
    )

    assert (made.article_id, made.version, made.source) == ("7", 3, "ТАСС")
    assert (made.title, made.tag) == ("Принят бюджет", "correction")
    assert made.published_ms == 1_770_631_200_000


@pytest.mark.parametrize(
    "text",
    [
        "слово " * 800_000,
        "x" * 5_000_000,
        "a\x00b c\x00d e",
        "\ud800 \udfff low",
        "\u202e\u200b\u200d",
    ],
)
def test_texts_that_feeds_really_send(text: str) -> None:
    fingerprint_of(text, title="t")


@settings(max_examples=50)
@given(st.text(max_size=300), st.text(max_size=80))
def test_any_text_gives_a_fingerprint(text: str, title: str) -> None:
    made = fingerprint_of(text, title=f"T{title}")

    assert made.shingle_rows.shape == (64,)
    assert made.body_vector.shape == made.head_vector.shape == (256,)


def test_the_bundled_model_loads_and_names_itself() -> None:
    maker = Fingerprinter.load()

    (made,) = maker.fingerprints([Article(id="1", text=REPORT)])

    assert len(maker.model.sha256) == 16
    assert made.body_vector.any()
    assert made.head_vector.any()
