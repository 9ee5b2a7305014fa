"""Which buckets an article is in, by what a stored fingerprint holds."""

import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.article import Article
from service.fingerprints.bands import BANDS, NO_KEY, SHINGLE_BANDS, band_keys
from service.fingerprints.fingerprint import Fingerprint
from tests.support.builders.fingerprints import fingerprint
from tests.unit.fingerprints.builders import fingerprint_of, fingerprinter

REPORT = (
    "Посол Геннадий Бездетко 9 февраля сообщил ТАСС, что визит То Лама в Москву принёс 12 "
    "соглашений на 1,5 млн долларов. По его словам, стороны продолжат работу в Ханое, где "
    "осенью соберутся делегации обеих стран, чтобы обсудить торговлю, энергетику и науку."
)
EMPTY = np.full(64, 0xFF, np.uint8)


def keys_of(made: Fingerprint) -> list[int]:
    """Of the fingerprint as a worker finds it in the log."""
    (keys,) = band_keys([Fingerprint.checked(made.payload)]).tolist()
    return list(keys)


def shared(one: Fingerprint, other: Fingerprint) -> NDArray[np.intp]:
    """Places of the bands that two articles share."""
    mine, theirs = band_keys([one, other])
    return np.flatnonzero((mine == theirs) & (mine != NO_KEY))


def with_anchors(**weights: int) -> Fingerprint:
    """An article of these names and no words, by the names' numbers."""
    ids = sorted(int(name.removeprefix("n")) for name in weights)
    return fingerprint(
        1,
        shingle_rows=EMPTY,
        names=np.array(ids, np.uint32),
        name_weights=np.array([weights[f"n{each}"] for each in ids], np.uint8),
        surfaces=("",) * len(ids),
    )


def test_an_article_has_24_distinct_buckets() -> None:
    keys = keys_of(fingerprint_of(REPORT))

    assert len(keys) == BANDS == 24
    assert len(set(keys) - {int(NO_KEY)}) == 24


def test_copies_share_all_buckets() -> None:
    one = fingerprint_of(REPORT, title="Принят бюджет")
    other = fingerprint_of(
        f"<p>МОСКВА, 9 фев - РИА Новости. {REPORT}</p>", title="Принят бюджет - РИА Новости"
    )

    assert len(shared(one, other)) == 24


def test_a_light_edit_shares_a_bucket_of_words() -> None:
    one, other = fingerprint_of(REPORT), fingerprint_of(REPORT.replace("осенью ", ""))

    assert shared(one, other)[0] < SHINGLE_BANDS


def test_a_translation_shares_buckets_of_anchors_alone() -> None:
    english = fingerprint_of(
        "Ambassador Gennady Bezdetko told TASS on February 9 that the visit of To Lam to Moscow "
        "brought 12 accords worth $1.5 million. The work goes on in Hanoi, he said."
    )

    found = shared(fingerprint_of(REPORT), english)

    assert len(found) > 0
    assert found[0] >= SHINGLE_BANDS


@pytest.mark.parametrize("text", ["Да", "Вот так", "🎯🎯🎯", "12", "…"])
def test_too_few_words_have_no_bucket(text: str) -> None:
    assert keys_of(fingerprint_of(text)) == [NO_KEY] * 24


def test_countries_alone_make_no_bucket_of_anchors() -> None:
    made = fingerprint_of("вчера Россия, Китай и Вьетнам вместе подписали ещё один общий документ")

    assert [key != NO_KEY for key in keys_of(made)] == [True] * 16 + [False] * 8


@pytest.mark.parametrize(("weights", "has_buckets"), [((2, 3, 3), True), ((2, 2, 1, 1), False)])
def test_three_anchors_that_tell_something_make_buckets(
    weights: tuple[int, ...], has_buckets: bool
) -> None:
    made = with_anchors(**{f"n{1_000 + at}": weight for at, weight in enumerate(weights)})

    assert [key != NO_KEY for key in keys_of(made)] == [False] * 16 + [has_buckets] * 8


def test_where_an_anchor_stands_changes_no_bucket() -> None:
    """Flags of lead and rank lie in the same byte as the weight."""
    plain = with_anchors(n1000=2, n2000=3, n3000=3)
    flagged = with_anchors(n1000=2 | 0x80, n2000=3 | 0x80 | 0x08, n3000=3 | 0x78)

    assert keys_of(plain) == keys_of(flagged)


def test_an_article_s_keys_do_not_hang_on_its_batch() -> None:
    texts = [REPORT, "Да", "🎯", REPORT[:90], "The quick brown fox met Mr Smith in London"]
    made = fingerprinter().fingerprints(
        [Article(id=str(number), text=text) for number, text in enumerate(texts)]
    )

    assert band_keys(made).tolist() == [keys_of(each) for each in made]


def test_rows_of_one_band_make_other_keys_in_another() -> None:
    alike = fingerprint(7)  # all rows are equal

    assert len(set(keys_of(alike)[:SHINGLE_BANDS])) == SHINGLE_BANDS


def test_buckets_of_anchors_estimate_the_weighted_jaccard_similarity() -> None:
    """Three rows that agree with probability J are one key: the share of equal keys is J³."""
    errors = []
    for trial in range(400):
        draw = np.random.default_rng(trial)
        names = [f"n{each}" for each in draw.integers(1, 2**31, 30)]
        one = {name: int(draw.integers(2, 4)) for name in names}
        other = {name: int(draw.integers(2, 4)) for name in names[5:]}
        true = sum(min(one[name], other[name]) for name in other) / sum(
            max(weight, other.get(name, 0)) for name, weight in one.items()
        )
        found = len(shared(with_anchors(**one), with_anchors(**other))) / 8
        errors.append(found - true**3)

    # Standard error of one estimate: sqrt(0.25 / 8) = 0.18 at most; of the mean of 400: 0.009.
    assert abs(np.mean(errors)) < 0.03
