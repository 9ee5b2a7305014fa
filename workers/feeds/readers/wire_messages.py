"""What IPTC 7901 and ANPA 1312 share: messages between control characters, and the words in their
keyword lines that say what becomes of an item.

A message is SOH header STX text ETX time EOT. What was kept as a file may have lost any of these
but SOH; without ETX and EOT it broke off, and half an item is not published.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from workers.feeds.reader import LONGEST_FRAGMENT, BadItem, Document, Item, Note, article
from workers.feeds.readers import fields
from workers.feeds.readers.ids import hashed

SOH, STX, ETX, EOT = "\x01", "\x02", "\x03", "\x04"
_FILLERS = "\x00\x0e\x0f\x16\x7f \t\r\n\x0c"
"""Between messages: NUL, SO, SI, SYN, DEL, white space."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CENTURY = 70
"""Two digits of a year from which on it is of the last century, as POSIX has it."""
_SHOWN = 80
_REMEDY = "send each message whole: SOH, header, STX, text, ETX, time, EOT"

_TAGS = {
    "kill": r"(?:mandatory |bulletin )?kill(?:ed)?(?:[ !,-]+kill){0,4}|withdrawn?|storno"
    r"|(?:meldung )?zur(?:ü|ue)ckgezogen|annul(?:ation|er|e(?! et remplace))?|annulé"
    r"|anula(?:ción|r)?|аннулир\w*|анульован\w*|отозван[оа]|отзывается",
    "hold": r"hold(?: for release)?|hfr|withhold|sperrfrist\b.*|embargo(?:ed)?\b.*|[эе]мбарго\b.*",
    "correction": r"corrections?|corrected|corrective|refile|berichtigung|korr(?:ektur)?(?:-\w+)?"
    r"|korrigierte fassung|rectificatif|annule et remplace|corrección|поправка|уточнение"
    r"|исправлен[оа]|виправлен[оа]",
    "update": r"(?:\d+(?:st|nd|rd|th) )?(?:ld|lead)|(?:\d+(?:st|nd|rd|th) ld-)?writethru"
    r"|(?:\d+(?:st|nd|rd|th) )?add|update(?: \d+)?|(?:\d+\. )?(?:zusammenfassung|zf)"
    r"|обновлен[оа]|дополнен[оа]",
    "repeat": r"rpt|repeat|wiederholung|whlg|répétition|повтор",
    "urgent": r"urgent|bulletin|flash|newsalert|eil(?:meldung)?|extra|молния|срочно",
}
_CALL = (
    r"(?P<call>(?:attention |note to )?(?:eds?|editors?|achtung|attention|внимание)[:.,!]? ?[–-]? ?"
    r"(?:please |просьба )?)?"
)
"""To editors, before what they are told."""
_ORDERED = re.compile(r"(?i)(?:the|this|that|our|all|story|item|earlier|previous)\b")
"""What follows ``kill`` in a note to them."""
_TAG = re.compile(
    f"(?i){_CALL}(?:"
    + "|".join(rf"(?P<{name}>(?:{words})(?!\w))" for name, words in _TAGS.items())
    + ")"
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message, in its parts."""

    line: int
    """In the document, from 1."""
    header: str
    """Between SOH and STX."""
    body: str
    """Between STX and ETX."""
    trailer: str
    """Between ETX and EOT: when it was sent."""
    source: str
    """As it came."""
    has_end: bool
    """ETX or EOT came."""
    has_eot: bool

    @property
    def fragment(self) -> bytes:
        """The beginning as a letter shows it."""
        return self.source.encode()[:LONGEST_FRAGMENT]


Mapped = Callable[[Message, re.Match[str], str, list[Note]], dict[str, object]]
"""The fields of a message whose header was matched; its place, and where notes go."""


def items(
    document: Document, header: re.Pattern[str], expected: str, mapped: Mapped
) -> Iterator[Item]:
    """The items of a document. ``expected``: the header, in words. Where no message has one, it is
    no such document, and the first is told for all.
    """
    messages = list(_messages(_with_line_feeds(document.text.decode())))
    if not messages:
        yield BadItem("line 1", f"no message, expected SOH (01) and {expected}", _REMEDY, b"")
    if not any(header.match(each.header) for each in messages):
        messages = messages[:1]
    for number, message in enumerate(messages, start=1):
        yield from _items(
            message, f"line {message.line}, message[{number}]", header, expected, mapped
        )


def _items(
    message: Message, where: str, header: re.Pattern[str], expected: str, mapped: Mapped
) -> Iterator[Item]:
    found = header.match(message.header)
    if found is None:
        said = readable(message.header).strip().partition("\n")[0][:_SHOWN]
        yield BadItem(where, f"header {said!r}, expected {expected}", _REMEDY, message.fragment)
        return
    if not message.has_end:
        detail = "the message breaks off: neither ETX (03) nor EOT (04) behind its text"
        yield BadItem(where, detail, _REMEDY, message.fragment)
        return
    notes: list[Note] = []
    yield article(mapped(message, found, where, notes), where, message.fragment)
    yield from notes


def _messages(text: str) -> Iterator[Message]:
    """The messages of a document, in its order; fillers between them are none."""
    line = 1
    before, *parts = text.split(SOH)
    if before.strip(_FILLERS):
        parts.insert(0, before)
    else:
        line += before.count("\n")
    for part in parts:
        if part.strip(_FILLERS):
            yield _message(part, line)
        line += part.count("\n")


def _message(part: str, line: int) -> Message:
    header, _, rest = part.partition(STX)
    whole, eot, _ = rest.partition(EOT)
    body, etx, trailer = whole.partition(ETX)
    return Message(line, header, body, trailer, part, bool(etx or eot), bool(eot))


def tell_end(message: Message, where: str, notes: list[Note], *, is_timed: bool) -> None:
    """What is missing behind the text."""
    if not is_timed:
        notes.append(Note(where, "no time behind ETX (03): it goes by a hash of its text"))
    elif not message.has_eot:
        notes.append(Note(where, "no EOT (04) at its end"))


def readable(text: str) -> str:
    """Without control characters; tabs and line ends stay."""
    return _CONTROLS.sub("", text)


def _with_line_feeds(text: str) -> str:
    """Teleprinters send two carriage returns before the line feed: the carriage takes its time."""
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")


def tags(said: str) -> list[str]:
    """What a line says of an item, if it says nothing else; else nothing.

    >>> tags("1st Ld-Writethru"), tags("(Berichtigung: im 3. Absatz)"), tags("Kill devil hills")
    (['update'], ['correction'], [])
    """
    return _read(said)[0]


def behind_tag(said: str) -> str:
    """What a headline says behind its tag; nothing in a note, in brackets or to editors.

    >>> behind_tag("CORRECTION: Ferry returns"), behind_tag("(Berichtigung: im 3. Absatz)")
    ('Ferry returns', '')
    """
    return "" if said.lstrip().startswith("(") else _read(said)[1]


def _read(said: str) -> tuple[list[str], str]:
    """A line's tag, and what is behind it."""
    said = said.strip().strip("()*=<").strip()
    found = _TAG.match(said)
    if found is None:
        return [], ""
    rest = said[found.end() :].lstrip()
    is_order = bool(found["call"] and _ORDERED.match(rest))
    if rest and rest[0] not in ":.!,-–—(" and not is_order:
        return [], ""
    return [str(found.lastgroup)], "" if found["call"] else rest.lstrip(":.!,-–— ")


def sent_at(
    said: Mapping[str, str | None], month: str, where: str, notes: list[Note]
) -> datetime | None:
    """When a message was sent. ``said``: ``day``, ``year`` in two or four digits, ``hour``,
    ``minute`` and ``zone``, if it has one.
    """
    year = int(said["year"] or 0)
    if year < 100:
        year += 1900 if year >= _CENTURY else 2000
    day, zone = int(said["day"] or 0), said["zone"] or ""
    time = f"{day} {month} {year} {said['hour']}:{said['minute']} {zone}"
    return fields.moment_or_note(time.strip(), where, notes)


def identity(system: str, number: str, sent: datetime | None, message: Message) -> str:
    """A message's number counts for a day or less, so when it was sent belongs to its name; a
    message that does not say when has a hash of its text in that place.
    """
    if sent is not None:
        return f"{system}:{number}:{sent:%Y%m%dT%H%M}"
    return f"{system}:{number}:{hashed(message.body)}"
