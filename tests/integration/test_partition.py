"""Which articles end up in one story: cases that only the whole path can show."""

import asyncio
import random
from datetime import timedelta

from redis import Redis

from tests.support.builders.corpora import START, article_line
from tests.support.wire import harness
from workers.process.build import build_worker
from workers.settings import Settings

UKRAINIAN = (
    "У Вилюзі відкрили міст через річку",
    """Міст через річку у Вилюзі відкрили у вівторок після ремонту, який тривав два роки.
    Мер міста Остап Гринь сказав, що роботи коштували 41 мільйон гривень. Рух автобусів уже
    відновили.""",
)
RUSSIAN = (
    "В Вилюге открыли мост через реку",
    """Мост через реку в Вилюге открыли во вторник после ремонта, который длился два года.
    Мэр города Остап Гринь сказал, что работы стоили 41 миллион гривен. Движение автобусов уже
    восстановили.""",
)


def partition(redis: Redis, settings: Settings, lines: list[bytes]) -> set[frozenset[str]]:
    """The stories that one worker makes of the articles, one batch after the other."""

    async def play() -> None:
        worker = build_worker(settings, consumer="one")
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
        harness.send(redis, settings, lines)
        while entries := await harness.taken(worker, 10):
            await worker.deduplicator.handle(entries)
        await worker.redis.aclose()

    asyncio.run(play())
    return harness.consumed(harness.events(redis, settings))


KAZAKH = (
    "Вилюгте өзен арқылы өтетін көпір ашылды",
    """Вилюгте өзен арқылы өтетін көпір екі жылға созылған жөндеуден кейін сейсенбіде ашылды.
    Қала әкімі Остап Гринь жұмысқа 41 миллион гривна жұмсалғанын айтты. Автобустар қайта жүре
    бастады.""",
)


def test_a_language_the_model_does_not_know_is_matched_by_wording_and_counted(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    settings = harness.settings_for(redis_url, namespace)
    lines = [
        article_line("ru", *RUSSIAN, lang="ru"),
        article_line("uk", *UKRAINIAN, lang="uk"),
        article_line("kk", *KAZAKH, lang="kk"),
        article_line("kk-again", f"{KAZAKH[0]} – Хабар", KAZAKH[1], lang="kk"),
    ]

    found = partition(redis_client, settings, lines)

    assert found == {frozenset({"ru", "uk"}), frozenset({"kk", "kk-again"})}
    assert harness.counts(redis_client, settings)["other_language"] == 2


def drifting(steps: int, *, kept: int, seed: int) -> list[bytes]:
    """Articles of one topic, each keeping ``kept`` of seven sentences of the one before."""
    rng = random.Random(seed)

    def sentence() -> str:
        who, where = rng.choice(_PEOPLE), rng.choice(_PLACES)
        return (
            f"{who} of {where} {rng.choice(_DOINGS)} {rng.randint(12, 980)} {rng.choice(_THINGS)}."
        )

    sentences = [sentence() for _ in range(7)]
    lines = []
    for step in range(steps):
        title = f"Harbour strike: {sentences[0].rstrip('.')}"
        moment = START + timedelta(minutes=20 * step)
        lines.append(article_line(f"d{step}", title, " ".join(sentences), published_at=moment))
        sentences = [*sentences[7 - kept :], *(sentence() for _ in range(7 - kept))]
    return lines


_PEOPLE = "Marko Dulin|Ana Brusek|Ivo Sarnel|Petra Volk|Jonas Weir|Lena Orsk|Tomas Grell".split("|")
_PLACES = "Velmora|Karstad|Ostrel|Dunmere|Halvik|Brenn|Sorrow Bay".split("|")
_DOINGS = "told dockers to load|refused to unload|asked insurers to value|counted|hid|sold".split(
    "|"
)
_THINGS = "crates of oranges|reels of cable|sheep|tractors|barrels of tar|pianos".split("|")


def test_a_chain_of_drifting_articles_does_not_swallow_a_topic(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    """Every article is close to the one before, and the last has nothing of the first."""
    settings = harness.settings_for(redis_url, namespace)

    found = partition(redis_client, settings, drifting(24, kept=4, seed=3))

    story_of = {article: story for story in found for article in story}
    assert max(map(len, found)) <= 12
    for step in range(24 - 8):
        assert story_of[f"d{step}"] != story_of[f"d{step + 8}"], f"8 steps after d{step}"
