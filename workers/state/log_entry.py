"""One entry of the fingerprint log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Logged:
    """One entry of the fingerprint log: an article, or the marker that one is gone."""

    number: int
    event_ms: int = 0
    article_id: str = ""
    payload: bytes = b""
    drops: int | None = None
    """Number of the article that is gone: replaced by a new version, killed, or held back."""


def logged(entry_id: bytes, fields: dict[bytes, bytes]) -> Logged:
    """One entry of the log as Redis gives it."""
    number = int(entry_id.split(b"-")[0])
    if b"x" in fields:
        return Logged(number, drops=int(fields[b"x"]))
    return Logged(number, int(fields[b"t"]), fields[b"a"].decode(), fields[b"p"])
