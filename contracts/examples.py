"""One example of everything that crosses the wire, shown in the generated documents."""

from datetime import UTC, datetime

from contracts.article import Article, Status
from contracts.commands import Answer, KeepApart, KeepTogether, Revoke, Ruling, SetLead
from contracts.dead_letter import DeadLetter, Reason
from contracts.events import (
    AnyEvent,
    Change,
    Closure,
    Evidence,
    Merger,
    Model,
    Placement,
    Relation,
    Retraction,
    Revision,
    Similarity,
    Split,
    StoryClosed,
    StoryJoined,
    StoryMerged,
    StoryOpened,
    StoryRetracted,
    StoryRevised,
    StorySplit,
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
CORRECTION_RU = Article(
    id="volna:2026-03-02:117",
    version=2,
    title="ПОПРАВКА: В Мурманске открыли мост через Кольский залив длиной 1,6 км",
    text="МУРМАНСК, 2 марта. Мост длиной 1,6 километра открыл в понедельник мэр Игорь "
    "Морарь. Строительство заняло 28 месяцев и обошлось в 4,6 миллиарда рублей.",
    source="Волна",
    lang="ru",
    published_at=datetime(2026, 3, 2, 9, 15, tzinfo=UTC),
    signals=("correction",),
)
UPDATE_EN = Article(
    id="northwire-88140",
    title="UPDATE 1-Murmansk opens 1.6 km bridge over Kola Bay",
    text="MURMANSK, March 2. Mayor Igor Morar on Monday opened a bridge 1.6 kilometres "
    "long. Building it took 28 months and cost 4.6 billion roubles, not 4.2 billion.",
    source="North Wire",
    lang="en",
    published_at=datetime(2026, 3, 2, 10, 5, tzinfo=UTC),
    replaces=ARTICLE_EN.id,
)
EMBARGO_RU = Article(
    id="volna:2026-03-02:130",
    title="Правительство утвердило тарифы проезда по мосту",
    text="Проезд по мосту через Кольский залив будет стоить 120 рублей, следует из приказа.",
    source="Волна",
    lang="ru",
    embargoed=datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
)
HOLD_EN = EMBARGO_RU.model_copy(
    update={
        "id": "northwire-88151",
        "title": "Toll for Murmansk bridge set at 120 roubles",
        "text": "Crossing the bridge over Kola Bay will cost 120 roubles, an order says.",
        "source": "North Wire",
        "lang": "en",
        "embargoed": None,
        "status": Status.WITHHELD,
    }
)
KILL_RU = Article(id="volna:2026-03-02:117", version=3, status=Status.CANCELED)
ARTICLES = {
    "russian": ARTICLE_RU,
    "english": ARTICLE_EN,
    "a new version, corrected": CORRECTION_RU,
    "an update under an id of its own": UPDATE_EN,
    "under embargo": EMBARGO_RU,
    "held back": HOLD_EN,
    "a kill": KILL_RU,
}

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
        position=90_211,
        article_count=1,
        languages=("ru",),
        independent_sources=1,
        lead=ARTICLE_RU.id,
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
        position=90_240,
        article_count=2,
        languages=("en", "ru"),
        independent_sources=1,
        lead=ARTICLE_RU.id,
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
        position=90_802,
        article_count=4,
        languages=("en", "ru"),
        independent_sources=2,
        lead=ARTICLE_RU.id,
    ),
)
REVISED = StoryRevised(
    id=event_id(_STORY, 3),
    source=_SOURCE,
    subject=_STORY,
    time=datetime(2026, 3, 2, 10, 1, 7, tzinfo=UTC),
    data=Revision(
        story_id=_STORY,
        sequence=3,
        position=90_377,
        change=Change.VERSION,
        article_id=CORRECTION_RU.id,
        old_version=1,
        new_version=2,
        relation=Relation.REVISION,
        score=0.9989,
        matched_article_id=ARTICLE_EN.id,
        evidence=Evidence(
            summary="Version 2 of its own article: still one story with “Murmansk opens 1.6 km "
            "bridge over Kola Bay”, shares Мурманск = Murmansk, 1,6 = 1.6, 28",
            similarity=Similarity(text=0.0, facts=0.74, meaning=0.87, headline=0.84),
            shared=("Мурманск = Murmansk", "Игорь Морарь = Igor Morar", "1,6 = 1.6", "28"),
            thresholds=_THRESHOLDS,
            candidates=9,
            model=_MODEL,
        ),
        article_count=2,
        languages=("en", "ru"),
        independent_sources=1,
        lead=CORRECTION_RU.id,
        title="В Мурманске открыли мост через Кольский залив длиной 1,6 км",
        source=CORRECTION_RU.source,
        lang="ru",
        published_at=CORRECTION_RU.published_at,
    ),
)
KILLED = StoryRevised(
    id=event_id(_STORY, 8),
    source=_SOURCE,
    subject=_STORY,
    time=datetime(2026, 3, 2, 11, 40, 0, tzinfo=UTC),
    data=Revision(
        story_id=_STORY,
        sequence=8,
        position=91_950,
        change=Change.RETRACTED,
        article_id=KILL_RU.id,
        old_version=2,
        lead=ARTICLE_EN.id,
        old_lead=KILL_RU.id,
        translations=(ARTICLE_EN.id,),
        article_count=3,
        languages=("en", "ru"),
        independent_sources=2,
    ),
)
SPLIT = StorySplit(
    id=event_id(_STORY, 9),
    source=_SOURCE,
    subject=_STORY,
    time=datetime(2026, 3, 2, 11, 52, 13, tzinfo=UTC),
    data=Split(
        story_id=_STORY,
        sequence=9,
        position=92_003,
        split_from=_STORY,
        moved_to="st_0f3a9240",
        article_ids=("kola-today/552",),
        because_of="kola-today/552",
        article_count=2,
        languages=("en",),
        independent_sources=1,
        lead=ARTICLE_EN.id,
    ),
)
RETRACTED = StoryRetracted(
    id=event_id(_LATER_STORY, 2),
    source=_SOURCE,
    subject=_LATER_STORY,
    time=datetime(2026, 3, 2, 12, 3, 45, tzinfo=UTC),
    data=Retraction(
        story_id=_LATER_STORY,
        sequence=2,
        position=92_118,
        article_ids=("northwire-88150",),
        change=Change.RETRACTED,
    ),
)
CLOSED = StoryClosed(
    id=event_id(_STORY, 10),
    source=_SOURCE,
    subject=_STORY,
    time=datetime(2026, 3, 5, 13, 0, 2, tzinfo=UTC),
    data=Closure(
        story_id=_STORY,
        sequence=10,
        position=171_004,
        article_count=2,
        languages=("en",),
        independent_sources=1,
        lead=ARTICLE_EN.id,
    ),
)
EVENTS: dict[str, AnyEvent] = {
    event.type: event for event in (OPENED, JOINED, REVISED, MERGED, SPLIT, RETRACTED, CLOSED)
}

TOGETHER = KeepTogether(
    id="rule-7",
    articles=(ARTICLE_RU.id, ARTICLE_EN.id),
    by="anna",
    reason="Один и тот же мост: перевод с опозданием на час",
)
APART = KeepApart(
    articles=(ARTICLE_EN.id, "kola-today/552"), by="anna", reason="The second is last year's bridge"
)
LEAD = SetLead(article=ARTICLE_EN.id, by="pavel", reason="Has the figures right")
COMMANDS = {
    "keep together": TOGETHER,
    "keep apart": APART,
    "set lead": LEAD,
    "revoke": Revoke(rule="rule-7", by="anna", reason="My mistake"),
}
REFUSED = Ruling(
    rule="1772448733518-0",
    answer=Answer.REFUSED,
    detail="rule-7 (together, anna: Один и тот же мост: перевод с опозданием на час) keeps "
    "volna:2026-03-02:117 and northwire-88121 in one story; revoke it first",
    in_the_way=("rule-7",),
    command=KeepApart(articles=TOGETHER.articles, by="pavel", reason="Two bridges"),
    at=datetime(2026, 3, 2, 10, 52, 14, tzinfo=UTC),
)

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
