"""Damaged documents: `python -m tests.fuzz.documents --mutants 20000`.

Each mutant is a sample with one kind of damage: bytes, a part gone, twice or elsewhere, another
encoding, a value of another kind. By its looks and by its format's name alike, it must be
published, skipped and counted, or told by letters, of which there are no more than items and one;
without any letter there are as many articles and skipped items as the mutant has items with words.
And of a document of several items, damage within one costs the others nothing: what comes of it
without that item comes of it with the damage as well.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from typing import Any

from contracts.article import Article
from tests.fuzz.edits import drawn
from tests.support.feeds.samples import SAMPLES, sample
from workers.feeds.formats import FORMATS, Format, as_document, detected
from workers.feeds.reader import LONGEST_FRAGMENT, BadItem, Item, Note, Skipped

ELEMENT = re.compile(rb"(?s)<([A-Za-z][\w:.-]*)(?:\s[^<>]*)?>(?:[^<]|<(?!/?\1\b))*?</\1\s*>")
"""An element without one of its own name within it."""
ITEM_TAG = re.compile(rb"<((?:\w+:)?(?:item|entry|newsItem|NewsItem|nitf))\b[^<>]*>")
ITEM = re.compile(rb"(?s)%s.*?</\1\s*>" % ITEM_TAG.pattern)
TAG = re.compile(rb"<[^<>]*>")
LINE = re.compile(rb"[^\n]*\S[^\n]*")
WORDS = re.compile(rb"(?<=>)\s*[^\s<>\[\]][^<>\[\]]*(?=<)")
ENCODINGS = ("windows-1251", "koi8-r", "iso-8859-1", "utf-16", "utf-16-be", "utf-8-sig", "cp866")
ILL_FORMED = (b"&#1;", b" & ", b"&nbsp;")
"""What costs an item of a feed alone; wires' XML ends there."""
JUNK: tuple[object, ...] = (
    "",
    "x",
    0,
    -1,
    1e400,
    True,
    None,
    [],
    {},
    ["x"],
    {"value": 3},
    "9" * 40,
    "2026-13-45",
)
_MOST_TIMES = 2
"""How often an item stands in a mutant: a part may be there twice."""
_MORE_LINES = 12
"""Items that bytes may add: each edit may end a line."""

Mutation = Callable[[random.Random, bytes], bytes]


class Broken(Exception):
    """A reader broke its word."""


def bytes_changed(rng: random.Random, body: bytes) -> bytes:
    return drawn(rng, [body])


def cut(rng: random.Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def without_beginning(rng: random.Random, body: bytes) -> bytes:
    return body[rng.randrange(len(body) + 1) :]


def lines_moved(rng: random.Random, body: bytes) -> bytes:
    lines = body.splitlines(keepends=True)
    for _ in range(rng.randrange(1, 4)):
        lines.insert(rng.randrange(len(lines) + 1), lines.pop(rng.randrange(len(lines))))
    return b"".join(lines)


def element_twice(rng: random.Random, body: bytes) -> bytes:
    return _one_element(rng, body, lambda element: element * 2)


def element_gone(rng: random.Random, body: bytes) -> bytes:
    return _one_element(rng, body, lambda _: b"")


def element_renamed(rng: random.Random, body: bytes) -> bytes:
    return _one_element(rng, body, lambda element: re.sub(rb"(</?)[\w:.-]+", rb"\1x", element))


def elements_swapped(rng: random.Random, body: bytes) -> bytes:
    found = [each.span() for each in ELEMENT.finditer(body)]
    if len(found) < 2:
        return body
    (a, b), (c, d) = sorted(rng.sample(found, 2))
    return body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:]


def attribute_gone(rng: random.Random, body: bytes) -> bytes:
    found = [each.span() for each in re.finditer(rb"\s[\w:.-]+=\"[^\"<]*\"", body)]
    at, upto = rng.choice(found or [(0, 0)])
    return body[:at] + body[upto:]


def another_encoding(rng: random.Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")


def another_declaration(rng: random.Random, body: bytes) -> bytes:
    declared = f'<?xml version="1.0" encoding="{rng.choice((*ENCODINGS, "x-none", ""))}"?>'.encode()
    return declared + re.sub(rb"^\s*<\?xml.*?\?>", b"", body)


def words_around(rng: random.Random, body: bytes) -> bytes:
    words = rng.choice(
        (b"\n", b" \r\n\r\n", b"Warning: cache\n", b"<!-- cached -->\n", b"\xef\xbb\xbf")
    )
    return words + body if rng.random() < 0.6 else body + words


def a_value_of_another_kind(rng: random.Random, body: bytes) -> bytes:
    """One value of JSON replaced, gone, or there under another name."""
    try:
        value = json.loads(body)
    except ValueError:
        return bytes_changed(rng, body)
    places = list(_places(value))
    if not places:
        return body
    holder, key = rng.choice(places)
    kind = rng.random()
    if kind < 0.2:
        del holder[key]
    elif kind < 0.4 and isinstance(holder, dict):
        holder[f"{key}_"] = holder.pop(key)
    elif kind < 0.5 and isinstance(holder, list):
        holder.append(holder[key])
    else:
        holder[key] = rng.choice(JUNK)
    return json.dumps(value, ensure_ascii=False, indent=rng.choice((None, 1))).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each list or object with each of its places."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in list(pairs):
            yield value, key
            yield from _places(each)


def _one_element(rng: random.Random, body: bytes, change: Callable[[bytes], bytes]) -> bytes:
    found = list(ELEMENT.finditer(body))
    if not found:
        return lines_moved(rng, body)
    one = rng.choice(found)
    return body[: one.start()] + change(one[0]) + body[one.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    bytes_changed, cut, without_beginning, lines_moved, element_twice, element_gone,
    element_renamed, elements_swapped, attribute_gone, another_encoding, another_declaration,
    words_around, a_value_of_another_kind,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged sample."""

    name: str
    kind: str
    body: bytes
    must_hold: tuple[Article, ...] = ()
    """Articles that the damage can't have touched."""


def mutants(count: int, seed: int) -> Iterator[Mutant]:
    """So many, of all samples by turns; every third one is damage within one item of several."""
    rng = random.Random(seed)
    names = list(SAMPLES)
    turns = cycle(names)
    for number in range(count):
        if number % 3 == 0:
            yield next(each for each in _within_items(rng, names) if each)
            continue
        name, change = next(turns), rng.choice(MUTATIONS)
        yield Mutant(name, change.__name__, change(rng, sample(name)))


def _within_items(rng: random.Random, names: list[str]) -> Iterator[Mutant | None]:
    while True:
        yield _within_one_item(rng, rng.choice(names))


def _within_one_item(rng: random.Random, name: str) -> Mutant | None:
    """Damage in the words of one item of several, which leaves the document's frame whole."""
    body = sample(name)
    items = [each.span() for each in (LINE if name.endswith(".jsonl") else ITEM).finditer(body)]
    if len(items) < 2:
        return None
    at, upto = rng.choice(items)
    item = body[at:upto]
    if name.endswith(".jsonl"):
        place = rng.randrange(len(item))
        damaged = item[:place] + rng.choice((b"", b"\xff", b'"', b"{", b"\\")) + item[place + 1 :]
    else:
        words = [
            each.span()
            for each in re.finditer(rb"(?<=>)[^<>\[\]]*[^\s<>\[\]][^<>\[\]]*(?=<)", item)
        ]
        if not words:
            return None
        begin, end = rng.choice(words)
        new = (b"", b"x", b"\xd0", b"-1", *ILL_FORMED * (SAMPLES[name] in {"rss", "atom"}))
        damaged = item[:begin] + rng.choice(new) + item[end:]
    rest = _read(FORMATS[SAMPLES[name]], body[:at] + body[upto:])
    whole = _read(FORMATS[SAMPLES[name]], body)
    must_hold = tuple(
        each
        for each in rest
        if isinstance(each, Article) and each in whole and each.id.encode() not in item
    )
    return Mutant(name, "within one item", body[:at] + damaged + body[upto:], must_hold)


def _read(format_: Format, body: bytes) -> list[Item]:
    return list(format_.read(as_document(body, "wire")))


@cache
def _items_of(name: str) -> int:
    return len(_read(FORMATS[SAMPLES[name]], sample(name)))


def judged(mutant: Mutant) -> Counter[str]:
    """What came of a mutant by its looks.

    Raises:
        Broken: nothing came, too many letters, or an item is missing that was not touched.
    """
    document = as_document(mutant.body, "wire")
    for format_ in (FORMATS[SAMPLES[mutant.name]], detected(document, mutant.name)):
        items = list(format_.read(document))
        _check(mutant, items)
    return Counter(_kind(item) for item in items)


def _check(mutant: Mutant, items: list[Item]) -> None:
    bad = [item for item in items if isinstance(item, BadItem)]
    most = _MOST_TIMES * _items_of(mutant.name) + _MORE_LINES
    if len(bad) > most:
        raise Broken(f"{len(bad)} letters, expected at most {most}")
    if any(not (each.where and each.detail and each.remedy) for each in bad):
        raise Broken("a letter that says nothing")
    if any(len(each.fragment) > LONGEST_FRAGMENT for each in bad):
        raise Broken("a letter that is too long")
    if missing := [each.id for each in mutant.must_hold if each not in items]:
        raise Broken(f"untold: {missing}")
    if not any(isinstance(item, Article | BadItem | Skipped) for item in items) and _has_items(
        mutant
    ):
        raise Broken("nothing came of it")
    told = sum(isinstance(item, Article | Skipped) for item in items)
    if not bad and told < (there := _items_in(mutant)):
        raise Broken(f"{there - told} of {there} items untold")


def _items_in(mutant: Mutant) -> int:
    """Whole items with words in a mutant, as far as that can be said without a reader."""
    body = mutant.body
    if SAMPLES[mutant.name] in {"iptc7901", "anpa1312"}:
        return len(re.findall(rb"\x01[^\x01]*\x02[^\x01]*\x04", body))
    if body.lstrip()[:1] == b"<":
        return sum(bool(TAG.sub(b"", each[0]).strip()) for each in ITEM.finditer(body))
    try:
        value = json.loads(body)
    except ValueError:
        return 0
    listed = value.get("items") if isinstance(value, dict) else value
    return len(listed) if isinstance(listed, list) else 1


def _has_items(mutant: Mutant) -> bool:
    """Whether a headline of the sample is still there, in XML within an item."""
    told = _read(FORMATS[SAMPLES[mutant.name]], sample(mutant.name))
    titles = [each.title.encode() for each in told if isinstance(each, Article) and each.title]
    places = [mutant.body]
    if mutant.body.lstrip()[:1] == b"<":
        places = [each[0] for each in ITEM.finditer(mutant.body)]
    return any(title in place for title in titles for place in places)


def _kind(item: Item) -> str:
    match item:
        case Article():
            return "published"
        case Skipped():
            return "skipped"
        case Note():
            return "notes"
        case BadItem():
            return "letters"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.documents", description=__doc__)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    counts: dict[str, Counter[str]] = {name: Counter() for name in FORMATS}
    for number, mutant in enumerate(mutants(asked.mutants, asked.seed)):
        found = counts[SAMPLES[mutant.name]]
        found["mutants"] += 1
        try:
            found += judged(mutant)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            found["broken"] += 1
            print(f"{number} {mutant.name}, {mutant.kind}: {error!r}", file=sys.stderr)
    columns = ("mutants", "published", "skipped", "letters", "notes", "broken")
    print(f"| format | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for name, found in counts.items():
        print(f"| {name} | {' | '.join(str(found[each]) for each in columns)} |")
    return int(any(found["broken"] for found in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
