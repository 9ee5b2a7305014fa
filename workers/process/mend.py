"""Streams that somebody's entry would have ended: mended, and told.

Redis lets whoever appends choose the id, as long as it is greater than the last. One entry under
the greatest id of all, and a stream takes nothing more; one of another century, and no age is
right any more. In the log of fingerprints any entry from outside does that, since its ids are
numbers. Such a stream is brought back within a sweep; until then its publishers get errors, and
whoever repeats what was refused loses nothing.
"""

import logging
from dataclasses import dataclass

from workers.settings import HOUR_MS, Settings
from workers.state.store import Store

log = logging.getLogger("onestory.worker")

AHEAD_MS = 24 * HOUR_MS
"""Clocks of servers differ by less, also after a failover."""
NEVER_AHEAD_MS = 1 << 62
"""Only what ends the stream counts: its readers keep the id that they read last, and would hear
nothing more from one that goes on with lower ones. Only workers append there."""


@dataclass(frozen=True, slots=True)
class Mender:
    """Mends the streams of one namespace."""

    settings: Settings
    store: Store

    async def mend(self) -> int:
        """How many entries were in the way."""
        streams, mended = self.settings.streams, 0
        for stream, ahead_ms in (
            (streams.articles, AHEAD_MS),
            (streams.commands, AHEAD_MS),
            (streams.dead, AHEAD_MS),
            (streams.stories, NEVER_AHEAD_MS),
            (streams.rulings, NEVER_AHEAD_MS),
        ):
            moved, first = await self.store.bring_back(stream, ahead_ms)
            if moved:
                log.warning(
                    "%s held %d entries under ids of the future, the first %s: they have come "
                    "again under ids of now",
                    *(stream, moved, first),
                )
            mended += moved
        strays = await self.store.drop_strays()
        if strays:
            log.warning(
                "entries of the fingerprint log that no worker wrote were deleted: %s",
                ", ".join(strays),
            )
        return mended + len(strays)
