"""The command line ``onestory``."""

import typer

from workers.commands.articles import publish, run, tail
from workers.commands.bench import bench
from workers.commands.dead import dead
from workers.commands.demo import demo
from workers.commands.evaluate import evaluate
from workers.commands.explain import explain
from workers.commands.feeds import listen, poll
from workers.commands.health import health
from workers.commands.replay import diff, replay, switch
from workers.commands.rules import rules
from workers.commands.serve import serve
from workers.commands.worker import worker

app = typer.Typer(
    name="onestory",
    help="One wire story, told once: deduplicates news across languages on Redis streams.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
app.command()(worker)
app.command()(serve)
app.command()(health)
app.command()(publish)
app.command()(poll)
app.command()(listen)
app.command()(tail)
app.add_typer(dead, name="dead")
app.add_typer(rules, name="rules")
app.command()(explain)
app.command()(evaluate)
app.command()(replay)
app.command()(diff)
app.command()(switch)
app.command()(demo)
app.command()(bench)
