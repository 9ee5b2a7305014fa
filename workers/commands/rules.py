"""``onestory rules``: what an editor says about stories, and what is in force."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, cast

import typer
from pydantic import AwareDatetime, BaseModel, ValidationError
from redis import Redis

from contracts.commands import COMMAND, Answer
from workers.commands.session import DataFolder, Namespace, RedisUrl, connected, out, told
from workers.errors import OnestoryError
from workers.render.rules import RuleView, rules_table, ruling_text
from workers.rulings import ask, fresh_rule_id
from workers.settings import Settings

rules = typer.Typer(
    no_args_is_help=True, help="Editors' rules: together, apart, lead, revoke, list."
)

First = Annotated[str, typer.Argument(help="Article id.")]
Second = Annotated[str, typer.Argument(help="Article id.")]
By = Annotated[str, typer.Option("--by", envvar="USER", help="Who says so.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Wait = Annotated[float, typer.Option("--wait", min=0.0, help="Seconds to wait for the answer.")]
_WAIT_S = 10.0
"""A worker answers within a batch, so within a second or two of a busy one."""


@rules.command()
@told
def together(
    first: First,
    second: Second,
    by: By,
    reason: Reason,
    wait: Wait = _WAIT_S,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
) -> None:
    """Two articles are one story, whatever their texts say."""
    with connected(redis_url, namespace, data_folder) as served:
        _asked(served, wait, command="together", articles=(first, second), by=by, reason=reason)


@rules.command()
@told
def apart(
    first: First,
    second: Second,
    by: By,
    reason: Reason,
    wait: Wait = _WAIT_S,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
) -> None:
    """Two articles are two stories, whatever their texts say."""
    with connected(redis_url, namespace, data_folder) as served:
        _asked(served, wait, command="apart", articles=(first, second), by=by, reason=reason)


@rules.command()
@told
def lead(
    article: First,
    by: By,
    reason: Reason,
    wait: Wait = _WAIT_S,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
) -> None:
    """An article represents the story that it is in."""
    with connected(redis_url, namespace, data_folder) as served:
        _asked(served, wait, command="lead", article=article, by=by, reason=reason)


@rules.command()
@told
def revoke(
    rule: Annotated[str, typer.Argument(help="Id from `onestory rules list`.")],
    by: By,
    reason: Reason,
    wait: Wait = _WAIT_S,
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
) -> None:
    """A rule no longer holds; stories stay as they are until something moves them."""
    with connected(redis_url, namespace, data_folder) as served:
        _asked(served, wait, command="revoke", rule=rule, by=by, reason=reason)


@rules.command("list")
@told
def list_rules(
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
    json_lines: Annotated[bool, typer.Option("--json", help="The rules themselves.")] = False,
) -> None:
    """The rules in force, oldest first."""
    with connected(redis_url, namespace, data_folder) as (redis, settings):
        kept = cast(dict[bytes, bytes], redis.hgetall(settings.keys.rules))
    views = sorted(
        ((_rule(rule_id, data), data) for rule_id, data in kept.items()),
        key=lambda each: (each[0].at or _LONG_AGO, each[0].rule_id),
    )
    if json_lines:
        for _, data in views:
            typer.echo(json.dumps(json.loads(data), ensure_ascii=False))
    else:
        out.print(rules_table([view for view, _ in views]))


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class _Since(BaseModel):
    """What a kept rule has beside its command."""

    at: AwareDatetime | None = None


def _rule(rule_id: bytes, data: bytes) -> RuleView:
    since = _Since.model_validate_json(data)
    return RuleView(rule_id.decode(), COMMAND.validate_json(data), since.at)


def _asked(served: tuple[Redis, Settings], wait_s: float, **fields: Any) -> None:
    """Send a command, print its ruling; exit code 1 if it was refused.

    Raises:
        OnestoryError: it is no command, or nobody answered.
    """
    redis, settings = served
    try:
        command = COMMAND.validate_python({"id": fresh_rule_id(), **fields})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"][1:]))
        raise OnestoryError(f"{where}: {first['msg']}, got {first['input']!r}") from error
    ruling = ask(redis, settings.streams, command, wait_s)
    if ruling is None:
        raise OnestoryError(
            f"no worker answered within {wait_s:g} s; the command stays in the stream and will "
            "be applied when one runs"
        )
    out.print(ruling_text(ruling), soft_wrap=not out.is_terminal)
    if ruling.answer is Answer.REFUSED:
        raise typer.Exit(1)
