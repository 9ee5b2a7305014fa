from collections.abc import Callable

from service.evaluation.errors import errors
from service.evaluation.gold import GoldArticle
from service.evaluation.labelled_pairs import LabelledPair, pair_score
from service.evaluation.metrics import evaluate
from workers.render.figures import errors_report, evaluation_report, pair_report

GOLD = [
    GoldArticle("g1", "ru", "g", "flash", "Пожар [bold]"),
    GoldArticle("g2", "en", "g", "flash", "Fire"),
    GoldArticle("g3", "en", "g", "flash", "Fire again"),
    GoldArticle("h1", "en", "h", None, "Flood"),
    GoldArticle("b1", None, None, None, "Else"),
    GoldArticle("d1", "ru", None, "digest", "Итоги дня"),
]
PARTITION = [["g1", "g2", "h1", "b1"], ["d1"]]


def test_figures_and_suites_stand_in_columns(printed: Callable[..., str]) -> None:
    assert (
        printed(evaluation_report(evaluate(GOLD, PARTITION)))
        == """\
6 articles · 5 labelled · 2 stories · 1 never placed

                     precision  recall      F1  true  missed  false
B-cubed                 0.6500  0.7333  0.6891
pairs                   0.1666  0.3333  0.2222     1       2      5
cross-lingual pairs     0.5000  0.5000  0.5000     1       1      1

suite   articles  precision  recall      F1  linked  stranger
digest         1     1.0000  1.0000  1.0000    0.0%      0.0%
flash          3     0.6666  0.5555  0.6060   66.7%     66.7%"""
    )


def test_errors_are_listed_with_titles(printed: Callable[..., str]) -> None:
    assert (
        printed(errors_report(errors(GOLD, PARTITION)))
        == """\
Put together, but two stories (1)
2  ru Пожар [bold]  g1 g
   en Flood  h1 h

Strangers: background in a labelled story (1)
3  ru Пожар [bold]  g1 g
   ? Else  b1 no group

Kept apart, but one story (1)
2  ru Пожар [bold]  g1 g
   en Fire again  g3 g

Never placed (1)
en Fire again  g3 g"""
    )


def test_only_the_worst_errors_are_listed_and_the_rest_counted(printed: Callable[..., str]) -> None:
    gold = [GoldArticle(f"a{number}", "ru", "g") for number in range(9)]

    shown = printed(errors_report(errors(gold, [[article.id] for article in gold]), limit=3))

    assert "Kept apart, but one story (8)" in shown
    assert "… and 5 more" in shown


def test_a_perfect_partition_says_so(printed: Callable[..., str]) -> None:
    assert printed(errors_report(errors(GOLD[:3], [["g1", "g2", "g3"]]))) == "Nothing went wrong."


def test_labelled_pairs_have_figures_and_the_wrong_ones_by_title(
    printed: Callable[..., str],
) -> None:
    pairs = [
        LabelledPair(GOLD[0], GOLD[1], same=True),
        LabelledPair(GOLD[0], GOLD[3], same=False),
        LabelledPair(GOLD[1], GOLD[5], same=False),
    ]

    assert (
        printed(pair_report(pair_score(pairs, PARTITION)))
        == """\
3 pairs; 1 rightly kept apart

            precision  recall      F1  true  missed  false
same story     0.5000  1.0000  0.6666     1       0      1

Put together, but two stories (1)
1  ru Пожар [bold]  g1 g
   en Flood  h1 h
"""
    )
