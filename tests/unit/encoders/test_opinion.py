"""A second opinion by any model: what it reads, how it is projected, what is not read twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.article import Article
from service.encoders.errors import EncoderUnusable
from service.encoders.opinion import (
    LONGEST_TEXT,
    Opinion,
    Prefixed,
    Projection,
    Recent,
    text_of,
)
from service.fingerprints.embedding import Effort
from service.text.document import document
from tests.support.builders.encoders import hashed

DAM = Article(
    id="dam", title="Dam bursts on Orvan", text="Three villages are flooded.\n\nMore rain."
)
BANK = Article(id="bank", title="Bank keeps its rate", text="Inflation will slow, it says.")
EMPTY = Article(id="empty", title="", text="<p></p>")


@dataclass
class Model:
    """Answers by hashes and remembers what it was asked."""

    dimensions: int = 20
    version: str = "test/any@00"
    sha256: str = "00"
    asked: list[str] = field(default_factory=list)
    fails: bool = False

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        if self.fails:
            raise OSError("broken")
        return np.array([hashed(text, self.dimensions) for text in texts], np.float32)


def projection() -> Projection:
    rng = np.random.default_rng(1)
    mean, matrix = rng.normal(size=20) / 10, rng.normal(size=(20, 6))
    return Projection("projected-1", np.asarray(mean, np.float32), np.asarray(matrix, np.float32))


@pytest.mark.parametrize(
    ("article", "text"),
    [
        pytest.param(DAM, "Dam bursts on Orvan\nThree villages are flooded.", id="both"),
        pytest.param(
            Article(id="a", title="Dam bursts on Orvan", text=""), "Dam bursts on Orvan", id="title"
        ),
        pytest.param(EMPTY, "", id="nothing"),
    ],
)
def test_headline_and_lead_are_read(article: Article, text: str) -> None:
    assert text_of(document(article)).startswith(text)
    assert bool(text_of(document(article))) is bool(text)


def test_a_text_without_a_headline_is_not_read_twice() -> None:
    """``Document.title`` shows its first line then."""
    read = text_of(document(Article(id="a", title="", text="Dam bursts on Orvan river today.")))

    assert read.count("Dam bursts") == 1


def test_a_text_beyond_what_the_model_reads_is_cut() -> None:
    """A script without spaces is one long word."""
    without_spaces = Article(id="a", title="大雨", text="水" * 3_000)

    assert len(text_of(document(without_spaces))) == LONGEST_TEXT


def test_opinions_are_projected_unit_vectors_and_zero_where_nothing_is_said() -> None:
    shape = projection()
    opinion = Opinion(Model(), shape)

    found = opinion.opinions([document(one) for one in (DAM, EMPTY, BANK)])

    raw = np.array(hashed(text_of(document(DAM)), 20), np.float32)
    expected = (raw / np.linalg.norm(raw) - shape.mean) @ shape.matrix
    assert found[0] == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 0, 1], abs=1e-5)
    assert opinion.version == "projected-1/test/any@00"


def test_copies_are_read_once_in_a_batch_and_afterwards() -> None:
    model = Model()
    opinion = Opinion(model, projection())
    reprint = DAM.model_copy(update={"id": "reprint"})

    first = opinion.opinions([document(one) for one in (DAM, reprint, BANK)])
    again = opinion.opinions([document(one) for one in (reprint, DAM)])

    assert len(model.asked) == 2
    assert np.array_equal(first[0], first[1])
    assert np.array_equal(first[[0, 0]], again)
    assert (opinion.effort.texts, opinion.effort.known, opinion.effort.waiting) == (2, 3, 0)


def test_what_failed_is_asked_for_again() -> None:
    model = Model(fails=True)
    opinion = Opinion(model, projection())
    with pytest.raises(OSError, match="broken"):
        opinion.opinions([document(DAM)])
    assert opinion.effort.waiting == 0
    model.fails = False

    found = opinion.opinions([document(DAM)])

    assert found.any()
    assert len(model.asked) == 2


def test_the_oldest_of_many_texts_are_forgotten() -> None:
    recent = Recent(most=2)
    one, two, three = (np.full(1, value, np.float32) for value in (1, 2, 3))
    recent.put([1, 2], [one, two])
    assert recent.get(1) is one

    recent.put([3], [three])

    assert [recent.get(key) for key in (1, 2, 3)] == [one, None, three]


def test_others_see_how_many_texts_wait() -> None:
    began, go = Event(), Event()

    class Slow(Model):
        def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
            began.set()
            assert go.wait(5)
            return super().vectors(texts)

    opinion = Opinion(Slow(), projection())
    thread = Thread(target=opinion.opinions, args=([document(DAM), document(BANK)],))
    thread.start()
    assert began.wait(5)

    seen = opinion.effort.waiting
    go.set()
    thread.join()

    assert seen == 2
    assert opinion.effort == Effort(2, 0, opinion.effort.seconds, 0)
    assert opinion.effort.seconds > 0


def test_a_model_that_needs_a_prefix_is_given_it() -> None:
    model = Model()

    prefixed = Prefixed(model)

    assert prefixed.vectors(["Dam"]).tolist() == [
        pytest.approx(hashed("passage: Dam", 20), abs=1e-6)
    ]
    assert (prefixed.version, prefixed.dimensions) == (model.version, 20)


def test_a_model_of_another_width_is_refused() -> None:
    with pytest.raises(EncoderUnusable, match="8 dimensions, expected those of multilingual-e5"):
        Opinion(Model(dimensions=8), projection())


def test_the_bundled_projection_is_small_and_takes_the_mean_out() -> None:
    stored = Projection.load()

    at_mean = stored.of(stored.mean[None] / np.linalg.norm(stored.mean))

    assert stored.mean.shape == (384,)
    assert stored.matrix.shape == (384, 192)
    assert stored.version.startswith("onestory-opinion-")
    # What all texts share is most of a vector, and says nothing after the projection.
    assert np.linalg.norm(stored.mean) == pytest.approx(0.9, abs=0.05)
    assert np.linalg.norm((stored.mean - stored.mean) @ stored.matrix) == 0
    assert np.isfinite(at_mean).all()
