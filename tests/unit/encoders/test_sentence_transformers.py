"""Our adapter beside a stand-in for the library, which needs torch and is not installed here."""

import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.article import Article
from service.encoders.choose import load_encoder, load_fingerprinter
from service.encoders.errors import EncoderUnusable
from service.fingerprints.fingerprinter import Fingerprinter
from service.text.document import document
from tests.support.builders.encoders import hashed

ARTICLE = Article(id="a", title="Dam bursts", text="Three villages are flooded.")


class Tensor:
    """As much of a torch tensor as the digest looks at."""

    def __init__(self, values: Sequence[float]) -> None:
        self._values = values

    def detach(self) -> "Tensor":
        return self

    def cpu(self) -> "Tensor":
        return self

    def float(self) -> "Tensor":
        return self

    def numpy(self) -> NDArray[np.float32]:
        return np.array(self._values, np.float32)


class SentenceTransformer:
    """Answers as the library does, by hashes."""

    weights: Sequence[float] = (1.0, 2.0)
    asked: Any = None
    texts: Sequence[str] = ()
    dimensions = 20

    def __init__(self, name: str) -> None:
        if "nowhere" in name:
            raise OSError(f"{name} is not a local folder and is not a valid model identifier")

    def __repr__(self) -> str:
        return "SentenceTransformer(pooling=mean)"

    def state_dict(self) -> dict[str, Tensor]:
        return {"b": Tensor([0.5]), "a": Tensor(self.weights)}

    def encode(self, texts: list[str], **options: Any) -> NDArray[np.float32]:
        type(self).asked, type(self).texts = options, texts
        return np.array([hashed(text, self.dimensions) for text in texts], np.float32)


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[SentenceTransformer]]:
    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = SentenceTransformer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    monkeypatch.setattr(SentenceTransformer, "weights", (1.0, 2.0))
    yield SentenceTransformer
    # It was imported with the stand-in.
    sys.modules.pop("service.encoders.sentence_transformers", None)


def test_an_article_is_encoded_without_a_progress_bar(library: type[SentenceTransformer]) -> None:
    heads, bodies = load_encoder("sentence-transformers:tiny").encode([document(ARTICLE)])

    assert heads.shape == bodies.shape == (1, 256)
    assert np.linalg.norm(bodies) == pytest.approx(1, abs=1e-5)
    assert library.asked["show_progress_bar"] is False


def test_a_model_whose_weights_differ_has_another_version(
    library: type[SentenceTransformer], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = load_encoder("sentence-transformers:group/tiny").version
    same = load_encoder("sentence-transformers:group/tiny").version
    monkeypatch.setattr(library, "weights", (1.0, 2.5))

    other = load_encoder("sentence-transformers:group/tiny").version

    assert one.startswith("sentence-transformers/tiny@")
    assert one == same != other


def test_a_model_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(EncoderUnusable, match="can't load 'nowhere': OSError: nowhere is not"):
        load_encoder("sentence-transformers:nowhere")


def test_multilingual_e5_small_gives_a_second_opinion_beside_the_bundled_vectors(
    library: type[SentenceTransformer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "dimensions", 384)
    fingerprinter = load_fingerprinter("sentence-transformers:intfloat/multilingual-e5-small")

    (made,) = fingerprinter.fingerprints([ARTICLE])

    assert library.texts == ["passage: Dam bursts\nThree villages are flooded."]
    assert made.opinion_vector.any()
    (bundled,) = Fingerprinter.load().fingerprints([ARTICLE])
    assert np.array_equal(made.body_vector, bundled.body_vector)
    assert "+onestory-opinion-1/sentence-transformers/" in fingerprinter.model.version
