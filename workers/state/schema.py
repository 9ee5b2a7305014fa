"""What a namespace keeps in Redis: the fields of its hashes and of its log, by name.

Names are short in Redis, since a window holds some hundred thousand of them, and long here.
Scripts have the same: in front of each stand the names that it uses as Lua locals, an enum's name
and a member's (``ARTICLE_NUMBER``; keys as ``KEY_LOG``), so a script that uses a name which is not
here does not even load. Keys are named in ``workers/keys.py``.

Times are milliseconds since 1970; a *number* is an article's place in the order of registration.
"""

import re
from enum import StrEnum
from typing import Final

from workers.keys import Key


class Article(StrEnum):
    """``{NS}:a:ARTICLE``, a record. Of an article that was killed only the last four are left."""

    NUMBER = "n"
    """Of the version in force, as the next four; absent while none is placed."""
    VERSION = "v"
    EVENT_MS = "t"
    STORY = "s"
    """Id of its story, as it was noted: mergers since are followed by `Story.INTO`."""
    ENTRY = "e"
    """Id of its input entry."""
    PENDING_NUMBER = "pn"
    """Of a version that is registered and not decided, as the next three."""
    PENDING_VERSION = "pv"
    PENDING_EVENT_MS = "pt"
    PENDING_ENTRY = "pe"
    HELD_VERSION = "hv"
    """Version that is under embargo or held back; its body is in ``{NS}:held``."""
    REPLACED_BY = "f"
    """Id of an article that the feed says replaces it, and that came first."""
    OPENED = "o"
    """How many stories it opened: the next one must have another id."""
    KILLED = "k"
    """Killed through this version."""
    KILLED_IN = "ks"
    """Id of the story that it was in when it was killed."""


class Story(StrEnum):
    """``{NS}:s:STORY``: its figures, a field a member, a field a story that merged into it.

    All that is left of a story which merged is `INTO`, so its id resolves for as long as the
    surviving story is held. Figures are named as in `StoryState`.
    """

    REVISION = "r"
    """Another one with each change: what was decided on it holds only while it is the same."""
    SEQUENCE = "q"
    """Of its last event."""
    ARTICLE_COUNT = "c"
    LEAD_ID = "l"
    LEAD_NUMBER = "ln"
    BORN = "b"
    """Number of the article that opened it."""
    HIGHEST = "hn"
    """Highest number of a member: when that leaves the log, the story ends."""
    LANGUAGES = "g"
    """Separated by commas."""
    INDEPENDENT_SOURCES = "i"
    RULED = "d"
    """Ids of the members that editors' rules name, JSON; empty for none."""
    INTO = "into"
    """Id of the story that it merged into."""
    MEMBER = "m"
    """Followed by an article's id; holds first:number:version:lang:origin:outlet:event ms."""
    ABSORBED = "x"
    """Followed by the id of a story that merged into it; empty."""


class Clock(StrEnum):
    """``{NS}:clock``."""

    NUMBER = "n"
    """The last one that was given to an article."""
    EVENT_MS = "event"
    """The event clock, as it stood at `AT_MS` of the server's clock."""
    AT_MS = "at"
    DATED = "dated"
    """``1`` once a dated article has set the event clock."""
    JUMP = "jump"
    """There while one article, and no second, has said that it is much later."""
    FLOOR = "floor"
    """Smallest number that is held."""
    SWEPT = "swept"
    """The floor through which all is swept."""
    POSITION = "p"
    """Of the last event."""
    RULES = "rules"
    """Revision of the editors' rules; absent before the first."""
    ERA = "era"
    SERVER = "server"
    """Run and replication ids of the server that began the era."""
    WAS = "was"
    """The era before; empty if its memory must not be kept."""
    SINCE = "since"
    """The last number when that one ended."""


class Log(StrEnum):
    """An entry ``N-0`` of ``{NS}:log``: an article of number N, or what is gone.

    `ARTICLE` and `GONE` 0 together: an article that has no fingerprint there
    (``shadow/fingerprints.py``), or a reminder of its story.
    """

    ARTICLE = "a"
    PAYLOAD = "p"
    """Its fingerprint."""
    EVENT_MS = "t"
    GONE = "x"
    """Number of an article that is gone."""


class Count(StrEnum):
    """``{NS}:counts``: entries by what became of them, then stories' events."""

    PLACED = "placed"
    VERSIONS = "versions"
    HELD = "held"
    RELEASED = "released"
    KILLED = "killed"
    REPEATED = "repeated"
    DEAD = "dead"
    OPENED = "opened"
    JOINED = "joined"
    REVISED = "revised"
    MERGED = "merged"
    SPLIT = "split"
    RETRACTED = "retracted"
    CLOSED = "closed"
    OTHER_LANGUAGE = "other_language"


class Feed(StrEnum):
    """``{NS}:feed:URL``."""

    ETAG = "etag"
    """Of its last document, as the next one."""
    MODIFIED = "modified"
    DUE_MS = "due"
    FAILURES = "failures"
    """Polls in a row that brought no document."""
    DIGEST = "digest"
    """Of the last document."""


class Replay(StrEnum):
    """``{NS}:replay``."""

    FROM = "from"
    SENT = "sent"
    """Id of the last entry that was sent."""
    THROUGH = "through"
    """Id of the last entry that was placed."""


class Switching(StrEnum):
    """``{NS}:switching``; beside it a field a story that the switch opened, with `OPENED`."""

    TO = "to"
    OPENED = "opened"
    """A value."""


NO_ARTICLE: Final = 0
"""In `Log.GONE`: nothing has this number, so it tells a worker that nothing is gone."""

_NAMED = {
    f"{table.__name__.upper()}_{each.name}": each.value
    for table in (Article, Story, Clock, Log, Count, Key)
    for each in table
}
_NAME = re.compile(rf"\b(?:{'|'.join({name.split('_')[0] for name in _NAMED})})_[A-Z_]+\b")


def prelude(script: str) -> str:
    r"""The names that a script uses, as Lua locals on one line.

    >>> prelude("redis.call('HGET', P .. KEY_CLOCK, CLOCK_FLOOR)")
    "local CLOCK_FLOOR, KEY_CLOCK = 'floor', 'clock'\n"

    Raises:
        KeyError: it uses one that is not here.
    """
    names = sorted(set(_NAME.findall(script)))
    if not names:
        return ""
    values = ", ".join(f"'{_NAMED[name]}'" for name in names)
    return f"local {', '.join(names)} = {values}\n"
