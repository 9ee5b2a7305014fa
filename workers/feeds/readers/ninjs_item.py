"""An item of ninjs, each property where the article's contract has it.

What the schema calls metadata costs a note where it is wrong, and is left out; without an
identifier, or without words, there is no article.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from workers.feeds.reader import BadField, Note
from workers.feeds.readers import fields
from workers.feeds.readers.ids import provided
from workers.feeds.readers.ninjs_words import chosen, words_of
from workers.feeds.readers.release import embargo, pub_status
from workers.feeds.readers.values import text_at

_SIGNALS = frozenset("correction update repeat kill hold".split())
_PREVIOUS = frozenset({"previousversion", "prevversion"})
"""Of the NewsCodes ``itemrelation``; the second as it is also written."""
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

REMEDY = "correct it at its source; see the ninjs schema"

Properties = dict[str, Any]
"""Of an item, by their names in lower case."""


def lowered(value: dict[str, Any]) -> Properties:
    """The properties of an item."""
    return {name.lower(): each for name, each in value.items()}


def identifier(item: Properties) -> str:
    """``uri``, which the schemas require, or ``guid``; empty without."""
    named = (item.get("uri"), item.get("guid"))
    return next((each.strip() for each in named if isinstance(each, str) and each.strip()), "")


def has_body(item: Properties) -> bool:
    """Whether it has a text, or has one left empty."""
    return bool(item.get("bodies")) or any(key == "body" or key.startswith("body_") for key in item)


def objects(value: Any) -> Iterator[tuple[str, Properties]]:
    """The objects of a list (2.x, 3.x) or of an object by name (1.x), each with its place."""
    if isinstance(value, list):
        found = [(f"[{number}]", each) for number, each in enumerate(value)]
    elif isinstance(value, dict):
        found = [(f".{name}", each) for name, each in value.items()]
    else:
        found = []
    yield from ((place, each) for place, each in found if isinstance(each, dict))


def mapped(item: Properties, origin: str, notes: list[Note]) -> dict[str, object]:
    """The fields of an article. ``origin``: of its document; ``notes``: what was left out.

    Raises:
        BadField: it has no identifier.
    """
    own = identifier(item)
    if not own:
        raise BadField(".uri", "missing, expected the item's identifier", REMEDY)
    times = {
        name: _moment(item, name, notes)
        for name in ("versioncreated", "contentcreated", "firstcreated")
    }
    status = status_of(item, notes)
    until, is_held = _embargo(item, notes)
    earlier = _earlier(item, status)
    return {
        "id": _named(own, origin),
        "title": chosen(item, "headline", notes) or words_of(text_at(item, "title", "", notes)),
        "text": chosen(item, "body", notes) or chosen(item, "description", notes),
        "source": _supplier(item, notes),
        "lang": text_at(item, "language", "", notes),
        "published_at": next(filter(None, times.values()), None),
        "version": _version(item, status, times["versioncreated"], notes),
        "status": "withheld" if is_held and status != "canceled" else status,
        "embargoed": until,
        "signals": _signals(item),
        "slug": text_at(item, "slugline", "", notes),
        "replaces": _named(earlier, origin) if earlier and earlier != own else None,
    }


def _named(name: str, origin: str) -> str:
    """As it stands if it is an address's, a URN or a UUID; else behind the feed's address. What
    comes in a file or by POST has no address that its next version would share.
    """
    return name if _UUID.fullmatch(name) else provided(name, "", origin)


def status_of(item: Properties, notes: list[Note]) -> str | None:
    """``pubstatus``; see ``release.pub_status``."""
    said = item.get("pubstatus")
    if said is None or isinstance(said, str):
        return pub_status(said or "", ".pubstatus", notes)
    return pub_status(fields.shown(said), ".pubstatus", notes)


def _version(
    item: Properties, status: str | None, created: datetime | None, notes: list[Note]
) -> int | None:
    """``version`` is a string of the provider's choice (schema); without one that counts, the
    time of the version in seconds, so that the next one is higher. A kill without one is of all
    versions.
    """
    said = item.get("version")
    if isinstance(said, float) and said.is_integer():
        said = int(said)
    if isinstance(said, int | str) and not isinstance(said, bool):
        version = fields.version_or_note(str(said), ".version", notes)
        if version is not None:
            return version
    elif said is not None:
        notes.append(Note(".version", f"{fields.shown(said)}, expected text; left out"))
    return None if status == "canceled" else fields.version_at(created)


def _moment(item: Properties, name: str, notes: list[Note]) -> datetime | None:
    said = item.get(name)
    if isinstance(said, int | float) and not isinstance(said, bool):
        said = str(said)
    if said is None or isinstance(said, str):
        return fields.moment_or_note(said or "", f".{name}", notes)
    notes.append(Note(f".{name}", f"{fields.shown(said)}, expected a time; left out"))
    return None


def _embargo(item: Properties, notes: list[Note]) -> tuple[datetime | None, bool]:
    """``embargoedUntil`` in 3.x; see ``release.embargo``."""
    name = "embargoed" if item.get("embargoeduntil") is None else "embargoeduntil"
    said = item.get(name)
    text = "" if said is False else said if isinstance(said, str | None) else fields.shown(said)
    return embargo(text, f".{name}", notes, text_at(item, "ednote", "", notes))


def _supplier(item: Properties, notes: list[Note]) -> str | None:
    """Who supplied the content: ``infosources``, Superdesk's ``source``, the ``provider`` of
    AP's API; else who owns it.
    """
    for _, each in objects(item.get("infosources", item.get("infosource"))):
        name = each.get("name") or each.get("literal")
        if isinstance(name, str) and name.strip():
            return name.strip()
    said = (text_at(item, name, "", notes) for name in ("source", "provider", "copyrightholder"))
    return next(filter(None, said), None)


def _signals(item: Properties) -> list[str]:
    """Of Superdesk: objects with a ``code`` of the NewsCodes ``signal``; others have the codes."""
    said = item.get("signal", item.get("signals"))
    codes = [
        each.get("code") or each.get("qcode") if isinstance(each, dict) else each
        for each in (said if isinstance(said, list) else [said])
    ]
    known = (fields.newscode(code).lower() for code in codes if isinstance(code, str))
    return list(dict.fromkeys(code for code in known if code in _SIGNALS))


def _earlier(item: Properties, status: str | None) -> str:
    """The item that this one stands for: 3.x says so in ``associations[].rel``. Superdesk names
    the item that an update is of; to kill the update is not to kill that.
    """
    for _, each in objects(item.get("associations")):
        rel = each.get("rel")
        if isinstance(rel, str) and fields.newscode(rel).lower() in _PREVIOUS:
            return identifier(lowered(each))
    said = item.get("evolvedfrom") or item.get("rewrite_of")
    return said.strip() if isinstance(said, str) and status != "canceled" else ""
