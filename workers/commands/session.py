"""What every command needs: settings from options, and a Redis server."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from workers.commands.console import err
from workers.commands.log_repeats import Sparing
from workers.connection.clients import client, client_for_a_look
from workers.connection.guard import refuse_too_old, said_by, warnings_of
from workers.connection.private_server import EmbeddedRedis
from workers.errors import EmptyNamespace, OnestoryError, WhichRedis
from workers.process.pool import PARENT
from workers.settings import SECRETS, Settings
from workers.state.namespaces import holds_nothing, namespaces_on
from workers.wording import cause, harmless, plain

log = logging.getLogger("onestory.server")


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


def private(settings: Settings, **changes: Any) -> Settings:
    """The same on a private Redis that ends with the command, and says so where one is named."""
    if settings.redis_url is not None or settings.data_folder is not None:
        name = "ONESTORY_DATA_FOLDER" if settings.redis_url is None else "REDIS_URL"
        err.print(f"On a private Redis of its own: {name} is left alone.", highlight=False)
    return settings.model_copy(update={"redis_url": None, "data_folder": None} | changes)


def _problem(error: ErrorDetails) -> str:
    name = ".".join(map(str, error["loc"]))
    is_secret = str(next(iter(error["loc"]), "")) in SECRETS
    return f"{name}: {cause(error['msg'])}" + ("" if is_secret else f" (got {error['input']!r})")


def log_to_stderr() -> None:
    """For commands that run until they are told to end."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Sparing())
    handler.setFormatter(_Harmless("%(asctime)s %(name)s %(levelname)s %(message)s"))
    # Handlers that are there already belong to whoever runs a command in its own process.
    logging.basicConfig(level=os.environ.get("ONESTORY_LOG_LEVEL", "INFO"), handlers=[handler])
    # Of the encoder endpoint's client: else a line a request.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # Of the poller's: a head that it can't read is told with the address whole, keys and all.
    logging.getLogger("urllib3").setLevel(logging.ERROR)


class _Harmless(logging.Formatter):
    """A record is one line, and its traceback below it: neither steers a terminal, nor looks like
    a record of its own.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - its name there
        record.message = plain(record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


@contextmanager
def server(settings: Settings, *, writes: bool = False, works: bool = False) -> Iterator[Settings]:
    """The settings with a server to talk to: the named one, else a private one.

    Args:
        settings: of the command.
        writes: whether the command gives the server what must not be lost.
        works: whether it also answers for what the server keeps: then its operator is warned.

    Raises:
        RedisTooOld: the named server is too old.
        EvictingServer: it may drop what this command ``writes``.
    """
    if settings.redis_url is not None:
        # One that is away is told, or waited for, by whoever needs it.
        with suppress(RedisConnectionError, RedisTimeoutError):
            _look_over(settings, writes=writes, works=works)
        yield settings
        return
    with EmbeddedRedis(settings.data_folder, keep=settings.data_folder is not None) as embedded:
        yield settings.model_copy(update={"redis_url": embedded.url})


def _look_over(settings: Settings, *, writes: bool, works: bool) -> None:
    with client_for_a_look(settings) as redis:
        refuse_too_old(redis)
        said = said_by(redis) if writes or works else None
        if said is None:
            return
        said.must_keep_all(allow_eviction=settings.allow_eviction)
        # A process of a command that has said it already says nothing.
        if works and PARENT not in os.environ:
            for warning in warnings_of(said, redis):
                log.warning("%s", warning)


@contextmanager
def named_server(
    redis_url: str | None,
    namespace: str | None,
    data_folder: Path | None,
    *,
    writes: bool = False,
    works: bool = False,
) -> Iterator[Settings]:
    """The settings with the server that is named, or the private one of a data folder, which is
    joined if it runs and started if not.

    Raises:
        WhichRedis: neither is named; on a private one of its own a command would be alone.
    """
    settings = settings_from(redis_url, namespace, data_folder)
    if settings.redis_url is None and settings.data_folder is None:
        raise WhichRedis
    with server(settings, writes=writes, works=works) as served:
        yield served


@contextmanager
def connected(
    redis_url: str | None, namespace: str | None, data_folder: Path | None, *, writes: bool = False
) -> Iterator[tuple[Redis, Settings]]:
    """A client of `named_server`, for commands that write to a namespace or wait for it."""
    with (
        named_server(redis_url, namespace, data_folder, writes=writes) as served,
        client(served) as redis,
    ):
        yield redis, served


@contextmanager
def looking(
    redis_url: str | None, namespace: str | None, data_folder: Path | None
) -> Iterator[tuple[Redis, Settings]]:
    """The same for commands about what is there; where they find nothing they `refuse_empty`.

    Raises:
        OnestoryError: the folder is not there.
    """
    if data_folder is not None and not data_folder.is_dir():
        raise OnestoryError(f"{data_folder}: no such folder")
    with connected(redis_url, namespace, data_folder) as found:
        yield found


def refuse_empty(redis: Redis, settings: Settings) -> None:
    """A mistyped name is answered, and not with silence.

    For when nothing was found: users that may read no more than they need may not ask.

    Raises:
        EmptyNamespace: the namespace holds nothing.
    """
    if holds_nothing(redis, settings.keys):
        raise EmptyNamespace(settings.namespace, namespaces_on(redis))
