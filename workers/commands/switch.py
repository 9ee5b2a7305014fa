"""``onestory switch``: go over to a model or threshold that was tried."""

import asyncio
from typing import Annotated

import typer

from workers.commands.console import out, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl
from workers.commands.session import connected, of_namespace, refuse_empty
from workers.connection.clients import connect
from workers.render.diff import switch_report
from workers.settings import Settings
from workers.shadow.history import History, history_of
from workers.shadow.switch import Switch, Switched


@told
def switch(
    new: Annotated[str, typer.Argument(help="Namespace that is taken over: the shadow.")],
    into: Annotated[str, typer.Option(help="Live namespace that is changed.")],
    redis_url: NamedRedisUrl = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """Go over to another namespace's model and stories; consumers see stories split and merge."""
    with connected(redis_url, into, data_folder) as (redis, live):
        shadow = of_namespace(live, new)
        for settings in (live, shadow):
            refuse_empty(redis, settings)
        history = history_of(redis, shadow.streams)
        done = asyncio.run(_switched(live, shadow, history))
    out.print(switch_report(done, into))


async def _switched(live: Settings, shadow: Settings, history: History) -> Switched:
    redis = connect(live)
    try:
        return await Switch(redis, live, shadow, history).run()
    finally:
        await redis.aclose()
