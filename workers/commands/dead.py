"""``onestory dead``: look at dead letters, send them again, or drop them."""

from base64 import b64decode
from typing import Annotated, Any, cast

import typer
from redis import Redis

from contracts.dead_letter import DeadLetter, Reason
from contracts.streams import Streams
from workers.commands.console import out, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import looking, refuse_empty
from workers.errors import OnestoryError
from workers.render.dead import DeadView, dead_panel, dead_table
from workers.settings import Settings

dead = typer.Typer(
    name="dead",
    add_completion=False,
    no_args_is_help=True,
    help="Dead letters: list, show, retry, drop.",
)

Ids = Annotated[list[str] | None, typer.Argument(help="Ids from `onestory dead list`.")]
All = Annotated[bool, typer.Option("--all", help="Every dead letter.")]
_PAGE = 1_000


@dead.command("list")
@told
def list_letters(
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
    limit: Annotated[int, typer.Option(min=1, help="Newest letters shown.")] = 50,
) -> None:
    """The newest dead letters with their reasons."""
    with looking(redis_url, namespace, data_folder) as (redis, settings):
        entries = cast(Any, redis.xrevrange(settings.streams.dead, count=limit))
        if not entries:
            refuse_empty(redis, settings)
    out.print(dead_table([_view(entry_id, fields) for entry_id, fields in reversed(entries)]))


@dead.command()
@told
def show(
    dead_id: Annotated[str, typer.Argument(help="Id from `onestory dead list`.")],
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """One dead letter whole: what was wrong, what to do, and its body."""
    with looking(redis_url, namespace, data_folder) as (redis, settings):
        out.print(dead_panel(_letter(redis, settings, dead_id)))


@dead.command()
@told
def retry(
    dead_ids: Ids = None,
    every: All = False,
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """Put letters back on the stream they came from, as they came."""
    with looking(redis_url, namespace, data_folder) as (redis, settings):
        views = _chosen(redis, settings, dead_ids, every)
        for view in views:
            if not view.letter.fields:
                raise OnestoryError(f"{view.dead_id}: its body was deleted before it was read")
            # No transaction: that deletes the letter also where its stream takes nothing more.
            # What is sent twice, should this end in between, counts as repeated.
            redis.xadd(_origin(view.letter, settings.streams), cast(Any, _fields(view.letter)))
            redis.xdel(settings.streams.dead, view.dead_id)
    out.print(f"{len(views)} sent again")


@dead.command()
@told
def drop(
    dead_ids: Ids = None,
    every: All = False,
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """Delete letters for good."""
    with looking(redis_url, namespace, data_folder) as (redis, settings):
        views = _chosen(redis, settings, dead_ids, every)
        for view in views:
            redis.xdel(settings.streams.dead, view.dead_id)
    out.print(f"{len(views)} dropped")


def _chosen(
    redis: Redis, settings: Settings, dead_ids: list[str] | None, every: bool
) -> list[DeadView]:
    if every == bool(dead_ids):
        raise OnestoryError("name the ids of dead letters, or --all")
    if dead_ids:
        return [_letter(redis, settings, dead_id) for dead_id in dead_ids]
    views: list[DeadView] = []
    after = "-"
    while entries := cast(Any, redis.xrange(settings.streams.dead, min=after, count=_PAGE)):
        views += [_view(entry_id, fields) for entry_id, fields in entries]
        after = f"({views[-1].dead_id}"
    if not views:
        refuse_empty(redis, settings)
    return views


def _letter(redis: Redis, settings: Settings, dead_id: str) -> DeadView:
    try:
        entries = cast(Any, redis.xrange(settings.streams.dead, min=dead_id, max=dead_id))
    except Exception as error:
        raise OnestoryError(f"{dead_id!r} is no id of a dead letter: {error}") from error
    if not entries:
        refuse_empty(redis, settings)
        raise OnestoryError(f"no dead letter {dead_id!r}; see `onestory dead list`")
    return _view(*entries[0])


def _view(entry_id: bytes, fields: dict[bytes, bytes]) -> DeadView:
    return DeadView(entry_id.decode(), DeadLetter.model_validate_json(fields[b"data"]))


def _origin(letter: DeadLetter, streams: Streams) -> str:
    is_command = letter.reason is Reason.INVALID_COMMAND
    return streams.commands if is_command else streams.articles


def _fields(letter: DeadLetter) -> dict[bytes, bytes]:
    if letter.encoding == "base64":
        return {b64decode(name): b64decode(value) for name, value in letter.fields.items()}
    return {name.encode(): value.encode() for name, value in letter.fields.items()}
