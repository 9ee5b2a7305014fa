"""Who is near: by a second opinion where there is one, at home and abroad."""

import numpy as np
import pytest
from numpy.typing import NDArray

from service.fingerprints.fingerprint import Fingerprint
from tests.support.builders.fingerprints import fingerprint
from workers.window.neighbours import (
    DIMENSIONS,
    OPINION_DIMENSIONS,
    FaissNeighbours,
    retrieval_vectors,
)
from workers.window.shelves import MOST_SCANNED


def opinion(number: int) -> NDArray[np.int8]:
    vector = np.random.default_rng((number, 3)).normal(size=192)
    scaled: NDArray[np.int8] = np.rint(vector / np.linalg.norm(vector) * 127).astype(np.int8)
    return scaled


def with_opinion(number: int, of: int | None = None) -> Fingerprint:
    """Bundled vectors that the number fixes, and the opinion of this or another number."""
    return fingerprint(number, opinion_vector=opinion(number if of is None else of))


@pytest.mark.parametrize("articles", [50, pytest.param(MOST_SCANNED + 10, id="many")])
def test_two_texts_of_one_opinion_are_near_whatever_their_words(articles: int) -> None:
    index = FaissNeighbours(with_opinions=True)
    index.add(range(articles), [with_opinion(number) for number in range(articles)])

    (near,) = index.nearest([with_opinion(articles, of=7)], 3)

    nearest = max(near, key=near.__getitem__)
    assert nearest == 7
    assert near[7] > 0.5


def test_an_article_is_as_near_to_itself_as_can_be() -> None:
    index = FaissNeighbours(with_opinions=True)
    index.add([1], [with_opinion(1)])

    (near,) = index.nearest([with_opinion(1)], 1)

    assert near[1] == pytest.approx(1, abs=0.02)


def test_the_vector_is_wider_by_the_opinion() -> None:
    assert retrieval_vectors([fingerprint(1)]).shape == (1, DIMENSIONS)
    assert retrieval_vectors([with_opinion(1)]).shape == (1, DIMENSIONS + OPINION_DIMENSIONS)


def test_a_text_without_an_opinion_is_found_by_its_words() -> None:
    silent = fingerprint(5, opinion_vector=np.zeros(192, np.int8))
    index = FaissNeighbours(with_opinions=True)
    index.add(range(1, 10), [with_opinion(number) for number in range(1, 10)])

    (near,) = index.nearest([silent], 1)

    assert list(near) == [5]


@pytest.mark.parametrize("articles", [60, pytest.param(MOST_SCANNED + 100, id="many")])
def test_the_nearest_abroad_are_found_beside_those_at_home(articles: int) -> None:
    """However many look-alikes are nearer in the query's own language."""
    index = FaissNeighbours()
    langs = ["en", "ru", "de"]
    index.add(
        range(articles),
        [fingerprint(each, lang=langs[each % 3]) for each in range(articles)],
    )
    index.add(range(articles, articles + 40), [fingerprint(7_000, lang="en") for _ in range(40)])
    twins = [articles + 50, articles + 51]
    index.add(twins, [fingerprint(7_000, lang=lang) for lang in ("ru", "de")])

    (near,) = index.nearest([fingerprint(7_000, lang="en")], 12)

    at_home = [each for each in near if articles <= each < articles + 40]
    assert len(at_home) == 12
    assert set(twins) <= set(near)
    assert len(near) <= 18
