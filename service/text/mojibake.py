"""Mojibake: text whose bytes were read in a wrong encoding, and what it was.

Feeds send windows-1251 read as latin-1 (``Ìîñò``), UTF-8 read as windows-1251 (``РњРѕСЃС‚``), and
what two programs in a row made of it. Two things tell:

* Bytes of UTF-8 follow each other as no letters of a word do. A text of which nearly all
  characters beyond ASCII make up such sequences was UTF-8, whatever its language.
* Code pages of Cyrillic have no such order, but words have: pairs of letters (``bigrams``) say by
  how many bits a text is likelier words than noise. It is repaired if it comes to words that way
  and was none as it came.

So a repair needs a text that reads clearly better than before, and what reads well is left alone,
with the mojibake that it quotes. A clean text pays for a look at its first ``SAMPLE`` characters:
up to 10 µs.
"""

from dataclasses import dataclass

from contracts.article import Article
from service.text.diagnosis import after, diagnosis, fits
from service.text.misreadings import Misreading

SAMPLE = 600
"""Characters looked at: a text is broken from its beginning or not at all."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A text that was mojibake."""

    text: str
    """What it was."""
    undone: tuple[Misreading, ...]
    """How it was misread, the last time first: so it is undone."""

    @property
    def said(self) -> str:
        """In words, in the order in which it happened."""
        return ", then ".join(map(str, reversed(self.undone)))


def repaired(text: str, known: tuple[Misreading, ...] = ()) -> Repair | None:
    """What a text was before its bytes were misread; None if it is as it should be.

    ``known``: how its article's title or text was, which is enough for words that prove nothing
    alone.

    >>> repaired("Ðåöåíçèÿ íà ôèëüì î âîéíå").said
    'windows-1251 read as latin-1'
    """
    sample = text[:SAMPLE]
    undone = diagnosis(sample)
    if known and fits(sample, known, undone):
        undone = known
    return Repair(after(text, undone), undone) if undone else None


def mended(article: Article) -> tuple[Article, str | None]:
    """An article with title and text as they were before they became mojibake, and how they came,
    in words; None where they came as they should.

    Each has to prove that it is broken; where one does, what was done to it is tried on the other,
    which may be too short to.
    """
    text = repaired(article.text)
    title = repaired(article.title, text.undone if text else ())
    if title and not text:
        text = repaired(article.text, title.undone)
    if title is None and text is None:
        return article, None
    mending = {"title": title, "text": text}
    said = {name: each.said for name, each in mending.items() if each}
    changed = {name: each.text for name, each in mending.items() if each}
    is_one = len({*said.values()}) == 1 and len(said) == bool(article.title) + bool(article.text)
    return article.model_copy(update=changed), (
        next(iter(said.values()))
        if is_one
        else "; ".join(f"{name}: {each}" for name, each in said.items())
    )
