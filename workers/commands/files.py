"""Files of articles as the argument of a command."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from workers.errors import OnestoryError
from workers.state.streams import STDIN

Files = Annotated[
    list[Path], typer.Argument(help="JSON lines, plain or .gz; - reads standard input.")
]


def readable(files: Sequence[Path]) -> None:
    """A name that is mistyped is said before anything is started.

    Raises:
        OnestoryError: one of them is no file.
    """
    for file in files:
        if file != STDIN and not file.is_file():
            raise OnestoryError(f"{file}: no such file")
