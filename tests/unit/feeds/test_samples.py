"""The sample documents: each is known by its looks, each format has six and more, and of JSON
lines, RSS and Atom here is what comes out. What comes of the others stands beside their readers.
"""

from collections import Counter

import pytest

from contracts.article import Article
from tests.support.feeds.samples import FOLDER, SAMPLES, sample
from workers.feeds.formats import FORMATS, as_document, detected
from workers.feeds.reader import BadItem, Item, Note, Skipped

LEAST = 6
"""Documents of a format, good ones and bad ones."""

OUTCOMES: dict[str, list[str]] = {
    "wire.jsonl": [
        "Паром «Заря» вернулся в порт Меркан",
        "Ferry Zarya returns to Merkan",
        "line 4",
        "line 5",
        "vi-4 canceled",
    ],
    "states.jsonl": [
        "urn:volna.example:401 withheld",
        "Budget speech",
        "urn:volna.example:399 canceled",
        "line 4",
    ],
    "marked.jsonl": ["Ferry Zarya is back", "Паром «Заря» вернулся"],
    "corrupt.jsonl": [
        "line 1",
        "line 2",
        "Трамвай пошёл по новой линии",
        "line 4",
        "line 5",
        "line 6",
    ],
    "list.jsonl.json": [
        "В Меркане открыли музей паромов",
        "line 9",
        "Ferry museum opens in Merkan",
    ],
    "one.jsonl.json": ["Fährverkehr nach Merkan wieder aufgenommen"],
    "cut.jsonl.json": [
        "Мост через Меркан закроют на ночь",
        "Bridge over the Merkan to close overnight",
        "line 4",
    ],
    "feed.rss.xml": [
        "Выставка «Орван» открылась & удивила",
        "Corrected: the fair opened on Saturday",
        "Without a guid",
        "With neither guid nor link",
        "line 31, item[5]",
    ],
    "fulltext.rss.xml": ["Ледокол «Орван» вышел в первый рейс", "Тест"],
    "netscape.rss.xml": ["Harbour dredging to start in March"],
    "channel.rdf.xml": ["Brücke bei Orvan für Lastwagen gesperrt"],
    "cp1251.rss.xml": ["Цены на проезд в трамвае выросли до 38 крон"],
    "broken-off.rss.xml": [
        "line 7",
        "Fish & chips shop reopens at the quay",
        "Паром задержится на час",
    ],
    "warned.rss.xml": ["Lighthouse lamp replaced after 60 years"],
    "feed.atom.xml": [
        "Tram line closes",
        "tag:telegraph.example,2026:2 withheld",
        "tag:telegraph.example,2026:withdrawn canceled",
    ],
    "kills.atom.xml": [
        "Council votes on harbour plan",
        "tag:telegraph.example,2026:31 canceled",
    ],
    "xhtml.atom.xml": ["Фестиваль <Кино> открылся в Меркане"],
    "timeless.atom.xml": ["Ohne Uhrzeit", "line 12, entry[2]"],
    "prefixed.atom.xml": ["Порт Меркан принял первый состав с зерном"],
    "broken-off.atom.xml": ["line 15", "Storm warning lifted"],
}
"""File name → headlines of what is published, ids with what else they are, places of bad items."""


def outcome(item: Item) -> str | None:
    match item:
        case Article() if item.status != "usable":
            return f"{item.id} {item.status}"
        case Article():
            return item.title
        case BadItem():
            return item.where
        case Skipped():
            return item.kind
        case Note():
            return None


def test_each_format_has_samples_and_each_file_is_one() -> None:
    assert set(SAMPLES) == {each.name for each in FOLDER.iterdir()}
    assert {name for name, count in Counter(SAMPLES.values()).items() if count >= LEAST} == set(
        FORMATS
    )
    known = {"jsonl", "rss", "atom"}
    assert set(OUTCOMES) == {name for name, each in SAMPLES.items() if each in known}


@pytest.mark.parametrize("named", [False, True], ids=["without its name", "by its name"])
def test_each_sample_is_known_by_its_looks(*, named: bool) -> None:
    found = {
        name: detected(as_document(sample(name), "wire"), name if named else "").name
        for name in SAMPLES
    }

    assert found == SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_gives_something_and_both_ways_the_same(name: str) -> None:
    document = as_document(sample(name), "wire")
    items = list(FORMATS[SAMPLES[name]].read(document))

    assert any(isinstance(item, Article | BadItem | Skipped) for item in items)
    assert list(detected(document, name).read(document)) == items


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_sample_is_read_as_it_should_be(name: str) -> None:
    items = FORMATS[SAMPLES[name]].read(as_document(sample(name), "wire"))

    assert [said for item in items if (said := outcome(item)) is not None] == OUTCOMES[name]
