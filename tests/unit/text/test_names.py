import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.known_names import known_name
from service.text.names import skeleton
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
    ((found, *_),) = names_in([word.lower()], [word])
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
