"""Articles in languages near to Russian meet its reports and English ones, and no others."""

import pytest

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier

STRIKE = {
    "ru": (
        "Докеры порта Ларвик прекратили забастовку",
        (
            "Докеры порта Ларвик во вторник прекратили забастовку, которая длилась девять "
            "дней. С апреля их зарплата вырастет на 7 процентов, сообщила глава профсоюза "
            "Ингрид Сольберг. На рейде ждут разгрузки 61 судно. Порт оценивает потери в 90 "
            "миллионов крон."
        ),
    ),
    "en": (
        "Larvik dockers end strike",
        (
            "Dockers in the port of Larvik on Tuesday ended a strike that had lasted nine "
            "days. Their pay will rise by 7 percent from April, union leader Ingrid Solberg "
            "said. 61 ships are waiting to be unloaded. The port puts its losses at 90 "
            "million crowns."
        ),
    ),
    "uk": (
        "Докери порту Ларвік припинили страйк",
        (
            "Докери порту Ларвік у вівторок припинили страйк, який тривав дев'ять днів. З "
            "квітня їхня зарплата зросте на 7 відсотків, повідомила голова профспілки Інгрід "
            "Сольберг. На рейді чекають на розвантаження 61 судно. Порт оцінює втрати в 90 "
            "мільйонів крон."
        ),
    ),
    "be": (
        "Докеры порта Ларвік спынілі забастоўку",
        (
            "Докеры порта Ларвік у аўторак спынілі забастоўку, якая доўжылася дзевяць дзён. З"
            " красавіка іх зарплата вырасце на 7 працэнтаў, паведаміла кіраўніца прафсаюза "
            "Інгрыд Сольберг. На рэйдзе чакаюць разгрузкі 61 судна. Порт ацэньвае страты ў 90"
            " мільёнаў крон."
        ),
    ),
    "bg": (
        "Докерите на пристанище Ларвик прекратиха стачката",
        (
            "Докерите на пристанище Ларвик във вторник прекратиха стачката, която продължи "
            "девет дни. От април заплатите им ще се повишат със 7 процента, съобщи "
            "ръководителката на профсъюза Ингрид Солберг. На рейда чакат разтоварване 61 "
            "кораба. Пристанището оценява загубите на 90 милиона крони."
        ),
    ),
}
ANOTHER = {
    "ru": (
        "Пожар на складе в Хамаре",
        (
            "Пожар на складе бумаги в Хамаре потушен, пострадавших нет, сообщили спасатели. "
            "Огонь охватил 300 квадратных метров. На месте работали 14 пожарных. Причину "
            "выясняет полиция."
        ),
    ),
    "en": (
        "Fire at warehouse in Hamar",
        (
            "A fire at a paper warehouse in Hamar has been put out and nobody was hurt, "
            "rescuers said. It covered 300 square metres. 14 firefighters worked there."
        ),
    ),
}


def _print(
    fingerprinter: Fingerprinter, told: dict[str, tuple[str, str]], lang: str
) -> Fingerprint:
    title, text = told[lang]
    (made,) = fingerprinter.fingerprints([Article(id=lang, title=title, text=text)])
    return made


@pytest.mark.parametrize("lang", ["uk", "be", "bg"])
@pytest.mark.parametrize("known", ["ru", "en"])
def test_a_report_in_a_near_language_meets_its_twin_alone(lang: str, known: str) -> None:
    fingerprinter, verifier = Fingerprinter.load(), Verifier.load()
    near = _print(fingerprinter, STRIKE, lang)
    twin, stranger = (_print(fingerprinter, told, known) for told in (STRIKE, ANOTHER))

    same, other = verifier.verdicts([(near, twin), (near, stranger)]).probabilities

    assert near.lang == lang
    assert same >= verifier.join_threshold
    assert other < 0.01


def test_an_encoder_says_which_languages_it_reads() -> None:
    fingerprinter = Fingerprinter.load()
    verifier = Verifier.load(languages=frozenset({"en", "ru"}))
    pair = _print(fingerprinter, STRIKE, "uk"), _print(fingerprinter, STRIKE, "ru")

    assert fingerprinter.languages == {"en", "ru", "uk", "be", "bg"}
    assert verifier.verdicts([pair]).probabilities[0] < 0.01
