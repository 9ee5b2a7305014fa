from collections.abc import Callable
from dataclasses import replace

from contracts.events import Evidence, Model, Relation
from service.evaluation.scores import BCubed
from workers.render.diff import diff_report, switch_report
from workers.shadow.diff_result import Compared, Diff, Group, Kind, Side
from workers.shadow.history import Account, Operating
from workers.shadow.switch import Switched


def account(summary: str, **changes: object) -> Account:
    why = Evidence(summary=summary, model=Model(version="m", sha256="0"))
    told = Account("a3", 7, "ru", "Пожар", None, None, None, 1, None, 0.4, "a1", None, evidence=why)
    return replace(told, **changes)  # type: ignore[arg-type]


SPLIT = Group(
    Kind.SPLIT,
    (Side("st_1", "Fire on ferry [bold] off Kotka", ("a1", "a2", "a3", "a4")),),
    (
        Side("st_1", "Fire on ferry [bold] off Kotka", ("a1", "a2", "a4")),
        Side("st_9", "Пожар\n", ("a3",)),
    ),
    (
        Compared(
            "a3",
            "Пожар",
            "ru",
            "st_1",
            "st_9",
            account("Translation of “Fire”", score=0.62, relation=Relation.TRANSLATION),
            account("New story: nearest is “Fire”", score=0.38),
        ),
    ),
    (),
)
DIFF = Diff(
    names=("news", "shadow"),
    operating=(
        (Operating("m1", "0", (("join", 0.5), ("merge", 0.8))),),
        (Operating("m2", "1", (("join", 0.6), ("merge", 0.8))),),
    ),
    common=1200,
    only=(3, 0),
    same=400,
    same_ids=399,
    bcubed=BCubed(1.0, 0.99996),
    groups=(SPLIT,),
)


def test_what_differs_is_shown_with_why(printed: Callable[..., str]) -> None:
    assert (
        printed(diff_report(DIFF))
        == """\
news      m1, join 0.5, merge 0.8
shadow    m2, join 0.6, merge 0.8
articles  1,200 in both, 1 moved; 3 only in news; 0 only in shadow
stories   400 the same (399 under the same id), 1 split, 0 merged, 0 mixed
B-cubed   precision 1.0000, recall 0.9999, if news were right

split: 1 story in news, 2 stories in shadow ────────────────────────────────────
news    st_1  Fire on ferry [bold] off Kotka
        {a1, a2, a3, a4}
shadow  st_1  Fire on ferry [bold] off Kotka
        {a1, a2, a4}
        st_9  Пожар
        {a3}
moved     ru    a3  Пожар
  news    0.62  Translation of “Fire”
  shadow  0.38  New story: nearest is “Fire”
"""
    )


def test_a_rule_and_what_came_after_are_said(printed: Callable[..., str]) -> None:
    moved = replace(
        SPLIT.moved[0],
        told_before=account("Kept together", rule="r7", score=None),
        told_after=account("Copy", moved="it left st_1 for st_9, because of r8"),
    )
    gone = replace(moved, told_before=None)
    groups = (replace(SPLIT, moved=(moved, gone)),)

    shown = printed(diff_report(replace(DIFF, groups=groups)), width=100)

    assert "  news          Kept together; by rule r7" in shown
    assert "Copy; then it left st_1 for st_9, because of r8" in shown
    assert "its events are no longer on the stream" in shown


def test_only_some_groups_and_articles_are_shown_unless_asked_for(
    printed: Callable[..., str],
) -> None:
    many = replace(SPLIT.before[0], articles=tuple(f"a{number}" for number in range(30)))
    diff = replace(DIFF, groups=(replace(SPLIT, before=(many,)),) * 3)

    some, every = printed(diff_report(diff, limit=1)), printed(diff_report(diff, articles=True))

    assert some.count("split: 1 story in news") == 1
    assert "… and 2 more; --limit shows them" in some
    assert "a6, a7, … 22 more" in some
    assert "a29" not in some
    assert every.count("a29") == 3


def test_of_many_articles_some_are_shown_unless_asked_for(printed: Callable[..., str]) -> None:
    article = SPLIT.moved[0]
    diff = replace(DIFF, groups=(replace(SPLIT, moved=(article,) * 12, linking=(article,) * 4),))

    some, every = printed(diff_report(diff)), printed(diff_report(diff, articles=True))

    assert (some.count("moved     ru"), some.count("links     ru")) == (10, 3)
    assert "… and 2 more; --articles shows them" in some
    assert "… and 1 more; --articles shows them" in some
    assert (every.count("moved     ru"), every.count("links     ru")) == (12, 4)


def test_no_difference_is_said(printed: Callable[..., str]) -> None:
    assert printed(diff_report(replace(DIFF, groups=()))).endswith("No story differs.")


def test_a_switch_says_what_was_told_and_what_to_do(printed: Callable[..., str]) -> None:
    assert (
        printed(switch_report(Switched(40, 3, 2, 1, "m2"), "news"))
        == """\
stories        40 in news
told           3 split, 2 merged
not in shadow  1 article: where they were, and no longer compared with what
               comes
model          m2
Start its workers with the settings of the shadow."""
    )
    assert "not in shadow" not in printed(switch_report(Switched(40, 3, 2, 0, "m2"), "news"))
