"""When a sweep comes, and how many workers there are, changes no story."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis

from tests.support.builders.corpora import START
from tests.support.redis.servers import fresh_namespace
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk

ROUNDS = 5
BATCH = 45
_TOWNS = {
    "Velmora": "Вельморе",
    "Karstad": "Карстаде",
    "Ostrel": "Остреле",
    "Dunmer": "Дунмере",
    "Halvik": "Хальвике",
    "Brenn": "Бренне",
    "Tarnov": "Тарнове",
    "Morrin": "Моррине",
    "Kelsund": "Кельсунде",
    "Lindholm": "Линдхольме",
    "Varga": "Варге",
    "Tolosa": "Толосе",
}
_CHIEFS = {
    "Marek Dolin": "Марек Долин",
    "Ana Brusek": "Ана Брусек",
    "Ivo Sarnel": "Иво Сарнель",
    "Petra Volkova": "Петра Волкова",
    "Jonas Veir": "Йонас Вейр",
    "Lena Orsk": "Лена Орск",
}
_IN_ENGLISH = (
    "Fire destroys warehouse in {town}|Firefighters were called to a warehouse in {town}.",
    "Warehouse burns down in {town}|A warehouse in {town} burned down overnight.",
    "Blaze guts {town} warehouse|An overnight blaze gutted a warehouse in {town}.",
    "{town} warehouse destroyed by fire|Fire destroyed a warehouse on the edge of {town}.",
)
_WHO_SAID = (
    "Brigade chief {who} said {count} people were taken to safety.",
    "According to chief officer {who}, {count} people left the building in time.",
)
_IN_RUSSIAN = (
    "Пожар уничтожил склад в {town}|Пожарных вызвали на склад в {town}.",
    "В {town} сгорел склад|Ночью в {town} дотла сгорел склад.",
)
_WHO_SAID_IN_RUSSIAN = "По словам начальника пожарной части {who}, вывели {count} человек."


def fires() -> list[dict[str, Any]]:
    """Fires in the same towns, told in two languages, in rounds two windows apart.

    An English report is nearer to those of all earlier fires in its town than to a Russian one of
    its own, so where what has expired counts, nothing else is left to compare it with.
    """
    rng, articles = random.Random(5), []
    for round_ in range(ROUNDS):
        told = []
        for town, in_town in _TOWNS.items():
            who, count = rng.choice(list(_CHIEFS)), rng.randint(11, 980)
            tellings = [("en", f"{head} {said}") for head in _IN_ENGLISH for said in _WHO_SAID]
            tellings += [("ru", f"{head} {_WHO_SAID_IN_RUSSIAN}") for head in _IN_RUSSIAN]
            for telling, (lang, words) in enumerate(tellings):
                names = (town, who) if lang == "en" else (in_town, _CHIEFS[who])
                filled = words.format(town=names[0], who=names[1], count=count)
                title, _, text = filled.partition("|")
                told.append({
                    "id": f"r{round_}-{town}-{telling}", "source": f"outlet {telling}",
                    "lang": lang, "title": title, "text": text,
                })  # fmt: skip
        rng.shuffle(told)
        for place, article in enumerate(told):
            moment = START + timedelta(minutes=130 * round_, seconds=20 * place)
            articles.append({**article, "published_at": moment.isoformat()})
    return articles


FIRES = fires()


def stories(
    redis: Redis, redis_url: str, workers: int, after_batch: Callable[[Desk], None]
) -> tuple[set[frozenset[str]], int]:
    """The stories of all events told, and how many of the log's entries are left."""
    settings = harness.settings_for(redis_url, fresh_namespace(), window_hours=1.0)
    with desk(redis, settings, workers) as open_desk:
        open_desk.send(*FIRES)
        batches = -(-len(FIRES) // BATCH)
        for batch in range(batches):
            open_desk.turn(batch % workers, BATCH)
            after_batch(open_desk)
        placed = open_desk.partition.all_stories.values()
        found = {frozenset(story.articles) for story in placed}
        return found, redis.xlen(settings.keys.log)


@pytest.mark.parametrize("workers", [1, 2])
def test_stories_are_the_same_whether_what_expired_is_swept_at_once_or_never(
    redis_client: Redis, redis_url: str, workers: int
) -> None:
    never, all_kept = stories(redis_client, redis_url, 1, lambda _desk: None)
    swept, kept = stories(redis_client, redis_url, workers, Desk.sweep)

    assert all_kept == len(FIRES)
    assert kept < all_kept / 2
    assert swept == never
    assert len(never) < len(FIRES)
