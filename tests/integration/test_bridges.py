"""What is made to glue unrelated stories together, or to keep a translation out: the whole path on
the sample feed, in a window that is otherwise empty.
"""

import json
import random
import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from redis import Redis

from tests.support.redis import servers
from tests.support.wire import harness
from tests.support.wire.desk import desk
from workers.demo.feed import demo_lines

FEED: dict[str, dict[str, Any]] = {row["id"]: row for row in map(json.loads, demo_lines())}
AT = "2026-03-17T09:00:00Z"


def told(article: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An article of the sample feed, all of them at one moment."""
    shown = {name: article[name] for name in ("id", "title", "text", "source")}
    lang = {"lang": article["lang"]} if article.get("lang") else {}
    return {**shown, **lang, "published_at": AT, **changes}


def stories(redis: Redis, url: str, articles: Sequence[dict[str, Any]]) -> set[frozenset[str]]:
    """What a worker makes of articles that come in this order, each decided before the next."""
    namespace = servers.fresh_namespace()
    with desk(redis, harness.settings_for(url, namespace)) as wire:
        for article in articles:
            wire.place(article)
        found = wire.stories
    servers.forget_namespace(url, namespace)
    return found


def are_one(found: set[frozenset[str]], one: str, other: str) -> bool:
    return any({one, other} <= story for story in found)


UNRELATED = [
    ("demo-05", "demo-34"),
    ("demo-07", "demo-24"),
    ("demo-34", "demo-39"),
    ("demo-30", "demo-05"),
]


def two_texts(one: dict[str, Any], other: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """One article made of two, under both their headlines."""
    title = f"{one['title']}; {other['title']}"
    return told(one, title=title, text=f"{one['text']}\n{other['text']}", **changes)


@pytest.mark.parametrize(("one", "other"), UNRELATED)
@pytest.mark.parametrize("order", ["abx", "axb", "xab", "abxx"])
def test_an_article_made_of_two_texts_makes_no_two_stories_one(
    one: str, other: str, order: str, redis_client: Redis, redis_url: str
) -> None:
    """Whenever it comes, and sent once more by another outlet it is no witness of its own."""
    bridges = iter(
        two_texts(FEED[one], FEED[other], id=f"bridge-{time}", source=f"Outlet {time}")
        for time in range(2)
    )
    articles = [
        next(bridges) if each == "x" else told(FEED[one if each == "a" else other])
        for each in order
    ]

    found = stories(redis_client, redis_url, articles)

    assert not are_one(found, one, other)


FOOTER = (
    "Northgate Media Group publishes four papers from its offices at 14 Mill Lane. Chief "
    "executive: Margaret Holloway. Editor in chief: Daniel Prescott. Deputy editors: Susan "
    "Whitfield, Oliver Trent and Priya Raman. Commercial director: James Aldous. The group is "
    "registered under number 04512345 and has branches in Edinburgh, Cardiff, Dublin, Brussels "
    "and Singapore. Complaints go to the Independent Press Council, Gate House, 1 Farringdon "
    "Street. Copyright 2026 Northgate Media Group. All rights reserved. Reprints only with a "
    "link in the first paragraph. Subscribe for 9.99 pounds a month or 99 pounds a year and get "
    "the Saturday supplement, the Northgate Review and the crossword by Aldwych. Follow us on "
    "all networks and turn on notifications. Download our app and sign up for the Morning "
    "Briefing by Anna Fielding, the Market Report by Tom Beckett and the Weekend Letter by "
    "Clara Hughes. Send tips to the desk between 6 and 22 on all days of the week. Reported "
    "with the Associated Regional News Service and its partners in Manchester, Leeds, Bristol "
    "and Glasgow. The opinions of our authors need not be those of the editors. The site uses "
    "cookies and counts visits; by going on reading you agree to that."
)


def unrelated() -> list[dict[str, Any]]:
    """One article of each story of the sample feed, of two stories about one thing the first."""
    first: dict[str, dict[str, Any]] = {}
    for row in FEED.values():
        if row["group"]:
            first.setdefault(row["group"].split("-")[0], row)
    return list(first.values())


@pytest.mark.parametrize("words", [0, 15, 40, 400])
@pytest.mark.parametrize("is_ahead", [False, True])
def test_a_footer_makes_no_stories_one(
    words: int, is_ahead: bool, redis_client: Redis, redis_url: str
) -> None:
    articles = []
    for row in unrelated():
        report = " ".join(row["text"].split()[:words])
        parts = (FOOTER, report) if is_ahead else (report, FOOTER)
        articles.append(told(row, text="\n".join(parts)))

    found = stories(redis_client, redis_url, articles)

    together = [pair for story in found for pair in combinations(sorted(story), 2)]
    assert len(together) <= 0.02 * len(articles) * (len(articles) - 1) / 2, together


def look_alike(text: str, rng: random.Random) -> str:
    """The same text about other people, places and numbers."""
    names: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        stem = match[0][:4]
        return names.setdefault(stem, "".join(rng.choices("bdgklmnprstvz", k=3)).title() + "ova")

    renamed = re.sub(r"(?<=[a-z,] )[A-Z]\w+", other, text)
    return re.sub(r"\d+", lambda match: str(rng.randrange(10 ** len(match[0]))), renamed)


@pytest.mark.parametrize(
    ("russian", "english"),
    [("demo-27", "demo-14"), ("demo-40", "demo-24"), ("demo-48", "demo-51")],
)
def test_forty_look_alikes_in_one_language_do_not_hide_the_translation(
    russian: str, english: str, redis_client: Redis, redis_url: str
) -> None:
    rng, twin = random.Random(3), FEED[english]
    decoys = [
        told(
            twin,
            id=f"decoy-{number}",
            source=f"Outlet {number}",
            title=look_alike(twin["title"], rng),
            text=look_alike(twin["text"], rng),
        )
        for number in range(40)
    ]

    found = stories(redis_client, redis_url, [told(FEED[russian]), *decoys, told(twin)])

    assert are_one(found, russian, english)
