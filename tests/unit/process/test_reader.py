"""What FastStream says of an outage is one line, like what others say of it."""

import io
import logging

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from workers.commands.log_repeats import Sparing
from workers.process.reader import one_line


def said(*errors: Exception) -> list[str]:
    """What is written of errors as FastStream tells them, an instant apart."""
    logger, written = logging.Logger("faststream"), io.StringIO()  # noqa: LOG001 - of this test alone
    handler = logging.StreamHandler(written)
    handler.addFilter(Sparing())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.addFilter(one_line)
    for error in errors:
        logger.error("Message fetch error", exc_info=error)
    return written.getvalue().splitlines()


def test_an_outage_is_told_once_and_in_a_line() -> None:
    away = RedisConnectionError("Error 111 connecting to redis:6379")

    assert said(*[away] * 20) == ["WARNING Message fetch error: Error 111 connecting to redis:6379"]


def test_a_fault_of_ours_is_told_with_where_it_was() -> None:
    lines = said(ValueError("no such thing"))

    assert lines[0] == "ERROR Message fetch error"
    assert lines[-1] == "ValueError: no such thing"


@pytest.mark.parametrize("level", [logging.INFO, logging.ERROR])
def test_what_names_no_error_is_left_as_it_is(level: int) -> None:
    record = logging.LogRecord("faststream", level, __file__, 1, "Received %s", ("x",), None)

    assert one_line(record)

    assert (record.levelno, record.getMessage()) == (level, "Received x")
