"""What an editor reads about a placement."""

from dataclasses import replace

import pytest

from contracts.events import Evidence, Model
from service.matching.evidence import MOST_SHARED, _wording, evidence, shared_anchors
from service.matching.verify import Verifier
from tests.unit.matching.newsroom import fingerprint, fingerprinter, known

MODEL = Model(version="test", sha256="0" * 16)


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier.load()


def evidence_for(
    verifier: Verifier, newer: str, earlier: str, *, joined: bool | None = None
) -> Evidence:
    new, old = known(newer), known(earlier)
    (judged,) = verifier.verdicts([(new, old)])
    if joined is None:
        joined = judged.probability >= verifier.join_threshold
    return evidence(new, old, judged, joined=joined, candidates=7, verifier=verifier, model=MODEL)


def test_a_translation_names_what_both_say_in_both_spellings(verifier: Verifier) -> None:
    found = evidence_for(verifier, "talks-ru", "talks-en")

    assert found.summary.startswith("Translation of “Foreign ministers Okonjo and Lindqvist")
    assert "Линдквист = Lindqvist" in found.shared
    assert "14 апреля = April 14" in found.shared
    assert found.similarity is not None
    assert f"meaning {found.similarity.meaning:.2f}" in found.summary
    assert found.candidates == 7
    assert found.thresholds == {"join": verifier.join_threshold, "merge": verifier.merge_threshold}
    assert found.model == MODEL


def test_a_veto_is_given_as_the_reason(verifier: Verifier) -> None:
    found = evidence_for(verifier, "quake-b-en", "quake-a-en")

    assert found.summary.startswith("New story: kept apart from “Magnitude 5.4")
    assert "other facts" in found.summary
    assert found.guards


def test_two_texts_with_nothing_in_common_are_told_so(verifier: Verifier) -> None:
    found = evidence_for(verifier, "elephant-en", "talks-en")

    assert found.summary.startswith("New story: kept apart from “Foreign ministers")
    assert "little shared" in found.summary


def test_a_near_miss_shows_its_probability(verifier: Verifier) -> None:
    new, old = known("talks-ru"), known("talks-en")
    (judged,) = verifier.verdicts([(new, old)])

    found = evidence(
        new,
        old,
        replace(judged, probability=0.31),
        joined=False,
        candidates=1,
        verifier=verifier,
        model=MODEL,
    )

    assert found.summary.startswith("New story: nearest is “Foreign ministers")
    assert "probability 0.31" in found.summary


def test_a_match_that_its_story_outvotes_is_told_as_such(verifier: Verifier) -> None:
    found = evidence_for(verifier, "talks-ru", "talks-en", joined=False)

    assert found.summary.startswith("New story: like “Foreign ministers")
    assert found.summary.endswith("but unlike the rest of its story")


def test_without_a_candidate_it_says_so(verifier: Verifier) -> None:
    found = evidence(
        known("talks-en"),
        None,
        None,
        joined=False,
        candidates=0,
        verifier=verifier,
        model=fingerprinter().model,
    )

    assert found.summary == "New story: no earlier article comes near"
    assert found.similarity is None


def test_evidence_is_one_line_and_valid_by_contract(verifier: Verifier) -> None:
    found = evidence_for(verifier, "flash-ru", "talks-en")

    assert "\n" not in found.summary
    assert Evidence.model_validate_json(found.model_dump_json()) == found


def test_shared_anchors_are_the_most_telling_and_no_more_are_worded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two copies every name was worded, for the twelve that are shown."""
    many = " ".join(f"Then {name}ovic spoke." for name in _names(50))
    new, earlier = (fingerprint("Ostrov, Belgar and Kremnik agree", many) for _ in range(2))
    worded: list[str] = []

    def wording(mine: str, their: str) -> str:
        worded.append(mine)
        return _wording(mine, their)

    monkeypatch.setattr("service.matching.evidence._wording", wording)
    shared = shared_anchors(new, earlier)
    at_most = len(worded)
    monkeypatch.setattr("service.matching.evidence.MOST_SHARED", 1_000)
    every = shared_anchors(new, earlier)

    assert len(every) > 2 * MOST_SHARED
    assert shared == every[:MOST_SHARED]
    assert at_most == MOST_SHARED


def _names(count: int) -> list[str]:
    parts = "bar den kol mor nes pol rit sun tav vel".split()
    return [(one + other).capitalize() for one in parts for other in parts][:count]


def test_shared_anchors_of_strangers_are_few() -> None:
    assert len(shared_anchors(known("elephant-en"), known("talks-en"))) < 3


def test_a_placement_says_in_what_two_headlines_differ(verifier: Verifier) -> None:
    opens, closes = (
        fingerprint(f"Merania {verb} Lodva crossing", f"Merania {verb} the crossing at Lodva.")
        for verb in ("opens", "closes")
    )
    (judged,) = verifier.verdicts([(closes, opens)])

    apart = evidence(
        closes, opens, judged, joined=False, candidates=1, verifier=verifier, model=MODEL
    )
    joined = evidence(
        closes, opens, judged, joined=True, candidates=1, verifier=verifier, model=MODEL
    )

    assert apart.summary == (
        "New story: kept apart from “Merania opens Lodva crossing”, opposite: title and lead say "
        "that the contrary happened; headlines differ: open or close"
    )
    assert "headlines differ" not in joined.summary
