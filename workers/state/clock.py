"""The server's clock, which dates events and dead letters, whatever a worker's machine says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from redis import Redis
from redis.exceptions import NoPermissionError

Now = Callable[[], datetime]
"""Tells the time."""


def utc_now() -> datetime:
    """The time on this machine."""
    return datetime.now(UTC)


def server_now(redis: Redis) -> datetime:
    """The server's time, asked for; this machine's where the user may not ask."""
    try:
        seconds, microseconds = redis.time()
    except NoPermissionError:
        return utc_now()
    return datetime.fromtimestamp(seconds + microseconds / 1e6, UTC)


@dataclass(slots=True)
class ServerClock:
    """This machine's clock, less what it is ahead of the server's at the last look."""

    own: Now = utc_now
    ahead_s: float = 0.0

    def __call__(self) -> datetime:
        """The server's time."""
        return self.own() - timedelta(seconds=self.ahead_s)

    def seen(self, began: datetime, server_s: float, ended: datetime) -> None:
        """The server said its time, in seconds since 1970, somewhen between these moments.

        How long that took is how inexact it is, and a busy worker is late: so what is known stays
        as long as it fits.

        >>> clock = ServerClock()
        >>> at = datetime.fromtimestamp
        >>> clock.seen(at(100.0), 99.8, at(100.5)); clock.ahead_s
        0.45
        >>> clock.seen(at(200.0), 200.0, at(201.0)); clock.ahead_s
        0.45
        """
        inexact = (ended - began).total_seconds() / 2
        ahead = round(began.timestamp() + inexact - server_s, 6)
        if abs(ahead - self.ahead_s) > inexact:
            self.ahead_s = ahead
