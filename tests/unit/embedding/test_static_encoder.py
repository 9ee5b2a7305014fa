"""The bundled embedding: same story near, other story far, in either language."""

import time
from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors import safe_open

from contracts.article import Article
from service.fingerprints.embedding import (
    MAX_WORDS,
    MODEL_FILE,
    StaticEncoder,
    centred,
)
from service.fingerprints.model_rows import Buckets, subword_rows
from service.fingerprints.stems import stem, stem_key
from service.text.document import Document, document
from service.text.tokens import word_tokens
from tests.support.builders.documents import of_words

DAM_RU = (
    "Плотина на реке прорвана после ливней. Власти эвакуировали жителей трёх деревень, "
    "школы закрыты. Спасатели ищут двух пропавших рыбаков."
)
DAM_EN = (
    "A dam on the river has burst after heavy rain. The authorities evacuated residents of three "
    "villages and schools are closed. Rescuers are searching for two missing fishermen."
)
BANK_EN = (
    "The central bank kept its key interest rate unchanged and expects inflation to slow next "
    "year. Analysts had forecast a cut, and government bonds fell after the decision."
)


def read(text: str, title: str = "") -> Document:
    return document(Article(id="1", title=title, text=text))


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder.load()


def cosines(encoder: StaticEncoder, *sources: str) -> NDArray[np.float32]:
    _, bodies = encoder.encode([read(source) for source in sources])
    near: NDArray[np.float32] = bodies @ bodies.T
    return near


def test_the_bundled_model_loads_in_under_a_second() -> None:
    began = time.perf_counter()

    StaticEncoder.load()

    assert time.perf_counter() - began < 1


def test_a_translation_is_near_and_another_story_far(encoder: StaticEncoder) -> None:
    near = cosines(encoder, DAM_RU, DAM_EN, BANK_EN)

    assert near[0, 1] > 0.5
    assert near[0, 2] < 0.3
    assert near[0, 1] > near[0, 2] + 0.3


def test_a_name_never_seen_is_near_itself_in_the_other_script(encoder: StaticEncoder) -> None:
    near = cosines(encoder, "Бездетко", "Bezdetko", "Kvirrembach")

    assert near[0, 1] > near[0, 2] + 0.2


def test_a_vector_is_the_sum_of_its_words_without_what_all_texts_share(
    encoder: StaticEncoder,
) -> None:
    """By the formula, in float64 and word by word: what stored fingerprints were made by."""
    with safe_open(str(files("service.model") / MODEL_FILE), framework="numpy") as model:
        keys, rows, scales, common = (
            model.get_tensor(name) for name in ("keys", "vectors", "scales", "common")
        )
    title, text = word_tokens(DAM_EN)[:6], word_tokens(DAM_EN)[6:]

    def vector(words: Sequence[str], kept: int) -> NDArray[np.float64]:
        places = [int(np.flatnonzero(keys == stem_key(stem(word)))[0]) for word in words]
        found = (rows[places].astype(np.float64) * scales[places, None].astype(np.float64)).sum(0)
        found = found / np.linalg.norm(found) - common[0]
        for direction in common[1:].astype(np.float64):
            found -= found @ direction * direction
        leading: NDArray[np.float64] = found[:kept] / np.linalg.norm(found[:kept])
        return leading

    heads, bodies = encoder.encode([of_words(title, text, lead_end=14)])

    half = encoder.dimensions // 2
    head = np.concatenate([vector(title, half), vector(text[:14], half)]) / np.sqrt(2)
    assert heads[0] == pytest.approx(head, abs=1e-4)
    assert bodies[0] == pytest.approx(vector(title + text, encoder.dimensions), abs=1e-4)


def test_vectors_have_length_one(encoder: StaticEncoder) -> None:
    heads, bodies = encoder.encode([read(DAM_RU), read(BANK_EN)])

    assert heads.shape[0] == bodies.shape[0] == 2
    assert bodies.shape[1] == encoder.dimensions
    assert np.linalg.norm(heads, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert np.linalg.norm(bodies, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_a_text_without_words_gets_the_zero_vector(encoder: StaticEncoder) -> None:
    heads, bodies = encoder.encode([read("—"), read("3.5", "12")])

    assert not heads.any()
    assert not bodies.any()


def test_a_missing_title_is_stood_in_for_by_the_lead(encoder: StaticEncoder) -> None:
    heads, _ = encoder.encode([read(DAM_EN), read(DAM_EN, "Bank rate unchanged")])

    half = heads.shape[1] // 2
    assert heads[0, :half] == pytest.approx(heads[0, half:], abs=1e-6)
    assert float(heads[1, :half] @ heads[1, half:]) < 0.4


def test_the_batch_changes_no_vector(encoder: StaticEncoder) -> None:
    sources = [read(DAM_RU), read(DAM_EN), read(BANK_EN)]

    together = encoder.encode(sources)
    alone = [encoder.encode([source]) for source in sources]

    for index, (head, body) in enumerate(alone):
        assert together[0][index] == pytest.approx(head[0], abs=1e-5)
        assert together[1][index] == pytest.approx(body[0], abs=1e-5)


def test_a_full_memo_starts_over_and_changes_no_vector() -> None:
    encoder = StaticEncoder.load()
    before = encoder.encode([read("Бездетко в Тьмутаракани")])

    for start in range(0, 40_000, 1500):
        flood = [f"zq{number:x}vw".translate(str.maketrans("0123456789", "ghijklmnop"))
                 for number in range(start, start + 1500)]  # fmt: skip
        encoder.encode([read(" ".join(flood))])
    after = encoder.encode([read("Бездетко в Тьмутаракани")])

    assert (before[0] == after[0]).all()
    assert (before[1] == after[1]).all()


def test_words_beyond_the_limit_are_not_read(encoder: StaticEncoder) -> None:
    short = "на мосту у реки и дом в лесу "
    filled = short * (MAX_WORDS // len(short.split()))

    _, bodies = encoder.encode([read(filled), read(filled + "банк снизил ставку")])

    assert (bodies[0] == bodies[1]).all()


def test_subwords_fall_into_their_blocks_of_the_table() -> None:
    buckets = Buckets(stems=10, skeletons=100, grams=1000)

    rows = subword_rows("bezdetko", buckets)

    assert 10 <= rows[0] < 110
    assert all(110 <= row < 1110 for row in rows[1:])
    assert rows[0] == subword_rows("бездетко", buckets)[0]


def test_what_all_texts_share_is_taken_out() -> None:
    mean = np.array([0.6, 0.0, 0.0], np.float32)
    direction = np.array([0.0, 0.0, 1.0], np.float32)

    vectors = centred(np.array([[2.0, 0.0, 5.0]], np.float32), np.stack([mean, direction]))

    assert vectors[0, 2] == pytest.approx(0, abs=1e-6)
    assert np.linalg.norm(vectors[0]) == pytest.approx(1)
