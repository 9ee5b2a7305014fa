"""Who leaves a story and which stories become one, when another partition is taken over."""

from contracts.commands import KeepApart, KeepTogether
from service.stories.regroup import becoming_one, leaving
from service.stories.rules import Rules
from service.stories.state import Member, StoryState

NO_RULES = Rules()


def story(
    name: str, articles: str, *, lead: str = "", born: int = 1, ruled: str = ""
) -> StoryState:
    """A story of articles named by one letter each, oldest first."""
    members = {
        each: Member(each, number, number, 1, "en", number, "", 0)
        for number, each in enumerate(articles, start=born)
    }
    return StoryState(
        id=name,
        revision="1-m",
        sequence=1,
        article_count=len(members),
        lead_id=lead or articles[0],
        lead_number=born,
        born=born,
        highest=born + len(members) - 1,
        languages=("en",),
        independent_sources=len(members),
        ruled=tuple(ruled),
        members=members,
    )


def homes(*stories: str) -> dict[str, str]:
    return {each: articles for articles in stories for each in articles}


def left(found: list[tuple[str, list[Member]]]) -> list[str]:
    return ["".join(each.article_id for each in members) for _, members in found]


def test_the_group_of_the_lead_stays() -> None:
    assert left(leaving(story("s", "abcde", lead="c"), homes("ae", "c", "bd"), NO_RULES)) == [
        "ae",
        "bd",
    ]


def test_a_story_that_is_the_same_loses_nobody() -> None:
    assert leaving(story("s", "abc"), homes("abcx"), NO_RULES) == []


def test_unknown_articles_stay_and_so_does_the_oldest_group_of_an_unknown_lead() -> None:
    assert left(leaving(story("s", "xabc", lead="x"), homes("a", "bc"), NO_RULES)) == ["bc"]
    assert leaving(story("s", "xyz"), {}, NO_RULES) == []


def test_an_unknown_article_goes_with_those_that_a_rule_keeps_it_with() -> None:
    rules = Rules.of({"r": KeepTogether(by="anna", reason="one", articles=("x", "c"))})

    assert left(leaving(story("s", "axc"), homes("a", "c"), rules)) == ["xc"]


def test_fragments_merge_into_the_oldest_story_that_was_there_before() -> None:
    young, old, fresh = (
        story("young", "a", born=5), story("old", "b", born=3), story("fresh", "c", born=1),
    )  # fmt: skip

    merging = becoming_one([young, fresh, old], homes("abc"), {"fresh"}, NO_RULES)

    assert {home: [each.id for each in one] for home, one in merging.items()} == {
        "abc": ["old", "young", "fresh"]
    }


def test_stories_that_a_rule_keeps_apart_do_not_merge() -> None:
    rules = Rules.of({"r": KeepApart(by="anna", reason="two", articles=("x", "y"))})
    one, other, third = (
        story("one", "ax", born=1, ruled="x"), story("other", "by", born=3, ruled="y"),
        story("third", "c", born=5),
    )  # fmt: skip

    merging = becoming_one([one, other, third], homes("abc"), (), rules)

    assert [[each.id for each in found] for found in merging.values()] == [["one", "third"]]
