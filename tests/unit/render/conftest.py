from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from rich.console import Console, RenderableType

Printed = Callable[..., str]


@pytest.fixture
def printed() -> Printed:
    """What a renderable looks like in a pipe, spaces at line ends taken off."""

    def print_plain(renderable: RenderableType, width: int = 80, **options: Any) -> str:
        console = Console(file=StringIO(), width=width, color_system=None, force_terminal=False)
        console.print(renderable, **options)
        assert isinstance(console.file, StringIO)
        lines = console.file.getvalue().splitlines()
        return "\n".join(line.rstrip() for line in lines)

    return print_plain
