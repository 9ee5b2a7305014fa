"""The headline, body or description of a ninjs item, out of those that it has.

2.x and 3.x have lists of objects with ``value``, ``role`` and ``contenttype``; 1.x has names with
what they are behind an underscore: ``headline``, ``headline_sms_text``, ``body_xhtml``. Role and
ending are the provider's choice (schemas), so they are read word by word. Taken is

- one that names the whole over one of unknown purpose, and that over a shorter one for a place;
- then the bare name: ``headline_…`` «is not replacing the main headline-property» (schema 1.3);
- then plain text over markup, in which captions and credits stand between the lines;
- then the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workers.feeds.reader import Note
from workers.feeds.readers import fields
from workers.feeds.readers.body import of_text
from workers.feeds.readers.markup import is_markup, lines, text_of

_FORMATS = {
    **dict.fromkeys(("text", "plain"), 0),
    **dict.fromkeys(("html", "html5", "xhtml", "richhtml5", "richtext", "markup"), 1),
    **dict.fromkeys(("nitf", "ttnitf", "xml"), 2),
}
"""Words that say how it is written, and which way is better."""
_UNSAID = 1
_WHOLE = frozenset("main headline title body full complete story article default".split())
_LESSER = frozenset(
    "sms short shorter shorttext twitter tweet x facebook social seo web mobile app push alert "
    "notification teaser promo kicker overline dateline sub subhead subheadline subtitle deck dek "
    "alternative alt summary abstract lead lede ingress intro caption extended print".split()
)
"""Purposes for which a text is cut, or another one written."""
_NO_TEXT = frozenset(
    "creditline credit note ednote accreditation byline copyright keywords correction".split()
)
_PLAIN = frozenset({"text/plain", "plain", "text"})
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Text:
    """One of several, and what makes it better or worse than the others."""

    value: str
    purpose: int
    is_bare: bool
    format: int
    media_type: str

    @property
    def rank(self) -> tuple[int, bool, int]:
        return self.purpose, not self.is_bare, self.format

    def words(self) -> str:
        if self.media_type in _PLAIN:
            return self.value.strip()
        if self.format == _FORMATS["nitf"]:
            return of_text(self.value)
        if "html" in self.media_type:
            return text_of(self.value)
        return words_of(self.value)


def words_of(value: str) -> str:
    """A text that is plain by its standard and HTML where a sender makes it so.

    >>> words_of("<Kino> &amp; Co"), words_of("<b>Ferry</b> &amp; Co")
    ('<Kino> & Co', 'Ferry & Co')
    """
    return text_of(value) if is_markup(value) else lines(value, keep_breaks=True)


def chosen(item: dict[str, Any], name: str, notes: list[Note]) -> str:
    """The words of the best ``headline``, ``body`` or ``description``; empty without any."""
    plural = "bodies" if name == "body" else f"{name}s"
    found = [*_listed(item.get(plural), plural, notes), *_named(item, name, notes)]
    for each in sorted(found, key=lambda one: one.rank):
        if words := each.words():
            return words
    return ""


def _listed(value: Any, where: str, notes: list[Note]) -> Iterator[_Text]:
    """Of 2.x and 3.x."""
    if value is None:
        return
    if not isinstance(value, list):
        notes.append(Note(f".{where}", f"{fields.shown(value)}, expected a list; read as one"))
        value = [value]
    for number, each in enumerate(value):
        one = {"value": each} if isinstance(each, str) else each
        said = {key.lower(): own for key, own in one.items()} if isinstance(one, dict) else {}
        if not isinstance(said.get("value"), str):
            detail = f"{fields.shown(each)}, expected an object with text as its value; left out"
            notes.append(Note(f".{where}[{number}]", detail))
            continue
        role, media_type = str(said.get("role") or ""), str(said.get("contenttype") or "")
        yield from _text(said["value"], fields.newscode(role), media_type, is_bare=False)


def _named(item: dict[str, Any], name: str, notes: list[Note]) -> Iterator[_Text]:
    """Of 1.x."""
    for key, value in item.items():
        if (key == name or key.startswith(f"{name}_")) and value is not None:
            if isinstance(value, str):
                yield from _text(value, key.removeprefix(name), "", is_bare=key == name)
            else:
                detail = f"{fields.shown(value)}, expected text; left out"
                notes.append(Note(f".{key}", detail))


def _text(value: str, role: str, media_type: str, *, is_bare: bool) -> Iterator[_Text]:
    media_type = fields.media_type(media_type)
    said = _WORD.findall(role.lower())
    formats = [_FORMATS[each] for each in said if each in _FORMATS]
    purposes = {each for each in said if each not in _FORMATS}
    if purposes & _NO_TEXT:
        return
    purpose = 2 if purposes & _LESSER else int(not purposes <= _WHOLE)
    if media_type in _PLAIN:
        formats = [_FORMATS["plain"]]
    elif media_type:
        formats = [_FORMATS["nitf" if "nitf" in media_type else "html"]]
    yield _Text(value, purpose, is_bare, max(formats, default=_UNSAID), media_type)
