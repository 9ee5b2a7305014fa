"""``onestory diff``: which stories of two namespaces differ, and why."""

import json
from typing import Annotated

import typer
from redis import Redis

from workers.commands.console import out, say_json, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl
from workers.commands.session import connected, of_namespace, refuse_empty
from workers.errors import OnestoryError
from workers.render.diff import diff_report
from workers.settings import Settings
from workers.shadow.diff import diff as compared
from workers.shadow.history import History, history_of


@told
def diff(
    first: Annotated[str, typer.Argument(help="Name of a namespace.")],
    second: Annotated[str, typer.Argument(help="Name of the other one.")],
    json_output: Annotated[bool, typer.Option("--json", help="The differences as JSON.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="Groups of stories shown.")] = 20,
    articles: Annotated[
        bool, typer.Option("--articles", help="List all articles of these stories.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit code 1 if any story differs.")
    ] = False,
    redis_url: NamedRedisUrl = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """Say which stories of two namespaces differ, and why."""
    with connected(redis_url, first, data_folder) as (redis, settings):
        other = of_namespace(settings, second)
        found = compared((first, second), _history(redis, settings), _history(redis, other))
    if json_output:
        say_json(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        out.print(diff_report(found, limit=limit, articles=articles))
    if exit_code and found.groups:
        raise typer.Exit(1)


def _history(redis: Redis, settings: Settings) -> History:
    refuse_empty(redis, settings)
    if not redis.exists(settings.streams.stories):
        raise OnestoryError(f"namespace {settings.namespace!r} has told no stories yet")
    return history_of(redis, settings.streams)
