"""What SIGTERM does until a command has its own way to stop.

The kernel keeps signals without a handler from the first process of a container: a SIGTERM that
comes before one is set is lost, and the imports of a worker alone take seconds. So a handler is
set before anything else is imported (`workers.__main__`).
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_SERVICES = frozenset({"worker", "serve", "poll", "listen"})
"""They run until they are told to end, so that is no failure, even during their start."""


def end_at_once() -> None:
    """From now on SIGTERM ends the process: there is nothing to unwind yet.

    An exception would have to get through the imports, and some make another one of it: pydantic,
    that is building a model, a SchemaError.
    """
    signal.signal(signal.SIGTERM, _leave)


@contextmanager
def unwinding() -> Iterator[None]:
    """In the block SIGTERM is an exception, so that a private Redis, workers and temporary folders
    go as well; whatever the code makes of it that it meets, the exit code is the same.

    Raises:
        SystemExit: it came.
    """
    if signal.getsignal(signal.SIGTERM) is not _leave:  # the process is another's: tests
        yield
        return
    told = []

    def end(number: int, _frame: object) -> NoReturn:
        told.append(number)
        sys.exit(_code(number))

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    except BaseException:
        if told:
            sys.exit(_code(told[0]))
        raise
    finally:
        end_at_once()


def _leave(number: int, _frame: object) -> NoReturn:
    os._exit(_code(number))


def _code(number: int) -> int:
    """0 for a service, else what a shell gives of a command that a signal ended."""
    return 0 if _SERVICES.intersection(sys.argv[1:2]) else 128 + number
