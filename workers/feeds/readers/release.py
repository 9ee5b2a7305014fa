"""Whether an item may be published, and from when: statuses, embargoes and notes to editors.

NITF and NewsML 1.x name four states (NITF ``docdata/@management-status``; IPTC's NewsCodes
``status`` for NewsML ``Status``), and the end of an embargo somewhere else; ninjs and NewsML-G2
have three (NewsCodes ``pubstatus``) and a field for the embargo. What is not understood holds: it
may not leak.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from workers.feeds.reader import Note
from workers.feeds.readers.fields import moment_or_note, newscode, shown

_STATUSES = {
    word: status
    for status, words in {
        "usable": "usable embargo-over released",
        "embargoed": "embargoed embargo",
        "withheld": "withheld hold held onhold",
        "canceled": "canceled cancelled cancel kill killed delete deleted withdrawn recalled "
        "retracted",
    }.items()
    for word in words.split()
}
"""The standards' words, and what agencies write in their place."""
_HELD = r"(?:embargo|sperrfrist|sperrvermerk|эмбарго|ембарго)"
_HOLD = re.compile(
    rf"(?im){_HELD}|^\W{{0,3}}hold\b|\b(?:do not|not for) (?:publish|publication|release|use)\b"
    r"|\bне публиковать\b|\bне для публикации\b|\bне публікувати\b|\bne pas publier\b"
    r"|\bno publicar\b|\bnicht (?:zu )?veröffentlichen\b"
)
_NO_HOLD = re.compile(
    rf"(?i)\b(?:no|not|without|ended|keine?|ohne|sans|sin|без|нет|снято|снятие) {_HELD}\w{{0,3}}"
    rf"|{_HELD}\w{{0,3}}:? (?:is |has been |was |ist |wurde )?"
    r"(?:none|no|immediate|lifted|off|over|expired|ended|keine?|aufgehoben|abgelaufen|снято|нет|levé|levado)\b"
)
"""Said before or behind the word, it means that there is no embargo (any more)."""
_BEGINS = re.compile(
    r"(?im)^\W{0,3}(?:(?:strictly|under|под|строгое) )?"
    r"(?:embargo|sperrfrist|эмбарго|ембарго|hold\b)"
    r"|\bembargoed (?:until|till|to|for)\b|\bэмбарго до\b"
)
"""How a note asks for an embargo that no field names; one on oil stands within a sentence."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an item of NITF or NewsML 1.x says of its release."""

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
    state = _state(said.status, said.status_at, notes)
    if state == "canceled":
        return state, None
    until, withheld = embargo(said.until, said.until_at, notes, said.instructions)
    if state == "embargoed" and until is None and not withheld:
        notes.append(Note(said.status_at, "embargoed without an end, item withheld"))
        withheld = True
    if withheld:
        return "withheld", None
    return ("usable" if state == "embargoed" else state), until


def pub_status(text: str, where: str, notes: list[Note]) -> str | None:
    """Of the NewsCodes ``pubstatus``, with the words that are sent for them; None: nothing is
    said. An unknown one withholds, with a note: it may say that the item must not be used.
    """
    state = _state(text, where, notes)
    return "withheld" if state == "embargoed" else state


def embargo(
    text: str | None, where: str, notes: list[Note], instructions: str = ""
) -> tuple[datetime | None, bool]:
    """Until when an item is embargoed, and whether it is withheld for want of an end.

    A time that can't be read withholds: it was meant to hold. Empty text holds nothing, since
    agencies' templates send the element empty with every item, unless the ``instructions``,
    the notes to editors, ask for it. None: the item has no such element; it is withheld if the
    notes begin with an embargo. All of these are noted.
    """
    if text is None:
        withheld = bool(_BEGINS.search(instructions)) and asks_to_hold(instructions)
        if withheld:
            notes.append(Note(where, "not there, a note to editors asks to hold: withheld"))
        return None, withheld
    if not text.strip():
        withheld = asks_to_hold(instructions)
        notes.append(Note(where, f"empty, {'item withheld' if withheld else 'taken for none'}"))
        return None, withheld
    refused: list[Note] = []
    until = moment_or_note(text, where, refused)
    notes += [Note(each.where, f"{each.detail}, item withheld") for each in refused]
    return until, until is None


def asks_to_hold(instructions: str) -> bool:
    """Whether a note to editors speaks of an embargo, and of none that is over.

    >>> asks_to_hold("EMBARGO: not before 10:00"), asks_to_hold("Embargo lifted")
    (True, False)
    """
    return bool(_HOLD.search(_NO_HOLD.sub(" ", instructions)))


def asks_to_kill(word: str) -> bool:
    """Whether a status or an instruction is one to kill."""
    return _STATUSES.get(word.lower()) == "canceled"


def _state(text: str, where: str, notes: list[Note]) -> str | None:
    code = newscode(text).lower()
    if not code:
        return None
    state = _STATUSES.get(code)
    if state is None:
        known = ", ".join(dict.fromkeys(_STATUSES.values()))
        notes.append(Note(where, f"status {shown(text)}, expected {known}; item withheld"))
    return state or "withheld"
