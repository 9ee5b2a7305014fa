"""What the embedding reads of the news: no judged day, twins by the teacher, spans that fit."""

import json
import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from service.training import corpus, lessons, news
from service.training.corpus import Corpus
from service.training.news import News

ROWS = [
    ("a", "Волна", "ru", "2020-05-01T10:00:00Z", "Мост открыли в Дорне", "Движение началось."),
    ("b", "Wire", "en", "2020-05-01T12:00:00Z", "Bridge opens in Dorn", "Traffic began at dawn."),
    ("c", "Post", "en", "2020-05-02T09:00:00Z", "Dorn opens its bridge", "Tune into our show."),
    ("d", "Post", "en", "2020-05-25T09:00:00Z", "A judged day", "Nothing of it is read."),
    ("e", "Post", "en", "2020-05-02T11:00:00Z", "Frost kills Orvan vines", "Tune into our show."),
    ("f", "Post", "en", "2020-05-09T11:00:00Z", "Bridge in Dorn is open", "Tune into our show."),
]  # fmt: skip
BRIDGE, FROST = [1.0, 0.1, 0.0, 0.2], [0.0, 0.1, 1.0, -0.3]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "train/C").mkdir(parents=True)
    (tmp_path / "teacher").mkdir()
    keys = ("id", "source", "lang", "published_at", "title", "text")
    with lzma.open(tmp_path / "train/C/newsapi-2020.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in ROWS)
    vectors = np.array([FROST, BRIDGE, BRIDGE, BRIDGE, BRIDGE, FROST])
    np.savez(
        tmp_path / "teacher/e5-titles.npz",
        ids=np.array(["e", "a", "b", "c", "f", "unknown"]),
        vectors=np.rint(vectors * 100).astype(np.int8),
        scales=np.full(6, 0.01, np.float32),
    )
    return tmp_path


def taught(
    days: list[int], *, russian: list[bool], outlets: list[int], angles: list[float]
) -> News:
    """Articles without words, all taught, their vectors at these angles in degrees."""
    radians = np.radians(angles)
    count = len(days)
    return News(
        [[]] * count,
        [[]] * count,
        np.array(days),
        np.array(russian),
        np.array(outlets),
        np.arange(count),
        np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32),
    )


def test_a_judged_day_is_not_read_and_the_rest_is_in_order_of_time(data: Path) -> None:
    found = news.read(data)

    assert [" ".join(title[:2]) for title in found.titles] == [
        "мост открыли",
        "bridge opens",
        "dorn opens",
        "frost kills",
        "bridge in",
    ]
    assert found.russian.tolist() == [True, False, False, False, False]


def test_a_description_that_stands_under_many_articles_is_nobodys_lead(data: Path) -> None:
    found = news.read(data)

    assert [len(lead) > 0 for lead in found.leads] == [True, True, False, False, False]


def test_the_teachers_vectors_stand_by_their_articles_without_their_languages_mean(
    data: Path,
) -> None:
    found = news.read(data)

    assert found.taught.tolist() == [0, 1, 2, 3, 4]
    assert np.allclose(found.teacher[1], found.teacher[2])
    assert found.teacher[1] @ found.teacher[3] < -0.9


@pytest.mark.parametrize(
    ("days", "russian", "outlets", "angles", "twins"),
    [
        pytest.param([5, 5], [True, False], [0, 1], [0, 30], [[0, 1]], id="two languages"),
        pytest.param([5, 6], [False, False], [0, 1], [0, 30], [[0, 1]], id="the next day"),
        pytest.param([5, 7], [False, False], [0, 1], [0, 30], [], id="two days on"),
        pytest.param([5, 5], [False, False], [1, 1], [0, 30], [], id="one outlet"),
        pytest.param([5, 5], [True, False], [0, 1], [0, 70], [], id="too far"),
        pytest.param([5] * 3, [False] * 3, [0, 1, 2], [0, 30, 40], [[1, 2]], id="one is nearer"),
        pytest.param([5], [True], [0], [0], [], id="alone"),
    ],
)
def test_twins_are_mutual_neighbours_of_two_outlets_within_a_day(
    days: list[int],
    russian: list[bool],
    outlets: list[int],
    angles: list[float],
    twins: list[list[int]],
) -> None:
    articles = taught(days, russian=russian, outlets=outlets, angles=angles)

    assert news.twins(articles).tolist() == twins


def words(text: Corpus, first: int, last: int, types: list[str]) -> list[str]:
    return [types[number] for number in text.tokens[text.starts[first] : text.starts[last]]]


def test_titles_and_leads_stand_behind_parallel_text(tmp_path: Path) -> None:
    articles = taught([5], russian=[True], outlets=[0], angles=[0])
    told = replace(articles, titles=[["x", "7", "y"]], leads=[["z"]])

    text = corpus.read(tmp_path, (), told)

    title = int(text.title_of(np.array([0]))[0])
    assert words(text, title, title + 1, ["x", "y", "z"]) == ["x", "y"]
    assert words(text, title, title + 2, ["x", "y", "z"]) == ["x", "y", "z"]


def test_lessons_draw_what_they_promise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lessons, "TWINS", 4)
    monkeypatch.setattr(lessons, "OWN_LEADS", 6)
    monkeypatch.setattr(lessons, "HEADLINES", 5)
    count = 60
    articles = taught(
        list(range(0, 2 * count, 2)) * 2,
        russian=[True] * count + [False] * count,
        outlets=list(range(2 * count)),
        angles=[360 / count * place for place in range(count)] * 2,
    )
    title, lead = ["one", "two", "three"], ["four", "five", "six", "seven"]
    told = replace(articles, titles=[title] * 2 * count, leads=[lead] * 2 * count)
    text = corpus.read(tmp_path, (), told)
    rng = np.random.default_rng(3)

    drawn = lessons.Lessons.of(text, told)
    twins = drawn.of_twins(rng)
    titles, leads = drawn.of_own_leads(rng)
    headlines, teacher = drawn.of_headlines(rng)

    assert len(drawn.twins) == count
    owners = twins.left[:, 0] // 2, twins.right[:, 0] // 2
    assert np.array_equal(owners[0] % count, owners[1] % count)
    assert not (owners[0] == owners[1]).any()
    assert not twins.barred.diagonal().any()
    assert (titles[:, 1] == leads[:, 0]).all()
    assert told.russian[headlines[:, 0] // 2].tolist() == [True] * 5 + [False] * 5
    assert np.allclose(teacher, told.teacher[headlines[:, 0] // 2])
