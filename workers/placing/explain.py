"""Two articles side by side: the evidence for or against their being one story."""

from dataclasses import dataclass
from typing import Any, cast

from redis import Redis

from contracts.events import Evidence
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.evidence import evidence
from service.matching.verify import Verdict, Verifier
from workers.errors import ModelMismatch, NotHeld
from workers.settings import Settings
from workers.state import schema


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the model thinks of two articles."""

    earlier: Fingerprint
    new: Fingerprint
    verdict: Verdict
    evidence: Evidence
    joined: bool
    """Whether the newer one would join the other's story."""


def compared(
    earlier: Fingerprint, new: Fingerprint, fingerprinter: Fingerprinter, verifier: Verifier
) -> Comparison:
    """The verdict over a pair, and its grounds."""
    (verdict,) = verifier.verdicts([(new, earlier)])
    joined = verdict.probability >= verifier.join_threshold
    found = evidence(
        new,
        earlier,
        verdict,
        joined=joined,
        candidates=1,
        verifier=verifier,
        model=fingerprinter.model,
    )
    return Comparison(earlier, new, verdict, found, joined)


def check_model(redis: Redis, settings: Settings, fingerprinter: Fingerprinter) -> None:
    """Fingerprints of two models can't be compared.

    Raises:
        ModelMismatch: the namespace holds those of another model.
    """
    held = cast(bytes | None, redis.get(settings.keys.model))
    if held and held.decode() != fingerprinter.model.version:
        raise ModelMismatch(settings.namespace, held.decode(), fingerprinter.model.version)


def article_number(redis: Redis, settings: Settings, article_id: str) -> int:
    """An article's place in the log, by which the earlier of two is known; 0 if it has none."""
    return int(cast(Any, redis.hget(settings.keys.article(article_id), schema.Article.NUMBER)) or 0)


def logged_fingerprint(redis: Redis, settings: Settings, article_id: str) -> Fingerprint:
    """A placed article's fingerprint from the log.

    Raises:
        NotHeld: the namespace has none of it, or none any more.
    """
    number = article_number(redis, settings, article_id)
    at = f"{number}-0"
    entries = cast(Any, redis.xrange(settings.keys.log, at, at)) if number else []
    # After a switch some articles are held without a fingerprint (workers/shadow/fingerprints.py).
    payload = entries[0][1].get(schema.Log.PAYLOAD.encode()) if entries else None
    if payload is None:
        raise NotHeld(
            f"{article_id!r} is neither a file nor an article that namespace "
            f"{settings.namespace!r} still holds"
        )
    return Fingerprint.checked(payload)
