"""``GET /v1/explain``: two articles, and why they are one story, or two."""

from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Query

from contracts.article import Article
from contracts.events import Relation
from service.fingerprints.fingerprint import Fingerprint
from service.matching.marks import Marks, shared_marks
from service.stories.rules import Rules
from workers.api.access import reader
from workers.api.parts import Parts, parts_of
from workers.api.problems import Problem
from workers.archive.records import time_of
from workers.archive.texts import text_of
from workers.errors import NotHeld, OnestoryError
from workers.placing.explain import Comparison
from workers.rules.desk import kept_rules

router = APIRouter(tags=["stories"], dependencies=[Depends(reader)])

_RELATIONS = {
    Relation.COPY: "One story: a copy",
    Relation.REVISION: "One story: a revision",
    Relation.REWRITE: "One story: the same in other words",
    Relation.TRANSLATION: "One story: a translation",
}

ArticleId = Annotated[str, Query(min_length=1, max_length=1024)]


@router.get("/v1/explain")
async def explain(
    a: ArticleId, b: ArticleId, parts: Annotated[Parts, Depends(parts_of)]
) -> dict[str, Any]:
    """How likely two articles are one story, by what evidence and rules, and where their titles
    and texts name or count the same: ``marks`` are ``[start, end, group]`` in code points.
    """
    found = await _compared(parts, a, b)
    stored = await cast(Any, parts.redis.hgetall(parts.settings.keys.rules))
    rules = Rules.of({each.rule_id: each.command for each in kept_rules(stored)})
    by_id = {each.article_id: each for each in (found.earlier, found.new)}
    pair = [by_id[a], by_id[b]]
    texts = [await _text(parts, each.article_id) for each in pair]
    # In this thread: the tables of words are read and written by one at a time.
    marks = shared_marks(*(_shown(each, text) for each, (text, _) in zip(pair, texts, strict=True)))
    return {
        "probability": found.verdict.probability,
        "joined": found.joined,
        "relation": found.verdict.relation if found.joined else None,
        "relation_text": _RELATIONS[found.verdict.relation] if found.joined else "Two stories",
        "evidence": found.evidence.model_dump(mode="json"),
        "rules": rules.speaking(a, b),
        "articles": [
            _told(each, text, note, mark)
            for each, (text, note), mark in zip(pair, texts, marks, strict=True)
        ],
    }


async def _compared(parts: Parts, first: str, second: str) -> Comparison:
    if first == second:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "a and b are the same article")
    try:
        return await parts.comparer.compare(first, second)
    except NotHeld as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error
    except OnestoryError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from error


async def _text(parts: Parts, article_id: str) -> tuple[str | None, str | None]:
    """An article's text, or why there is none."""
    found = await text_of(parts.redis, parts.settings, article_id)
    return None if found.article is None else found.article.text, found.note


def _shown(fingerprint: Fingerprint, text: str | None) -> Article:
    """The article as it is shown: of some only the title is known, of some not even that."""
    return Article.model_construct(
        id=fingerprint.article_id, title=fingerprint.title, text=text or ""
    )


def _told(
    fingerprint: Fingerprint, text: str | None, note: str | None, marks: Marks
) -> dict[str, Any]:
    moment = fingerprint.published_ms
    at = None if moment is None else time_of(moment)
    return {
        "article_id": fingerprint.article_id,
        "lang": fingerprint.lang,
        "title": fingerprint.title,
        "source": fingerprint.source,
        "published_at": None if at is None else at.isoformat().replace("+00:00", "Z"),
        "text": text,
        "text_note": note,
        "marks": {"title": marks.title, "text": marks.text},
    }
