"""The readers of foreign text: those that a walk over the packages finds, and of whole things."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, get_type_hints
from xml.sax.saxutils import escape, quoteattr

from contracts.article import Article
from contracts.dead_letter import DeadLetter, Reason
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.headlines import common_share
from service.matching.marks import shared_marks
from service.stories.intent import intent
from service.stories.withdrawn import is_letter_of
from service.text.chunks import CHUNKS
from service.text.document import document
from service.text.memo import Memo
from service.text.table import LIMIT_CHARACTERS
from tests.support.feeds.samples import read
from tests.unit.linear.patterns import modules
from workers.api.lines import lines_of
from workers.errors import Unprocessable
from workers.feeds.formats import FORMATS, as_document, detected
from workers.state.entries import Entry, article_of

Reader = Callable[[str], object]

_ROOMS = (
    *("contracts.", "service.text.", "service.fingerprints.", "service.matching."),
    *("service.stories.", "workers.api.", "workers.archive.", "workers.feeds."),
)
_HELD = {str: str, bytes: str.encode, Sequence[str]: str.split, int: len}
"""Types of the arguments that are made of a text."""
_ASK_THE_NETWORK = frozenset(["workers.api.server.listening", "workers.feeds.addresses.resolved"])


@cache
def found() -> dict[str, Reader]:
    """Public functions that need nothing but text: a new one is measured without being named."""
    readers: dict[str, Reader] = {}
    for module in modules():
        if module.__name__.startswith(_ROOMS):
            for name, function in vars(module).items():
                is_own = getattr(function, "__module__", "") == module.__name__
                if is_own and not name.startswith("_"):
                    with suppress(TypeError, NameError):
                        readers[f"{module.__name__}.{name}"] = partial(_called, *_typed(function))
    return {name: reader for name, reader in readers.items() if name not in _ASK_THE_NETWORK}


def _typed(function: Any) -> tuple[Any, list[Any]]:
    """A function and how its arguments are made of one text.

    Raises:
        TypeError: it needs something else, or no text.
    """
    if not inspect.isfunction(inspect.unwrap(function)):
        raise TypeError
    hints = get_type_hints(inspect.unwrap(function))
    needed = [
        hints[each.name]
        for each in inspect.signature(function).parameters.values()
        if each.default is each.empty
    ]
    if not {str, bytes, Sequence[str]}.intersection(needed) or not _HELD.keys() >= set(needed):
        raise TypeError
    return function, [_HELD[each] for each in needed]


def _called(function: Any, made: list[Any], text: str) -> None:
    # What it says of nonsense is looked at elsewhere.
    with suppress(Exception):
        result = function(*(make(text) for make in made))
        if isinstance(result, Iterator):
            for _ in result:
                pass


def forget() -> None:
    """As after a start: what was read before is remembered by nobody."""
    CHUNKS._characters = LIMIT_CHARACTERS + 1
    CHUNKS.make_room()
    for memo in _memos():
        if isinstance(memo, Memo):
            memo.clear()
            memo._old.clear()
        else:
            memo.cache_clear()


@cache
def _memos() -> list[Any]:
    held = [value for module in modules() for value in vars(module).values()]
    return [
        each
        for each in held
        if isinstance(each, Memo) or (hasattr(each, "cache_info") and each.cache_info().maxsize)
    ]


def _field(name: str) -> Reader:
    """An entry of the articles stream with text in one field."""

    def reader(text: str) -> None:
        article = {"id": "a", "title": "Ferry", "text": "Ferry returns", name: text}
        with suppress(Unprocessable):
            intent(article_of(Entry("1-0", {b"data": json.dumps(article).encode()}), 10**9))

    return reader


def article_with(**fields: str) -> Article:
    """An article of these fields, however long, and of few words else."""
    article = Article.model_validate({"id": "a", "title": "Ferry", "text": "A ferry returned"})
    return article.model_copy(update=fields)


@cache
def fingerprinter() -> Fingerprinter:
    return Fingerprinter.load()


def _marks(text: str) -> object:
    quarter = text[: len(text) // 4]  # it reads four texts
    return shared_marks(
        article_with(text=quarter, title=f"x{quarter}"),
        article_with(text=quarter, title=f"y{quarter}"),
    )


def _letter(text: str) -> object:
    letter = DeadLetter(
        reason=Reason.NOT_JSON,
        detail="not JSON",
        remedy="send JSON",
        entry_id="1-0",
        deliveries=1,
        dead_at=datetime(2026, 3, 17, tzinfo=UTC),
        fields={"data": text},
    )
    return is_letter_of(letter, {"a", "aaaaaaaaaaaaaaaab", "b" * 40})


def _pieces(text: str) -> None:
    """A body that comes in pieces of a few bytes."""
    body = text.encode("utf-8", "replace")

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 16):
            yield body[at : at + 16]

    async def lines() -> None:
        async for _ in lines_of(pieces(), 10**9):
            pass

    asyncio.run(lines())


def _rss(item: str) -> bytes:
    head = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>'
    )
    return f"{head}<item><guid>a</guid>{item}</item></channel></rss>".encode("utf-8", "replace")


def _within(element: str, text: str) -> str:
    printable = "".join(each for each in text if each.isprintable() or each in "\n\t")
    return f"<{element}>{escape(printable)}</{element.split(maxsplit=1)[0]}>"


def _rss_element(element: str) -> Reader:
    return lambda text: read("rss", _rss(f"<title>t</title>{_within(element, text)}"))


def _newsml(text: str) -> object:
    content = _within('inlineData contenttype="text/html"', text)
    return read(
        "newsml-g2",
        f'<newsItem guid="a" version="1"><contentMeta>{_within("headline", text)}</contentMeta>'
        f"<contentSet>{content}</contentSet></newsItem>".encode("utf-8", "replace"),
    )


def _bodies(text: str) -> object:
    """A headline, a table and a list for each twentieth character."""
    piece = "<h1>a</h1><figure><table><tr><td>b</td></tr></table></figure><ul><li>c</li></ul>"
    content = f"<inlineXML><div>{piece * (len(text) // 20)}</div></inlineXML>"
    return read(
        "newsml-g2",
        f'<newsItem guid="a"><contentSet>{content}</contentSet></newsItem>'.encode(),
    )


def _nitf(text: str) -> object:
    body = _within("body.content", text)
    attribute = quoteattr("".join(each for each in text if each.isprintable()))
    return read(
        "nitf",
        f"<nitf><head><docdata><doc-id id-string={attribute}/><date.release norm={attribute}/>"
        f"<du-key generation={attribute}/><ed-msg info={attribute}/></docdata></head>"
        f"<body>{body}</body></nitf>".encode("utf-8", "replace"),
    )


def _newsml_1(text: str) -> object:
    identifier = _within("PublicIdentifier", text) + _within("RevisionId", text)
    return read(
        "newsml-1",
        f"<NewsItem><Identification><NewsIdentifier>{identifier}</NewsIdentifier></Identification>"
        f"<NewsComponent><ContentItem>{_within('DataContent', text)}</ContentItem></NewsComponent>"
        "</NewsItem>".encode("utf-8", "replace"),
    )


def _ninjs(text: str) -> object:
    item = {"uri": "a", "headline": text, "body_xhtml": text, "slugline": text}
    return read("ninjs", json.dumps(item).encode())


def _ninjs_metadata(text: str) -> object:
    names = ("type", "version", "versioncreated", "embargoed", "ednote", "pubstatus", "signal")
    body = {"role": text, "contenttype": text, "value": "x"}
    item = {"uri": "a", "bodies": [body], f"headline_{text}": "x", "body_nitf": text}
    return [
        read("ninjs", json.dumps({**item, **dict.fromkeys(each, text)}).encode())
        for each in (names[:1], names[1:])
    ]


def _json_feed(text: str) -> object:
    item = {"id": text, "title": text, "content_html": text, "url": text, "date_modified": text}
    feed = {"version": text, "title": text, "home_page_url": text, "items": [item]}
    return read("json-feed", json.dumps(feed).encode())


def _document(name: str) -> Reader:
    return lambda text: read(name, text.encode("utf-8", "replace"))


def _many(before: str, behind: str = "") -> Reader:
    """An element of one name for every eighth word of a text: feedparser takes 0.3 ms for each."""
    return lambda text: read(
        "rss", _rss("".join(before + _within("title", each) + behind for each in text.split()[::8]))
    )


def _looked_at(begin: str) -> Reader:
    def reader(text: str) -> object:
        found = as_document(f"{begin}{text}".encode("utf-8", "replace"), "wire")
        return [*detected(found).read(found)]

    return reader


def _attributes(text: str) -> object:
    """As many attributes as the text has characters."""
    named = " ".join(f"a{place}='b'" for place in range(len(text)))
    return read("rss", _rss(f"<title {named}>t</title>"))


_FIELDS = (
    "id title source url lang slug signals replaces published_at embargoed version status"
).split()
_ELEMENTS = (
    "title description author category pubDate link guid dc:creator dc:language content:encoded "
    "fulltext"
).split()
_BEGINS = ("", "<", "<!--", "<a ", "[", "{", '{"id": "a", "title": "b"}\n', "{\n" * 9)

WHOLE: dict[str, Reader] = {
    "document: its text": lambda text: document(article_with(text=text)),
    "document: its title": lambda text: document(article_with(title=text)),
    "marks of two articles": _marks,
    "two headlines": lambda text: common_share(text, text[::-1]),
    "dead letter of a killed article": _letter,
    "lines in pieces": _pieces,
    **{f"article: {name}": _field(name) for name in _FIELDS},
    **{f"RSS: {element}": _rss_element(element) for element in _ELEMENTS},
    "RSS: attributes": _attributes,
    "RSS: not well-formed": lambda text: read("rss", _rss(f"<title>t & u</title><a>{text}</a>")),
    "RSS: items of one id": _many("</item><item><guid>b</guid>"),
    "RSS: tombstones": _many('</item><deleted-entry ref="b">', "</deleted-entry><item>"),
    "RSS: behind the root": lambda text: read("rss", _rss("") + text.encode("utf-8", "replace")),
    "RSS: before the root": lambda text: read("rss", text.encode("utf-8", "replace") + _rss("")),
    "NewsML-G2": _newsml,
    "NewsML-G2: bodies": _bodies,
    "NITF": _nitf,
    "NewsML 1": _newsml_1,
    "ninjs": _ninjs,
    "ninjs: metadata": _ninjs_metadata,
    "JSON Feed": _json_feed,
    "JSON Feed: broken off": lambda text: read("json-feed", f'{{"items": [{text}'.encode()),
    **{f"{name}: all of it": _document(name) for name in FORMATS},
    **{f"auto: {begin} and the rest": _looked_at(begin) for begin in _BEGINS},
}
"""Readers of whole things, by name."""
