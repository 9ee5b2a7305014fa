"""``POST /v1/documents``: a feed's document, as ``onestory listen`` takes it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse

from workers.api.access import Sender, writer
from workers.api.openapi import SENDING, Responses, body_of, problems
from workers.api.parts import Parts, parts_of
from workers.feeds.formats import AUTO, FORMATS

router = APIRouter(tags=["articles"], dependencies=[Depends(writer)], responses=SENDING)


class Delivered(BaseModel):
    """What became of a document's items."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    accepted: int
    skipped: int
    """Items that are no text, such as pictures."""
    rejected: int
    """Items that are dead letters now."""
    notes: list[str]
    """What was said wrongly and cost no item; the first hundred."""
    problems: list[dict[str, str]]
    """Of the first hundred of those: ``where``, ``detail``, ``remedy``."""


_ANSWERS: Responses = {
    202: {"model": Delivered},
    **problems(HTTPStatus.TOO_MANY_REQUESTS),
}


@router.post(
    "/v1/documents",
    summary="A feed's document",
    status_code=HTTPStatus.ACCEPTED,
    responses=_ANSWERS,
    openapi_extra=body_of({"*/*": {}}),
    response_model=None,
)
async def documents(
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
    sender: Sender,
    _format: Annotated[
        str,
        Query(
            alias="format",
            description=f"{AUTO} looks at media type and document.",
            json_schema_extra={"enum": [AUTO, *FORMATS]},
        ),
    ] = AUTO,
) -> JSONResponse:
    """A document of any feed format: what became of its items. Rejected ones are dead letters.

    It may be in any encoding: the ``charset`` of its ``Content-Type`` counts, or what it declares,
    unless the bytes contradict.
    """
    if full := await parts.intake.full():
        raise full
    return await parts.documents.take(request, sender)
