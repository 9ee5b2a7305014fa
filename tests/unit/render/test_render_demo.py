import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta

from contracts.article import Article
from tests.support.builders.story_events import opened
from workers.demo.feed import demo_gold, demo_lines
from workers.demo.report import demo_report


def test_the_feed_is_a_day_of_valid_articles_in_order() -> None:
    articles = [Article.model_validate_json(line) for line in demo_lines()]

    times = [article.published_at for article in articles if article.published_at]
    assert len({article.id for article in articles}) == len(articles) == len(times)
    assert 55 <= len(articles) <= 70
    assert times == sorted(times)
    assert times[-1] - times[0] <= timedelta(hours=10)


def test_every_story_of_several_articles_has_both_languages() -> None:
    texts = {json.loads(line)["id"]: json.loads(line)["text"] for line in demo_lines()}
    scripts: defaultdict[str, set[bool]] = defaultdict(set)
    for article in demo_gold():
        if article.group:
            cyrillic = any("а" <= char <= "я" for char in texts[article.id])
            scripts[article.group].add(cyrillic)

    sizes = Counter(article.group for article in demo_gold() if article.group)

    several = [group for group, size in sizes.items() if size > 1]
    assert len(several) >= 14
    assert all(scripts[group] == {True, False} for group in several)


def test_what_an_editor_sees_otherwise_is_said(printed: Callable[..., str]) -> None:
    gold = demo_gold()
    first = gold[0]
    event = opened("st_1", first.id, lang="ru", title=first.title)

    assert "1 article, each where an editor put it." in printed(demo_report([event], gold[:1]))
    assert "Never placed" in printed(demo_report([event], gold[:2]))
