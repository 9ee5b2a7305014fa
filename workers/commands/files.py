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
        OnestoryError: one of them is not there, or a folder.
    """
    for file in files:
        if file.is_dir():
            raise OnestoryError(f"{file}: a folder; name the files in it")
        # Not is_file: `<(zcat feed.gz)` is a pipe.
        if file != STDIN and not file.exists():
            raise OnestoryError(f"{file}: no such file")
