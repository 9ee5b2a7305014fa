"""Whether an item of NITF or NewsML 1.x may be published, and from when.

Both name four states, ``usable``, ``embargoed``, ``withheld`` and ``canceled`` (NITF
``docdata/@management-status``; IPTC's NewsCodes ``status`` for NewsML ``Status``), and the time
at which an embargo ends somewhere else. What is not understood holds: it may not leak.
"""

from dataclasses import dataclass
from datetime import datetime

from workers.feeds.reader import Note
from workers.feeds.readers import fields

_STATUSES = {
    word: status
    for status, words in {
        "usable": "usable embargo-over released",
        "embargoed": "embargoed embargo",
        "withheld": "withheld hold held onhold",
        "canceled": "canceled cancelled cancel kill killed delete deleted withdrawn recalled",
    }.items()
    for word in words.split()
}
"""The standards' words, and what agencies write in their place."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an item says of its release."""

    status: str
    status_at: str
    """Where it says so."""
    until: str | None
    """When it may be published; None: it has no such element."""
    until_at: str
    instructions: str = ""
    """Notes to editors."""


def release(said: Said, notes: list[Note]) -> tuple[str | None, datetime | None]:
    """The status and embargo of the article's contract; no status where the item names none.

    An embargo without an end withholds, whether the status or a note to editors asks for it.
    """
    status = _status(said, notes)
    if status == "canceled":
        return status, None
    until, withheld = fields.embargo(said.until, said.until_at, notes, said.instructions)
    if status == "embargoed" and until is None and not withheld:
        notes.append(Note(said.status_at, "embargoed without an end, item withheld"))
        withheld = True
    if withheld:
        return "withheld", None
    return ("usable" if status == "embargoed" else status), until


def asks_to_kill(word: str) -> bool:
    """Whether a status or an instruction is one to kill."""
    return _STATUSES.get(word.lower()) == "canceled"


def _status(said: Said, notes: list[Note]) -> str | None:
    if not said.status.strip():
        return None
    status = _STATUSES.get(fields.newscode(said.status).lower())
    if status is None:
        detail = f"status {fields.shown(said.status)} is not known, item withheld"
        notes.append(Note(said.status_at, detail))
        return "withheld"
    return status
