"""What a namespace keeps in Redis: the fields of its hashes and of its log, by name.

Names are short in Redis, since a window holds some hundred thousand of them, and long here.
Scripts have the same: in front of each stand the names that it uses as Lua locals, a table's name
and a field's (``ARTICLE_NUMBER``; keys as ``KEY_LOG``), so a script that uses a name which is not
here does not even load. Keys are named in ``workers/keys.py``. No enums: a commit looks up some
thirty names, and their members are strings that Python takes ten times as long to find and join.

Times are milliseconds since 1970; a *number* is an article's place in the order of registration.
"""

import re
from collections.abc import Collection
from typing import Any, Final

from workers.keys import Key


class Article:
    """``{NS}:a:ARTICLE``, a record. Of an article that was killed only `OWNER`, `OPENED` and
    the kill are left.
    """

    NUMBER: Final = "n"
    """Of the version in force, as the next four; absent while none is placed."""
    VERSION: Final = "v"
    EVENT_MS: Final = "t"
    STORY: Final = "s"
    """Id of its story, as it was noted: mergers since are followed by `Story.INTO`."""
    ENTRY: Final = "e"
    """Id of its input entry."""
    PENDING_NUMBER: Final = "pn"
    """Of a version that is registered and not decided, as the next three."""
    PENDING_VERSION: Final = "pv"
    PENDING_EVENT_MS: Final = "pt"
    PENDING_ENTRY: Final = "pe"
    HELD_VERSION: Final = "hv"
    """Version that is under embargo or held back; its body is in ``{NS}:held``."""
    HELD_ENTRY: Final = "he"
    """Id of the entry that it came by."""
    REPLACED_BY: Final = "f"
    """Id of an article that the feed says replaces it, and that came first."""
    REPLACED_FOR: Final = "ff"
    """All that say so while the article is not there, and whom their senders may speak for: JSON,
    a list of [id, mandate as ``lua/mandate.lua`` reads it], the newest last."""
    OWNER: Final = "ow"
    """Name of its first sender (``service/stories/senders.py``); absent in records of versions
    before 2026-11-25, whom everybody may speak for, and while only kills of it are remembered."""
    OPENED: Final = "o"
    """How many stories it opened: the next one must have another id."""
    KILLED: Final = "k"
    """Killed through this version."""
    KILLED_IN: Final = "ks"
    """Id of the story that it was in when it was killed."""
    KILLS: Final = "kf"
    """Kills of an article that is not there yet, and by whom: JSON, a list of [version through
    which, sender, mandate, id of the kill's entry]. Beside it `KILLED` has the highest version."""


class Story:
    """``{NS}:s:STORY``: its figures, a field a member, a field a story that merged into it.

    All that is left of a story which merged is `INTO`, so its id resolves for as long as the
    surviving story is held. Figures are named as in `StoryState`.
    """

    REVISION: Final = "r"
    """Another one with each change: what was decided on it holds only while it is the same."""
    SEQUENCE: Final = "q"
    """Of its last event."""
    ARTICLE_COUNT: Final = "c"
    LEAD_ID: Final = "l"
    LEAD_NUMBER: Final = "ln"
    BORN: Final = "b"
    """Number of the article that opened it."""
    HIGHEST: Final = "hn"
    """Highest number of a member: when that leaves the log, the story ends."""
    LANGUAGES: Final = "g"
    """Separated by commas."""
    INDEPENDENT_SOURCES: Final = "i"
    RULED: Final = "d"
    """Ids of the members that editors' rules name, JSON; empty for none."""
    INTO: Final = "into"
    """Id of the story that it merged into."""
    MEMBER: Final = "m"
    """Followed by an article's id; holds first:number:version:lang:origin:outlet:event ms."""
    ABSORBED: Final = "x"
    """Followed by the id of a story that merged into it; empty."""


class Clock:
    """``{NS}:clock``."""

    NUMBER: Final = "n"
    """The last one that was given to an article."""
    EVENT_MS: Final = "event"
    """The event clock, as it stood at `AT_MS` of the server's clock."""
    AT_MS: Final = "at"
    DATED: Final = "dated"
    """``1`` once a dated article has set the event clock."""
    JUMP: Final = "jump"
    """There while one article, and no second, has said that it is much later."""
    FLOOR: Final = "floor"
    """Smallest number that is held."""
    POSITION: Final = "p"
    """Of the last event."""
    RULES: Final = "rules"
    """Revision of the editors' rules; absent before the first."""
    ERA: Final = "era"
    SERVER: Final = "server"
    """Run and replication ids of the server that began the era."""
    WAS: Final = "was"
    """The era before; empty if its memory must not be kept."""
    SINCE: Final = "since"
    """The last number when that one ended."""


class Log:
    """An entry ``N-0`` of ``{NS}:log``: an article of number N, or what is gone.

    `ARTICLE` and `GONE` 0 together: an article that has no fingerprint there
    (``shadow/fingerprints.py``), or a reminder of its story.
    """

    ARTICLE: Final = "a"
    PAYLOAD: Final = "p"
    """Its fingerprint."""
    EVENT_MS: Final = "t"
    GONE: Final = "x"
    """Number of an article that is gone."""


class Count:
    """``{NS}:counts``: entries by what became of them, then stories' events."""

    PLACED: Final = "placed"
    VERSIONS: Final = "versions"
    HELD: Final = "held"
    RELEASED: Final = "released"
    KILLED: Final = "killed"
    REPEATED: Final = "repeated"
    DEAD: Final = "dead"
    MISSED: Final = "missed"
    """Not entries that were read: those that others deleted before."""
    OPENED: Final = "opened"
    JOINED: Final = "joined"
    REVISED: Final = "revised"
    MERGED: Final = "merged"
    SPLIT: Final = "split"
    RETRACTED: Final = "retracted"
    CLOSED: Final = "closed"
    OTHER_LANGUAGE: Final = "other_language"
    REPAIRED: Final = "repaired"
    """Articles that came as mojibake; they are counted by what became of them too."""
    LETTERS_TRIMMED: Final = "letters_trimmed"
    """Dead letters that nobody dealt with in time."""
    MENDED: Final = "mended"
    """Entries that had ended their stream, or would have (``lua/present.lua``, ``strays.lua``)."""


class Missed:
    """Beside these in ``{NS}:counts``, and no counts of what was done; see ``lua/missed.lua``."""

    BASE: Final = "missed_base"
    """Entries that were missed before anybody looked."""
    DEAD_COMMANDS: Final = "dead_commands"
    """Of `Count.DEAD`, those of editors' commands."""


class Feed:
    """``{NS}:feed:URL``."""

    ETAG: Final = "etag"
    """Of its last document, as the next one."""
    MODIFIED: Final = "modified"
    DUE_MS: Final = "due"
    FAILURES: Final = "failures"
    """Polls in a row that brought no document."""
    DIGEST: Final = "digest"
    """Of the last document."""
    TOLD: Final = "told"
    """1 while what comes in its place is no feed, and has had its letter."""


class Replay:
    """``{NS}:replay``."""

    FROM: Final = "from"
    SENT: Final = "sent"
    """Id of the last entry that was sent."""
    THROUGH: Final = "through"
    """Id of the last entry that was placed."""


class Switching:
    """``{NS}:switching``; beside it a field a story that the switch opened, with `OPENED`."""

    TO: Final = "to"
    OPENED: Final = "opened"
    """A value."""


def mandate_text(mandate: Collection[str]) -> str:
    """A mandate as ``lua/mandate.lua`` reads it; no name of a sender holds a tab."""
    return "\t".join(mandate)


NO_ARTICLE: Final = 0
"""In `Log.GONE`: nothing has this number, so it tells a worker that nothing is gone."""


def names_of(table: type[Any]) -> dict[str, str]:
    """What a table names, by the names.

    >>> names_of(Log)
    {'ARTICLE': 'a', 'PAYLOAD': 'p', 'EVENT_MS': 't', 'GONE': 'x'}
    """
    return {name: value for name, value in vars(table).items() if name.isupper()}


_NAMED = {
    f"{table.__name__.upper()}_{name}": value
    for table in (Article, Story, Clock, Log, Count, Missed, Key)
    for name, value in names_of(table).items()
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
