"""What events and dead letters say without the text that was withdrawn.

A killed article's words are quoted by its own events, by those of articles that were compared with
it, and by dead letters that hold its entry. Ids, stories and figures stay: a consumer that reads
the redacted events alone holds the same partition.
"""

import json
from base64 import b64decode
from collections.abc import Collection
from typing import Any

from pydantic_core import from_json

from contracts.dead_letter import DeadLetter
from contracts.events import STORY_EVENT, Placement, Revision

WITHDRAWN = "The text was withdrawn"
"""What evidence says in the place of words of both articles."""


def without_text(event_json: bytes, killed: Collection[str]) -> str | None:
    """An event without what it quotes of killed articles; None if it quotes none of them.

    Title, source and address go from an article's own events, and from all that compared with
    it the evidence, which holds words of both.
    """
    if not _names_any(event_json, killed):
        return None
    event = STORY_EVENT.validate_json(event_json)
    data = event.data
    if not isinstance(data, Placement | Revision):
        return None
    is_own = data.article_id in killed
    if not is_own and data.matched_article_id not in killed:
        return None
    changes: dict[str, Any] = {"redacted": True}
    if is_own:
        changes |= {"title": "", "source": None, "url": None}
    if data.evidence is not None:
        changes["evidence"] = data.evidence.model_copy(
            update={"summary": WITHDRAWN, "shared": (), "guards": ()}
        )
    redacted = data.model_copy(update=changes)
    if redacted == data:
        return None  # done before
    return event.model_copy(update={"data": redacted}).model_dump_json()


def is_letter_of(letter: DeadLetter, killed: Collection[str]) -> bool:
    """Whether a dead letter is about a killed article, or holds an entry of it.

    Its body may be broken, so an id is looked for as JSON writes it, wherever it stands.
    """
    if letter.article_id in killed:
        return True
    bodies: Collection[str] = letter.fields.values()
    if letter.encoding == "base64":
        bodies = [b64decode(each).decode(errors="replace") for each in bodies]
    return any(_named(body) in killed or names_any(body, killed) for body in bodies)


def _named(body: str) -> str:
    """The id that a body gives, which may be a number; a flat field is its own."""
    try:
        found = from_json(body)
    except ValueError:
        found = body
    return str(found.get("id") if isinstance(found, dict) else body).strip()


def names_any(body: str, killed: Collection[str]) -> bool:
    """Whether one of these ids stands somewhere in a text, as JSON writes it."""
    return any(
        json.dumps(each, ensure_ascii=is_ascii) in body
        for each in killed
        for is_ascii in (False, True)
    )


def _names_any(event_json: bytes, killed: Collection[str]) -> bool:
    """Whether an event is of one of these articles, or compares with one; some 10 µs, however many
    they are.
    """
    try:
        data = from_json(event_json)["data"]
        return data.get("article_id") in killed or data.get("matched_article_id") in killed
    except (ValueError, TypeError, LookupError, AttributeError):
        return False  # it is no event of ours
