"""The Redis adapter: every read and write of a worker, a batch at a time.

Each method is one round trip (a pipeline of script calls) unless it says otherwise, and
each is idempotent, so a caller may repeat it after a broken connection.
"""

import json
import logging
from collections.abc import Awaitable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import (
    MasterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
)
from redis.exceptions import TimeoutError as RedisTimeoutError

from contracts.commands import COMMAND, AnyCommand
from contracts.dead_letter import DeadLetter
from contracts.streams import GROUP
from service.encoders.errors import EncoderUnavailable
from service.stories.rules import Rules
from service.stories.state import StoryState
from workers.errors import ModelMismatch, SwitchUnfinished, WentBack
from workers.keys import Key, StreamEntries
from workers.settings import Settings
from workers.state.answers import (
    Answer,
    Found,
    Place,
    Registration,
    Snapshot,
    Whole,
    registered,
)
from workers.state.clock import ServerClock
from workers.state.commit import Commit
from workers.state.entries import Entry
from workers.state.era import Era
from workers.state.log_entry import Logged, logged
from workers.state.missed import Missed
from workers.state.schema import Article, Clock, Log, Switching, mandate_text
from workers.state.scripts import Scripts
from workers.state.story_hash import figures_of, pairs_of, whole_of
from workers.state.tries import Tries

log = logging.getLogger("onestory.worker")

_ARTICLE = Log.ARTICLE.encode()
_LOG_CHUNK = 500
_REGISTERED_AT_ONCE = 25
"""By one script call, which holds the server up for some 5 ms."""

UNAVAILABLE = (
    RedisConnectionError,
    RedisTimeoutError,
    OutOfMemoryError,
    ReadOnlyError,
    MasterDownError,
    NoScriptError,
    EncoderUnavailable,
    WentBack,
)
"""Redis, or the encoder's endpoint, can't do it now: no article is at fault, and the same call
succeeds later."""


class Store:
    """State of one namespace."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._settings = settings
        self._keys = settings.keys
        self._streams = settings.streams
        self.era = Era()
        self.clock = ServerClock()
        """What events and dead letters are dated by."""
        self._scripts = Scripts(redis, self.era)
        self.tries = Tries(redis, settings, self._scripts, self.era)
        self.missed = Missed(settings, self._scripts, self.clock)
        self._delete = "0" if settings.keep_input else "1"

    async def prepare(self, model: str) -> None:
        """Load the scripts, create the consumer group, claim the namespace for a model, and take
        up the server's era.

        The group starts at 0: a group created at ``$`` silently skips whatever was
        published before the first worker started.

        Raises:
            SwitchUnfinished: the namespace is being switched over to another one.
            ModelMismatch: the namespace holds fingerprints of another model.
        """
        switching = await cast(Any, self._redis.hget(self._keys.switching, Switching.TO))
        if switching is not None:
            raise SwitchUnfinished(self._settings.namespace, switching.decode())
        await self.load_scripts()
        await self.ensure_group()
        await self._redis.set(self._keys.model, model, nx=True)
        held = cast(bytes, await self._redis.get(self._keys.model)).decode()
        if held != model:
            raise ModelMismatch(self._settings.namespace, held, model)
        # At the end: whoever calls decides at once, before anything can fail, what it keeps.
        await self.era.take_up(self._redis, self._keys)

    async def ensure_group(self, stream: str | None = None) -> bool:
        """Create the consumer group if it is not there; True if it was created. ``stream``: whose,
        by default the articles'.
        """
        stream = stream or self._streams.articles
        try:
            await self._redis.xgroup_create(stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise
            return False
        return True

    async def register(self, batch: Sequence[Registration]) -> list[Answer]:
        """Number articles, and append them to the log."""
        settings = self._settings
        common = (self._keys.prefix, GROUP, settings.window_ms, settings.epoch_ms, self._delete)
        answers = await self._scripts.run(
            (
                "register",
                (self._streams.articles,),
                (*common, *chain.from_iterable(map(_filed, batch[start:][:_REGISTERED_AT_ONCE]))),
            )
            for start in range(0, len(batch), _REGISTERED_AT_ONCE)
        )
        return [registered(each) for each in chain.from_iterable(answers)]

    async def log_after(self, number: int) -> list[Logged]:
        """The next entries of the fingerprint log, at most 500."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.xrange(self._keys.log, min=f"{number + 1}-0", max="+", count=_LOG_CHUNK)
        pipe.hmget(self._keys.clock, Clock.ERA, Clock.NUMBER)
        entries, (era, last) = await pipe.execute()
        self.era.check(era)
        found = (logged(entry_id, fields) for entry_id, fields in cast(StreamEntries, entries))
        # Numbers that were not given are a stray's (``lua/strays.lua``).
        return [each for each in found if each.number <= int(last or 0)]

    async def snapshot(self, found: Sequence[Found]) -> Snapshot:
        """Where these articles are placed now, with the figures of their stories."""
        asked = [f"{id_}\n{'' if number is None else number}\n" for id_, number in found]
        places, stories, rules = await self._run("stories", "".join(asked))
        return Snapshot(
            {
                one: Place.read(one[0], story.decode(), rest)
                for one, (story, rest) in zip(found, places, strict=True)
            },
            {story.id: story for story in map(figures_of, stories)},
            rules.decode(),
        )

    async def whole(self, article_ids: Sequence[str], story_ids: Sequence[str] = ()) -> Whole:
        """What is known of articles, and stories with their members: those named, and theirs."""
        records, stories = await self._run("whole", len(article_ids), *article_ids, *story_ids)
        return Whole(
            {
                article_id: {
                    name.decode(): value.decode() for name, value in pairs_of(record).items()
                }
                for article_id, record in zip(article_ids, records, strict=True)
            },
            {
                story_id.decode(): whole_of(story_id.decode(), pairs_of(fields))
                for story_id, fields in stories
            },
        )

    async def commit(self, commits: Sequence[Commit], stream: str | None = None) -> list[bool]:
        """Write steps in order; for each whether it held. ``stream``: where the entries are from,
        by default the articles.
        """
        keys = (stream or self._streams.articles, self._streams.stories)
        deletes = self._delete == "1"
        texts = ("\n".join(map(str, each.words(deletes=deletes))) for each in commits)
        outcomes = await self._scripts.run(
            ("change", keys, (self._keys.prefix, GROUP, text)) for text in texts
        )
        return [outcome == 1 for outcome in outcomes]

    async def bury(self, letters: Sequence[DeadLetter], stream: str | None = None) -> int:
        """Move entries to the dead-letter stream, dated now; each is written at most once. How many
        were.
        """
        keys = (stream or self._streams.articles, self._streams.dead)
        common = (self._keys.prefix, GROUP)
        if not letters:
            return 0
        now = {"dead_at": self.clock()}
        written = await self._scripts.run(
            (
                "bury",
                keys,
                (
                    *common,
                    *(letter.entry_id, letter.article_id or ""),
                    letter.model_copy(update=now).model_dump_json(),
                    self._delete,
                ),
            )
            for letter in letters
        )
        return sum(written)

    async def expired(self, floor: int, article_ids: Sequence[bytes]) -> list[StoryState]:
        """The stories of articles that leave the log, where they are the last to leave."""
        over = await self._run("expired", floor, *article_ids)
        return [whole_of(story_id.decode(), pairs_of(fields)) for story_id, fields in over]

    async def rules(self) -> Rules:
        """The editors' rules in force, and their revision."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.hmget(self._keys.clock, Clock.RULES, Clock.ERA)
        pipe.hgetall(self._keys.rules)
        (revision, era), stored = await pipe.execute()
        self.era.check(era)
        accepted = sorted(_accepted(stored), key=lambda each: each[0])
        return Rules.of({rule_id: command for _, rule_id, command in accepted}, int(revision or 0))

    async def release(self, count: int = 100) -> int:
        """Send again the articles whose embargo is over; how many were sent."""
        return int(await self._run("release", count))

    async def redact(self, redacted: Mapping[bytes, str]) -> None:
        """Put events, by entry id, to the end of their stream without the text that they quote."""
        if redacted:
            keys = (self._streams.stories,)
            await self._scripts.run(
                ("redact", keys, (self._keys.prefix, *each)) for each in redacted.items()
            )

    async def registered_by(self, entry_ids: Collection[str]) -> dict[str, str]:
        """Ids of the articles that these entries have registered and nobody has decided, by entry.

        For entries that can no longer be read. Looks through the whole log, two round trips for
        500 articles.
        """
        found: dict[str, str] = {}
        before = "+"
        while len(found) < len(entry_ids) and (
            page := cast(
                StreamEntries,
                await self._redis.xrevrange(self._keys.log, max=before, count=_LOG_CHUNK),
            )
        ):
            ids = [f[_ARTICLE].decode() for _, f in page if _ARTICLE in f]
            pipe = self._redis.pipeline(transaction=False)
            for article_id in ids:
                pipe.hget(self._keys.article(article_id), Article.PENDING_ENTRY)
            for article_id, entry_id in zip(ids, await pipe.execute(), strict=True):
                if entry_id is not None and entry_id.decode() in entry_ids:
                    found[entry_id.decode()] = article_id
            before = f"({page[-1][0].decode()}"
        return found

    async def bring_back(self, stream: str, ahead_ms: int) -> tuple[int, str]:
        """Give entries whose ids are too far ahead of the server's clock other ones, so that the
        stream takes more: how many, and the first one's id before (``lua/present.lua``).
        """
        aside = self._keys.prefix + Key.ASIDE + stream.removeprefix(self._keys.prefix)
        call = ("present", (stream, aside), (self._keys.prefix, ahead_ms))
        ((moved, first),) = await self._scripts.run([call])
        return moved, first.decode()

    async def drop_strays(self) -> list[str]:
        """Take entries off the log that no article and no marker has put there; their ids."""
        return [each.decode() for each in await self._run("strays")]

    async def trim_letters(self, keep_ms: int, most_bytes: int) -> int:
        """Let go of the oldest dead letters; how many were."""
        call = ("letters", (self._streams.dead,), (self._keys.prefix, keep_ms, most_bytes))
        (gone,) = await self._scripts.run([call])
        return int(gone)

    async def prune_consumers(self, idle_ms: int) -> int:
        """Forget workers that have nothing pending and gave no sign for so long; how many were."""
        streams = (self._streams.articles, self._streams.commands)
        calls = (("prune", (each,), (self._keys.prefix, GROUP, idle_ms)) for each in streams)
        return sum(await self._scripts.run(calls))

    async def last_error(self, entry: Entry) -> str | None:
        """Why the entry's last attempt failed, if it failed with an error."""
        error = await cast(Awaitable[bytes | None], self._redis.hget(self._keys.errors, entry.id))
        return error.decode("utf-8", "replace") if error else None

    async def load_scripts(self) -> None:
        """Make the scripts known to the server; `prepare` does it too."""
        await self._scripts.load()

    async def _run(self, name: str, *args: Any) -> Any:
        return await self._scripts.answer(name, self._keys, *args)


def _accepted(stored: Mapping[bytes, bytes]) -> Iterator[tuple[int, str, AnyCommand]]:
    """Place, id and command of rules; one that can't be read must not stop every worker."""
    for name, data in stored.items():
        try:
            kept = json.loads(data)
            yield int(kept["place"]), str(kept["id"]), COMMAND.validate_python(kept)
        except (ValueError, TypeError, KeyError) as error:
            log.warning("rule %r can't be read and is not applied: %s", name, error)


def _filed(item: Registration) -> Iterator[Any]:
    """What ``lua/register.lua`` takes for each article."""
    yield from (item.entry_id, item.article_id, item.version)
    yield "" if item.published_ms is None else item.published_ms
    yield item.payload
    if item.hold is None:
        yield from ("", "0")
    else:
        yield "+inf" if item.hold.until_ms is None else item.hold.until_ms
        yield "1" if item.hold.at_any_version else "0"
    yield from (item.voice.sender, mandate_text(item.voice.mandate), item.replaces)
