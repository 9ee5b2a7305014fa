"""What every command needs: settings from options, a Redis server, errors in one line."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from redis import Redis
from redis.exceptions import RedisError
from rich.console import Console

from workers.commands.log_repeats import Sparing
from workers.connection.clients import client
from workers.connection.private_server import EmbeddedRedis
from workers.errors import OnestoryError
from workers.settings import SECRETS, Settings

out = Console()
err = Console(stderr=True)

RedisUrl = Annotated[
    str | None,
    typer.Option(
        "--redis-url",
        envvar="REDIS_URL",
        help="Redis server. Without it, a private one is started.",
        show_envvar=True,
    ),
]
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

P = ParamSpec("P")
R = TypeVar("R")


def settings_from(
    redis_url: str | None, namespace: str | None, data_folder: Path | None = None
) -> Settings:
    """Settings from the environment, options first.

    Raises:
        OnestoryError: a value can't be used.
    """
    given: dict[str, Any] = {
        "REDIS_URL": redis_url,
        "namespace": namespace,
        "data_folder": data_folder,
    }
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
        settings.streams  # noqa: B018 - a namespace that breaks the hash tag is refused here
    except ValidationError as error:
        # Its own words would show what was given, and that may be a token.
        raise OnestoryError(f"settings: {'; '.join(map(_problem, error.errors()))}") from None
    except ValueError as error:
        raise OnestoryError(f"settings: {error}") from error
    return settings


def of_namespace(settings: Settings, namespace: str) -> Settings:
    """The same server and settings, another namespace.

    Raises:
        OnestoryError: it is no name of one.
    """
    settings_from(None, namespace)
    return settings.model_copy(update={"namespace": namespace})


def _problem(error: ErrorDetails) -> str:
    name = ".".join(map(str, error["loc"]))
    return f"{name}: {error['msg']}" + ("" if name in SECRETS else f" (got {error['input']!r})")


def log_to_stderr() -> None:
    """For commands that run until they are told to end."""
    logging.basicConfig(
        level=os.environ.get("ONESTORY_LOG_LEVEL", "INFO"),
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
        stream=sys.stderr,
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(Sparing())
    # Of the encoder endpoint's client: else a line a request.
    logging.getLogger("httpx").setLevel(logging.WARNING)


@contextmanager
def server(settings: Settings) -> Iterator[Settings]:
    """The settings with a server to talk to: the named one, else a private one."""
    if settings.redis_url is not None:
        yield settings
        return
    with EmbeddedRedis(settings.data_folder, keep=settings.data_folder is not None) as embedded:
        yield settings.model_copy(update={"redis_url": embedded.url})


@contextmanager
def connected(
    redis_url: str | None, namespace: str | None, data_folder: Path | None
) -> Iterator[tuple[Redis, Settings]]:
    """A client for commands that look at a namespace: of the named server, or of the private
    one in a data folder, which is joined if it runs and started if not.

    Raises:
        OnestoryError: neither is named.
    """
    settings = settings_from(redis_url, namespace, data_folder)
    if settings.redis_url is None and settings.data_folder is None:
        raise OnestoryError("which Redis? Give --redis-url, set REDIS_URL, or give --data-folder")
    with server(settings) as served, client(served) as redis:
        yield redis, served


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Errors that a person can put right are one line on stderr and exit code 1."""

    @wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except OnestoryError as error:
            err.print(f"onestory: {error}", style="red", markup=False, soft_wrap=True)
        except RedisError as error:
            err.print(f"onestory: Redis: {error}", style="red", markup=False, soft_wrap=True)
        except OSError as error:
            err.print(f"onestory: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1)

    return wrapper
