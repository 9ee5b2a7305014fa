"""What a NewsML-G2 item's ``contentSet`` holds: one text in alternate renditions, or no text."""

from dataclasses import dataclass

from workers.feeds.reader import BadField
from workers.feeds.readers import fields
from workers.feeds.readers.body import elements_in, headline_in, is_prose, marked_up, of_base64
from workers.feeds.readers.markup import FRAME, is_markup, text_of
from workers.feeds.readers.xml import Node

_NO_TEXT = frozenset({"text/calendar", "text/css", "text/csv", "text/javascript", "text/vcard"})


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of a ``contentSet``."""

    text: str = ""
    headline: str = ""
    """What the content itself calls its headline."""
    inline: str = ""
    """What the item holds where that is no text: a root element, or a media type."""
    remote: str = ""
    """The media type of what it only points to, where that is no text."""


def content_of(item: Node, headline: str) -> Content:
    """The first rendition that has words, XML before data; without its repeated ``headline``.

    Raises:
        BadField: data can't be decoded, and no other rendition has words.
    """
    fault: BadField | None = None
    other = own = ""
    for each in _inline(item):
        if not _is_text(each):
            other = other or _kind(each)
            continue
        try:
            found = _read(each, headline)
        except BadField as error:
            fault = fault or error
            continue
        if found.text:
            return found
        own = own or found.headline
    if fault:
        raise fault
    remote = item.children("contentSet", "remoteContent")
    elsewhere = "" if any(_is_text(each) for each in remote) else next(map(_kind, remote), "")
    return Content(headline=own, inline="" if own else other, remote=elsewhere)


def _inline(item: Node) -> list[Node]:
    return item.children("contentSet", "inlineXML") + item.children("contentSet", "inlineData")


def _is_text(rendition: Node) -> bool:
    """By the media type where it says so, else by what stands in it."""
    media = _media_type(rendition)
    if "html" in media or "nitf" in media:
        return True
    if rendition.tag == "inlineXML":
        return is_prose(rendition)
    if rendition.tag == "inlineData" and not media:
        return True
    return media.startswith("text/") and media not in _NO_TEXT


def _kind(rendition: Node) -> str:
    if rendition.tag == "inlineXML" and len(rendition):
        return rendition[0].tag
    return _media_type(rendition) or rendition.tag


def _media_type(rendition: Node) -> str:
    return fields.media_type(rendition.get("contenttype", ""))


def _read(rendition: Node, headline: str) -> Content:
    if len(rendition):
        return _of_elements(rendition, headline)
    text = _decoded(rendition)
    if _media_type(rendition) in {"", "text/plain"} and not is_markup(text):
        return Content(text.strip())
    if elements := elements_in(text):
        return _of_elements(elements, headline)
    return Content(text_of(text, leave_out=FRAME))


def _of_elements(elements: Node, headline: str) -> Content:
    own = headline_in(elements)
    return Content(marked_up(elements, headline or own), own)


def _decoded(rendition: Node) -> str:
    """Text as it stands there; with ``@encoding`` out of base64."""
    text = rendition.text or ""
    encoding = rendition.get("encoding") or rendition.get("encodinguri")
    if not encoding:
        return text
    where = f"/contentSet/{rendition.tag}"
    if fields.newscode(encoding).lower() != "base64":
        raise BadField(f"{where}/@encoding", f"{fields.shown(encoding)}, expected base64")
    try:
        return of_base64(rendition, rendition.get("contenttype", ""))
    except ValueError as error:
        raise BadField(where, str(error)) from error
