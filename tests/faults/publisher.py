"""A publisher that tries again until the server has acknowledged, and remembers what it sent."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from tests.faults.api import Api
from tests.faults.traffic import STAMP, Line, Traffic
from workers.settings import Settings

_CHUNK = 50
_AHEAD = 600
"""Entries on the stream that are not yet placed."""
_PAUSE_S = 0.05


@dataclass(slots=True)
class Publisher:
    """Sends a traffic's lines in a thread of its own, some ahead of what is placed."""

    settings: Settings
    traffic: Traffic
    wanted: int
    """Lines to send in all."""
    accepted: int = 0
    """Lines that the server has acknowledged."""
    api: Api | None = None
    """Takes what it can; else all goes to the stream itself."""
    refused: list[str] = field(default_factory=list)
    by_http: int = 0
    attempts: Counter[bytes] = field(default_factory=Counter)
    """How often each broken body was sent: an answer may be lost behind an entry that is there."""
    _since_quiet: list[tuple[str, bytes]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def is_done(self) -> bool:
        return self.accepted >= self.wanted

    @property
    def since_quiet(self) -> int:
        """Lines since the last quiet point: what would be sent again after a lost tail. More than
        a window of them would be placed anew.
        """
        return len(self._since_quiet)

    def between(self, lines: Callable[[], list[Line]]) -> str:
        """Send lines that are no part of the usual traffic; the last one's entry id."""
        with self._lock:
            return self._send(lines())

    def pause(self) -> None:
        """Returns when nothing is being sent; until `go_on`, only the caller's `between` sends."""
        self._lock.acquire()

    def go_on(self) -> None:
        self._lock.release()

    def is_quiet(self) -> None:
        """All that was sent has come to its end, and is not sent again."""
        self._since_quiet.clear()

    def send_again(self) -> None:
        """All since the last quiet point, as a desk does it after the server lost some of it."""
        with self._lock:
            for start in range(0, len(self._since_quiet), _CHUNK):
                self._until_acknowledged(self._since_quiet[start : start + _CHUNK])

    def _run(self) -> None:
        with _client(self.settings) as client:
            while not self._ended.is_set() and not self.is_done:
                if self._is_ahead(client):
                    self._ended.wait(_PAUSE_S)
                    continue
                with self._lock:
                    self._send(self.traffic.take(_CHUNK))

    def _is_ahead(self, client: Redis) -> bool:
        try:
            return int(str(client.xlen(self.settings.streams.articles))) > _AHEAD
        except RedisError:
            return True

    def _send(self, lines: list[Line]) -> str:
        bodies = [(getattr(self.settings.streams, line.stream), stamped(line)) for line in lines]
        self._since_quiet += bodies
        last = ""
        if self.api is not None and self._is_plain(bodies):
            self.refused += self.api.submit([body for _, body in bodies], self._ended)
            self.by_http += len(bodies)
        else:
            last = self._until_acknowledged(bodies)
        self.accepted += len(bodies)
        return last

    def _is_plain(self, bodies: list[tuple[str, bytes]]) -> bool:
        """Whether it is usual traffic, and nothing in it that HTTP refuses or does not take."""
        return len(bodies) >= _CHUNK and all(
            stream == self.settings.streams.articles and body not in self.traffic.broken
            for stream, body in bodies
        )

    def _until_acknowledged(self, bodies: list[tuple[str, bytes]]) -> str:
        last = ""
        with _client(self.settings) as client:
            left = bodies
            while left and not self._ended.is_set():
                pipe = client.pipeline(transaction=False)
                for stream, body in left:
                    pipe.xadd(stream, {"data": body})
                    if body in self.traffic.broken:
                        self.attempts[body] += 1
                try:
                    answers = pipe.execute(raise_on_error=False)
                except RedisError:
                    time.sleep(_PAUSE_S)
                    continue
                refused = []
                for one, answer in zip(left, answers, strict=True):
                    if isinstance(answer, Exception):
                        refused.append(one)
                    else:
                        last = answer.decode()
                if refused:  # the server is full
                    time.sleep(_PAUSE_S)
                left = refused
        return last


def _client(settings: Settings) -> Redis:
    """One that never tries again by itself, so that attempts can be counted."""
    return Redis.from_url(str(settings.redis_url), socket_timeout=5.0, retry=Retry(NoBackoff(), 0))


def stamped(line: Line) -> bytes:
    """A line as it is sent now."""
    if not line.embargo_s:
        return line.body
    until = datetime.now(UTC) + timedelta(seconds=line.embargo_s)
    return line.body.replace(STAMP, until.isoformat().encode())
