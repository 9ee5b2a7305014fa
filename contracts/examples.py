"""One example of everything that crosses the wire, shown in the generated documents."""

from datetime import UTC, datetime

from contracts.article import Article
from contracts.dead_letter import DeadLetter, Reason
from contracts.events import (
    Evidence,
    Merger,
    Model,
    Placement,
    Relation,
    Similarity,
    StoryJoined,
    StoryMerged,
    StoryOpened,
    event_id,
)

ARTICLE_RU = Article(
    id="volna:2026-03-02:117",
    title="В Мурманске открыли мост через Кольский залив длиной 1,6 км",
    text="МУРМАНСК, 2 марта. Мост длиной 1,6 километра открыл в понедельник мэр Игорь "
    "Морарь. Строительство заняло 28 месяцев и обошлось в 4,2 миллиарда рублей.",
    source="Волна",
    url="https://example.org/ru/117",
    lang="ru",
    published_at=datetime(2026, 3, 2, 9, 15, tzinfo=UTC),
)
ARTICLE_EN = Article(
    id="northwire-88121",
    title="Murmansk opens 1.6 km bridge over Kola Bay",
    text="MURMANSK, March 2. Mayor Igor Morar on Monday opened a bridge 1.6 kilometres "
    "long. Building it took 28 months and cost 4.2 billion roubles.",
    source="North Wire",
    url="https://example.org/en/88121",
    lang="en",
    published_at=datetime(2026, 3, 2, 9, 52, tzinfo=UTC),
)
ARTICLES = {"russian": ARTICLE_RU, "english": ARTICLE_EN}

_SOURCE = "/onestory/news"
_STORY = "st_0f3a91c2"
_LATER_STORY = "st_0f3a91d7"
_MODEL = Model(version="1.0", sha256="9c1f0f6a2b7de845")
_THRESHOLDS = {"join": 0.5, "merge": 0.7}

OPENED = StoryOpened(
    id=event_id(_STORY, 1),
    source=_SOURCE,
    subject=_STORY,
    time=datetime(2026, 3, 2, 9, 15, 4, tzinfo=UTC),
    data=Placement(
        story_id=_STORY,
        article_id=ARTICLE_RU.id,
        sequence=1,
        lang="ru",
        relation=None,
        score=None,
        matched_article_id=None,
        evidence=Evidence(
            summary="Nothing came near.", thresholds=_THRESHOLDS, candidates=0, model=_MODEL
        ),
        article_count=1,
        languages=("ru",),
        title=ARTICLE_RU.title,
        source=ARTICLE_RU.source,
        url=ARTICLE_RU.url,
        published_at=ARTICLE_RU.published_at,
    ),
)
JOINED = StoryJoined(
    id=event_id(_STORY, 2),
    source=_SOURCE,
    subject=_STORY,
    time=datetime(2026, 3, 2, 9, 52, 1, tzinfo=UTC),
    data=Placement(
        story_id=_STORY,
        article_id=ARTICLE_EN.id,
        sequence=2,
        lang="en",
        relation=Relation.TRANSLATION,
        score=0.9973,
        matched_article_id=ARTICLE_RU.id,
        evidence=Evidence(
            summary="English translation of a Russian article: shares Murmansk, Igor Morar, "
            "1.6 km and 28 months.",
            similarity=Similarity(text=0.0, facts=0.81, meaning=0.88, headline=0.84),
            shared=("Мурманск / Murmansk", "Игорь Морарь / Igor Morar", "1,6 / 1.6", "28"),
            thresholds=_THRESHOLDS,
            candidates=7,
            model=_MODEL,
        ),
        article_count=2,
        languages=("en", "ru"),
        title=ARTICLE_EN.title,
        source=ARTICLE_EN.source,
        url=ARTICLE_EN.url,
        published_at=ARTICLE_EN.published_at,
    ),
)
MERGED = StoryMerged(
    id=event_id(_LATER_STORY, 3),
    source=_SOURCE,
    subject=_LATER_STORY,
    time=datetime(2026, 3, 2, 10, 20, 33, tzinfo=UTC),
    data=Merger(
        story_id=_LATER_STORY,
        sequence=3,
        merged_into=_STORY,
        article_ids=("kola-today/551", "kola-today/552"),
        because_of="northwire-88121-update",
        article_count=4,
        languages=("en", "ru"),
    ),
)
EVENTS = {"story.opened": OPENED, "story.joined": JOINED, "story.merged": MERGED}

DEAD_LETTER = DeadLetter(
    reason=Reason.INVALID_ARTICLE,
    detail="article: neither title nor text holds a word",
    remedy="correct the article at its source and send it again under the same id",
    entry_id="1772443000123-0",
    article_id="volna:2026-03-02:118",
    deliveries=1,
    dead_at=datetime(2026, 3, 2, 9, 16, 40, tzinfo=UTC),
    fields={"data": '{"id": "volna:2026-03-02:118", "title": "", "text": null}'},
)
