"""Options that many commands have: where Redis is, and the namespace."""

from pathlib import Path
from typing import Annotated

import typer

RedisUrl = Annotated[
    str | None,
    typer.Option(
        "--redis-url",
        envvar="REDIS_URL",
        help="Redis server. Without it, a private one is started.",
        show_envvar=True,
    ),
]
"""Of commands that can do without one."""
NamedRedisUrl = Annotated[
    str | None,
    typer.Option(
        "--redis-url",
        envvar="REDIS_URL",
        help="Redis server; this or --data-folder is needed.",
        show_envvar=True,
    ),
]
"""Of commands for a namespace that others fill or read."""
Namespace = Annotated[
    str | None,
    typer.Option(
        "--namespace",
        envvar="ONESTORY_NAMESPACE",
        help="Prefix of all streams and keys.  \\[default: onestory]",
    ),
]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data-folder",
        envvar="ONESTORY_DATA_FOLDER",
        help="Keep the private server's data here between runs.",
    ),
]
NamedDataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data-folder",
        envvar="ONESTORY_DATA_FOLDER",
        help="Folder of a private server, which is joined, or started for as long as this runs.",
    ),
]
