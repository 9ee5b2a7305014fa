import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.article import Article
from service.text.document import document
from service.text.known_names import known_name
from service.text.names import _CYRILLIC_RULES, _ENDING, _ENDS, _LATIN_RULES, Rule, skeleton
from service.text.naming import names_in


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Бездетко", "Bezdetko"),
        ("Путин", "Putin"),
        ("Си", "Xi"),
        ("Цзиньпин", "Jinping"),
        ("Ханой", "Hanoi"),
        ("Хрущёв", "Khrushchev"),
        ("Жуков", "Zhukov"),
        ("Чехов", "Chekhov"),
        ("Шольц", "Scholz"),
        ("Щукин", "Shchukin"),
        ("Фам", "Pham"),
        ("Вашингтон", "Washington"),
        ("Уильямс", "Williams"),
        ("Тэтчер", "Thatcher"),
        ("Александр", "Alexander"),
        ("Катар", "Qatar"),
        ("Блэквелл", "Blackwell"),
        ("Ельцин", "Yeltsin"),
        ("Юлия", "Yulia"),
        ("Мерц", "Merz"),
        ("Чжан", "Zhang"),
        ("Израиль", "Israel"),
        ("Харьков", "Kharkiv"),
        ("Зеленский", "Zelenskyy"),
        ("Газпром", "Gazprom"),
        ("Новак", "Novák"),
    ],
)
def test_a_name_has_one_skeleton_in_both_scripts(russian: str, english: str) -> None:
    assert skeleton(russian) == skeleton(english)


@pytest.mark.parametrize(
    ("cases", "nominative"),
    [
        ("Путина Путину Путиным Путине", "Путин"),
        ("Зеленского Зеленскому Зеленским Зеленском", "Зеленский"),
        ("Захаровой Захарову", "Захарова"),
        ("Трампа Трампу Трампом Трампе", "Трамп"),
        ("Александром Александру", "Александр"),
        ("Москве Москвы Москву Москвой", "Москва"),
        ("Цзиньпина Цзиньпином", "Цзиньпин"),
    ],
)
def test_russian_cases_leave_the_skeleton_alone(cases: str, nominative: str) -> None:
    assert {skeleton(form) for form in cases.split()} == {skeleton(nominative)}


def key(word: str) -> str:
    found, *_ = names_in([word.lower()], [word])[-1]
    return found


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Белгородской", "Belgorod"),
        ("Ленинградская", "Leningrad"),
        ("Мурманске", "Murmansk"),
        ("Мурманской", "Murmansk"),
        ("Иркутской", "Irkutsk"),
        ("Донецкой", "Donetsk"),
        ("Томскую", "Tomsk"),
        ("Шетландские", "Shetland"),
        ("Вишневская", "Vishnevskaya"),
        ("Зеленского", "Zelensky"),
        ("Павлом", "Pavel"),
        ("Петра", "Pyotr"),
        ("Канадский", "Canadian"),
        ("Шотландии", "Scottish"),
        ("Альцгеймера", "Alzheimer"),
    ],
)
def test_places_and_their_adjectives_have_one_key(russian: str, english: str) -> None:
    assert key(russian) == key(english)


@pytest.mark.parametrize(("one", "other"), [("Иран", "Ирак"), ("Iran", "Rene"), ("Обама", "Бом")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_a_skeleton_has_no_script() -> None:
    assert skeleton("Бездетко") == "bzdtk"


@given(st.text(alphabet=st.characters(categories=["L"]), max_size=30))
def test_surface_and_normal_form_have_one_skeleton(word: str) -> None:
    assert skeleton(word.lower()) == skeleton(word)


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("великобритании", "britain"),
        ("сша", "usa"),
        ("оон", "un"),
        ("китаем", "chinese"),
        ("греции", "greek"),
        ("пекине", "beijing"),
        ("мвф", "imf"),
    ],
)
def test_exonyms_meet_in_the_table(russian: str, english: str) -> None:
    assert known_name(russian) == known_name(english) is not None


@pytest.mark.parametrize(
    ("cases", "nominative"),
    [
        ("Мурманском", "Мурманск"),
        ("Макроном", "Макрон"),
        ("Шольцем", "Шольц"),
        ("Навальным", "Навальный"),
        ("Грозным", "Грозный"),
        ("Днепром", "Днепр"),
        ("Газпромом", "Газпром"),
        ("Новгородом", "Новгород"),
        ("Маском", "Маск"),
        ("Зеленським", "Зеленський"),
        ("Мюнхеном", "Мюнхен"),
    ],
)
def test_the_instrumental_leaves_the_key_alone(cases: str, nominative: str) -> None:
    assert {key(form) for form in cases.split()} == {key(nominative)}


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Джонсоном", "Johnson"),
        ("Джакарте", "Jakarta"),
        ("Японии", "Japan"),
        ("Юнкером", "Juncker"),
        ("Янсен", "Jansen"),
        ("Юлии", "Julia"),
        ("Хуана", "Juan"),
        ("Хосе", "José"),
        ("Накадзима", "Nakajima"),
        ("Кисида", "Kishida"),
        ("Хиросиме", "Hiroshima"),
        ("Мишустин", "Mishustin"),
        ("Джокович", "Djokovic"),
        ("Вучичем", "Vucic"),
        ("Сяоцин", "Xiaoqing"),
        ("Гуанчжоу", "Guangzhou"),
        ("Техасе", "Texas"),
        ("Мюнхена", "Munich"),
        ("Афинах", "Athens"),
        ("Бомбее", "Mumbai"),
        ("Турции", "Türkiye"),
        ("Эсватини", "Swaziland"),
        ("Киева", "Kyiv"),
        ("Зеленском", "Zelenskyy"),
        ("Николая", "Mykola"),
        ("ПСЖ", "PSG"),
        ("РЖД", "RZD"),
        ("ВОЗ", "WHO"),
        ("ФРС", "Fed"),
        ("Черногорию", "Montenegro"),
        ("Албанией", "Albanian"),
    ],
)
def test_a_name_has_one_key_however_a_language_writes_it(russian: str, english: str) -> None:
    assert key(russian) == key(english)


def keys(text: str) -> set[str]:
    return {anchor.key for anchor in document(Article(id="1", text=text)).names}


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("вчера об этом сообщила РЖД", "this was reported by Russian Railways"),
        ("встречу «Большой семёрки» отложат", "a meeting of the Group of Seven is put off"),
        ("встречу G7 отложат", "a meeting of the Group of Seven is put off"),
        ("игру с ПСЖ отложат", "a match with Paris Saint-Germain is put off"),
        ("доклад Всемирной организации здравоохранения", "a report of the WHO is out"),
        ("заседание Совбеза отложено", "a session of the Security Council is put off"),
        ("кредит Международного валютного фонда", "a loan from the IMF has come"),
        ("матч за «Манчестер Юнайтед» отложен", "a match of Manchester United is put off"),
        ("миссия Красного Креста", "a mission of the Red Cross has come"),
        ("заявление Минобороны", "a statement of the Defence Ministry is out"),
    ],
)
def test_initials_of_one_language_meet_the_words_of_the_other(russian: str, english: str) -> None:
    assert keys(russian) == keys(english) != set()


@pytest.mark.parametrize("text", ["the question is Who came", "he met Kim Jong Un today"])
def test_a_word_in_the_shape_of_initials_is_no_institution(text: str) -> None:
    assert not keys(text) & {"@@who", "@un"}


@pytest.mark.parametrize("text", ["he told Reuters so", "об этом сообщает ТАСС", "as BBC said"])
def test_an_agency_that_is_credited_is_no_name(text: str) -> None:
    assert keys(text) == set()


LETTERS = "aceghijknopqrstuvwxyzdfblmйёюяеутьджцчзхксчнгаомпрл"


@pytest.mark.parametrize("rule", [*_CYRILLIC_RULES, *_LATIN_RULES], ids=str)
@given(token=st.text(LETTERS, max_size=8))
def test_where_a_rule_matches_stand_its_letters(rule: Rule, token: str) -> None:
    letters, pattern, _ = rule

    for word in (token, *(token + each for each in letters), *(each + token for each in letters)):
        assert not pattern.search(word) or any(each in word for each in letters)


@given(st.text("бвгдкмоеёаиыуім", max_size=9))
def test_where_a_case_ending_is_cut_off_stands_one_of_its_ends(word: str) -> None:
    for ending in ("", "ом", "ем", "ого", "аго", "ому", "аму", "им", "ім", "их", "іх", "ими", "ым"):
        assert not _ENDING.search(word + ending) or (word + ending).endswith(_ENDS)
