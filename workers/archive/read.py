"""Stories and articles of a shelf as the API shows them."""

import logging
from functools import partial
from typing import Any, cast

from pydantic_core import from_json

from contracts.events import Evidence, Relation
from service.stories.withdrawn import WITHDRAWN
from workers.archive.records import Article, Closed, Line, Placed, Revised, Story, Why, time_of
from workers.archive.rows import shown
from workers.archive.shelf import Shelf
from workers.archive.views import (
    ArticleView,
    Headline,
    HistoryLine,
    Newest,
    StoryCard,
    StoryView,
)
from workers.archive.words import line_text

log = logging.getLogger("onestory.board")

_FIRST_LANGUAGES = ("ru", "en")


def card_of(shelf: Shelf, story: Story) -> StoryCard:
    """A story in a list."""
    return StoryCard(**_card(shelf, story))


def story_view(shelf: Shelf, story: Story, asked_id: str) -> StoryView:
    """A story whole."""
    return StoryView(
        **_card(shelf, story),
        asked_id=asked_id,
        merged_into=story.id if asked_id != story.id else None,
        absorbed=story.absorbed,
        members=shown(in_order(story), partial(article_view, shelf), lambda each: each.id),
        history=shown(lines_of(shelf, story), partial(_history, shelf), lambda line: line.event_id),
    )


def lines_of(shelf: Shelf, story: Story) -> list[Line]:
    """A story's events by position, with those of the stories that merged into it."""
    lines = list(story.lines)
    for each in story.absorbed:
        ended = shelf.stories.get(each)
        lines += ended.lines if ended is not None else []
    return sorted(lines, key=lambda line: line.position)


def in_order(story: Story) -> list[Article]:
    """Its articles as they came."""
    return sorted(story.members.values(), key=lambda article: article.position)


def article_view(shelf: Shelf, article: Article) -> ArticleView:
    """An article, and why it is where it is."""
    return ArticleView(**article_fields(shelf, article))


def article_fields(shelf: Shelf, article: Article) -> dict[str, Any]:
    """The fields of `ArticleView`."""
    evidence = evidence_of(shelf, article)
    return {
        "article_id": article.id,
        "lang": article.lang,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published_at": None if article.published_ms is None else time_of(article.published_ms),
        "placed_at": None if article.placed_ms is None else time_of(article.placed_ms),
        "version": article.version,
        "relation": _relation(article.relation),
        "score": article.score,
        "matched_article_id": article.matched,
        "rule": article.rule,
        "evidence": evidence,
        "is_lead": article.home is not None and _lead(article.home) == article.id,
        "redacted": article.redacted or (evidence is not None and evidence.summary == WITHDRAWN),
        "repaired": article.repaired,
    }


def evidence_of(shelf: Shelf, article: Article) -> Evidence | None:
    """Why an article is where it is; without what it quotes of one that was withdrawn since."""
    if article.why is None:
        return None
    try:
        evidence = Evidence.model_validate(_unpacked(article.why))
    except ValueError as error:  # of another release
        log.warning("evidence of article %r can't be shown: %s", article.id, error)
        return None
    if not shelf.is_withdrawn(article.matched, article.told):
        return evidence
    return evidence.model_copy(update={"summary": WITHDRAWN, "shared": (), "guards": ()})


def _unpacked(why: Why) -> dict[str, Any]:
    rest = cast(dict[str, Any], from_json(why.rest))
    return rest | {"thresholds": why.thresholds, "model": why.model}


def _card(shelf: Shelf, story: Story) -> dict[str, Any]:
    first = story.first_published_ms
    return {
        "id": story.id,
        "state": story.state,
        "opened_at": time_of(story.opened_ms),
        "updated_at": time_of(story.active_ms),
        "first_published_at": None if first is None else time_of(first),
        "article_count": len(story.members),
        "languages": sorted({each.lang for each in story.members.values()}),
        "independent_sources": story.sources,
        "lead": _lead(story),
        "headlines": _headlines(story),
        "newest": _newest(shelf, story),
        "ruled": story.ruled,
    }


def _lead(story: Story) -> str | None:
    return story.lead or next(iter(story.members), None)


def _headlines(story: Story) -> list[Headline]:
    best: dict[str, Article] = {}
    counts: dict[str, int] = {}
    for article in story.members.values():
        counts[article.lang] = counts.get(article.lang, 0) + 1
        known = best.get(article.lang)
        if known is None or _rank(article, story.lead) < _rank(known, story.lead):
            best[article.lang] = article
    order = sorted(best, key=lambda lang: (*(lang != each for each in _FIRST_LANGUAGES), lang))
    return [_headline(best[lang], counts[lang]) for lang in order]


def _rank(article: Article, lead: str) -> tuple[bool, bool, int]:
    return not article.title, article.id != lead, article.position


def _headline(article: Article, count: int) -> Headline:
    published = article.published_ms
    return Headline(
        lang=article.lang,
        article_id=article.id,
        title=article.title,
        source=article.source,
        published_at=None if published is None else time_of(published),
        count=count,
    )


def _newest(shelf: Shelf, story: Story) -> Newest | None:
    ended = [*(shelf.stories.get(each) for each in story.absorbed[-1:]), story]
    lines = [line for each in ended if each is not None for line in each.lines[-2:]]
    told = [line for line in lines if not isinstance(line.facts, Closed)]
    if not told:
        return None
    line = max(told, key=lambda each: each.position)
    about = line.facts if isinstance(line.facts, Placed | Revised) else None
    article = shelf.articles.get(about.article_id) if about is not None else None
    evidence = None
    if article is not None and article.told == line.position:
        evidence = evidence_of(shelf, article)
    is_known = article is not None and article.told >= 0
    return Newest(
        type=line.type,
        relation=_relation(about.relation) if about is not None else None,
        article_id=about.article_id if about is not None else None,
        lang=article.lang if article is not None and is_known else None,
        title=article.title if article is not None and is_known else None,
        source=article.source if article is not None and is_known else None,
        time=time_of(line.ms),
        summary=evidence.summary if evidence is not None else line_text(shelf, line),
    )


def _history(shelf: Shelf, line: Line) -> HistoryLine:
    return HistoryLine(
        event_id=line.event_id,
        type=line.type,
        time=time_of(line.ms),
        sequence=line.sequence,
        position=line.position,
        text=line_text(shelf, line),
    )


def _relation(value: str | None) -> Relation | None:
    """A relation that a later release invents is shown as none."""
    return Relation(value) if value in set(Relation) else None
