"""``POST /v1/documents``: a feed's document, as ``onestory listen`` takes it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from workers.api.access import Sender, writer
from workers.api.parts import Parts, parts_of
from workers.feeds.formats import AUTO, FORMATS

router = APIRouter(tags=["articles"], dependencies=[Depends(writer)])

_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"*/*": {"schema": {"type": "string"}}}}
}


@router.post("/v1/documents", status_code=202, openapi_extra=_BODY, response_model=None)
async def documents(
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
    sender: Sender,
    _format: Annotated[
        str, Query(alias="format", description=f"{', '.join(FORMATS)}, or {AUTO}.")
    ] = AUTO,
) -> JSONResponse:
    """A document of any feed format: what became of its items. Rejected ones are dead letters."""
    if full := await parts.intake.full():
        raise full
    return await parts.documents.take(request, sender)
