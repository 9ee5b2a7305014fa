"""A real model2vec model, saved, loaded and used."""

from pathlib import Path

import numpy as np
import pytest

from contracts.article import Article
from service.encoders.choose import load_encoder, load_fingerprinter
from service.encoders.errors import EncoderUnusable
from service.encoders.model2vec import Model2Vec
from service.fingerprints.fingerprint import Fingerprint
from service.matching.verify import COPY, Verifier
from service.text.document import document
from tests.support.builders.encoders import BANK_EN, DAM_EN, DAM_RU, tiny_model
from workers.state.log_entry import Logged
from workers.window.neighbours import FaissNeighbours
from workers.window.window import Window


def article(article_id: str, text: str) -> Article:
    title, _, body = text.partition(". ")
    return Article(id=article_id, title=title, text=body)


@pytest.mark.parametrize("dimensions", [24, 96, 256, 384])
def test_a_translation_is_near_and_another_story_far(tmp_path: Path, dimensions: int) -> None:
    encoder = load_encoder(f"model2vec:{tiny_model(tmp_path / 'tiny', dimensions)}")

    texts = [document(article("a", text)) for text in (DAM_EN, DAM_RU, BANK_EN)]
    heads, bodies = encoder.encode(texts)

    for vectors in (heads, bodies):
        assert vectors[0] @ vectors[1] > 0.9
        assert vectors[0] @ vectors[2] < 0.6


def test_a_model_whose_weights_differ_has_another_version(tmp_path: Path) -> None:
    one = Model2Vec.load(str(tiny_model(tmp_path / "a" / "tiny", 16)))
    same = Model2Vec.load(str(tiny_model(tmp_path / "b" / "tiny", 16)))
    other = Model2Vec.load(str(tiny_model(tmp_path / "c" / "tiny", 16, seed=2)))

    assert one.version == f"model2vec/tiny@{one.sha256}"
    assert len(one.sha256) == 16
    assert same.version == one.version
    assert other.version != one.version


def test_evidence_names_the_model_and_its_weights(tmp_path: Path) -> None:
    spec = f"model2vec:{tiny_model(tmp_path / 'tiny', 16)}"

    model = load_fingerprinter(spec).model

    assert model.version == f"model2vec/tiny@{model.sha256}+rotated256"


def test_a_folder_without_a_model_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnusable, match="model2vec can't load"):
        load_encoder(f"model2vec:{tmp_path}")


@pytest.mark.parametrize("dimensions", [24, 384])
def test_from_article_to_verdict_with_a_model_of_other_dimensions(
    tmp_path: Path, dimensions: int
) -> None:
    """Fingerprinter, payloads, window with its index, and verifier."""
    fingerprinter = load_fingerprinter(f"model2vec:{tiny_model(tmp_path / 'tiny', dimensions)}")
    earlier = fingerprinter.fingerprints([article("dam", DAM_EN), article("bank", BANK_EN)])
    (translation, copy) = fingerprinter.fingerprints([article("ru", DAM_RU), article("c", DAM_EN)])
    window = Window(FaissNeighbours())

    window.follow(
        [Logged(number, 0, one.article_id, one.payload) for number, one in enumerate(earlier, 1)]
    )
    nearest = window.nearest([translation, copy], 1)

    assert [list(found) for found in nearest] == [[1], [1]]
    verdicts = Verifier.load().verdicts([
        (translation, window[1]), (translation, window[2]), (copy, window[1]),
    ])  # fmt: skip
    assert verdicts[0].similarity.meaning > 0.9
    assert verdicts[0].probability > verdicts[1].probability
    assert verdicts[2].probability == COPY
    assert _vectors_equal(Fingerprint.checked(earlier[0].payload), earlier[0])


def _vectors_equal(one: Fingerprint, other: Fingerprint) -> bool:
    return np.array_equal(one.body_vector, other.body_vector) and np.array_equal(
        one.head_vector, other.head_vector
    )
