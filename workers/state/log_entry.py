"""One entry of the fingerprint log."""

from dataclasses import dataclass

from workers.state.schema import Log

_ARTICLE, _PAYLOAD, _EVENT_MS, _GONE = (
    each.encode() for each in (Log.ARTICLE, Log.PAYLOAD, Log.EVENT_MS, Log.GONE)
)


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
    if _GONE in fields:
        return Logged(number, drops=int(fields[_GONE]))
    return Logged(number, int(fields[_EVENT_MS]), fields[_ARTICLE].decode(), fields[_PAYLOAD])
