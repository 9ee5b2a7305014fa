"""A poller of one feed with a server and a clock of the test's own."""

from dataclasses import dataclass, field

from redis import Redis

from tests.support.feeds.samples import published
from tests.support.feeds.server import FeedServer
from workers.feeds.feed_list import Feed
from workers.feeds.memory import Memory
from workers.feeds.poll import Polled, Poller
from workers.settings import Settings


@dataclass
class Clock:
    """Milliseconds since 1970 that pass when a test says so."""

    ms: int = 1_795_000_000_000

    def __call__(self) -> int:
        return self.ms


def titles(redis: Redis, settings: Settings) -> list[tuple[object, object]]:
    return [(each.get("title"), each.get("version")) for each in published(redis, settings)]


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()


def item(number: int, title: str, more: str = "") -> str:
    return f"<item><guid>urn:x:{number}</guid><title>{title}</title>{more}</item>"


@dataclass
class Desk:
    """A poller of one feed, with a clock and a server of the test's own."""

    redis: Redis
    settings: Settings
    server: FeedServer
    clock: Clock = field(default_factory=Clock)

    def feed(self, **changes: object) -> Feed:
        return Feed.model_validate({"url": self.server.url("/feed"), **changes})

    def poller(self) -> Poller:
        return Poller(self.redis, self.settings, now_ms=self.clock)

    def poll(self, **changes: object) -> Polled:
        return self.poller().poll(self.feed(**changes))

    def due_s(self) -> float:
        """Seconds until the feed is due."""
        state = Memory(self.redis, self.settings.keys).state(self.server.url("/feed"))
        return (state.due_ms - self.clock.ms) / 1000

    @property
    def titles(self) -> list[tuple[object, object]]:
        return titles(self.redis, self.settings)
