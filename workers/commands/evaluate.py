"""``onestory evaluate``: a gold file through the whole path, then its figures."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from contracts.consumer import Story
from service.evaluation.errors import errors
from service.evaluation.gold import GoldError, gold_articles, numbered_rows
from service.evaluation.labelled_pairs import is_pair_row, labelled_pairs, pair_score
from service.evaluation.metrics import evaluate as evaluated
from workers.commands.console import err, out, say_json, told
from workers.commands.files import readable
from workers.commands.options import Namespace, RedisUrl
from workers.commands.session import server, settings_from
from workers.connection.clients import client
from workers.errors import OnestoryError
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.render.figures import errors_report, evaluation_report, pair_report
from workers.render.progress import run_progress
from workers.settings import Settings
from workers.state.streams import lines_of


@told
def evaluate(
    gold: Annotated[Path, typer.Argument(help="JSON lines with `group`, or pairs with `same`.")],
    json_output: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    list_errors: Annotated[
        bool, typer.Option("--errors", help="List what went wrong, with titles.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
) -> None:
    """Run a gold file through stream and workers and score the stories."""
    readable([gold])
    lines = list(lines_of([gold]))
    try:
        rows = list(numbered_rows(lines))
        pairs = labelled_pairs(rows) if rows and is_pair_row(rows[0][1]) else None
        labels = () if pairs else gold_articles(rows)
    except GoldError as error:
        raise OnestoryError(f"{gold}: {error}") from error
    if pairs:
        lines = [json.dumps(article, ensure_ascii=False).encode() for article in pairs.articles]
    settings = settings_from(redis_url, namespace)
    partition = [story.articles for story in _stories(settings, lines, workers)]
    if pairs:
        score = pair_score(pairs.pairs, partition)
        if json_output:
            say_json(json.dumps(score.to_json(), ensure_ascii=False, indent=2))
        else:
            out.print(pair_report(score))
        return
    try:
        result = evaluated(labels, partition)
    except GoldError as error:
        raise OnestoryError(f"{gold}: {error}") from error
    wrong = errors(labels, partition) if list_errors else None
    if json_output:
        report = result.to_json() | ({"errors": wrong.to_json()} if wrong else {})
        say_json(json.dumps(report, ensure_ascii=False, indent=2))
        return
    out.print(evaluation_report(result))
    if wrong:
        out.print("", errors_report(wrong), sep="\n")


def _stories(settings: Settings, lines: list[bytes], workers: int) -> list[Story]:
    with ExitStack() as stack:
        settings = stack.enter_context(server(settings, writes=True))
        redis = stack.enter_context(client(settings))
        if redis.exists(settings.keys.clock):
            raise OnestoryError(
                f"namespace {settings.namespace!r} is in use: its stories would change the "
                "figures; name a fresh one"
            )
        pool = stack.enter_context(WorkerPool(settings, workers))
        show = stack.enter_context(run_progress(err))
        job = Run(redis, settings, pool, show)
        job.run(iter(lines))
    return job.stories
