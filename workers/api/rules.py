"""Editors' rules: what is in force, and a new one with its answer."""

from http import HTTPStatus
from typing import Annotated, Any, cast

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse

from contracts.commands import COMMAND, LONGEST_WORD, Answer, AnyCommand, Ruling
from service.stories.senders import TOKEN, named
from workers.api.access import Sender, reader
from workers.api.bodies import read_body
from workers.api.openapi import READING, SENDING, Responses, body_of, problems, referred
from workers.api.parts import Parts, parts_of
from workers.api.problems import Problem, broken
from workers.rules.desk import ask, fresh_rule_id, kept_rules

router = APIRouter(tags=["rules"], responses=READING)

_MOST_BYTES = 20_000
_AT_ONCE = 8
"""Rules that wait for their answer, each in a thread; a worker applies them one by one anyway."""
_waiting = CapacityLimiter(_AT_ONCE)


class Answered(BaseModel):
    """What a worker made of a rule."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    rule: str
    """Id of the rule."""
    answer: Answer | None
    """Null where no worker answered in time."""
    detail: str


_ANSWERS: Responses = {
    200: {"model": Answered},
    202: {"model": Answered, "description": "It waits for a worker."},
    **SENDING,
    **problems(HTTPStatus.CONFLICT),
}


@router.get("/v1/rules", summary="The rules in force", dependencies=[Depends(reader)])
async def rules(parts: Annotated[Parts, Depends(parts_of)]) -> dict[str, Any]:
    """The rules in force, oldest first."""
    stored = await cast(Any, parts.redis.hgetall(parts.settings.keys.rules))
    return {
        "rules": [
            {
                **rule.command.model_dump(mode="json"),
                "id": rule.rule_id,
                "at": None if rule.at is None else rule.at.isoformat().replace("+00:00", "Z"),
            }
            for rule in kept_rules(stored)
        ]
    }


@router.post(
    "/v1/rules",
    summary="A new rule",
    responses=_ANSWERS,
    openapi_extra=body_of({"application/json": referred("Command")}),
    response_model=None,
)
async def rule(
    request: Request, parts: Annotated[Parts, Depends(parts_of)], sender: Sender
) -> JSONResponse:
    """A new rule, and what a worker made of it: 200 with what was done; 409 with the rules that
    are in the way; 202 if no worker answered in time: it then waits for one.
    """
    command = _signed(_command(await read_body(request, _MOST_BYTES, "a rule")), sender)
    ruling = await run_sync(
        lambda: ask(
            parts.threads_redis,
            parts.settings.streams,
            command,
            parts.settings.api_rule_wait_s,
        ),
        abandon_on_cancel=True,  # a stop does not wait for it
        limiter=_waiting,
    )
    return _answer(command, ruling)


def _command(body: bytes) -> AnyCommand:
    try:
        command = COMMAND.validate_json(body)
    except ValidationError as error:
        raise broken(error) from error
    return command.model_copy(update={"id": command.id or fresh_rule_id()})


def _signed(command: AnyCommand, sender: str) -> AnyCommand:
    """With the token's name behind that of the person, unless they are the same: nobody speaks in
    another desk's name.
    """
    if not sender or named(TOKEN, command.by) == sender:
        return command
    mark = f" ({sender})"
    return command.model_copy(update={"by": command.by[: LONGEST_WORD - len(mark)] + mark})


def _answer(command: AnyCommand, ruling: Ruling | None) -> JSONResponse:
    if ruling is None:
        waits = {"rule": command.id, "answer": None, "detail": "waits for a worker"}
        return JSONResponse(waits, HTTPStatus.ACCEPTED)
    if ruling.answer is Answer.REFUSED:
        raise Problem(
            HTTPStatus.CONFLICT,
            ruling.detail,
            rule=ruling.rule,
            answer=ruling.answer,
            in_the_way=list(ruling.in_the_way),
        )
    told = {"rule": ruling.rule, "answer": ruling.answer, "detail": ruling.detail}
    return JSONResponse(told)
