"""Papers as the tests read them: every Markdown file of the tree, its links, headings and code."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ELSEWHERE = ("http://", "https://")


class Fence(NamedTuple):
    """A fenced block of code."""

    language: str
    text: str


def papers() -> list[Path]:
    """Every Markdown file of the tree; environments and caches have names with a dot."""
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
    return sorted(path for path in found if not path.parts[0].startswith("."))


@cache
def text_of(paper: Path) -> str:
    """The text of a paper, which is named from the root."""
    return (ROOT / paper).read_text("utf-8")


def fences(paper: Path) -> list[Fence]:
    """Its fenced blocks."""
    return [Fence(*each) for each in _FENCE.findall(text_of(paper))]


def prose(paper: Path) -> str:
    """Its text without fenced blocks."""
    return _FENCE.sub("", text_of(paper))


def spans(paper: Path) -> list[str]:
    """What stands in backticks in its prose."""
    return _SPAN.findall(prose(paper))


def links(paper: Path) -> list[str]:
    """Where its links lead within the tree, as they are written."""
    found = _LINK.findall(_SPAN.sub("", prose(paper)))
    return [each for each in found if not each.startswith(_ELSEWHERE)]


@cache
def anchors(paper: Path) -> frozenset[str]:
    """What a link to one of its headings may say behind the ``#``, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(paper), re.MULTILINE)
    return frozenset(_anchors(headings))


def _anchors(headings: list[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for each in headings:
        words = re.sub(r"\]\([^)]*\)", "", each)
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        count = seen[anchor] = seen.get(anchor, -1) + 1
        yield f"{anchor}-{count}" if count else anchor


def broken(paper: Path, link: str) -> str | None:
    """Why a link leads nowhere; None if it doesn't."""
    path, _, anchor = link.partition("#")
    target = (ROOT / paper).parent / path if path else ROOT / paper
    if not target.exists():
        return f"{paper}: {link}: no such file"
    if ROOT not in target.resolve().parents:
        return f"{paper}: {link}: not in this tree"
    if not anchor:
        return None
    if target.suffix != ".md" or anchor not in anchors(target.resolve().relative_to(ROOT)):
        return f"{paper}: {link}: no such heading"
    return None
