"""``onestory dead``: look at dead letters, send them again, or drop them."""

from collections import Counter
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError
from redis import Redis

from contracts.article import Article
from contracts.commands import COMMAND
from contracts.dead_letter import DeadLetter, Reason
from contracts.streams import Streams
from service.stories.senders import Trust, shown
from workers.commands.console import out, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import looking, refuse_empty
from workers.errors import OnestoryError, Unprocessable
from workers.render.dead import AnyView, DeadView, UnreadableView, dead_panel, dead_table
from workers.settings import Settings
from workers.state.entries import Entry, article_of, voice_of
from workers.state.letters import Unreadable, fields_of, letter_in
from workers.wording import plain

dead = typer.Typer(
    name="dead",
    add_completion=False,
    no_args_is_help=True,
    help="Dead letters: list, show, retry, drop.",
)

Ids = Annotated[list[str] | None, typer.Argument(help="Ids from `onestory dead list`.")]
All = Annotated[bool, typer.Option("--all", help="Every dead letter.")]
_PAGE = 1_000
_NAME_CHARS = 80


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
    every: Annotated[bool, typer.Option("--all", help="Every one that holds an article.")] = False,
    commands: Annotated[
        bool, typer.Option("--commands", help="With --all: editors' commands as well.")
    ] = False,
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """Put letters back on the stream they came from, as they came, and say in whose name.

    A letter is what anybody wrote who may write there: editors' commands are only sent again if
    they are asked for.
    """
    sent: Counter[str] = Counter()
    left: Counter[str] = Counter()
    with looking(redis_url, namespace, data_folder) as (redis, settings):
        for view in _chosen(redis, settings, dead_ids, every):
            why = _why_not(view, every=every, commands=commands)
            if why or isinstance(view, UnreadableView):
                if not every:
                    raise OnestoryError(f"{view.dead_id}: {why}")
                left[why] += 1
                continue
            stream = _origin(view.letter, settings.streams)
            # No transaction: that deletes the letter also where its stream takes nothing more.
            # What is sent twice, should this end in between, counts as repeated.
            redis.xadd(stream, cast(Any, fields_of(view.letter)))
            redis.xdel(settings.streams.dead, view.dead_id)
            sent[_name(view.letter)] += 1
    out.print(f"{sent.total()} sent again")
    for name, count in sent.most_common():
        out.print(f"  {count} {name}", markup=False, highlight=False)
    for why, count in left.most_common():
        out.print(f"{count} left: {why}", markup=False, highlight=False)


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
) -> list[AnyView]:
    if every == bool(dead_ids):
        raise OnestoryError("name the ids of dead letters, or --all")
    if dead_ids:
        return [_letter(redis, settings, dead_id) for dead_id in dead_ids]
    views: list[AnyView] = []
    after = "-"
    while entries := cast(Any, redis.xrange(settings.streams.dead, min=after, count=_PAGE)):
        views += [_view(entry_id, fields) for entry_id, fields in entries]
        after = f"({views[-1].dead_id}"
    if not views:
        refuse_empty(redis, settings)
    return views


def _letter(redis: Redis, settings: Settings, dead_id: str) -> AnyView:
    try:
        entries = cast(Any, redis.xrange(settings.streams.dead, min=dead_id, max=dead_id))
    except Exception as error:
        raise OnestoryError(f"{dead_id!r} is no id of a dead letter: {error}") from error
    if not entries:
        refuse_empty(redis, settings)
        raise OnestoryError(f"no dead letter {dead_id!r}; see `onestory dead list`")
    return _view(*entries[0])


def _view(entry_id: bytes, fields: dict[bytes, bytes]) -> AnyView:
    try:
        return DeadView(entry_id.decode(), letter_in(fields))
    except Unreadable as error:
        return UnreadableView(entry_id.decode(), str(error), fields)


def _origin(letter: DeadLetter, streams: Streams) -> str:
    return streams.commands if _is_command(letter) else streams.articles


def _is_command(letter: DeadLetter) -> bool:
    return letter.reason is Reason.INVALID_COMMAND


def _why_not(view: AnyView, *, every: bool, commands: bool) -> str:
    """Why a letter is not sent again; empty if it is."""
    if isinstance(view, UnreadableView):
        return "unreadable, no worker wrote it; `onestory dead drop` it"
    letter = view.letter
    if not letter.fields:
        return "without a body: it was deleted before it was read, or withdrawn"
    if not every:
        return ""
    if _is_command(letter):
        return "" if commands else "editors' commands; name them, or give --commands"
    return "" if _article(letter) else "no article, so it would be a dead letter again; name it"


def _article(letter: DeadLetter) -> Article | None:
    entry = Entry(letter.entry_id, fields_of(letter))
    try:
        return article_of(entry, sum(map(len, entry.fields.values())))
    except Unprocessable:
        return None


def _name(letter: DeadLetter) -> str:
    """In whose name a letter is sent again."""
    fields = fields_of(letter)
    if _is_command(letter):
        try:
            by = COMMAND.validate_json(fields.get(b"data", b"")).by
        except ValidationError:
            return "command that is none"
        return f"command by {plain(by, _NAME_CHARS)}"
    article = _article(letter)
    if article is None:
        return "that is no article"
    voice = voice_of(Entry(letter.entry_id, fields), article.source, Trust())
    return f"article by {plain(shown(voice.sender), _NAME_CHARS)}"
