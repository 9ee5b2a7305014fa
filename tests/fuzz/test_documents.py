"""Two thousand damaged documents; `python -m tests.fuzz.documents` makes as many as one likes."""

import pytest

from tests.fuzz.documents import Broken, Mutant, judged, mutants
from tests.support.feeds.samples import SAMPLES, articles, read, sample
from workers.feeds.formats import FORMATS

COUNT = 2_000


@pytest.mark.parametrize("part", range(4))
def test_of_damaged_documents_nothing_is_lost_in_silence(part: int) -> None:
    held = 0
    for mutant in mutants(COUNT // 4, seed=part):
        try:
            judged(mutant)
        except Exception as error:
            raise AssertionError(f"{mutant.name}, {mutant.kind}: {mutant.body!r}") from error
        held += len(mutant.must_hold)

    assert held > COUNT // 10


def test_each_kind_of_damage_and_each_sample_is_there() -> None:
    drawn = list(mutants(COUNT // 4, seed=0))

    assert {each.name for each in drawn} == set(SAMPLES)
    assert len({each.kind for each in drawn}) > 12
    assert sum(each.body != sample(each.name) for each in drawn) > 0.8 * len(drawn)
    assert sum(bool(each.must_hold) for each in drawn) > 0.2 * len(drawn)


def test_an_item_that_is_lost_is_told() -> None:
    first, *_ = articles(read("rss", sample("feed.rss.xml")))

    with pytest.raises(Broken, match="untold"):
        judged(
            Mutant("feed.rss.xml", "", b"<rss><channel><title>x</title></channel></rss>", (first,))
        )


@pytest.mark.parametrize("name", ["feed.json-feed.json", "message.newsml-1.xml"])
def test_an_item_that_a_reader_passes_over_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    reader = type(FORMATS[SAMPLES[name]].reader)
    whole = reader.read
    monkeypatch.setattr(reader, "read", lambda *about: iter([*whole(*about)][:-1]))

    with pytest.raises(Broken, match="items untold"):
        judged(Mutant(name, "", sample(name)))


def test_more_letters_than_items_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.documents._MORE_LINES", 0)
    lines = b'{"id": "a", "title": "b"}\n' + b"{broken\n" * 50

    with pytest.raises(Broken, match="50 letters"):
        judged(Mutant("wire.jsonl", "", lines))
