"""Commands that papers show, and what is wrong with them.

Looked at are the lines behind a ``$`` of a fenced block, and code in backticks. Of each
command that is ours the parts are compared with what there is: the command line's own tree of
commands and options, the modules of this project, the targets of the Makefile.
"""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from tests.unit.papers.markdown import ROOT, fences, spans
from workers.cli import app, loaded

_ENDS = re.compile(r"&&|\|\||[;|&](?!\w)")
"""Where a shell's line begins another command; an ``&`` within an address is none."""
_SETS = re.compile(r"[A-Z][A-Z0-9_]*=")
_CHOICES = "｜"
"""Between the words of which one is typed; the bar of ASCII would end a cell of a table."""
_OWN = ("contracts", "service", "workers", "tests")


def shown(paper: Path) -> Iterator[list[str]]:
    """The words of each command that a paper shows."""
    for fence in fences(paper):
        for line in fence.text.splitlines():
            if line.strip().startswith("$ "):
                yield from commands(line.strip().removeprefix("$ "))
    for span in spans(paper):
        yield from commands(span)


def commands(line: str) -> Iterator[list[str]]:
    """The words of each command in a line of a shell, without settings before it.

    >>> list(commands("A=1 onestory diff a b --json > f && make test  # slow"))
    [['onestory', 'diff', 'a', 'b', '--json', '>', 'f'], ['make', 'test']]
    """
    for part in _ENDS.split(re.sub(r"\s#\s.*", "", line)):
        try:
            words = shlex.split(part)
        except ValueError:  # an apostrophe of prose, or a piece of a quoted script
            words = part.split()
        while words and (_SETS.match(words[0]) or words[0] == "export"):
            words = words[1:]
        if words:
            yield words


def fault(words: list[str]) -> str | None:
    """What is wrong with a command; None if nothing is, or if it is none of ours."""
    name = words[0].removeprefix(".venv/bin/")
    if name == "onestory" and len(words) > 1:
        return _fault_of_ours(words)
    if name == "make" and len(words) > 1:
        wrong = {each for each in words[1:] if "=" not in each} - targets()
        return f"no target {', '.join(sorted(wrong))}" if wrong else None
    if name in ("python", "python3") and len(words) > 1:
        return _fault_of_python(words)
    return None


def _fault_of_ours(words: list[str]) -> str | None:
    found = _tree()
    rest = words[1:]
    while isinstance(found, TyperGroup) and rest and not rest[0].startswith("-"):
        if rest[0].isupper() or rest[0] == "…":  # a placeholder for any command
            return None
        choices = rest.pop(0).split(_CHOICES)
        unknown = [each for each in choices if each not in found.commands]
        if unknown:
            return f"no command {unknown[0]}"
        found = _command(found, choices[0])
    known = {name for each in found.params for name in (*each.opts, *each.secondary_opts)}
    known |= {"--help", "-h"}
    typed = {option for each in rest for option in re.findall(r"(?<![\w-])--?[a-z][\w-]*", each)}
    wrong = sorted(typed - known)
    return f"no option {', '.join(wrong)}" if wrong else None


@cache
def _command(group: TyperGroup, name: str) -> Any:
    """With its options; those of the first level are imported for it."""
    return loaded(name) if group is _tree() else group.commands[name]


def _fault_of_python(words: list[str]) -> str | None:
    words = [each for each in words if each != "-P"]
    if words[1] != "-m":
        return None if (ROOT / words[1]).exists() or words[1] == "-c" else f"no file {words[1]}"
    name = words[2]
    spec = find_spec(name) if _is_there(name.rpartition(".")[0]) else None
    if spec is None:
        return f"no module {name}"
    if name.partition(".")[0] not in _OWN or spec.origin is None:
        return None
    place = Path(spec.origin)
    sources = place.parent.glob("*.py") if spec.submodule_search_locations else [place]
    text = "".join(each.read_text("utf-8") for each in sources)
    typed = [each.partition("=")[0] for each in words[3:] if each.startswith("--")]
    wrong = [each for each in typed if f'"{each}"' not in text]
    return f"{name} has no option {', '.join(wrong)}" if wrong else None


def _is_there(package: str) -> bool:
    return not package or (_is_there(package.rpartition(".")[0]) and find_spec(package) is not None)


@cache
def _tree() -> Any:
    return typer.main.get_command(app)


@cache
def targets() -> frozenset[str]:
    """Targets of the Makefile that a person types."""
    text = (ROOT / "Makefile").read_text("utf-8")
    return frozenset(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
