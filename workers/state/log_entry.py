"""One entry of the fingerprint log."""

import logging
from typing import NamedTuple

from workers.state.schema import NO_ARTICLE, Log

log = logging.getLogger("onestory.worker")

_ARTICLE, _PAYLOAD, _EVENT_MS, _GONE = (
    each.encode() for each in (Log.ARTICLE, Log.PAYLOAD, Log.EVENT_MS, Log.GONE)
)

_MOST_SAID = 200
_FAR = 1 << 63
"""Milliseconds from 1970, which a window keeps in 64 bits."""


class Logged(NamedTuple):
    """One entry of the fingerprint log: an article, or the marker that one is gone."""

    number: int
    event_ms: int = 0
    article_id: str = ""
    payload: bytes = b""
    drops: int | None = None
    """Number of the article that is gone: replaced by a new version, killed, or held back."""


def logged(entry_id: bytes, fields: dict[bytes, bytes]) -> Logged:
    """One entry of the log as Redis gives it; one that can't be read says nothing."""
    number = int(entry_id.partition(b"-")[0])
    try:
        if _GONE in fields:
            return Logged(number, drops=int(fields[_GONE]))
        moment = _moment(fields[_EVENT_MS])
        return Logged(number, moment, fields[_ARTICLE].decode(), fields[_PAYLOAD])
    except (KeyError, ValueError) as error:
        log.warning(
            "entry %s of the fingerprint log can't be read and is left out: %s",
            *(entry_id.decode(), repr(error)[:_MOST_SAID]),
        )
        return Logged(number, drops=NO_ARTICLE)


def _moment(text: bytes) -> int:
    moment = int(text)
    if not -_FAR < moment < _FAR:
        raise ValueError(f"no event time: {moment}")
    return moment
