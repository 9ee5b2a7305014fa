"""The dead letter: an input that can't be placed, why, and what a person can do."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Reason(StrEnum):
    """Why an input entry became a dead letter."""

    NO_ARTICLE = "no-article"
    """The entry has none of the accepted shapes."""
    NOT_JSON = "not-json"
    """The body is not a JSON object."""
    INVALID_ARTICLE = "invalid-article"
    """The body is an object that breaks the article's contract."""
    TOO_LARGE = "too-large"
    """The body is over the size limit."""
    TOO_MANY_DELIVERIES = "too-many-deliveries"
    """Every attempt failed or killed its worker; the last error is in ``detail``."""
    KILLS_NOTHING = "kills-nothing"
    """A kill that names no item, and whose text is like none that is held: it may still be out."""
    KILLS_OLDER = "kills-older"
    """A kill that names a version below the one that is there, which therefore stays out."""
    NOT_THE_OWNER = "not-the-owner"
    """It is about an item that another sender was the first to send, and may not speak for it."""
    INVALID_COMMAND = "invalid-command"
    """An entry of the commands stream that is no command."""
    BAD_DOCUMENT = "bad-document"
    """A feed's document, or an item in it, that its reader can't turn into an article."""
    VANISHED = "vanished"
    """Another client deleted the entry after it was delivered and before it was placed."""


REMEDIES: Final[Mapping[Reason, str]] = {
    Reason.NO_ARTICLE: "publish the article as JSON in field 'data'",
    Reason.NOT_JSON: "send one JSON object an entry, as UTF-8, with 'id' and 'title' or 'text'",
    Reason.INVALID_ARTICLE: "correct the article at its source and send it again under the same id",
    Reason.TOO_LARGE: "shorten the text, or raise ONESTORY_MAX_ENTRY_BYTES",
    Reason.TOO_MANY_DELIVERIES: "report the error with this letter, then `onestory dead retry` it",
    Reason.KILLS_NOTHING: "send the kill with the id of the item, or with `replaces` naming it: "
    "the item may still be out",
    Reason.KILLS_OLDER: "send the kill without a version, which is of all, or with the one that is "
    "there: the item is still out",
    Reason.NOT_THE_OWNER: "send it from where the item came from, or name both in the file of "
    "ONESTORY_TRUST, start the workers anew, then `onestory dead retry` it",
    Reason.INVALID_COMMAND: "send one JSON object in field `data`, as "
    "contracts/schemas/command.schema.json says, or use `onestory rules`",
    Reason.BAD_DOCUMENT: "correct the document at its source, then send it again",
    Reason.VANISHED: "send the article again; do not trim the articles stream below its group",
}
"""What a person can do, in the words of the letter; readers of feeds know it more exactly of a
document."""


class DeadLetter(BaseModel):
    """One input entry that was taken out of the stream, whole."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    reason: Reason
    detail: str
    """What was wrong: field, expected and actual value."""
    remedy: str
    """What a person can do about it."""
    entry_id: str
    """Id of the input entry, or ``file:line`` for input that never reached the stream."""
    article_id: str | None = None
    deliveries: int
    dead_at: AwareDatetime
    fields: dict[str, str]
    """The entry's fields as they came; see ``encoding``."""
    encoding: str = "utf-8"
    """``utf-8``, or ``base64`` where a field is not UTF-8 text."""
