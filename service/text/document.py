"""An article as text sees it: cleaned, cut into words, its language and anchors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from contracts.article import Article
from service.text.anchors import Anchor, Kind
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
_TITLE_CASE_SHARE = 0.6
"""Share of a headline's longer words in capitals from which capitals prove nothing."""

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
    anchors: list[Anchor]
    title_ranks: dict[str, int]
    """Keys of the names that the title says → their rank there, from 1."""
    headline_tag: str | None
    """How it stands to an earlier text, said by headline, signals or slug: ``correction``,
    ``update``, ``repeat``, ``urgent``, or None."""
    items: int
    """Lines that begin as list items: what tells a digest from a story."""
    cues: int
    """What title (low 32 bits) and lead (high) say happened, see ``cues``."""

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


def documents(articles: Sequence[Article]) -> Documents:
    """Reads articles: a third of a millisecond for 3 kB, tens of them however long the text."""
    cleaned = [_cleaned(article) for article in articles]
    texts = list(chain.from_iterable([(said.text, text) for said, text in cleaned]))
    scans, words, bounds, varying = scan(texts)
    declared = [_declared(article.lang) for article in articles]
    langs = languages(declared, texts, words, bounds)
    read = [
        _document(*parts, heading, content, lang)
        for parts, heading, content, lang in zip(
            cleaned, scans[::2], scans[1::2], langs, strict=True
        )
    ]
    return Documents(read, words, bounds[::2], varying)


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


def _document(said: Headline, text: str, heading: Scan, content: Scan, lang: str) -> Document:
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
        anchors=mentions(heading, content, is_title_case=_is_title_case(heading)),
        title_ranks=_ranks(heading),
        headline_tag=next((tag for tag in said.tags if tag not in GRAVE), None),
        items=_items(text),
        cues=cues(heading.words, content.words[: content.lead_end]),
    )


def _ranks(heading: Scan) -> dict[str, int]:
    keys = dict.fromkeys(key for _, _, held, *_ in heading.spots for key, *_ in held[3])
    return {key: rank for rank, key in enumerate(keys, 1)}


def _items(text: str) -> int:
    if text.count("\n") < 2:
        return 0
    lines = _ITEM.findall(text)
    dashed = [line for dash, line in lines if dash]
    spoken = sum(map(_is_spoken, dashed))
    return len(lines) - (len(dashed) if spoken > _DIALOGUE * len(dashed) else 0)


def _is_spoken(line: str) -> bool:
    return _SPOKEN.search(line) is not None or _SHOUTED.match(line[::-1]) is not None


def _is_title_case(heading: Scan) -> bool:
    longer = [word for word in heading.words if len(word) > 3]
    capitals = sum(
        surface[0].isupper() and len(surface) > 3
        for _, _, (_, surfaces, *_), *_ in heading.spots
        for surface in surfaces
    )
    return len(longer) > 2 and capitals >= _TITLE_CASE_SHARE * len(longer)


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
