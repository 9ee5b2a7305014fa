"""What a command says, and how it ends when it can't go on."""

import os
import select
import signal
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import typer
from redis.exceptions import RedisError
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from workers.commands.stopping import unwinding
from workers.errors import OnestoryError
from workers.wording import harmless, harmless_json

READER_LEFT = 128 + signal.SIGPIPE
"""Exit code that a shell gives of a tool that its closed pipe ended."""


class _Harmless(Console):
    """The one way to a terminal: whatever a renderer forgot, no words of others steer it."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """As pieces of text with their style, which Rich writes afterwards."""
        for each in super().render(renderable, options):
            yield each if each.control else Segment(harmless(each.text), each.style)


class _Output(_Harmless):
    def on_broken_pipe(self) -> None:
        """As for any other way to print: `told` sees to it."""
        raise BrokenPipeError


# No words of ours are markup, so what looks like it is somebody's: a folder's name, or a headline.
out = _Output(markup=False)
err = _Harmless(stderr=True, markup=False)

P = ParamSpec("P")
R = TypeVar("R")


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Errors that a person can put right are one line on stderr and an exit code, mostly 1; a
    reader of the output that has seen enough (``| head``) is no error.
    """

    @wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with unwinding():
                return command(*args, **kwargs)
        except BrokenPipeError:
            leave_quietly()
        except OnestoryError as error:
            tell(f"onestory: {error}")
            raise typer.Exit(error.exit_code) from error
        except RedisError as error:
            tell(f"onestory: Redis: {error}")
        except OSError as error:
            named = error.filename is not None and error.strerror
            tell(f"onestory: {error.filename}: {error.strerror}" if named else f"onestory: {error}")
        raise typer.Exit(1)

    return wrapper


def say_json(text: str) -> None:
    """For programs, which may be a person at a terminal after all."""
    typer.echo(harmless_json(text))


def tell(line: str) -> None:
    """Say on stderr what is wrong."""
    err.print(line, style="red", markup=False, highlight=False, soft_wrap=True)


def has_left() -> bool:
    """Whether the reader of the output is gone: who writes nothing is not told."""
    if sys.stdout.isatty():
        return False
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)  # an error is answered unasked
    return any(state & select.POLLERR for _, state in asked.poll(0))


def leave_quietly() -> NoReturn:
    """End as a tool does whose reader has left.

    Raises:
        Exit: always.
    """
    # What is still in the buffer has no reader, and would be an error once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(READER_LEFT)
