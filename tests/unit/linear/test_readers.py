"""No reader of foreign text takes more than twice the time, and a little, for twice the text."""

from collections.abc import Callable

import pytest

from tests.support.builders.hostile import Make, texts
from tests.unit.linear.growth import MOST_A_DOUBLING, growth
from tests.unit.linear.readers import WHOLE, Reader, forget, found

SIZE = 1_500
"""Characters; the longest text has four times as many."""
HARMLESS_S = 0.02
"""For 6,000 characters: of a quadratic reader a step would take half a nanosecond."""

TEXTS = texts()


def test_readers_are_found() -> None:
    assert len(found()) > 60
    assert {
        "service.text.headline.headline",
        "service.text.markup.plain",
        "service.text.names.skeleton",
        "service.text.wire.body",
        "workers.archive.folding.folded",
        "workers.feeds.readers.markup.text_of",
    } <= found().keys()


def test_a_quadratic_reader_is_told() -> None:
    def reader(text: str) -> None:
        for _ in range(len(text) // 100):
            text.count("\0b")
            sorted(text)

    assert _slow(reader) != []


@pytest.mark.parametrize("name", found())
def test_a_function_of_text_is_linear(name: str) -> None:
    assert _slow(found()[name]) == []


@pytest.mark.parametrize("name", WHOLE)
def test_a_reader_is_linear(name: str) -> None:
    assert _slow(WHOLE[name]) == []


def _slow(reader: Reader) -> list[str]:
    """The text on which a reader is not linear; one is enough."""
    for name, make in TEXTS.items():
        factor = growth(_anew(reader, make), SIZE, HARMLESS_S)
        if factor > MOST_A_DOUBLING:
            return [f"{name}: {factor:.1f} times the time for twice the length"]
    return []


def _anew(reader: Reader, make: Make) -> Callable[[int], Callable[[], object]]:
    def run(length: int) -> Callable[[], object]:
        text = make(length)
        forget()
        return lambda: reader(text)

    return run
