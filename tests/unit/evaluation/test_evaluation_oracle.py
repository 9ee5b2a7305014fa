"""The linear-time figures against their definitions, pair by pair and article by article."""

from itertools import combinations
from math import fsum
from time import process_time

from hypothesis import assume, given
from hypothesis import strategies as st

from service.evaluation.gold import GoldArticle
from service.evaluation.metrics import evaluate
from service.evaluation.scores import BCubed, Evaluation, PairCounts, SuiteScore

LABELS = st.tuples(
    st.sampled_from(["ru", "en", "uk", None]),
    st.sampled_from(["g", "h", "i", None]),
    st.sampled_from(["digest", "flash", None]),
    st.integers(min_value=-1, max_value=4),
)
"""Language, group, suite, and the story it ended in (-1: never placed)."""

Rows = list[tuple[GoldArticle, int]]


def gold_and_partition(
    labels: list[tuple[str | None, str | None, str | None, int]],
) -> tuple[Rows, list[list[str]]]:
    rows = [
        (GoldArticle(f"a{number}", lang, group, suite), story)
        for number, (lang, group, suite, story) in enumerate(labels)
    ]
    stories: list[list[str]] = [[] for _ in range(5)]
    for article, story in rows:
        if story >= 0:
            stories[story].append(article.id)
    return rows, stories


def labelled(article: GoldArticle) -> bool:
    return article.group is not None or article.suite == "digest"


def same_group(first: GoldArticle, second: GoldArticle) -> bool:
    return first.id == second.id or (first.group is not None and first.group == second.group)


def brute_pairs(rows: Rows, *, cross_lingual: bool) -> PairCounts:
    true = missed = false = 0
    for (first, first_story), (second, second_story) in combinations(rows, 2):
        if cross_lingual and (None in (first.lang, second.lang) or first.lang == second.lang):
            continue
        together = first_story >= 0 and first_story == second_story
        if same_group(first, second):
            true, missed = true + together, missed + (not together)
        elif together and (labelled(first) or labelled(second)):
            false += 1
    return PairCounts(true, missed, false)


def story_of(article: GoldArticle, story: int, rows: Rows) -> list[GoldArticle]:
    return [each for each, other in rows if each.id == article.id or (story == other >= 0)]


def brute_bcubed(judged: Rows, rows: Rows) -> BCubed:
    precisions, recalls = [], []
    for article, story in judged:
        members = story_of(article, story, rows)
        together = sum(same_group(article, each) for each in members)
        precisions.append(together / len(members))
        recalls.append(together / sum(same_group(article, each) for each, _ in rows))
    return BCubed(fsum(precisions) / len(judged), fsum(recalls) / len(judged))


def brute_suite(suite: str, judged: Rows, rows: Rows) -> SuiteScore:
    stories = [(article, story_of(article, story, rows)) for article, story in judged]
    linked = sum(sum(same_group(a, each) for each in members) > 1 for a, members in stories)
    stranger = sum(any(not same_group(a, each) for each in members) for a, members in stories)
    return SuiteScore(
        suite,
        len(judged),
        brute_bcubed(judged, rows),
        linked / len(judged),
        stranger / len(judged),
    )


@given(st.lists(LABELS, max_size=14))
def test_figures_equal_their_definitions(
    labels: list[tuple[str | None, str | None, str | None, int]],
) -> None:
    rows, partition = gold_and_partition(labels)
    judged = [row for row in rows if labelled(row[0])]
    assume(judged)

    result = evaluate([article for article, _ in rows], partition)

    suites = {name: [row for row in judged if row[0].suite == name] for name in ("digest", "flash")}
    assert result == Evaluation(
        articles=len(rows),
        labelled=len(judged),
        stories=sum(bool(story) for story in partition),
        unplaced=sum(story < 0 for _, story in rows),
        unknown=0,
        bcubed=brute_bcubed(judged, rows),
        pairs=brute_pairs(rows, cross_lingual=False),
        cross_lingual=brute_pairs(rows, cross_lingual=True),
        suites=tuple(brute_suite(name, own, rows) for name, own in suites.items() if own),
    )


@given(st.lists(LABELS, min_size=1, max_size=14))
def test_the_order_of_gold_and_stories_does_not_matter(
    labels: list[tuple[str | None, str | None, str | None, int]],
) -> None:
    rows, partition = gold_and_partition(labels)
    gold = [article for article, _ in rows]
    assume(any(labelled(article) for article in gold))

    expected = evaluate(gold, partition)

    assert evaluate(gold[::-1], [story[::-1] for story in partition[::-1]]) == expected


def test_one_story_of_a_hundred_thousand_articles_takes_no_quadratic_time() -> None:
    gold = [
        GoldArticle(str(n), "ru" if n % 2 else "en", f"g{n % 30_000}" if n % 3 else None)
        for n in range(100_000)
    ]

    started = process_time()
    evaluate(gold, [[article.id for article in gold]])

    assert process_time() - started < 20  # about 1 s; five thousand million pairs take hours
