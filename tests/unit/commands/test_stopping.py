"""A SIGTERM during a command, whatever the code makes of it that it meets."""

import signal
import sys
from collections.abc import Iterator

import pytest

from workers.commands.stopping import end_at_once, unwinding


@pytest.fixture(autouse=True)
def _handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    end_at_once()
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("words", "code"), [("worker", 0), ("serve --workers 2", 0), ("run x", 143), ("tail", 143)]
)
def test_the_exit_code_is_the_commands_own(
    monkeypatch: pytest.MonkeyPatch, words: str, code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["onestory", *words.split()])

    with pytest.raises(SystemExit) as ended, unwinding():
        signal.raise_signal(signal.SIGTERM)

    assert ended.value.code == code


def test_an_exception_that_is_made_of_it_changes_nothing() -> None:
    """As pydantic-core does while it builds a model."""

    def build() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except BaseException as error:
            raise ValueError("no such schema") from error

    with pytest.raises(SystemExit) as ended, unwinding():
        build()

    assert ended.value.code == 143


def test_an_error_without_a_signal_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="a bug"), unwinding():
        raise ValueError("a bug")


def test_a_handler_of_somebody_else_is_left_alone() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

    with unwinding():
        signal.raise_signal(signal.SIGTERM)

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
