"""What a headline says happened, in Russian and English alike."""

import pytest

from service.text.cue_words import AXES, DAILY, NEGATIONS, SIGNS
from service.text.cues import POLES, UP, WIDTH, axis, cues, named, sign
from service.text.tokens import word_tokens


def of_title(title: str) -> tuple[str, ...]:
    return named(cues(word_tokens(title), ["кот"]) & (1 << WIDTH) - 1)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Port of Dorn reopens", ("open or close: first",)),
        ("Порт Дорна закрыли", ("open or close: second",)),
        ("Jury finds Lund guilty", ("guilty or not: first",)),
        ("Присяжные признали Лунда невиновным", ("guilty or not: second",)),
        ("Tram drivers begin strike", ("begin or end: first",)),
        ("Ministry denies leak", ("confirm or deny: second",)),
        ("Climber rescued from Mount Garda", ("live or die: first",)),
        ("Tests for the virus are negative", ("plus or minus: second",)),
        ("Preview: Dorn host Lodva", ("ahead",)),
        ("Суд рассмотрит иск", ("court",)),
        ("Тренер прокомментировал ничью", ("voice",)),
        ("Why the bridge sways", ("explains",)),
        ("Главное к этому часу", ("round-up",)),
        ("Гороскоп: Овен", ("recurring",)),
        ("Dorn sold to Halden by bank", ("acts", "passive")),
        ("The cat sat on the mat", ()),
        ("", ()),
    ],
)
def test_a_headline_says_what_happened(title: str, said: tuple[str, ...]) -> None:
    assert of_title(title) == said


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("Senate approves budget", "Сенат одобрил бюджет"),
        ("Senate did not approve budget", "Сенат не одобрил бюджет"),
        ("Prices fall in Dorn", "Цены в Дорне снизились"),
        ("Striker Kral joins Lodva", "Нападающий Крал вернулся в «Лодву»"),
        ("Two men arrested in Kolm", "В Колме задержаны двое мужчин"),
        ("Mayor resigns", "Мэр ушёл в отставку"),
        ("Mayor found not guilty", "Мэр признан невиновным"),
    ],
)
def test_two_languages_say_it_alike(english: str, russian: str) -> None:
    assert of_title(english) == of_title(russian) != ()


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Bank doesn’t raise rate", ("rise or fall: second",)),
        ("Парламент не принял закон", ("approve or reject: second",)),
        ("Club fails to sign Kral", ("approve or reject: second",)),
        ("No trains to Dorn", ("negated",)),
        ("Not one, not two: trains run", ("negated",)),
        ("Not a word of what the old bank said as shares rise", ("rise or fall: first", "negated")),
        ("No injured in Kolm", ()),
    ],
)
def test_a_negation_turns_what_stands_close_behind_it(title: str, said: tuple[str, ...]) -> None:
    assert of_title(title) == said


def test_title_and_lead_are_kept_apart() -> None:
    both = cues(["bridge", "opens"], ["bridge", "closes"])

    assert named(both & (1 << WIDTH) - 1) == ("open or close: first",)
    assert named(both >> WIDTH) == ("open or close: second",)


def test_a_missing_part_is_stood_in_for() -> None:
    assert cues(["bridge", "opens"], []) == cues([], ["bridge", "opens"])


@pytest.mark.parametrize(
    ("title", "lead", "grows"),
    [
        ("Blast kills three", "seven people were killed and nine injured", True),
        ("Выборы в Колме", "после подсчета трети бюллетеней лидирует Лосев", True),
        ("В Колме за сутки", "госпитализированы 96 человек", False),
        ("96 hospitalised in Kolm", "that is the daily number of the ministry", False),
        ("Quake off Kolm", "nobody was killed", True),
        ("Quake off Kolm", "no injured were reported", False),
    ],
)
def test_a_toll_grows_unless_it_is_counted_anew_each_day(
    title: str, lead: str, grows: bool
) -> None:
    found = cues(word_tokens(title), word_tokens(lead))

    assert bool((found | found >> WIDTH) & sign("toll")) == grows


def test_every_cue_has_a_bit_of_its_own() -> None:
    bits = [axis(each.name) for each in AXES] + [sign(name) for name, _ in SIGNS]

    assert sum(bits) == (1 << WIDTH) - 1
    assert POLES == UP * 3


def test_no_word_stands_on_both_poles() -> None:
    for name, up, down in AXES:
        for word in {*up.split(), *down.split()}:
            found = cues([word.rstrip("*")], ["кот"]) & axis(name)
            assert found != axis(name), word


def test_entries_are_in_normal_form() -> None:
    lists = [words for _, *poles in AXES for words in poles] + [words for _, words in SIGNS]
    for entry in " ".join([*lists, NEGATIONS, DAILY]).split():
        assert word_tokens(entry) == [entry.rstrip("*")]
        assert not entry.endswith("*") or len(entry) > 3
