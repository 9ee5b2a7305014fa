"""The bytes that Redis keeps: namespaces that earlier versions wrote must stay readable."""

from typing import Any

import numpy as np

from service.fingerprints.fingerprint import Fingerprint
from tests.support.builders.fingerprints import packed
from tests.unit.fingerprints.builders import as_lists, as_plain

FEATURES: dict[str, Any] = {
    "article_id": "7",
    "version": 3,
    "lang": "ru",
    "title": "Паром",
    "source": "ТАСС",
    "tag": "update",
    "published_ms": 1_770_631_200_000,
    "digest": 0x0123456789ABCDEF,
    "token_count": 450,
    "items": 2,
    "cues": 0x0102030405060708,
    "shingle_rows": np.arange(64, dtype=np.uint8),
    "template_rows": np.arange(100, 116, dtype=np.uint8),
    "names": np.array([0xA1A2A3A4, 0xB1B2B3B4], np.uint32),
    "name_weights": np.array([3, 0x82], np.uint8),
    "numbers": np.array([0xC1C2C3C4], np.uint32),
    "number_weights": np.array([1], np.uint8),
    "surfaces": ("Марко", "", "214"),
    "keywords": np.array([1, 0x8A8B8C8D, *[0] * 14], np.uint32),
    "keyword_weights": np.array([120, 0x0F, *[0] * 14], np.uint8),
    "body_vector": np.array([127, -128, 0], np.int8),
    "head_vector": np.array([1, -1], np.int8),
    "opinion_vector": np.array([5, -5], np.int8),
}

PAYLOAD = bytes.fromhex(
    "03 02 01 02 c2010000 0300000000000000 00fdd7419c010000 efcdab8967452301"  # layout ... digest
    "0a010000 0300 0200 0200 0807060504030201 0b 727500"  # length, widths, cues, flags, language
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"  # shingle rows
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
    "6465666768696a6b6c6d6e6f70717273"  # template rows
    "01000000 8d8c8b8a"
    + 56 * "00"
    + "780f"
    + 14 * "00"  # keywords, their weights
    + "7f8000 01ff 05fb"  # body, head and opinion vector
    "a4a3a2a1 b4b3b2b1 c4c3c2c1 0382 01"  # names, numbers, their weights
    "3700 cfe0f0eeec00 d2c0d1d100 75706461746500 cce0f0eaee00 00 323134"  # texts
)
"""Written by the version of November 2026."""

WIDE_PAYLOAD = bytes.fromhex(
    "03 00 00 00 00000000 0300000000000000 0000000000000080 0000000000000000"
    "e3000000 0000 0000 0000 0000000000000000 04 756e64"
    + 160 * "00"
    + "3700 48c3a0204ee1bb99690000"
)
"""Of an article without source, tag, moment and anchors, whose title is not in Windows-1251."""


def test_a_fingerprint_is_these_bytes() -> None:
    assert packed(**FEATURES).payload == PAYLOAD


def test_these_bytes_are_this_fingerprint() -> None:
    view = Fingerprint.checked(PAYLOAD)

    assert as_plain(view) == {name: as_lists(value) for name, value in FEATURES.items()}


def test_a_title_beyond_windows_1251_is_utf_8_and_what_is_missing_is_none() -> None:
    empty = {name: value[:0] for name, value in FEATURES.items() if isinstance(value, np.ndarray)}
    rows = {"shingle_rows": np.zeros(64, np.uint8), "template_rows": np.zeros(16, np.uint8)}
    words = {"keywords": np.zeros(16, np.uint32), "keyword_weights": np.zeros(16, np.uint8)}
    bare = {"lang": "und", "title": "Hà Nội", "digest": 0, "token_count": 0, "items": 0, "cues": 0}
    absent = {"source": None, "tag": None, "published_ms": None, "surfaces": ()}
    features = {**FEATURES, **empty, **rows, **words, **bare, **absent}

    made = packed(**features)

    assert made.payload == WIDE_PAYLOAD
    assert as_plain(Fingerprint.checked(WIDE_PAYLOAD)) == {
        name: as_lists(value) for name, value in features.items()
    }
