"""``onestory worker``: one worker process."""

import logging
import os
import sys

import uvloop

from workers.app import build_worker
from workers.commands.session import (
    DataFolder,
    Namespace,
    RedisUrl,
    server,
    settings_from,
    told,
)
from workers.settings import Settings


@told
def worker(
    redis_url: RedisUrl = None, namespace: Namespace = None, data_folder: DataFolder = None
) -> None:
    """Work on a namespace until SIGTERM: read articles, publish story events."""
    logging.basicConfig(
        level=os.environ.get("ONESTORY_LOG_LEVEL", "INFO"),
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
        stream=sys.stderr,
    )
    with server(settings_from(redis_url, namespace, data_folder)) as settings:
        uvloop.run(_work(settings))


async def _work(settings: Settings) -> None:
    await build_worker(settings).run()
