"""A publisher beside the test: a few lines at a time, over whatever happens to the server."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from workers.connection.clients import client
from workers.settings import Settings
from workers.state.streams import publish

_AT_ONCE = 5
_EVERY_S = 0.05


@contextmanager
def steadily(settings: Settings, lines: Sequence[bytes]) -> Iterator[threading.Thread]:
    """A thread that sends the lines and ends; an error in it is raised at the end."""
    errors: list[Exception] = []
    stop = threading.Event()

    def run() -> None:
        try:
            with client(settings) as redis:
                for start in range(0, len(lines), _AT_ONCE):
                    publish(redis, settings.streams, lines[start : start + _AT_ONCE])
                    if stop.wait(_EVERY_S):
                        return
        except Exception as error:  # noqa: BLE001 - the test's own thread raises it
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join()
    if errors:
        raise errors[0]
