"""The command line ``onestory``.

A command is imported when it is asked for: what they need together (faiss, numpy, FastStream)
costs a second, and whoever types ``--help`` waits for none of it. So its line in the list of
commands stands here; ``workers.commands.X`` has the rest under the name ``X``.
"""

from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

COMMANDS: Final = {
    "run": "Put articles through the stream and worker processes; wait until all are placed.",
    "worker": "Work on a namespace until SIGTERM: read articles, publish story events.",
    "health": "Ask a worker whether it is alive or ready; exit code 0 if it is, else 1.",
    "serve": "Serve API, page and metrics of a namespace, until SIGTERM.",
    "publish": "Append articles to the stream and return; workers elsewhere place them.",
    "poll": "Ask feeds at their intervals; publish what is new or changed, until SIGTERM.",
    "listen": "Accept documents by HTTP POST, until SIGTERM.",
    "tail": "Story events, readable, as they happen.",
    "dead": "Dead letters: list, show, retry, drop.",
    "rules": "Editors' rules: together, apart, lead, revoke, list.",
    "explain": "Say why two articles are one story, or two.",
    "evaluate": "Run a gold file through stream and workers and score the stories.",
    "replay": "Put archived articles through a namespace of their own, with this environment's "
    "model.",
    "diff": "Say which stories of two namespaces differ, and why.",
    "switch": "Go over to another namespace's model and stories; consumers see stories split and "
    "merge.",
    "demo": "A day of made-up RU and EN wire news becomes stories, before your eyes.",
    "bench": "Measure the whole path on a private Redis, by turns with datasketch on another.",
}
"""By name, in the order of ``--help``."""


class _Group(TyperGroup):
    """Commands by their line alone, until one of them is asked for."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the words name, imported."""
        if args and args[0] in COMMANDS:
            self.commands[args[0]] = loaded(args[0])
        return super().resolve_command(ctx, args)


def loaded(name: str) -> Any:
    """A command of ``COMMANDS`` with its options, as Typer runs it."""
    command = getattr(import_module(f"workers.commands.{name}"), name)
    if not isinstance(command, typer.Typer):
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(name)(command)
        command = alone
    return typer.main.get_command(command)


app = typer.Typer(
    name="onestory",
    cls=_Group,
    help="One wire story, told once: deduplicates news across languages on Redis streams.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"onestory {version('onestory')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say it, and end."),
    ] = False,
) -> None:
    """Those before the command."""


def _listed() -> None:
    """In the list only; `_Group` puts the command in its place."""


for _name, _line in COMMANDS.items():
    app.command(_name, help=_line)(_listed)
