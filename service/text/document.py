"""An article as text sees it: cleaned, cut into words, its language and anchors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from contracts.article import Article
from service.text.anchors import Anchor, Anchors, Kind
from service.text.cues import cues
from service.text.headline import GRAVE, Headline, headline_of
from service.text.language import languages
from service.text.markup import plain
from service.text.mentions import mentions
from service.text.normalise import normalise
from service.text.scan import Scan, scan
from service.text.table import Numbers
from service.text.tokens import word_tokens
from service.text.wire import body

LONGEST_TEXT = 20_000
"""Characters read of a text (about 3,000 words). News stands in the first thousand words;
a 5 MB text would hold up the others behind it for half a second."""
LONGEST_TITLE = 300
"""Characters kept of a title, and of the first line that stands in for a missing one."""

_ITEM = re.compile(r"(?m)^[ \t]*+(?:([—–-])|[•*▪●◦‣🔹🔸]|\d{1,2}[.)])[ \t\ufe0f]*+\w(.*)")
_SPOKEN = re.compile(r"[,.!?…] [—–-] ")
_SHOUTED = re.compile(r"[^\w?!…]*+[?!…]")
"""A line behind a dash that is speech: it is followed by who said it; or, from its end, asked or
shouted."""
_DIALOGUE = 1 / 3
"""Share of such lines from which dashes begin speech, not items."""


@dataclass(frozen=True, slots=True)
class Document:
    """What one pass over an article's text yields."""

    lang: str
    """ISO 639-1, or ``und`` when unsure; the feed's own word is taken over a guess."""
    title: str
    """For display: without tags, suffixes, markup; at most ``LONGEST_TITLE`` characters."""
    text: str
    """The body that ``tokens`` were cut from, as written: without markup, dateline, credits."""
    title_tokens: list[str]
    tokens: list[str]
    """Words of the body in normal form, a repeated headline left out."""
    title_numbers: Numbers
    """Of ``title_tokens`` in ``WORDS``; like the next void when another batch is read."""
    token_numbers: Numbers
    lead_end: int
    """``tokens[:lead_end]`` is the lead."""
    headline_tag: str | None
    """How it stands to an earlier text, said by headline, signals or slug: ``correction``,
    ``update``, ``repeat``, ``urgent``, or None."""
    items: int
    """Lines that begin as list items: what tells a digest from a story."""
    cues: int
    """What title (low 32 bits) and lead (high) say happened, see ``cues``."""
    said: Anchors
    """Of all articles that were read together."""
    place: int
    """Index among them."""

    @property
    def lead(self) -> str:
        """The lead as written: the chunks of ``text`` that hold its words."""
        left = self.lead_end
        chunks = []
        for chunk in self.text.split():
            if left <= 0:
                break
            chunks.append(chunk)
            left -= len(word_tokens(chunk))
        return " ".join(chunks)

    @property
    def anchors(self) -> list[Anchor]:
        """Names, numbers and dates, spelled out; a batch has them as arrays."""
        return self.said.of(self.place)

    @property
    def names(self) -> list[Anchor]:
        """Anchors that are names."""
        return [anchor for anchor in self.anchors if anchor.kind is Kind.NAME]

    @property
    def numbers(self) -> list[Anchor]:
        """Anchors that are numbers or dates."""
        return [anchor for anchor in self.anchors if anchor.kind is not Kind.NAME]


class Documents(NamedTuple):
    """Articles read together; the arrays hold title and body of each, end to end."""

    read: list[Document]
    words: Numbers
    """Numbers of the words in ``WORDS``, shape (words,); void when the next batch is read."""
    bounds: Numbers
    """Where each article's words begin, and the end of the last; shape (articles + 1,)."""
    varying: Numbers
    """Indices into ``words`` of capitalised words and numbers: what templates vary in."""
    anchors: Anchors


def documents(articles: Sequence[Article]) -> Documents:
    """Reads articles: a third of a millisecond for 3 kB, tens of them however long the text."""
    cleaned = [_cleaned(article) for article in articles]
    texts = list(chain.from_iterable([(said.text, text) for said, text in cleaned]))
    scans = scan(texts)
    declared = [_declared(article.lang) for article in articles]
    langs = languages(declared, texts, scans.words, scans.bounds)
    anchors = mentions(scans)
    read = [
        _document(*parts, heading, content, lang, anchors, place)
        for place, (parts, heading, content, lang) in enumerate(
            zip(cleaned, scans.texts[::2], scans.texts[1::2], langs, strict=True)
        )
    ]
    return Documents(read, scans.words, scans.bounds[::2], scans.varying, anchors)


def document(article: Article) -> Document:
    """Reads one article."""
    return documents([article]).read[0]


def _cleaned(article: Article) -> tuple[Headline, str]:
    """Headline and text."""
    said = headline_of(article)
    text = body(plain(article.text[:LONGEST_TEXT])).lstrip()
    if said.text and text.startswith(said.text):
        text = text[len(said.text) :]
    return said, text


def _document(
    said: Headline,
    text: str,
    heading: Scan,
    content: Scan,
    lang: str,
    anchors: Anchors,
    place: int,
) -> Document:
    title = said.text
    return Document(
        lang=lang,
        title=_display(title or normalise(text[:LONGEST_TITLE].partition("\n")[0])),
        text=text,
        title_tokens=heading.words,
        tokens=content.words,
        title_numbers=heading.numbers,
        token_numbers=content.numbers,
        lead_end=content.lead_end,
        headline_tag=next((tag for tag in said.tags if tag not in GRAVE), None),
        items=_items(text),
        cues=cues(heading.words, content.words[: content.lead_end]),
        said=anchors,
        place=place,
    )


def _items(text: str) -> int:
    if text.count("\n") < 2:
        return 0
    lines = _ITEM.findall(text)
    dashed = [line for dash, line in lines if dash]
    spoken = sum(map(_is_spoken, dashed))
    return len(lines) - (len(dashed) if spoken > _DIALOGUE * len(dashed) else 0)


def _is_spoken(line: str) -> bool:
    return _SPOKEN.search(line) is not None or _SHOUTED.match(line[::-1]) is not None


def _declared(lang: str | None) -> str:
    """The two letters of ``ru``, ``ru-RU`` or ``RU_ru``; anything else is none."""
    if not lang:
        return ""
    code = lang.replace("_", "-").split("-")[0].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _display(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    return title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
