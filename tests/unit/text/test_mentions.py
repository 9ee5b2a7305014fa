"""What arrays find in many texts at once is what is found word by word."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.article import Article
from service.text.anchors import KEYS, Anchor, Kind, Place
from service.text.chunks import CHUNKS
from service.text.document import documents
from service.text.facts import NO_SIGN, Say, facts_at, lone_facts, say, signs_in
from service.text.found import FactFound
from service.text.known_names import KNOWN, phrase_at
from service.text.mentions import mentions
from service.text.naming import OPENS_PHRASE, Name, names_in
from service.text.scan import Scans, scan
from service.text.spots import Spots, spots_of
from service.text.telling import VERB_ENDS
from service.text.tokens import Mark

NAMES = (
    "Dorn Lodva-Karga NATO BBC War Приехал Бездетко United Nations, Большой семёрки the said. — • "
    "\n «Дорн» Dorn. Dorn, war"
).split(" ")
FACTS = [
    *(
        "5 22 000 2025 1,5 тыс. 20–22 9-го февраля, May first second of half a и to с половиной "
        "10:30 3-1 % ₽ $5 млн рублей II век quarter magnitude 5.5 GMT вечера pm percent миль USD"
    ).split(" "),
    "20 to 22 May",
    "May 20 to 22",
    "2 and a half",
]


def _texts(words: list[str], most: int = 12) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), max_size=most).map(" ".join)


texts = (
    st.just("DORN LODVA") | _texts(NAMES, 4) | _texts(NAMES) | _texts(FACTS) | _texts(NAMES + FACTS)
)
articles = st.lists(st.tuples(texts, texts), min_size=1, max_size=4)


@settings(max_examples=400)
@given(articles)
def test_many_texts_at_once_hold_what_is_found_word_by_word(pairs: list[tuple[str, str]]) -> None:
    scans = scan([text for pair in pairs for text in pair])

    found = mentions(scans)

    plain = [_word_by_word(scans, 2 * article) for article in range(len(pairs))]
    assert [found.of(article) for article in range(len(pairs))] == plain


@given(articles)
def test_ranks_are_those_of_the_first_names_of_a_title(pairs: list[tuple[str, str]]) -> None:
    scans = scan([text for pair in pairs for text in pair])

    found = mentions(scans)

    spots = spots_of(scans)
    for article in range(len(pairs)):
        keys = [key for at in _spots(spots, 2 * article) for key, *_ in _names(spots, at)]
        ranks = {key: rank for rank, key in enumerate(dict.fromkeys(keys), 1)}
        own = slice(*found.bounds[article : article + 2])
        assert found.ranks[own].tolist() == [
            ranks.get(anchor.key, 0) if anchor.kind is Kind.NAME else 0
            for anchor in found.of(article)
        ]


@pytest.mark.parametrize("fill", [KEYS, CHUNKS])
def test_what_was_read_is_spelled_out_when_the_tables_start_over(
    fill: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = Article(id="1", title="Dorn", text="Посол Бездетко 9 февраля был в Карге.")
    read = documents([article]).anchors
    monkeypatch.setattr(fill, "_limit", 3)

    again = documents([article]).anchors

    assert read.of(0) == again.of(0)
    assert read.surfaces == ["Бездетко", "9 февраля", "Карге"]


def _word_by_word(scans: Scans, title: int) -> list[Anchor]:
    """The anchors of the article whose title is this text."""
    spots = spots_of(scans)
    found: dict[str, list[int]] = {}
    kept: dict[str, tuple[Kind, str, str, int]] = {}
    doubtful: list[tuple[str, Place]] = []
    for text in (title + 1, title):
        for at, kind, key, surface, weight, is_sure in _said(scans, spots, text):
            place = _place(scans, int(spots.start[at]), text)
            if is_sure:
                kept.setdefault(key, (kind, key, surface, weight))
                found.setdefault(key, []).append(place)
            else:
                doubtful.append((key, place))
    for key, place in doubtful:
        if key in found:
            found[key].append(place)
    return [Anchor(*kept[key], Place(min(found[key])), len(found[key])) for key in kept]


Said = tuple[int, Kind, str, str, int, bool]


def _said(scans: Scans, spots: Spots, text: int) -> Iterator[Said]:
    facts = list(_facts(scans, spots, text))
    words, first = scans.texts[text].words, int(scans.bounds[text])
    named = 0
    for at in _spots(spots, text):
        names, start = _names(spots, at), int(spots.start[at]) - first
        if names and names[0][0][0] == OPENS_PHRASE and start >= named:
            (opener, *_), *others = names
            names = tuple(others)
            if phrase := phrase_at(words, start, opener[1:]):
                key, named = phrase
                names = ()
                yield at, Kind.NAME, key, " ".join(words[start:named]), 2, True
        for key, surface, weight, is_head in names if start >= named else ():
            opens_sentence = is_head and spots.is_first[at] and not _is_followed(spots, at)
            proved = _proves(scans, spots, text) and not opens_sentence
            yield at, Kind.NAME, key, surface, weight, proved or key[0] == KNOWN
        for spot, (kind, key, surface, weight, _) in facts:
            if spot == at:
                yield at, kind, key, surface, weight, True


def _facts(scans: Scans, spots: Spots, text: int) -> Iterator[tuple[int, FactFound]]:
    words, first = scans.texts[text].words, int(scans.bounds[text])
    taken = 0
    for at in _spots(spots, text):
        if not spots.marks[at] & Mark.FACT:
            continue
        start, end = int(spots.start[at]) - first, int(spots.end[at]) - first
        chunk, (own, surfaces, _) = CHUNKS.texts[spots.chunks[at]], CHUNKS.held[spots.chunks[at]]
        lone = lone_facts(chunk, own, surfaces)
        sign = _sign(spots, text, at)
        if (
            start >= taken
            and lone is not None
            and not (sign and sign[0] == at + 1)
            and not _is_changed(words, start, end, is_fact=bool(lone))
        ):
            for kind, key, surface, weight, behind in lone:
                yield at, (kind, key, surface, weight, start + behind)
        elif end > taken:
            near = NO_SIGN
            if sign and (place := int(spots.start[sign[0]]) - first) <= start + 3:
                near = signs_in(sign[1]), place
            for found in facts_at(words, start, chunk, surfaces, taken, near):
                taken = found[4]
                yield at, found


def _sign(spots: Spots, text: int, at: int) -> tuple[int, str] | None:
    """The first sign on its own among the next two spots."""
    for behind in _spots(spots, text):
        if at < behind <= at + 2 and spots.marks[behind] & Mark.BARE:
            return behind, CHUNKS.texts[spots.chunks[behind]]
    return None


def _is_changed(words: Sequence[str], start: int, end: int, *, is_fact: bool) -> bool:
    def says(place: int, *flags: int) -> bool:
        return 0 <= place < len(words) and say(words[place]) & sum(flags) > 0

    if says(start - 1, Say.BEFORE) or says(start - 3, Say.MONTH):
        return True
    if not is_fact and says(start - 1, Say.MAKES_BEFORE):
        return True
    if says(end, Say.BEHIND, Say.MAKES_BEHIND):
        return says(end, Say.BEHIND) or not is_fact
    return says(end + 2, Say.SPANS)


def _spots(spots: Spots, text: int) -> list[int]:
    return np.flatnonzero(spots.text == text).tolist()


def _names(spots: Spots, at: int) -> tuple[Name, ...]:
    words, surfaces, mark = CHUNKS.held[spots.chunks[at]]
    return names_in(words, surfaces) if mark & Mark.CAPITAL else ()


def _is_followed(spots: Spots, at: int) -> bool:
    words, _, mark = CHUNKS.held[spots.chunks[at]]
    return bool(spots.runs_on[at]) and not (
        mark & (Mark.BREAKS | Mark.ENDS) or words[0].endswith(VERB_ENDS)
    )


def _place(scans: Scans, start: int, text: int) -> Place:
    if text % 2 == 0:
        return Place.TITLE
    return Place.LEAD if start - scans.bounds[text] < scans.texts[text].lead_end else Place.BODY


def _proves(scans: Scans, spots: Spots, text: int) -> bool:
    if text % 2:
        return not _is_shouted(scans, spots, text)
    longer = [word for word in scans.texts[text].words if len(word) > 3]
    capitals = [one for one in _surfaces(spots, text) if one[0].isupper() and len(one) > 3]
    is_title_case = len(longer) > 2 and len(capitals) >= 0.6 * len(longer)
    is_alone = not scans.texts[text + 1].words
    return not is_title_case or (is_alone and not _is_shouted(scans, spots, text))


def _is_shouted(scans: Scans, spots: Spots, text: int) -> bool:
    words, own = scans.texts[text].words, _spots(spots, text)
    written = [surface for surface in _surfaces(spots, text) if len(surface) > 1]
    return 2 * len(own) >= len(words) >= 3 and sum(map(str.isupper, written)) > 0.7 * len(written)


def _surfaces(spots: Spots, text: int) -> list[str]:
    return [one for at in _spots(spots, text) for one in CHUNKS.held[spots.chunks[at]][1]]
