"""Headlines: what they say without markup, tags and the outlet's name, and which tag they carried.

A wire says in a headline's first words that an item is corrected, updated, held back or killed,
and feeds put markup, entities and invisible characters around and into these words. So tags are
looked for in the headline as a reader sees it, here and nowhere else: what is fingerprinted and
what is killed must not depend on two readings of one line.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from contracts.article import Article
from service.text.markup import plain_line
from service.text.normalise import in_one_script, normalise
from service.text.series import without_series, without_site
from service.text.wire import AGENCIES, DASH

LONGEST_HEADLINE = 1_200
"""Characters read of a headline without its markup."""
_LONGEST_RAW = 6_000
"""Characters read with it: the style of one tag may take a thousand."""
_HELD = 1_024
"""Headlines remembered: each is read when its entry comes in and again when it is fingerprinted,
some hundred others later."""

_TAGS = {
    "kill": r"kill|story (?:withdrawn|killed)|withdrawn|аннулир\w*|отозвано",
    "hold": r"hold(?: for release)?|embargo(?:ed)?|эмбарго|не для публикации|придержать",
    "correction": r"correct(?:ed|ion)|refiled?|поправка|уточнени[ея]|исправлен[оа]|исправление",
    "update": r"(?:update|wrapup|upd)(?:\s*\d+)?|updated|обновлен[оа]|обновление|дополнен[оа]",
    "repeat": r"repeat|rpt|повтор",
    "urgent": r"breaking(?: news)?|urgent|flash|срочно|молния",
}
"""What tags mean, gravest first."""
GRAVE = ("kill", "hold")
"""Tags that say what becomes of an item; the others say how it stands to an earlier one."""
_ALWAYS_MEANT = re.compile(r"(?i)story |аннулир|не для")
"""Beginnings of the grave tags that no headline has by chance. ``kill`` and the rest take an item
off the wire, so they count in capitals only: "Hold: how a habit forms" is a story."""
_TAG_WORDS = "|".join(f"(?P<{name}>{words})" for name, words in _TAGS.items())
_HEAD_TAG = re.compile(
    rf"(?i)[\W_]*(?:{_TAG_WORDS})(?:\s+\d+)?"
    rf"(?:[\s_*]*[:.!|/)\]]+[\s_*]*|\s+{DASH}\s+|(?P<tight>\s?{DASH}\s?))"
)
_TAIL_TAG = re.compile(rf"(?i)(?<!\s)\s*+[(\[]\s*+(?:{_TAG_WORDS})\s*+[)\]]\s*+$")
_ONLY_TAG = re.compile(
    "(?i)[\\W_]*(?:" + "|".join(f"(?P<{name}>{_TAGS[name]})" for name in GRAVE) + ")[\\W_]*"
)
_SLUG_PARTS = re.compile(r"[/()\[\]]")
_SLUG_TAG = re.compile(rf"(?i)(?:{_TAG_WORDS})(?:\s+\d+)?")
_SIGNALS = {
    word: name
    for name, words in {
        "kill": "kill killed cancel canceled cancelled withdrawal withdrawn annul annulled",
        "hold": "hold withheld embargo embargoed",
        "correction": "correction corrected corrective refile refiled clarification",
        "update": "update updated writethru write-thru",
        "repeat": "repeat repeated rpt resend",
    }.items()
    for word in words.split()
}
"""IPTC's signal and the words that agencies use in its place."""
_SUFFIX = re.compile(rf"(?<!\s)\s++(?:{DASH}|\||::|/)\s++{AGENCIES}\s*+$")
_OTHER_LETTERS = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff]+")
"""Latin letters and their punctuation in another width or weight; words are cut without them too
(``normal_word``)."""

_SPACED_OUT = re.compile(r"(?<!\S)(?:[A-ZА-ЯЁ] ){3,}[A-ZА-ЯЁ](?!\S)")
"""A word written with spaces: М О С К В А."""


class Headline(NamedTuple):
    """A headline without what the wire added, and the tags it carried."""

    text: str
    tags: tuple[str, ...]
    """``kill``, ``hold``, ``correction``, ``update``, ``repeat``, ``urgent``; gravest first."""


def headline_of(article: Article) -> Headline:
    """An article's headline, with the tags of its signals and its slug beside its own."""
    said = headline(article.title)
    said = Headline(without_site(said.text, article.source or ""), said.tags)
    if not (article.signals or article.slug):
        return said
    return Headline(said.text, _ranked({*said.tags, *signalled(article.signals, article.slug)}))


@lru_cache(maxsize=_HELD)
def headline(title: str) -> Headline:
    """A headline as a feed sends it, read: without markup, tags, and the outlet's name behind it.

    >>> headline("<b>UPDATE 2</b>-Quake hits Japan - Reuters")
    Headline(text='Quake hits Japan', tags=('update',))
    """
    title = _cleaned(title)
    if (found := _ONLY_TAG.fullmatch(title)) and _is_meant(found):
        return Headline("", tuple(name for name in GRAVE if found[name]))
    tags: set[str] = set()
    while (found := _HEAD_TAG.match(title)) and found.end() < len(title):
        if (found["tight"] and not found[0].isupper()) or not _is_meant(found):
            break
        tags.add(next(name for name in _TAGS if found[name]))
        title = title[found.end() :]
    title = _SUFFIX.sub("", title)
    if title.endswith((")", "]")) and (found := _TAIL_TAG.search(title)) and _is_meant(found):
        tags.add(next(name for name in _TAGS if found[name]))
        title = title[: found.start()]
    return Headline(without_series(title).strip(), _ranked(tags))


def signalled(signals: Iterable[str], slug: str | None) -> tuple[str, ...]:
    """The tags among an item's signals and the parts of its slug, gravest first.

    A part of a slug is what stands between slashes or brackets, so that ``ROAD-KILL`` is none.

    >>> signalled(["writethru"], None), signalled([], "QUAKE-JAPAN/ (UPDATE 2)")
    (('update',), ('update',))
    """
    found = {_SIGNALS[word] for word in signals if word in _SIGNALS}
    if slug:
        parts = (_SLUG_TAG.fullmatch(part.strip()) for part in _SLUG_PARTS.split(slug))
        found |= {name for part in parts if part and (name := part.lastgroup)}
    return _ranked(found)


def _ranked(tags: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in _TAGS if name in tags)


def _is_meant(found: re.Match[str]) -> bool:
    word = next((found[name] for name in GRAVE if found[name]), None)
    return word is None or word.isupper() or _ALWAYS_MEANT.match(word) is not None


def _cleaned(title: str) -> str:
    """One line as a reader sees it, in normal form."""
    title = normalise(plain_line(title[:_LONGEST_RAW]))[:LONGEST_HEADLINE]
    if 7 * title.count(" ") > 2 * len(title):  # few titles have words so short
        title = _SPACED_OUT.sub(lambda found: found[0].replace(" ", ""), title)
    if title.isascii():
        return title
    title = in_one_script(title)
    return _OTHER_LETTERS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), title)
