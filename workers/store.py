"""The Redis adapter: every read and write of a worker, a batch at a time.

Each method is one round trip (a pipeline of script calls) unless it says otherwise, and
each is idempotent, so a caller may repeat it after a broken connection.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import (
    MasterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
)
from redis.exceptions import TimeoutError as RedisTimeoutError

from contracts.dead_letter import DeadLetter
from contracts.streams import GROUP
from service.encoders.errors import EncoderUnavailable
from service.stories.state import StoryState
from workers.entries import Entry
from workers.errors import ModelMismatch
from workers.keys import LSH_SHARDS, StreamEntries
from workers.settings import Settings
from workers.window import Logged

_SCRIPTS = ("register", "stories", "commit", "bury", "expire", "trim")
_LOG_CHUNK = 500
_REGISTERED_AT_ONCE = 25
"""By one script call, which holds the server up for some 5 ms."""

CONFLICT = "conflict"
"""What a commit says when a story is no longer as the decision saw it."""
UNAVAILABLE = (
    RedisConnectionError,
    RedisTimeoutError,
    OutOfMemoryError,
    ReadOnlyError,
    MasterDownError,
    NoScriptError,
    EncoderUnavailable,
)
"""Redis, or the encoder's endpoint, can't do it now: no article is at fault, and the same call
succeeds later."""
UNDECIDED = "?"
"""The place of an article that is registered and not decided yet."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An article's place in the order of registration, and who shares its LSH buckets."""

    number: int
    event_ms: int
    bucket_mates: bytes
    """Numbers of 4 bytes, big-endian; one occurrence a shared bucket."""
    floor: int
    """The smallest number that is still held."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The article was decided before; its entry has been acknowledged."""

    story_id: str


@dataclass(frozen=True, slots=True)
class Registration:
    """What `Store.register` is asked to file."""

    entry_id: str
    article_id: str
    version: int
    published_ms: int | None
    payload: bytes
    bands: bytes


@dataclass(frozen=True, slots=True)
class Commit:
    """What `Store.commit` is asked to write; see ``lua/commit.lua``."""

    entry_id: str
    article_id: str
    number: int
    event_ms: int
    after: StoryState
    expected_sequence: int
    event_json: str
    is_other_language: bool
    """Whether the model does not know the article's language."""
    absorbed: tuple[tuple[str, int, str], ...]
    """Story id, sequence it must have, and its ``story.merged`` as JSON."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where articles are placed, and their stories, at one moment."""

    places: dict[str, str]
    """By article id: a story id, ``UNDECIDED``, or empty if the article is not held."""
    stories: dict[str, StoryState]


class Store:
    """State of one namespace."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._settings = settings
        self._keys = settings.keys
        self._streams = settings.streams
        self._sha: dict[str, str] = {}
        self._delete = "0" if settings.keep_input else "1"

    async def prepare(self, model: str) -> None:
        """Load the scripts, create the consumer group, and claim the namespace for a model.

        The group starts at 0: a group created at ``$`` silently skips whatever was
        published before the first worker started.

        Raises:
            ModelMismatch: the namespace holds fingerprints of another model.
        """
        await self._load_scripts()
        await self.ensure_group()
        await self._redis.set(self._keys.model, model, nx=True)
        held = cast(bytes, await self._redis.get(self._keys.model)).decode()
        if held != model:
            raise ModelMismatch(self._settings.namespace, held, model)

    async def ensure_group(self) -> bool:
        """Create the consumer group if it is not there; True if it was created."""
        try:
            await self._redis.xgroup_create(self._streams.articles, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise
            return False
        return True

    async def register(self, batch: Sequence[Registration]) -> list[Registered | Seen]:
        """Number, log and file articles, and find who shares their buckets."""
        settings = self._settings

        def fill(pipe: Pipeline) -> None:
            for start in range(0, len(batch), _REGISTERED_AT_ONCE):
                self._call(
                    pipe,
                    "register",
                    [self._streams.articles],
                    self._keys.prefix,
                    GROUP,
                    settings.window_ms,
                    settings.epoch_ms,
                    LSH_SHARDS,
                    settings.bucket_capacity,
                    self._delete,
                    *chain.from_iterable(
                        (
                            item.entry_id,
                            item.article_id,
                            item.version,
                            "" if item.published_ms is None else item.published_ms,
                            item.payload,
                            item.bands,
                        )
                        for item in batch[start : start + _REGISTERED_AT_ONCE]
                    ),
                )

        results: list[Registered | Seen] = []
        for kind, *rest in chain.from_iterable(await self._pipelined(fill)):
            if kind == b"seen":
                results.append(Seen(rest[0].decode()))
            else:
                results.append(Registered(*rest))
        return results

    async def log_after(self, number: int) -> list[Logged]:
        """The next entries of the fingerprint log, at most 500."""
        entries = cast(
            StreamEntries,
            await self._redis.xrange(self._keys.log, min=f"({number}-0", max="+", count=_LOG_CHUNK),
        )
        return [
            Logged(
                int(entry_id.split(b"-")[0]), int(fields[b"t"]), fields[b"a"].decode(), fields[b"p"]
            )
            for entry_id, fields in entries
        ]

    async def snapshot(self, article_ids: Sequence[str]) -> Snapshot:
        """Where these articles are placed now, with the state of their stories."""
        if not article_ids:
            return Snapshot({}, {})

        def fill(pipe: Pipeline) -> None:
            self._call(pipe, "stories", [self._streams.articles], self._keys.prefix, *article_ids)

        ((places, states),) = await self._pipelined(fill)
        stories = {}
        for story_id, sequence, count, lead, lead_number, _opened, _newest, languages in states:
            stories[story_id.decode()] = StoryState(
                story_id.decode(),
                int(sequence),
                int(count),
                lead.decode(),
                int(lead_number),
                tuple(languages.decode().split(",")),
            )
        return Snapshot(
            {id_: place.decode() for id_, place in zip(article_ids, places, strict=True)}, stories
        )

    async def commit(self, commits: Sequence[Commit]) -> list[str]:
        """Place articles in order; for each what ``lua/commit.lua`` says became of it."""

        def fill(pipe: Pipeline) -> None:
            for item in commits:
                absorbed = [value for merger in item.absorbed for value in merger]
                self._call(
                    pipe,
                    "commit",
                    [self._streams.articles, self._streams.stories],
                    self._keys.prefix,
                    GROUP,
                    item.entry_id,
                    item.article_id,
                    item.number,
                    item.event_ms,
                    item.after.id,
                    item.expected_sequence,
                    item.after.article_count,
                    ",".join(item.after.languages),
                    item.event_json,
                    self._delete,
                    int(item.is_other_language),
                    *absorbed,
                )

        return [outcome.decode() for outcome in await self._pipelined(fill)]

    async def bury(self, letters: Sequence[DeadLetter]) -> None:
        """Move entries to the dead-letter stream; each is written at most once."""

        def fill(pipe: Pipeline) -> None:
            for letter in letters:
                self._call(
                    pipe,
                    "bury",
                    [self._streams.articles, self._streams.dead],
                    self._keys.prefix,
                    GROUP,
                    letter.entry_id,
                    letter.article_id or "",
                    letter.model_dump_json(),
                    self._delete,
                )

        if letters:
            await self._pipelined(fill)

    async def expire(self, floor: int, article_ids: Sequence[bytes]) -> int:
        """Forget the stories of articles that leave the log; how many were forgotten."""

        def fill(pipe: Pipeline) -> None:
            self._call(
                pipe, "expire", [self._streams.articles], self._keys.prefix, floor, *article_ids
            )

        (forgotten,) = await self._pipelined(fill)
        return int(forgotten)

    async def trim(self, floor: int, first_shard: int, last_shard: int) -> int:
        """Drop what is below the floor from some LSH shards; how many buckets were emptied."""

        def fill(pipe: Pipeline) -> None:
            self._call(
                pipe,
                "trim",
                [self._streams.articles],
                self._keys.prefix,
                floor,
                first_shard,
                last_shard,
            )

        (emptied,) = await self._pipelined(fill)
        return int(emptied)

    async def note_errors(self, errors: dict[str, str]) -> None:
        """Keep why an entry's last attempt failed, for the dead letter it may become."""
        if errors:
            await self._redis.hset(self._keys.errors, mapping=cast(Any, errors))

    async def last_error(self, entry: Entry) -> str | None:
        """Why the entry's last attempt failed, if it failed with an error."""
        error = await cast(Awaitable[bytes | None], self._redis.hget(self._keys.errors, entry.id))
        return error.decode("utf-8", "replace") if error else None

    def _call(self, pipe: Pipeline, script: str, keys: Sequence[str], *args: Any) -> None:
        pipe.evalsha(self._sha[script], len(keys), *keys, *args)

    async def _pipelined(self, fill: Callable[[Pipeline], None]) -> list[Any]:
        """Run a pipeline of script calls; a restarted server has forgotten the scripts."""
        for _attempt in range(2):
            pipe = self._redis.pipeline(transaction=False)
            fill(pipe)
            try:
                return await pipe.execute()
            except NoScriptError:
                await self._load_scripts()
        raise NoScriptError("the server forgets scripts as fast as they are loaded")

    async def _load_scripts(self) -> None:
        folder = files("workers") / "lua"
        for name in _SCRIPTS:
            source = (folder / f"{name}.lua").read_text("utf-8")
            self._sha[name] = await self._redis.script_load(source)
