"""The model behind ``GET /v1/explain``: loaded when it is first asked, and asked in a thread."""

from dataclasses import dataclass, field

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from redis import Redis

from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier
from workers.models import models
from workers.placing.explain import (
    Comparison,
    article_number,
    check_model,
    compared,
    logged_fingerprint,
)
from workers.settings import Settings


@dataclass(slots=True)
class Comparer:
    """Compares articles of one namespace, one pair at a time."""

    redis: Redis
    settings: Settings
    _models: tuple[Fingerprinter, Verifier] | None = None
    _limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))

    async def compare(self, first: str, second: str) -> Comparison:
        """The verdict over two article ids; the one that was placed first is the earlier one.

        Raises:
            NotHeld: the namespace has no fingerprint of one of them.
            OnestoryError: the model can't be used here.
            RedisError: the server can't be reached.
        """
        return await run_sync(self._compare, first, second, limiter=self._limiter)

    def _compare(self, first: str, second: str) -> Comparison:
        by_age = sorted((first, second), key=self._number)
        earlier, new = (logged_fingerprint(self.redis, self.settings, each) for each in by_age)
        if self._models is None:
            self._models = models(self.settings)
        fingerprinter, verifier = self._models
        check_model(self.redis, self.settings, fingerprinter)
        return compared(earlier, new, fingerprinter, verifier)

    def _number(self, article_id: str) -> int:
        return article_number(self.redis, self.settings, article_id)
