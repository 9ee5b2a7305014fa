"""A worker with a fault: an article whose id begins with ``stuck`` blocks its event loop for ever,
one with ``cancel`` cancels the task that reads the stream, one with ``loop`` a loop beside it.
"""

import asyncio
import threading
from collections.abc import Sequence

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from tests.support.builders.corpora import article_line
from tests.support.wire.worker_processes import variant
from workers.cli import app

COMMAND = variant("tests.support.wire.stuck_worker")

_fingerprints = Fingerprinter.fingerprints


def faulty_line(fault: str) -> bytes:
    """An article that shows the fault."""
    return article_line(f"{fault}-1", "A fault", "A text that its reader does not survive.")


def _faulty(self: Fingerprinter, articles: Sequence[Article]) -> list[Fingerprint]:
    for article in articles:
        if article.id.startswith("stuck"):
            threading.Event().wait()
        if article.id.startswith("cancel"):
            raise asyncio.CancelledError
        if article.id.startswith("loop"):
            # This one never reads from Redis: redis-py would swallow what cancels it there.
            (loop,) = (each for each in asyncio.all_tasks() if each.get_name() == "watch_parent")
            loop.cancel()
    return _fingerprints(self, articles)


if __name__ == "__main__":
    Fingerprinter.fingerprints = _faulty  # type: ignore[method-assign]
    app()
