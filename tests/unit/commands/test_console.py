"""What commands write to a terminal: words of others never steer it."""

import ast
import io
import logging
from pathlib import Path

import pytest
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

import workers
from workers.commands import console
from workers.commands.session import log_to_stderr

HOSTILE = "\x1b]0;gone\x07\x9b2J\u202edlo\x00\x7f\r"
ROOT = Path(workers.__file__).parent
WRITERS = {"commands/console.py", "cli.py", "metrics/probe.py", "commands/bench.py"}
"""The console; the version; a probe and a table that hold no words of others, or see to it."""


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


def test_no_renderable_steers_the_terminal(written: io.StringIO) -> None:
    out = console._Harmless(file=written, width=80)
    table = Table("a")
    table.add_row(Text(HOSTILE))

    out.print(HOSTILE, markup=False, highlight=False)
    out.print(Text(HOSTILE), Panel(table, title=Text(HOSTILE)), sep="\n")

    said = written.getvalue()
    assert said.count("dlo") == 3
    assert not set(HOSTILE) & set(said) - set("]0;gone2Jdlo")


def test_nothing_is_read_as_markup() -> None:
    for each in (console.out, console.err):
        with each.capture() as captured:
            table = Table.grid()
            table.add_row("/data/[bold]/[/red]")
            each.print("[link=x]a[/link]", table)

        assert captured.get().split() == ["[link=x]a[/link]", "/data/[bold]/[/red]"]
        assert isinstance(each, console._Harmless)


def test_colours_of_our_own_are_written(written: io.StringIO) -> None:
    out = console._Harmless(file=written, width=80, force_terminal=True, color_system="standard")

    out.print(Text("red \x1b[32m", style="red"))

    assert written.getvalue() == "\x1b[31mred �[32m\x1b[0m\n"


def test_json_for_programs_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.say_json('{"title": "\x9b2J\u202e"}')

    assert capsys.readouterr().out == '{"title": "\\u009b2J\\u202e"}\n'


def test_a_log_record_is_one_harmless_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    log_to_stderr()
    log = logging.getLogger("onestory.test")

    log.warning("feed says %s", f"{HOSTILE}\n2026-11-25 onestory ERROR forged")
    log.error("it failed", exc_info=ValueError(HOSTILE))

    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("WARNING feed says ]0;gone 2Jdlo 2026-11-25 onestory ERROR forged")
    assert lines[-1].startswith("ValueError: �]0;gone��2J�dlo")
    assert not set("\x1b\x07\x9b\u202e\x00\x7f\r") & set("".join(lines))


def test_nothing_else_writes_to_the_terminal() -> None:
    def writes(source: str) -> bool:
        called = [each.func for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call)]
        names = {
            each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in called
        }
        return bool(names & {"echo", "secho", "print_json", "Console"}) or any(
            isinstance(each, ast.Name) and each.id == "print" for each in called
        )

    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if "bench" not in path.parent.name and writes(path.read_text("utf-8"))
    }

    assert found == WRITERS
