"""Every regular expression of the packages, how it is used, and the worst texts for it.

The texts come from the pattern itself: each of its repetitions, begun and never ended; each of its
characters and pairs of them, over and over; its shortest match, over and over.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, permutations
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import contracts
import service
import workers

_PARSER: Any = importlib.import_module("re._parser")
_UNREAD = ("service.training", "service.encoders.sentence_transformers")
"""Need what an extra brings."""
_METHODS = frozenset("match fullmatch search sub subn findall finditer split".split())
_LONG = 20
"""A repetition that may go on for so long is pumped."""
_MOST_CHARS = 10
_ONE_CHARACTER = frozenset("IN LITERAL NOT_LITERAL ANY".split())
_ENDS = ("\0", "я")
"""Behind a text: few patterns can end with both."""
_OTHERS = "a1 !<\u0301я\n"
"""Characters to stand for a class that says what it does not hold."""
_CATEGORIES = {"DIGIT": "1", "SPACE": " ", "WORD": "a", "NOT_WORD": "!", "NOT_SPACE": "a"}

Make = Callable[[int], str]
"""A text of about so many characters."""


class Hostile(NamedTuple):
    """A kind of text."""

    name: str
    make: Make


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern at one place of the packages."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]
    """By which it is used there; empty where the source does not say."""

    def run(self, text: str) -> None:
        """Use it so on a text."""
        said: Any = text.encode() if isinstance(self.pattern.pattern, bytes) else text
        for method in self.methods & {"match", "fullmatch"}:
            getattr(self.pattern, method)(said)
        if not self.methods or self.methods - {"match", "fullmatch"}:
            for _ in self.pattern.finditer(said):
                pass


@cache
def modules() -> tuple[ModuleType, ...]:
    """All of the packages that can be imported here."""
    names = (
        found.name
        for package in (contracts, service, workers)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not found.name.endswith("__main__") and not found.name.startswith(_UNREAD)
    )
    return tuple(map(importlib.import_module, names))


@cache
def used() -> tuple[Used, ...]:
    """Each pattern once, with all its uses in its module."""
    return tuple(each for module in modules() for each in _used_in(module))


def _used_in(module: ModuleType) -> Iterator[Used]:
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    methods: dict[str, set[str]] = {}
    for call in ast.walk(ast.parse(source)):
        match call:
            case ast.Call(ast.Attribute(ast.Name("re"), method), [ast.Constant(str(said)), *_]):
                if method in _METHODS:
                    place = f"{module.__name__}, line {call.lineno}"
                    yield Used(place, re.compile(said), frozenset([method]))
            case ast.Call(ast.Attribute(ast.Name(name), method)) if method in _METHODS:
                methods.setdefault(name, set()).add(method)
    for name, pattern in _held_by(module, source):
        yield Used(f"{module.__name__}.{name}", pattern, frozenset(methods.get(name, ())))


def _held_by(module: ModuleType, source: str) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns of a module and of its classes, not those that it imports."""
    for name, value in vars(module).items():
        if isinstance(value, type) and value.__module__ == module.__name__:
            for inner, held in vars(value).items():
                yield from ((f"{name}.{inner}", pattern) for pattern in _within(held))
        elif f"{name} = " in source or f"{name}: " in source:
            yield from ((name, pattern) for pattern in _within(value))


def _within(value: object, depth: int = 4) -> Iterator[re.Pattern[Any]]:
    """A pattern, those of a container, and those that its bound methods belong to."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(getattr(value, "__self__", None), re.Pattern):
        yield value.__self__  # type: ignore[attr-defined]
    elif depth and isinstance(value, dict):
        yield from _within([*value, *value.values()], depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _within(each, depth - 1)


def hostile(pattern: re.Pattern[Any]) -> Iterator[Hostile]:
    """The worst texts for a pattern; a dozen for a short one, a hundred for a long one."""
    said = pattern.pattern
    parsed = _PARSER.parse(said.decode("latin-1") if isinstance(said, bytes) else said)
    whole = _shortest(parsed)
    units = dict.fromkeys([whole, whole[:-1], whole[:1], *_chars(parsed)])
    pairs = ("".join(each) for each in permutations(islice(_chars(parsed), 6), 2))
    begun = [_before(parsed, each) for each in dict.fromkeys(_repeats(parsed))]
    texts = [("", unit) for unit in [*units, *pairs] if unit]
    texts += [each for each in begun if each[1]]
    texts += [("", prefix + pumped) for prefix, pumped in begun if pumped]
    for prefix, unit in dict.fromkeys(texts):
        yield from (_repeated(prefix, unit, end) for end in _ENDS)


def gives_nothing_back(pattern: re.Pattern[Any]) -> bool:
    """Whether it has an atomic group, or a possessive repetition of more than one character."""
    items = list(_items(_PARSER.parse(pattern.pattern, pattern.flags)))
    return any(
        str(kind) == "ATOMIC_GROUP"
        or (str(kind) == "POSSESSIVE_REPEAT" and str(value[2][0][0]) not in _ONE_CHARACTER)
        or (str(kind) == "POSSESSIVE_REPEAT" and len(value[2]) > 1)
        for kind, value in items
    )


def _repeated(prefix: str, unit: str, end: str) -> Hostile:
    shown = f"{prefix!r} + {unit!r} × n + {end!r}"
    return Hostile(shown, lambda n: prefix + unit * (n // len(unit) + 1) + end)


def _chars(parsed: Any) -> Iterator[str]:
    """One character for each place of a pattern, in its order, none twice."""
    found = (_shortest([item]) for item in _items(parsed) if str(item[0]) in {"IN", "LITERAL"})
    return iter(list(dict.fromkeys(filter(None, found)))[:_MOST_CHARS])


def _items(parsed: Any) -> Iterator[tuple[Any, Any]]:
    for item in parsed:
        yield item
        for inner in _inner(item):
            yield from _items(inner)


def _inner(item: tuple[Any, Any]) -> list[Any]:
    """The patterns within an item."""
    kind, value = str(item[0]), item[1]
    if kind.endswith("REPEAT"):
        return [value[2]]
    if kind == "BRANCH":
        return list(value[1])
    if kind == "SUBPATTERN":
        return [value[3]]
    if kind == "ATOMIC_GROUP":
        return [value]
    return []


def _repeats(parsed: Any) -> Iterator[int]:
    """Repetitions that may be long, by their identity."""
    for item in _items(parsed):
        if str(item[0]).endswith("REPEAT") and item[1][1] > _LONG:
            yield id(item[1])


def _before(parsed: Any, repeat: int) -> tuple[str, str]:
    """The shortest text with which one comes to a repetition, and what it repeats."""
    text = ""
    for item in parsed:
        if id(item[1]) == repeat:
            return text, _shortest(item[1][2])
        for inner in _inner(item):
            begun, pumped = _before(inner, repeat)
            if pumped:
                return text + begun, pumped
        text += _shortest([item])
    return text, ""


def _shortest(parsed: Any) -> str:
    """A short text that a pattern, or a part of one, mostly matches."""
    return "".join(map(_shortest_of, parsed))


def _shortest_of(item: tuple[Any, Any]) -> str:
    kind, value = str(item[0]), item[1]
    if kind == "LITERAL":
        return chr(value)
    if kind == "IN":
        return _member(value)
    if kind in {"ANY", "NOT_LITERAL"}:
        return "a"
    if kind.endswith("REPEAT"):
        return _shortest(value[2]) * max(1, int(value[0]))
    inner = _inner(item)
    return _shortest(inner[0]) if inner else ""


def _member(choices: list[tuple[Any, Any]]) -> str:
    """One character of a class."""
    if str(choices[0][0]) == "NEGATE":
        left_out = {chr(value) for kind, value in choices if str(kind) == "LITERAL"}
        return next(each for each in _OTHERS if each not in left_out)
    kind, value = str(choices[0][0]), choices[0][1]
    if kind == "LITERAL":
        return chr(value)
    if kind == "RANGE":
        return chr(value[0])
    return _CATEGORIES.get(str(value).removeprefix("CATEGORY_"), "a")
