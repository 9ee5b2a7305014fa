"""Two languages of which the bundled encoder does not know one: the second opinion decides."""

import numpy as np
import pytest

from service.encoders.opinion import LANGUAGES
from service.matching.verify import Verifier
from tests.support.builders.fingerprints import fingerprint

ONE = np.zeros(192, np.int8)
ONE[:64] = 16
OTHER = np.zeros(192, np.int8)
OTHER[64:128] = 16


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier.load(languages=LANGUAGES, with_opinion=True)


@pytest.mark.parametrize(
    ("langs", "opinion", "is_one_story"),
    [
        (("de", "en"), ONE, True),
        (("zh", "fr"), ONE, True),
        (("de", "en"), OTHER, False),
        (("ja", "en"), ONE, False),  # a language that nobody knows: by wording alone
        (("ru", "en"), ONE, False),  # strangers' static vectors, and both are known
    ],
)
def test_the_second_opinion_decides_where_the_first_knows_nothing(
    verifier: Verifier, langs: tuple[str, str], opinion: np.ndarray, is_one_story: bool
) -> None:
    mine = fingerprint(1, lang=langs[0], opinion_vector=ONE)
    theirs = fingerprint(2, lang=langs[1], opinion_vector=opinion)

    (verdict,) = verifier.verdicts([(mine, theirs)])

    assert (verdict.probability >= verifier.join_threshold) is is_one_story


def test_the_bundled_tier_has_no_opinion_of_them() -> None:
    bundled = Verifier.load()
    mine, theirs = fingerprint(1, lang="de"), fingerprint(2, lang="en")

    assert bundled.verdicts([(mine, theirs)])[0].probability < bundled.join_threshold
