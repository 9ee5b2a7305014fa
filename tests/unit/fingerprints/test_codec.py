from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from contracts.article import MAX_VERSION
from service.fingerprints.codec import pack, unpack
from service.fingerprints.fingerprint import Fingerprint
from tests.unit.fingerprints.builders import as_plain, fingerprint_of

plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@st.composite
def fingerprints(draw: st.DrawFn) -> Fingerprint:
    names, numbers = draw(st.integers(0, 40)), draw(st.integers(0, 24))

    def array(dtype: type[np.generic], size: int) -> np.ndarray:
        return draw(arrays(dtype, size))

    return Fingerprint(
        article_id=draw(plain_text),
        version=draw(st.integers(0, MAX_VERSION)),
        lang=draw(st.sampled_from(["ru", "en", "und"])),
        title=draw(plain_text),
        source=draw(st.none() | plain_text),
        tag=draw(st.none() | st.sampled_from(["correction", "update"])),
        published_ms=draw(st.none() | st.integers(-(2**60), 2**60)),
        digest=draw(st.integers(0, 2**64 - 1)),
        token_count=draw(st.integers(0, 2**32 - 1)),
        items=draw(st.integers(0, 255)),
        shingle_rows=array(np.uint8, 64),
        template_rows=array(np.uint8, 16),
        names=array(np.uint32, names),
        name_weights=array(np.uint8, names),
        numbers=array(np.uint32, numbers),
        number_weights=array(np.uint8, numbers),
        surfaces=tuple(draw(plain_text) for _ in range(names + numbers)),
        body_vector=array(np.int8, 256),
        head_vector=array(np.int8, 256),
        bands=b"",
    )


@given(fingerprints())
def test_what_is_packed_comes_back(made: Fingerprint) -> None:
    assert as_plain(unpack(pack(made))) == as_plain(made)


def test_bands_are_not_packed() -> None:
    made = fingerprint_of("Один два три четыре пять шесть семь")

    assert made.bands
    assert as_plain(unpack(pack(made))) == as_plain(replace(made, bands=b""))


def test_russian_takes_a_byte_a_letter() -> None:
    made = fingerprint_of("Один два три", title="Бюджет принят Думой")

    assert len(pack(made)) == len(pack(replace(made, title="Budget, as adopted.")))


def test_an_encoder_of_other_width_is_packed_too() -> None:
    wide = np.arange(384).astype(np.int8)
    made = replace(fingerprint_of("Один два три"), body_vector=wide, head_vector=wide[:100])

    again = unpack(pack(made))

    assert again.body_vector.tolist() == wide.tolist()
    assert again.head_vector.tolist() == wide[:100].tolist()


def test_an_unknown_layout_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="layout 9: expected 1"):
        unpack(b"\x09" + bytes(40))


@pytest.mark.parametrize("length", [0, 1, 20, 100, 600])
def test_a_payload_cut_short_is_refused(length: int) -> None:
    payload = pack(fingerprint_of("Один два три"))

    with pytest.raises(ValueError, match=r"layout|cut short"):
        unpack(payload[:length])
