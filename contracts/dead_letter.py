"""The dead letter: an input that can't be placed, why, and what a person can do."""

from enum import StrEnum

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
    INVALID_COMMAND = "invalid-command"
    """An entry of the commands stream that is no command."""
    BAD_DOCUMENT = "bad-document"
    """A feed's document, or an item in it, that its reader can't turn into an article."""
    VANISHED = "vanished"
    """Another client deleted the entry after it was delivered and before it was placed."""


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
