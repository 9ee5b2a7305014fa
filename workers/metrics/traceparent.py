"""The trace context that an entry carries, as W3C writes it."""

import re

from faststream.redis.parser import BinaryMessageFormatV1

from workers.state.entries import Entry

_FIELD, _ENVELOPE = b"traceparent", b"__data__"
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
"""Version, trace id, span id, flags. Of a later version more may follow, which is not passed on."""


def published(entry: Entry) -> str | None:
    """The publisher's context, if the entry carries one that is well formed."""
    found = entry.fields.get(_FIELD)
    if found is None:
        if _ENVELOPE not in entry.fields:
            return None
        _body, headers = BinaryMessageFormatV1.parse(entry.fields[_ENVELOPE])
        said = str(headers.get("traceparent", ""))
    else:
        said = found.decode("ascii", "replace")
    return well_formed(said)


def well_formed(traceparent: str) -> str | None:
    """A context as it is passed on; None if it is none.

    >>> well_formed("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    >>> well_formed("00-00000000000000000000000000000000-b7ad6b7169203331-01") is None
    True
    """
    return traceparent if _TRACEPARENT.fullmatch(traceparent) else None
