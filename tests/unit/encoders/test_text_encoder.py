"""What a model is asked of an article, and where its vectors go."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.article import Article
from service.encoders.text_encoder import LONGEST_INPUT, TextEncoder
from service.text.document import Document, document

TITLE = "Dam bursts"
LEAD = "A dam on the river has burst after heavy rain and three villages are under water since."
REST = "Schools are closed."


class Recorder:
    """A model whose vectors are random but fixed by the text."""

    version = "recorder/1@00"
    sha256 = "0" * 16

    def __init__(self, dimensions: int = 300) -> None:
        self.dimensions = dimensions
        self.asked: list[list[str]] = []

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        seeds = [list(text.encode()) for text in texts]
        rows = [5 * np.random.default_rng(seed).normal(size=self.dimensions) for seed in seeds]
        return np.array(rows, np.float32)


def read(title: str, text: str) -> Document:
    return document(Article(id="a", title=title, text=text))


def test_a_model_is_asked_for_title_lead_and_body_once() -> None:
    model = Recorder()
    one = read(TITLE, f"{LEAD} {REST * 5}")

    TextEncoder(model).encode([one, one])

    assert model.asked == [[TITLE, one.lead, f"{TITLE}\n{one.text}"]]
    assert one.lead.startswith("A dam on the river")


def test_vectors_have_length_one_and_the_width_of_all_encoders() -> None:
    encoder = TextEncoder(Recorder())

    heads, bodies = encoder.encode([read(TITLE, LEAD), read("Rates kept", REST)])

    assert heads.shape == bodies.shape == (2, 256)
    assert encoder.dimensions == 256
    assert np.linalg.norm(heads, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert np.linalg.norm(bodies, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_halves_of_a_head_are_title_and_lead_in_the_leading_dimensions_of_bodies() -> None:
    """A flash's title is compared with another's body, so both need one projection."""
    encoder = TextEncoder(Recorder())

    heads, _ = encoder.encode([read(TITLE, LEAD)])
    _, bodies = encoder.encode([read(TITLE, "")])
    leading = bodies[0, :128] / np.linalg.norm(bodies[0, :128])

    assert heads[0, :128] * np.sqrt(2) == pytest.approx(leading, abs=1e-5)
    assert abs(heads[0, 128:] @ leading) < 0.5


@pytest.mark.parametrize(("title", "text"), [("", LEAD), (TITLE, "")])
def test_title_and_lead_stand_in_for_each_other(title: str, text: str) -> None:
    heads, _ = TextEncoder(Recorder()).encode([read(title, text)])

    assert heads[0, :128] == pytest.approx(heads[0, 128:], abs=1e-6)


def test_a_text_without_words_is_not_asked_for_and_gets_the_zero_vector() -> None:
    model = Recorder()

    heads, bodies = TextEncoder(model).encode([read("…", "— • —")])

    assert model.asked == []
    assert not heads.any()
    assert not bodies.any()


def test_the_batch_changes_no_vector() -> None:
    encoder = TextEncoder(Recorder())
    articles = [read("…", ""), read(TITLE, LEAD), read("", REST)]

    together = encoder.encode(articles)

    for index, one in enumerate(articles):
        alone = encoder.encode([one])
        assert together[0][index] == pytest.approx(alone[0][0], abs=1e-6)
        assert together[1][index] == pytest.approx(alone[1][0], abs=1e-6)


@pytest.mark.parametrize("text", ["word " * 4_000, "大" * 20_000])
def test_no_text_is_longer_than_an_endpoint_takes(text: str) -> None:
    model = Recorder()

    TextEncoder(model).encode([read(TITLE, text)])

    assert all(0 < len(asked) <= LONGEST_INPUT for asked in model.asked[0])


def test_the_version_names_the_projection_too() -> None:
    assert TextEncoder(Recorder()).version == "recorder/1@00+rotated256"
