"""``onestory tail``: story events as they happen."""

from collections.abc import Iterator
from typing import Annotated

import typer
from redis import Redis

from contracts.events import STORY_EVENT
from workers.commands.console import has_left, out, say_json, tell, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import connected, looking, refuse_empty
from workers.errors import EmptyNamespace
from workers.render.events import event_line
from workers.settings import Settings
from workers.state.namespaces import holds_nothing, namespaces_on
from workers.state.streams import read_after


@told
def tail(
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="All events that are kept, then live.")
    ] = False,
    follow: Annotated[bool, typer.Option(help="Go on with new events.")] = True,
    json_lines: Annotated[bool, typer.Option("--json", help="The events themselves.")] = False,
) -> None:
    """Story events, readable, as they happen."""
    found = connected if follow else looking
    with found(redis_url, namespace, data_folder) as (redis, settings):
        if not redis.xlen(settings.streams.stories):
            if not follow:
                refuse_empty(redis, settings)
            elif holds_nothing(redis, settings.keys):
                # It may be that its first article is yet to come.
                names = namespaces_on(redis)
                tell(f"onestory: {EmptyNamespace(settings.namespace, names)}; waiting")
        for data in _events(redis, settings, from_start=from_start or not follow, follow=follow):
            if json_lines:
                say_json(data.decode())
            else:
                line = event_line(STORY_EVENT.validate_json(data))
                out.print(line, no_wrap=out.is_terminal, soft_wrap=not out.is_terminal)


def _events(redis: Redis, settings: Settings, *, from_start: bool, follow: bool) -> Iterator[bytes]:
    """The events' JSON as they come; without ``follow`` those that are there."""
    last = "0" if from_start else "$"
    while True:
        entries = read_after(
            redis, settings.streams.stories, last, count=100, block_ms=1000 if follow else None
        )
        if not entries:
            if not follow:
                return
            if has_left():
                raise BrokenPipeError
        for entry_id, fields in entries:
            last = entry_id.decode()
            yield fields[b"data"]
