"""Articles of the tests: the sample feed, and a made-up wire of Russian and English pairs.

All are dated into the same two days, since event time moves forward only.
"""

from typing import Any

from tests.support.wire import desk
from workers.demo.feed import demo_lines

DAY = "2026-03-17"


def sample_feed() -> list[bytes]:
    """62 articles in Russian and English, of 21 stories; ids demo-01 to demo-62."""
    return list(demo_lines())


def flashes(count: int) -> list[dict[str, Any]]:
    """Articles of as many stories, so that the list has a second page."""
    return [
        desk.item(f"flash-{number}", number, published_at=f"{DAY}T09:{number:02d}:00Z")
        for number in range(count)
    ]


def article(article_id: str, source: str, title: str, text: str, **more: Any) -> dict[str, Any]:
    """One article of this day."""
    return {
        "id": article_id,
        "source": source,
        "title": title,
        "text": text,
        "published_at": f"{DAY}T16:00:00Z",
        **more,
    }


def tunnel(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A Russian item and its English translation, of a town with this Latin name; ids
    ``{name}-ru`` and ``{name}-en``.
    """
    russian = _CYRILLIC[name]
    length = 1000 + sum(map(ord, name))
    return (
        article(
            f"{name}-ru",
            "Вестник долины",
            f"В городе {russian} открыт тоннель длиной {length} метров",
            f"{russian.upper()}, 17 марта. Тоннель длиной {length} метров открыл во вторник мэр "
            f"города {russian} Аркадий Лисовин.\n"
            f"Строительство продолжалось 6 лет и обошлось в {length + 77} миллионов крон, сообщила "
            "компания «Тельвар». Движение разрешено с 19 марта, проезд бесплатный.\n"
            "«Дорога до порта займёт 14 минут вместо 50», — сказал Лисовин.",
            lang="ru",
        ),
        article(
            f"{name}-en",
            "Valley Courier",
            f"{name.title()} opens {length}-metre tunnel",
            f"{name.upper()}, March 17. A tunnel {length} metres long was opened on Tuesday by "
            f"Arkady Lisovin, the mayor of {name.title()}.\n"
            f"It took 6 years to build and cost {length + 77} million crowns, the company Telvar "
            "said. Traffic will be let in on March 19, and the passage is free.\n"
            '"The way to the port will take 14 minutes instead of 50," Lisovin said.',
            lang="en",
        ),
    )


_CYRILLIC = {
    "zarnovik": "Зарновик",
    "melkudar": "Мелькудар",
    "tobrest": "Тобрест",
    "osvindal": "Освиндаль",
    "karpelin": "Карпелин",
    "lunzhary": "Лунжары",
    "vestogor": "Вестогор",
    "dromlin": "Дромлин",
}
