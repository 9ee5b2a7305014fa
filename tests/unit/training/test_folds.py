"""Folds keep what tells the same on one side, whichever run an article is in."""

from service.training.bulletins import KINDS
from service.training.labelled import Labelled
from service.training.runs import FOLDS, _fold


def article(group: str | None, suite: str, fold: str = "") -> Labelled:
    return Labelled(f"{group}-{suite}", "en", "", "", group, suite, fold or group or "")


def test_a_story_is_in_one_fold_in_every_suite() -> None:
    folds = {_fold(article("g1", suite)) for suite in ("feed", "flash", "partial", "update")}

    assert len(folds) == 1


def test_bulletins_of_one_template_share_a_fold_with_our_kind_that_tells_the_same() -> None:
    rates = {_fold(article(f"bulletin-fx-3-{number}", "bulletin")) for number in range(30)}
    quakes = {_fold(article(f"bulletin-quake-3-{number}", "bulletin")) for number in range(30)}

    assert rates == {_fold(article("rate-7", "rate", fold="rate"))}
    assert quakes == {_fold(article("tremor-7", "tremor", fold="tremor"))}


def test_every_fold_holds_kinds_of_bulletins() -> None:
    folds = {_fold(article(f"{kind}-0", kind, fold=kind)) for kind in KINDS}

    assert folds == set(range(FOLDS))


def test_background_is_in_no_fold_and_a_digest_in_its_own() -> None:
    assert _fold(article(None, "feed")) == -1
    assert _fold(article(None, "digest")) in range(FOLDS)
