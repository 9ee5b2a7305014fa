"""A process beside the benchmark's own: told in lines of JSON what to do, it answers in such.

It ends when its standard input does, so also when the benchmark is killed, and Ctrl-C in a
terminal does not reach it.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from types import TracebackType
from typing import IO, Any, Self, cast

from workers.errors import OnestoryError


class Beside:
    """A module of ours that ends in `serve`, run with some arguments for as long as a block."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = (sys.executable, "-P", "-m", module, *arguments)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            self.answer()  # it is ready
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def tell(self, **asked: Any) -> None:
        """Say what it shall do; `answer` waits until that is done."""
        tells = cast(IO[bytes], self._process.stdin)
        tells.write(json.dumps(asked).encode() + b"\n")
        tells.flush()

    def answer(self) -> Any:
        """What it says of what it was told longest ago.

        Raises:
            OnestoryError: it has ended.
        """
        line = cast(IO[bytes], self._process.stdout).readline()
        if not line:
            raise OnestoryError(f"{self._command[3]} has ended, its last words are above")
        return json.loads(line)

    def ask(self, **asked: Any) -> Any:
        """`tell` and `answer`."""
        self.tell(**asked)
        return self.answer()

    def _end(self) -> None:
        self._process.kill()  # it keeps nothing
        self._process.communicate()


def serve(answer: Callable[..., Any]) -> None:
    """Say that it is ready; call with each line's names and values, and say what comes back."""
    print("null", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(**json.loads(line))), flush=True)
