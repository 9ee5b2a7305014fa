"""A worker that dies with -9 on articles whose id begins with ``poison``."""

import os
import signal
import sys
from collections.abc import Sequence

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from tests.support.builders.corpora import article_line
from workers.cli import app

POISON_COMMAND = (sys.executable, "-m", "tests.support.wire.poisoned_worker", "worker")

_fingerprints = Fingerprinter.fingerprints


def poison_line(number: int) -> bytes:
    """An article that kills the worker which handles it."""
    return article_line(f"poison-{number}", "Poison", "A text that kills its reader.")


def _deadly(self: Fingerprinter, articles: Sequence[Article]) -> list[Fingerprint]:
    if any(article.id.startswith("poison") for article in articles):
        os.kill(os.getpid(), signal.SIGKILL)
    return _fingerprints(self, articles)


if __name__ == "__main__":
    Fingerprinter.fingerprints = _deadly  # type: ignore[method-assign]
    app()
