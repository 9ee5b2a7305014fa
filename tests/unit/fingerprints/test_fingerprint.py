from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from contracts.article import MAX_VERSION
from service.fingerprints.batches import anchor_parts, checked, fixed_parts, shingles_of
from service.fingerprints.fingerprint import Fingerprint, without_words
from service.fingerprints.keywords import KEYWORDS
from service.fingerprints.layout import HEADER
from tests.support.builders.fingerprints import changed, packed
from tests.unit.fingerprints.builders import as_lists, as_plain, fingerprint_of

plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@st.composite
def fingerprints(draw: st.DrawFn, opinion: int = 128) -> dict[str, Any]:
    names, numbers = draw(st.integers(0, 40)), draw(st.integers(0, 24))

    def array(dtype: type[np.generic], size: int) -> np.ndarray:
        return draw(arrays(dtype, size))

    return {
        "article_id": draw(plain_text),
        "version": draw(st.integers(0, MAX_VERSION)),
        "lang": draw(st.sampled_from(["ru", "en", "und"])),
        "title": draw(plain_text),
        "source": draw(st.none() | plain_text),
        "tag": draw(st.none() | st.sampled_from(["correction", "update"])),
        "published_ms": draw(st.none() | st.integers(-(2**60), 2**60)),
        "digest": draw(st.integers(0, 2**64 - 1)),
        "token_count": draw(st.integers(0, 2**32 - 1)),
        "items": draw(st.integers(0, 255)),
        "cues": draw(st.integers(0, 2**64 - 1)),
        "shingle_rows": array(np.uint8, 64),
        "template_rows": array(np.uint8, 16),
        "names": array(np.uint32, names),
        "name_weights": array(np.uint8, names),
        "numbers": array(np.uint32, numbers),
        "number_weights": array(np.uint8, numbers),
        "surfaces": tuple(draw(plain_text) for _ in range(names + numbers)),
        "keywords": array(np.uint32, KEYWORDS),
        "keyword_weights": array(np.uint8, KEYWORDS),
        "body_vector": array(np.int8, 256),
        "head_vector": array(np.int8, 256),
        "opinion_vector": array(np.int8, opinion),
    }


@given(fingerprints())
def test_what_is_packed_comes_back(features: dict[str, Any]) -> None:
    made = packed(**features)

    again = as_plain(Fingerprint.checked(made.payload))

    assert again == {name: as_lists(value) for name, value in features.items()}


def test_russian_takes_a_byte_a_letter() -> None:
    made = fingerprint_of("Один два три", title="Бюджет принят Думой")

    assert len(made.payload) == len(changed(made, title="Budget, as adopted.").payload)


def test_an_encoder_of_other_width_is_packed_too() -> None:
    wide = np.arange(384).astype(np.int8)
    made = changed(fingerprint_of("Один два три"), body_vector=wide, head_vector=wide[:100])

    again = Fingerprint.checked(made.payload)

    assert again.body_vector.tolist() == wide.tolist()
    assert again.head_vector.tolist() == wide[:100].tolist()
    assert again.surfaces == made.surfaces


def _batches(opinion: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(fingerprints(opinion), min_size=1, max_size=4)


@given(st.sampled_from([0, 128]).flatmap(_batches))
def test_a_batch_as_arrays_holds_what_each_one_says(features: list[dict[str, Any]]) -> None:
    prints = [packed(**each) for each in features]

    fixed = fixed_parts(prints)
    ids, weights = anchor_parts(prints, fixed)

    assert fixed["tokens"].tolist() == [one.token_count for one in prints]
    assert fixed["digest"].tolist() == [one.digest for one in prints]
    assert [lang.decode() for lang in fixed["lang"].tolist()] == [one.lang for one in prints]
    assert (fixed["body_vector"] == np.stack([one.body_vector for one in prints])).all()
    assert (fixed["shingle_rows"] == np.stack([one.shingle_rows for one in prints])).all()
    assert (shingles_of(prints) == fixed["shingle_rows"]).all()
    assert ids.tolist() == [
        number for one in prints for number in (*one.names.tolist(), *one.numbers.tolist())
    ]
    assert weights.tolist() == [
        weight
        for one in prints
        for weight in (*one.name_weights.tolist(), *one.number_weights.tolist())
    ]


def test_fingerprints_of_two_encoders_do_not_mix() -> None:
    made = fingerprint_of("Один два три")
    other = changed(made, body_vector=made.body_vector[:128], head_vector=made.head_vector)

    with pytest.raises(ValueError, match="two encoders"):
        fixed_parts([made, other])


def test_an_unknown_layout_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="layout 9: expected 3"):
        Fingerprint.checked(b"\x09" + bytes(40))


@pytest.mark.parametrize("length", [0, 1, 20, 100, 600])
def test_a_payload_cut_short_is_refused(length: int) -> None:
    payload = fingerprint_of("Один два три").payload

    with pytest.raises(ValueError, match=r"layout|cut short"):
        Fingerprint.checked(payload[:length])


def test_many_payloads_are_judged_as_each_by_itself_is() -> None:
    """Sound ones in either encoding, and each of them with bytes cut off or put in their places."""
    random = np.random.default_rng(7)
    sound = [
        fingerprint_of(text, lang=lang).payload
        for text, lang in [
            ("Паром «Марко» ушёл в 12:30, погибли 214 человек", "ru"),
            ("Ferry Marco left at 12:30, 214 people died, Hồ Chí said", "en"),
            ("The ferry Marco left", "en"),
        ]
    ]
    payloads = [*sound, b"", b"\x03"]
    for payload in 300 * sound:
        broken = bytearray(payload)
        near_the_ends = [*range(HEADER.size), *range(-60, 0)]
        for at in random.choice(near_the_ends, 2):
            broken[at] = random.choice([0, 1, 3, 0x98, 0xD0, 0xFF])
        payloads.append(bytes(broken[: random.choice([len(broken), len(broken) - 1, 70])]))

    many = [_judged(each) for each in checked(payloads)]

    assert many == [_judged(each) for payload in payloads for each in checked([payload])]
    assert many[:3] == [each.article_id for each in map(Fingerprint, sound)]
    assert sum(each.startswith("fingerprint ") for each in many) > 100
    assert sum(not each.startswith("fingerprint ") for each in many) > 30


def _judged(found: Fingerprint | ValueError) -> str:
    return str(found) if isinstance(found, ValueError) else found.article_id


def test_without_words_all_else_is_as_it_was() -> None:
    made = fingerprint_of("Паром «Марко» ушёл в 12:30", title="Паром ушёл", source="Волна")

    blank = Fingerprint.checked(without_words(made.payload))

    assert {blank.article_id, blank.title, blank.source} == {" ", 10 * " ", 5 * " "}
    assert not "".join(blank.surfaces).strip()
    assert len(blank.surfaces) == len(made.surfaces) > 0
    assert changed(blank, article_id="", title="", source=None, surfaces=()).payload == (
        changed(made, article_id="", title="", source=None, surfaces=()).payload
    )
