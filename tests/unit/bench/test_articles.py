"""The benchmark's articles, made up and of a file."""

import gzip
import json
import re
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from workers.bench.articles import articles
from workers.bench.corpus import corpus
from workers.errors import OnestoryError

HOUR = timedelta(hours=1)
COUNT = 40


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Forty articles, packed, among lines that can't be placed."""
    own = [json.loads(line) for line in corpus(COUNT, HOUR)]
    lines = [{**each, "id": "same", "published_at": "2020-04-01T00:00:00Z"} for each in own]
    lines += [{"id": "empty"}, {"id": "killed", "status": "canceled"}]
    packed = tmp_path / "feed.jsonl.gz"
    packed.write_bytes(gzip.compress(b"\n".join([b"{", *(json.dumps(x).encode() for x in lines)])))
    return packed


def _read(file: Path | None, count: int) -> list[dict[str, Any]]:
    return [json.loads(line) for line in islice(articles(file, HOUR), count)]


def test_a_file_is_given_out_as_it_is_but_for_ids_and_times(file: Path) -> None:
    found = _read(file, COUNT)

    made_up = _read(None, COUNT)
    assert [each["text"] for each in found] == [each["text"] for each in made_up]
    assert [each["id"] for each in found] == [f"bench-{number}" for number in range(COUNT)]
    assert [each["published_at"] for each in found] == [each["published_at"] for each in made_up]


def test_what_comes_again_is_other_articles_with_words_of_the_file(file: Path) -> None:
    found = _read(file, 3 * COUNT)

    first, second, third = (found[start : start + COUNT] for start in range(0, len(found), COUNT))
    written = " ".join(f"{each['title']} {each['text']}" for each in first)
    words = set(re.findall(r"\w+", written.lower()))
    for one, again, once_more in zip(first, second, third, strict=True):
        assert len({one["id"], again["id"], once_more["id"]}) == 3
        assert len({one["text"], again["text"], once_more["text"]}) == 3
        before, after = (re.findall(r"\w+", each["text"]) for each in (one, again))
        assert len(before) == len(after)
        assert {word.lower() for word in after} <= words
        assert [word for word in before if word.isdecimal()] == [
            word for word in after if word.isdecimal()
        ]
        changed = sum(x.lower() != y.lower() for x, y in zip(before, after, strict=True))
        assert changed > len(before) / 20
        assert [x[0].isupper() for x in before] == [y[0].isupper() for y in after]


def test_reprints_are_reprints_again(file: Path) -> None:
    found = [each["text"] for each in _read(file, 2 * COUNT)]

    of_one = [[found.index(text) for text in found[:COUNT]]]
    of_one.append([found.index(text) - COUNT for text in found[COUNT:]])
    assert of_one[0] == of_one[1]
    assert len(set(of_one[0])) < COUNT  # some are


def test_the_peer_gets_the_same_ones(file: Path) -> None:
    for source in (file, None):
        assert _read(source, 2 * COUNT) == _read(source, 2 * COUNT)


def test_a_file_without_an_article_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "x"}\n', "utf-8")

    with pytest.raises(OnestoryError, match="no article in it"):
        articles(broken, HOUR)
