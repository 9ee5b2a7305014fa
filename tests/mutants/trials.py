"""Runs a module's unit tests against its mutants, each in a process of its own."""

import importlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from tests.mutants.changes import Mutant

_WARM = ("contracts.consumer", "contracts.commands", "tests.mutants.profile", "numpy", "xxhash")
"""Imported before the processes part: none of these imports a module of ``service``."""
_ASKED = ("-x", "-q", "--assert=plain", "--noconftest", "-p", "no:cacheprovider")
"""Plain assertions, since nobody reads what they say; and none of the fixtures of all tests, which
import the workers."""
_LIMIT = 10.0
"""Times what the tests take without a change, after which a mutant is taken to run for ever."""
_POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class _Changed(MetaPathFinder, Loader):
    """Finds one module, with the code given instead of its own."""

    name: str
    code: CodeType

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102 - to run changed code is the point


class TestsFail(Exception):
    """The tests fail without any change, so that they fail for a mutant says nothing."""


def survivors(
    path: Path, mutants: Sequence[Mutant], tests: Sequence[Path], jobs: int
) -> Iterator[Mutant]:
    """The mutants that no test fails, in the order in which their tests end.

    Raises:
        TestsFail: they do so without a change.
    """
    for name in _WARM:
        importlib.import_module(name)
    name = ".".join(path.with_suffix("").parts)
    began = time.monotonic()
    unchanged = compile(path.read_text(), str(path), "exec")
    if os.waitstatus_to_exitcode(os.waitpid(_started(name, unchanged, tests), 0)[1]):
        raise TestsFail(f"{' '.join(map(str, tests))} without a change of {path}")
    limit_s = _LIMIT * (time.monotonic() - began)
    ahead, running = list(reversed(mutants)), dict[int, tuple[Mutant, float]]()
    while ahead or running:
        while ahead and len(running) < jobs:
            mutant = ahead.pop()
            running[_started(name, mutant.code, tests)] = (mutant, time.monotonic() + limit_s)
        for process, (mutant, deadline) in list(running.items()):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                del running[process]
                if os.waitstatus_to_exitcode(status) == 0:
                    yield mutant
            elif time.monotonic() > deadline:
                os.kill(process, signal.SIGKILL)
        time.sleep(_POLL_S)


def _started(name: str, code: CodeType, tests: Sequence[Path]) -> int:
    """Id of a process that runs the tests with a module's code replaced; ends with 0 if they pass.

    A fork, so that what all of them need is imported once.
    """
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.meta_path.insert(0, _Changed(name, code))
        status = int(pytest.main([*_ASKED, *map(str, tests)]))
    finally:
        os._exit(status)
