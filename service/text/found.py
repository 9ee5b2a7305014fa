"""What the readers of numbers and dates give back."""

from collections.abc import Iterable, Sequence

from service.text.anchors import Kind

FactFound = tuple[Kind, str, str, int, int]
"""Kind, key, surface, weight, and the index behind its last word."""


def numbers_found(keys: Iterable[tuple[str, int]], surface: str, end: int) -> list[FactFound]:
    """One number under all its keys and their weights."""
    return [(Kind.NUMBER, key, surface, weight, end) for key, weight in keys]


def day_found(key: str, surface: str, end: int, weight: int = 3) -> FactFound:
    """A date; a whole day tells most."""
    return Kind.DATE, key, surface, weight, end


def shown(words: Sequence[str], at: int, surface: str, end: int) -> str:
    """``words[at:end]`` as an editor may see them, of which the first is as written."""
    return " ".join([surface, *words[at + 1 : end]])
