"""A consumer that follows the story events and notes whatever breaks their contract."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import RedisError

from contracts.consumer import Partition
from contracts.events import STORY_EVENT, AnyEvent, Change, Placement, Revision
from workers.settings import Settings
from workers.state.streams import read_after

_AT_ONCE = 500
_BLOCK_MS = 100


@dataclass(slots=True)
class Account:
    """What events told, and what of it was wrong."""

    partition: Partition = field(default_factory=Partition)
    last: str = "0"
    events: int = 0
    told: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How often an article's version was told as new: by id and version."""
    wrong: list[str] = field(default_factory=list)
    position: int = 0
    ids: set[str] = field(default_factory=set)

    def read(self, client: Redis, stream: str, block_ms: int | None = None) -> int:
        """Take in the next events; how many there were."""
        entries = read_after(client, stream, self.last, count=_AT_ONCE, block_ms=block_ms)
        for entry_id, fields in entries:
            self.take(STORY_EVENT.validate_json(fields[b"data"]))
            self.last = entry_id.decode()
        return len(entries)

    def take(self, event: AnyEvent) -> None:
        self.events += 1
        data = event.data
        is_copy = bool(getattr(data, "redacted", False))
        is_new = self.partition.apply(event)
        if not is_new and not is_copy:
            self.wrong.append(f"told twice: {event.id}")
        if not is_copy:
            if data.position <= self.position:
                self.wrong.append(f"{event.id}: position {data.position} after {self.position}")
            self.position = data.position
        if is_new:
            self.ids.add(event.id)
            self._count(event)

    def _count(self, event: AnyEvent) -> None:
        data = event.data
        if isinstance(data, Placement) and data.split_from is None:
            self.told[data.article_id, data.version] += 1
        elif isinstance(data, Revision) and data.change is Change.VERSION:
            self.told[data.article_id, data.new_version or 1] += 1


@dataclass(slots=True)
class Consumer:
    """Follows the stream live, in a thread of its own."""

    settings: Settings
    account: Account = field(default_factory=Account)
    earlier: list[str] = field(default_factory=list)
    """What was wrong before it had to start over."""
    _sleeps: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def sleep(self) -> None:
        self._sleeps.set()

    def wake(self) -> None:
        self._sleeps.clear()

    def start_over(self, known: int | None = None) -> None:
        """From the stream's start, as after a server that lost what was told.

        ``known``: how much was wrong before; what came behind is that loss.
        """
        with self._lock:
            self.earlier += self.account.wrong[:known]
            self.account = Account()

    def _run(self) -> None:
        stream = self.settings.streams.stories
        with Redis.from_url(str(self.settings.redis_url), socket_timeout=5.0) as client:
            while not self._ended.is_set():
                if self._sleeps.is_set():
                    self._ended.wait(0.02)
                    continue
                try:
                    with self._lock:
                        self.account.read(client, stream, _BLOCK_MS)
                except RedisError:
                    self._ended.wait(0.05)
