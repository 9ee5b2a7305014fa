"""A footer is no news, and a reprint under another headline is one story all the same."""

import pytest

from service.fingerprints.fingerprint import Fingerprint
from service.matching.verify import Verdict, Verifier
from tests.unit.matching.newsroom import TEXTS, fingerprint

FOOTER = (
    "All rights reserved. Reprints only with a link in the first paragraph of the text. Subscribe "
    "to our morning letter, follow our channel and turn on notifications, so that you learn of the "
    "most important things before all others. The opinions of our authors need not be those of the "
    "editors. Readers who find a mistake may mark it and press two keys together. The site uses "
    "cookies and counts visits; by going on reading you agree to the rules of the service."
)
RUSSIAN_FOOTER = (
    "Все права защищены. Перепечатка материалов возможна только со ссылкой в первом абзаце. "
    "Подписывайтесь на наш канал и включайте уведомления, чтобы узнавать о самом важном раньше "
    "других. Мнение редакции может не совпадать с мнением авторов. Если вы заметили ошибку, "
    "выделите её и нажмите две клавиши. Сайт использует файлы cookie и считает посещения."
)


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier.load()


def verdict(verifier: Verifier, newer: Fingerprint, earlier: Fingerprint) -> Verdict:
    return verifier.verdicts([(newer, earlier)])[0]


def footed(name: str, footer: str, *, words: int = 400, ahead: bool = False) -> Fingerprint:
    title, text = TEXTS[name]
    parts = [" ".join(text.split()[:words]), footer]
    return fingerprint(title, "\n".join(parts[::-1] if ahead else parts), lang=name[-2:])


@pytest.mark.parametrize("words", [0, 10, 400])
@pytest.mark.parametrize("ahead", [False, True])
def test_a_footer_links_nothing_and_the_editor_reads_why(
    verifier: Verifier, words: int, ahead: bool
) -> None:
    one = footed("talks-en", FOOTER, words=words, ahead=ahead)
    other = footed("elephant-en", FOOTER, words=words, ahead=ahead)

    judged = verdict(verifier, other, one)

    assert judged.probability == 0
    assert judged.guards[-1] == (
        "boilerplate: a passage in common, but neither headline is about the other's text"
    )


def test_a_footer_in_a_third_language_links_no_two_languages(verifier: Verifier) -> None:
    one = footed("talks-ru", RUSSIAN_FOOTER)
    other = footed("elephant-en", RUSSIAN_FOOTER)

    assert verdict(verifier, other, one).probability == 0


def test_a_footer_keeps_no_reprint_and_no_translation_out(verifier: Verifier) -> None:
    plain = fingerprint(*TEXTS["talks-en"], lang="en")
    translated = fingerprint(*TEXTS["talks-ru"], lang="ru")
    reprint = footed("talks-en", FOOTER)

    for earlier in (plain, translated, footed("talks-ru", FOOTER)):
        judged = verdict(verifier, reprint, earlier)
        assert judged.probability >= verifier.join_threshold
        assert judged.guards == ()


def test_a_reprint_under_another_headline_is_one_story(verifier: Verifier) -> None:
    _, text = TEXTS["talks-en"]
    one = fingerprint(*TEXTS["talks-en"], lang="en")
    other = fingerprint(
        "Herring quota cut after ministers talk for three hours", text, lang="en", source="Beacon"
    )

    judged = verdict(verifier, other, one)

    assert judged.guards == ()
    assert judged.probability >= verifier.join_threshold


def test_texts_without_headlines_are_held_to_their_leads(verifier: Verifier) -> None:
    one, other = (fingerprint("", f"{TEXTS[name][1]}\n{FOOTER}", lang="en")
                  for name in ("talks-en", "elephant-en"))  # fmt: skip
    again = fingerprint("", TEXTS["talks-en"][1], lang="en")

    assert verdict(verifier, other, one).probability == 0
    assert verdict(verifier, again, one).probability >= verifier.join_threshold


def test_in_an_unknown_language_headlines_prove_nothing(verifier: Verifier) -> None:
    text = (
        "Вилюгте өзен арқылы өтетін көпір екі жылға созылған жөндеуден кейін сейсенбіде ашылды. "
        "Қала әкімі Остап Гринь жұмысқа 41 миллион гривна жұмсалғанын айтты."
    )
    one = fingerprint("Вилюгте көпір ашылды", text, lang="kk")
    other = fingerprint("Автобустар қайта жүре бастады", text, lang="kk")

    assert "boilerplate" not in " ".join(verdict(verifier, other, one).guards)
