"""What a wire adds to its items and no reader counts as news.

Datelines, headline tags and suffixes, photo credits, and the lines that sell the
channel. Two outlets differ in exactly these words, so they go before fingerprinting.
"""

import re
from typing import NamedTuple

_AGENCIES = (
    r"(?:РИА Новости|РИА|ТАСС|TASS|Интерфакс|INTERFAX(?:\.RU)?|Прайм|РБК|Regnum|ИА Регнум|RT|РТ на русском"
    r"|RT на русском|Газета\.Ru|Лента\.ру|Lenta\.ru|Коммерсантъ?|Известия|Ведомости|Российская газета|Фонтанка"
    r"|БЕЛТА|Sputnik|Reuters|Рейтер|Associated Press|AP(?: News)?|AFP|UPI|DPA|ANSA|EFE|VNA|VOV|ВИА"
    r"|Xinhua|Синьхуа|Kyodo|Yonhap|CNN|BBC(?: News)?|Би-би-си|The (?:Guardian|New York Times|Washington Post"
    r"|Washington Times|Independent|Hill|Times|Telegraph|Moscow Times)|NPR|CBS News|NBC News|ABC News|Fox News"
    r"|Bloomberg|Politico|Al Jazeera|DW|Deutsche Welle|France 24|Euronews|Daily Mail(?: Online)?|Meduza|Медуза"
    r"|The Daily Caller|Breitbart|VnExpress|Vietnam(?:Plus|\+))"
).replace(" ", r"\ ")

_MONTH = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|"
    r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[а-яa-z]*\.?"
)
_DASH = r"[-–—]{1,2}"

_DATELINE = re.compile(
    rf"""\s*(?:
      [А-ЯЁA-Z][^\n.!?()]{{1,45}}[,.]\s+\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?[.,]?\s*
        (?:/[^/\n]{{2,40}}/|\(?{_AGENCIES}\)?|{_DASH}\s*{_AGENCIES})\s*[.,]?\s*(?:{_DASH})?
    | (?:[A-Z][^\n!?()]{{1,50}}?\s*)?\((?:{_AGENCIES}\)\s*(?:{_DASH}|:)?|[A-Z]{{2,6}}\)\s*{_DASH})
    | [A-ZА-ЯЁ][A-ZА-ЯЁ .,'’-]{{2,40}}(?:,\s+{_MONTH}\s+\d{{1,2}})?\s+{_DASH}
    | {_AGENCIES}\s*(?:{_DASH}|:)
    | date\s+\d{{4}}-\d\d-\d\d
    )\s+""",
    re.VERBOSE,
)

_TAGS = {
    "correction": r"correct(?:ed|ion)|refile|поправка|уточнени[ея]|исправлен[оа]|исправление",
    "update": r"(?:update|wrapup|upd)(?:\s*\d+)?|updated|обновлен[оа]|обновление|дополнен[оа]",
    "repeat": r"repeat|rpt|повтор",
    "kill": r"kill|story (?:withdrawn|killed)|withdrawn|аннулир\w*|отозвано",
    "urgent": r"breaking(?: news)?|urgent|flash|срочно|молния",
}
_TAG_WORDS = "|".join(f"(?P<{name}>{words})" for name, words in _TAGS.items())
_HEAD_TAG = re.compile(
    rf"(?i)\W*(?:{_TAG_WORDS})(?:\s+\d+)?(?:\s*[:.!|/)\]]+\s*|\s+{_DASH}\s+|(?P<tight>\s?{_DASH}\s?\(?))"
)
_TAIL_TAG = re.compile(rf"(?i)\s*[(\[]\s*(?:{_TAG_WORDS})\s*[)\]]\s*$")
_SUFFIX = re.compile(rf"\s+(?:{_DASH}|\||::|/)\s+{_AGENCIES}\s*$")

_CREDIT_WORDS = ("Фото", "ФОТО", "фото", "hoto", "PHOTO", "Image", "Снимок", "Getty")
_CREDIT = re.compile(
    r"[(\[]?\s*\b(?:(?i:file )?(?:Photo|PHOTO|photo|Image|Фото|ФОТО|фото|Снимок)"
    r"(?:\s+(?:by|credit|courtesy|source))?\s*[:©/]|©\s*(?:AP|Getty|Reuters|РИА)|Getty Images)"
    r"[^\n.()]{0,60}[)\]]?\.?"
)

_SALES_WORDS = (
    "одпис", "итайте", "рислать", "ubscribe", "ign up", "ead more", "EAD MORE", "ollow us",
    "dvertis", "opyright", "rights reserved", "lick here", "тправить новость", "opinion section",
    "elated:", "ELATED:", "ewsletter", "Источник:", "ontent created by",
)  # fmt: skip
_SALES = re.compile(
    r"""(?ix)[^\n.!?]{0,160}(?:
      подпи(?:сывайтесь|сывайся|саться|шитесь|шись)|читайте\s+(?:также|нас)|прислать\s+новость
    | отправить\s+новость|subscribe\s+(?:to|now|here)|sign\s+up\s+(?:for|here|to)|read\s+more\s*[:.]|read\s+more$
    | follow\s+us\s+on|^\s*advertisement\b|story\s+continues\s+below|copyright\s+©|all\s+rights\s+reserved
    | click\s+here\s+(?:to|for)|related\s*:|manage\s+newsletters|daily\s+newsletters
    | content\s+created\s+by\s+the\s+daily\s+caller
    )[^\n.!?]{0,200}[.!?]*"""
)
_END_SIGN = re.compile(r"\s*(?:\./\.|/\./|-0-|###)\s*$")


class Headline(NamedTuple):
    """A headline without what the wire added, and the tag it carried."""

    text: str
    tag: str | None
    """``correction``, ``update``, ``repeat``, ``kill``, ``urgent`` or None."""


def headline(title: str) -> Headline:
    """Strips tags before and after a headline, and the outlet's name behind it.

    >>> headline("UPDATE 2-Quake hits Japan - Reuters")
    Headline(text='Quake hits Japan', tag='update')
    """
    tag = None
    while (found := _HEAD_TAG.match(title)) and found.end() < len(title):
        if found["tight"] and not found[0].isupper():
            break
        tag = tag or next(name for name in _TAGS if found[name])
        title = title[found.end() :]
    title = _SUFFIX.sub("", title)
    if title.endswith((")", "]")) and (found := _TAIL_TAG.search(title)):
        tag, title = tag or found.lastgroup, title[: found.start()]
    return Headline(title.strip(), tag)


def body(text: str) -> str:
    """Strips credits, sales lines, dateline and end sign from a plain text."""
    if any(word in text for word in _CREDIT_WORDS):
        text = _CREDIT.sub(" ", _without_caption(text))
    if any(word in text for word in _SALES_WORDS):
        text = _SALES.sub(" ", text)
    if found := _DATELINE.match(text):
        text = text[found.end() :]
    return _END_SIGN.sub("", text)


def _without_caption(text: str) -> str:
    """Drops a first line that is a photo's caption, if the article goes on after it."""
    first, _, rest = text.lstrip().partition("\n")
    credit = _CREDIT.search(first)
    is_caption = credit is not None and credit.end() >= len(first.rstrip()) and len(first) < 300
    return rest if is_caption and rest.strip() else text
