"""Finds names of Redis' keys and fields that stand somewhere as letters."""

import ast
import re
from collections.abc import Iterator

from workers.keys import Key
from workers.state import schema

TABLES = (schema.Article, schema.Story, schema.Clock, schema.Log, schema.Count, schema.Replay)
NAMES = frozenset(
    each for table in (*TABLES, schema.Feed, Key) for each in schema.names_of(table).values()
)
LETTERS = frozenset(
    each
    for table in (schema.Article, schema.Story, schema.Log)
    for each in schema.names_of(table).values()
    if len(each) <= 2
)
"""No words: wherever one stands, it is meant for Redis."""
PREFIXES = tuple(each for each in schema.names_of(Key).values() if each.endswith(":"))

_COMMENT = re.compile(r"--.*")
_TEXT = re.compile(r"'([^']*)'")
_CALL = re.compile(r"\b(?:redis\.p?call|log)\(")
_HASH_COMMAND = re.compile(r"h(?:get|set|mget|mset|del|exists|incrby|setnx|strlen)")


def in_lua(script: str) -> list[str]:
    """Of the body of a script: names in calls of Redis, and letters anywhere."""
    text = _COMMENT.sub("", script)
    found = [each for each in _TEXT.findall(text) if each in LETTERS or each.startswith(PREFIXES)]
    for call in _CALL.finditer(text):
        words = _TEXT.findall(_within(text, call.end()))
        if words[:1] != ["INFO"]:  # its sections are the server's words
            found += [each for each in words if each in NAMES - LETTERS]
    return found


def _within(text: str, start: int) -> str:
    """What stands between a parenthesis that is open and the one that closes it."""
    depth, in_text = 1, False
    for at in range(start, len(text)):
        in_text ^= text[at] == "'"
        depth += 0 if in_text else {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    raise AssertionError("a script that ends within a call")


def in_python(source: str) -> list[str]:
    """Of a module that has to do with Redis: letters anywhere, any text as the field of a hash, and
    beginnings of keys.
    """
    tree = ast.parse(source)
    if not any(map(_is_about_redis, ast.walk(tree))):
        return []
    formats = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None
        for part in ast.walk(node.format_spec)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in formats:
            continue
        text = _text(node)
        if text is not None and (text in LETTERS or text.startswith(PREFIXES)):
            found.append(text)
        if isinstance(node, ast.Call):
            found += _fields(node)
    return found


def _is_about_redis(node: ast.AST) -> bool:
    names: list[str] = []
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    elif isinstance(node, ast.Import):
        names = [each.name for each in node.names]
    return any(each.startswith(("redis", "workers.state", "workers.keys")) for each in names)


def _fields(call: ast.Call) -> Iterator[str]:
    """Texts that a call of a hash's command names fields by."""
    if not isinstance(call.func, ast.Attribute) or not _HASH_COMMAND.fullmatch(call.func.attr):
        return
    for argument in (*call.args, *(each.value for each in call.keywords if each.arg == "mapping")):
        parts = argument.keys if isinstance(argument, ast.Dict) else [argument]
        for part in parts:
            listed = part.elts if isinstance(part, ast.List | ast.Tuple) else [part]
            for each in listed:
                text = _text(each)
                if text in NAMES - LETTERS:
                    yield str(text)


def _text(node: ast.AST | None) -> str | None:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str | bytes):
        return None
    return node.value if isinstance(node.value, str) else node.value.decode("latin1")
