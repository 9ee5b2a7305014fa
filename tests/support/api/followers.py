"""A client of the event stream that does what a browser does: it resumes behind what it saw."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile

import httpx

from tests.support.api.client import Sent, events_in

_AGAIN_S = 0.1


@dataclass(slots=True)
class Follower:
    """Follows the events of a server from their start, over as many connections as it takes."""

    url: str
    events: list[Sent] = field(default_factory=list)
    """All that came, in its order; a gap too."""
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def ids(self) -> list[str]:
        """Of the stream's entries."""
        return [each.id for each in self.events]

    def follow(self) -> None:
        """Until `end`."""
        while not self._ended.is_set():
            with contextlib.suppress(httpx.HTTPError):
                self._listen()
            self._ended.wait(_AGAIN_S)

    def end(self) -> None:
        """At the next line that the server sends, a heartbeat at the latest."""
        self._ended.set()

    def _listen(self) -> None:
        asked = {"Last-Event-ID": self.ids[-1]} if self.events else {}
        url = f"{self.url}/v1/events?from=start"
        with httpx.stream("GET", url, headers=asked, timeout=20) as response:
            response.raise_for_status()
            lines = takewhile(lambda _: not self._ended.is_set(), response.iter_lines())
            self.events.extend(events_in(lines))


@contextmanager
def following(url: str) -> Iterator[Follower]:
    """A follower in a thread of its own, to the end of the block."""
    follower = Follower(url)
    thread = threading.Thread(target=follower.follow)
    thread.start()
    try:
        yield follower
    finally:
        follower.end()
        thread.join()
