from collections.abc import Callable

import pytest
from rich.cells import cell_len

from contracts.events import Relation
from workers.render.stories import story_table
from workers.render.views import ArticleView, StoryView

FERRY = StoryView(
    "st_1",
    (
        ArticleView(
            "a1", "en", "Fire on ferry off Kotka", "Northgate Wire", summary="Nothing near"
        ),
        ArticleView(
            "a2",
            "ru",
            "Пожар на пароме «Аурелия» у Котки: на берег доставили 214 пассажиров",
            "Северный телеграф",
            relation=Relation.TRANSLATION,
            score=0.9987,
            summary="The same report in another language: shares Salonen, Kotka, 214, 1998",
        ),
    ),
    lead="a1",
    independent_sources=1,  # a translation is no report of its own
)
LIBRARY = StoryView("st_2", (ArticleView("a3", "uk", "Бібліотека", None, summary="Nothing near"),))


def test_a_story_shows_both_headlines_abreast_and_why_each_article_joined(
    printed: Callable[..., str],
) -> None:
    assert (
        printed(story_table([LIBRARY, FERRY]))
        == """\
Story 1 · 2 articles · en 1 ru 1 · 1 independent source ────────────────────────
RU Пожар на пароме «Аурелия» у Котки:   EN Fire on ferry off Kotka
   на берег доставили 214 пассажиров

▸ opened      en       Northgate Wire    Nothing near
  translation ru  0.99 Северный телеграф The same report in another language:
                                         shares Salonen, Kotka, 214, 1998

Alone: 1 article ───────────────────────────────────────────────────────────────
uk  a3                Бібліотека
                      Nothing near"""
    )


def test_a_third_language_gets_a_line_of_its_own(printed: Callable[..., str]) -> None:
    story = StoryView(
        "st_3",
        (
            ArticleView("d", "de", "Feuer"),
            ArticleView("e", "en", "Fire", relation=Relation.TRANSLATION, score=1.0),
            ArticleView("r", "ru", "Пожар", relation=Relation.TRANSLATION, score=0.9),
        ),
    )

    lines = printed(story_table([story])).splitlines()

    assert lines[1:3] == ["RU Пожар                                EN Fire", "DE Feuer"]
    assert "translation en  1.00" in printed(story_table([story]))


def test_the_lead_is_marked_and_gives_its_language_the_headline(
    printed: Callable[..., str],
) -> None:
    story = StoryView(
        "st_4",
        (
            ArticleView("a", "en", "Fire", "Wire"),
            ArticleView("b", "en", "Fire, seen from the quay", "Post", relation=Relation.REWRITE),
        ),
        lead="b",
        independent_sources=2,
    )

    lines = printed(story_table([story])).splitlines()

    assert "2 independent sources" in lines[0]
    assert lines[1] == "EN Fire, seen from the quay"
    assert [line[0] for line in lines[3:5]] == [" ", "▸"]


def test_stories_can_be_called_as_elsewhere(printed: Callable[..., str]) -> None:
    shown = printed(story_table([FERRY], named={"st_1": "story 7"}.__getitem__))

    assert shown.startswith("Story 7 · 2 articles")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    "title",
    [
        "[bold]not bold[/bold] and [/nothing] [link=x]",
        "🚢🔥 паром 👩🏽‍🚒 горит",
        "地震" * 90,
        "СловоБезПробелов" * 40,
        "\x1b[2Jclear\r\nthe screen",
    ],
)
def test_hostile_titles_stay_inside_the_width_and_are_not_interpreted(
    printed: Callable[..., str], title: str, width: int
) -> None:
    article = ArticleView("x", "en", title, title, summary=title)
    joined = ArticleView("y", "ru", title, title, None, Relation.COPY, 1.0, title)
    stories = [StoryView("s", (article, joined)), StoryView("t", (article,))]

    shown = printed(story_table(stories), width=width)

    assert max(map(cell_len, shown.splitlines())) <= width
    assert "\x1b" not in shown
    assert "".join(title.split())[:7].strip("\x1b") in "".join(shown.split())
