"""An editor at the command line and a worker elsewhere."""

import json

import pytest
from redis import Redis
from typer.testing import CliRunner, Result

from tests.support.builders.corpora import samples
from tests.support.wire import harness
from workers.cli import app
from workers.process.pool import WorkerPool
from workers.settings import Settings

ARTICLES = samples(2, reprints=0, seed=7)
ONE, OTHER = (article.id for article in ARTICLES)


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def test_an_editor_keeps_two_stories_together_and_takes_it_back(
    redis_client: Redis, settings: Settings
) -> None:
    def rules(*words: str) -> Result:
        where = ["--redis-url", str(settings.redis_url), "--namespace", settings.namespace]
        return CliRunner().invoke(app, ["rules", words[0], *where, *words[1:]])

    def listed() -> list[dict[str, object]]:
        return [json.loads(line) for line in rules("list", "--json").stdout.splitlines()]

    why = ("--by", "anna", "--reason", "One event", "--wait", "60")
    harness.send(redis_client, settings, [article.line for article in ARTICLES])
    with WorkerPool(settings, 1) as pool:
        harness.await_handled(redis_client, settings, len(ARTICLES), pool)

        together = rules("together", ONE, OTHER, *why)
        (rule,) = listed()
        refused = rules("apart", ONE, OTHER, *why)
        revoked = rules("revoke", str(rule["id"]), *why)

    assert together.exit_code == 0, together.output
    assert together.stdout.startswith(f"accepted  {rule['id']}")
    assert (rule["articles"], rule["by"]) == ([ONE, OTHER], "anna")
    assert refused.exit_code == 1
    assert f"in the way: {rule['id']}" in refused.stdout
    assert revoked.exit_code == 0, revoked.output
    assert listed() == []
    events = [event.type for event in harness.events(redis_client, settings)]
    assert events == ["story.opened", "story.opened", "story.merged"]
