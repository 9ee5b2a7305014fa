"""Two articles side by side: the evidence for or against their being one story."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from pydantic_core import from_json
from redis import Redis

from contracts.events import Evidence
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.evidence import evidence
from service.matching.verify import Verdict, Verifier
from workers.errors import ModelMismatch, NotHeld
from workers.settings import Settings
from workers.state import schema

_EVENTS_AT_ONCE = 1_000


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


def decisions(redis: Redis, settings: Settings, article_ids: Collection[str]) -> dict[str, str]:
    """What was said when these articles were placed last: by id, the summary of the event, and how
    their words came broken.

    Read from the newest event backwards until all are found, so an article of days ago costs a
    second on a long stream. Those whose events are no longer kept are missing.
    """
    found: dict[str, str] = {}
    last = "+"
    while len(found) < len(set(article_ids)):
        entries = cast(
            Any, redis.xrevrange(settings.streams.stories, max=last, count=_EVENTS_AT_ONCE)
        )
        for _, fields in entries:
            data = from_json(fields[b"data"])["data"]
            if data.get("article_id") in article_ids and data.get("evidence"):
                broken = f"; repaired: {data['repaired']}" if data.get("repaired") else ""
                found.setdefault(data["article_id"], data["evidence"]["summary"] + broken)
        if len(entries) < _EVENTS_AT_ONCE:
            break
        last = f"({entries[-1][0].decode()}"
    return found


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
