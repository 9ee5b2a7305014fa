"""``onestory rules``: what an editor says about stories, and what is in force."""

import json
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError
from redis import Redis

from contracts.commands import COMMAND, Answer
from workers.commands.console import out, say_json, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import connected, looking, refuse_empty
from workers.errors import EmptyNamespace, OnestoryError
from workers.render.rules import RuleView, rules_table, ruling_text
from workers.rules.desk import ask, fresh_rule_id, kept_rules
from workers.settings import Settings
from workers.state.namespaces import holds_nothing, namespaces_on
from workers.wording import cause

rules = typer.Typer(
    name="rules",
    add_completion=False,
    no_args_is_help=True,
    help="Editors' rules: together, apart, lead, revoke, list.",
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
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
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
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
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
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
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
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """A rule no longer holds; stories stay as they are until something moves them."""
    with connected(redis_url, namespace, data_folder) as served:
        _asked(served, wait, command="revoke", rule=rule, by=by, reason=reason)


@rules.command("list")
@told
def list_rules(
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
    json_lines: Annotated[bool, typer.Option("--json", help="The rules themselves.")] = False,
) -> None:
    """The rules in force, oldest first."""
    with looking(redis_url, namespace, data_folder) as (redis, settings):
        kept = cast(dict[bytes, bytes], redis.hgetall(settings.keys.rules))
        if not kept:
            refuse_empty(redis, settings)
    in_force = kept_rules(kept)
    if json_lines:
        for rule in in_force:
            data = kept[rule.rule_id.encode()]
            say_json(json.dumps(json.loads(data), ensure_ascii=False))
    else:
        views = [RuleView(rule.rule_id, rule.command, rule.at) for rule in in_force]
        out.print(rules_table(views))


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
        raise OnestoryError(f"{where}: {cause(first['msg'])}, got {first['input']!r}") from error
    ruling = ask(redis, settings.streams, command, wait_s)
    if ruling is None:
        unheard = (
            f"no worker answered within {wait_s:g} s; the command stays in the stream and will "
            "be applied when one runs"
        )
        if holds_nothing(redis, settings.keys):
            unheard += f". {EmptyNamespace(settings.namespace, namespaces_on(redis))}"
        raise OnestoryError(unheard)
    out.print(ruling_text(ruling), soft_wrap=not out.is_terminal)
    if ruling.answer is Answer.REFUSED:
        raise typer.Exit(1)
