"""Articles onto their stream: pipelined, and only while the workers keep up."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from redis.asyncio import Redis

from contracts.article import Article
from workers.api.problems import Problem
from workers.settings import Settings
from workers.state.backlog import MOST_COUNTED, backlog
from workers.state.entries import vouched

_KEPT_S = 0.25
"""How long a look at the backlog holds; what is sent meanwhile is added."""
_RETRY_S = 5
"""In which one worker places some 2,500 articles."""


@dataclass(slots=True)
class Intake:
    """The articles stream of one namespace, as this process fills it."""

    redis: Redis
    settings: Settings
    _waiting: int = 0
    _seen_at: float = field(default=-_KEPT_S)

    async def full(self) -> Problem | None:
        """Why nothing more is taken now; None while there is room.

        Raises:
            RedisError: the server can't be reached.
        """
        most = self.settings.api_most_backlog
        if time.monotonic() - self._seen_at >= _KEPT_S:
            found = await backlog(self.redis, self.settings)
            # Kept input is not counted further than this on servers that don't count it.
            beyond = self.settings.keep_input and found.lag == MOST_COUNTED < most
            self._waiting = most if beyond else found.lag + found.pending
            self._seen_at = time.monotonic()
        if self._waiting < most:
            return None
        return Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"{self._waiting} articles wait for the workers already; send again later",
            headers={"Retry-After": str(_RETRY_S)},
        )

    async def add(
        self, articles: Sequence[Article], traceparent: str | None, sender: str
    ) -> list[Any]:
        """Append articles, in one round trip: for each its entry id, or the server's error.
        ``sender``: empty for one without a name.

        What the client did not say stays unsaid, above all a version.

        Raises:
            RedisError: the server can't be reached; how many came through is not known.
        """
        beside: dict[Any, Any] = {} if traceparent is None else {"traceparent": traceparent}
        beside |= vouched(sender)
        pipe = self.redis.pipeline(transaction=False)
        for article in articles:
            data = article.model_dump_json(exclude_unset=True)
            pipe.xadd(self.settings.streams.articles, {"data": data, **beside})
        answers = await pipe.execute(raise_on_error=False)
        self._waiting += len(articles)
        return list(answers)
