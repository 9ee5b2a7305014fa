"""What a wire adds to the text of its items and no reader counts as news.

Datelines, photo credits, and the lines that sell the channel. Two outlets differ in exactly
these words, so they go before fingerprinting; what stands over a text is in ``headline``.
"""

import re

_AGENCY_NAMES = """
РИА Новости|РИА|ТАСС|TASS|Интерфакс|INTERFAX.RU|INTERFAX|Прайм|РБК|ИА Регнум|Regnum|RT|РТ
RT на русском|РТ на русском|Газета.Ru|Лента.ру|Lenta.ru|Коммерсантъ|Коммерсант|Известия|Ведомости
Российская газета|Фонтанка|БЕЛТА|Sputnik|Reuters|Рейтер|Associated Press|AP News|AP|AFP|UPI|DPA|ANSA
EFE|VNA|VOV|ВИА|Xinhua|Синьхуа|Kyodo|Yonhap|CNN|BBC News|BBC|Би-би-си|The Guardian
The New York Times|The Washington Post
The Washington Times|The Independent|The Hill|The Times|The Telegraph
The Moscow Times|NPR|CBS News|NBC News|ABC News|Fox News|Bloomberg|Politico|Al Jazeera|DW
Deutsche Welle|France 24|Euronews|Daily Mail Online|Daily Mail|Meduza|Медуза|The Daily Caller
Breitbart|VnExpress|VietnamPlus|Vietnam+|RT in Russian|Rossiyskaya Gazeta|RIA Novosti|Izvestia
Kommersant|Vedomosti|Gazeta.ru|Lenta.ru|Fontanka|Novaya Gazeta|Новая газета
"""
AGENCIES = f"(?:{'|'.join(map(re.escape, _AGENCY_NAMES.strip().replace(chr(10), '|').split('|')))})"

_MONTH = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|"
    r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[а-яa-z]*\.?"
)
DASH = r"[-–—]{1,2}"

_DATELINE = re.compile(
    rf"""\s*+(?:
      [А-ЯЁA-Z][^\n.!?()]{{1,45}}[,.]\s++\d{{1,2}}\s++{_MONTH}(?:\s++\d{{4}})?[.,]?\s*+
        (?:/[^/\n]{{2,40}}/|\(?{AGENCIES}\)?|{DASH}\s*+{AGENCIES})\s*[.,]?\s*(?:{DASH})?
    | (?:[A-Z][^\n!?()]{{1,50}}?\s*+)?\((?:{AGENCIES}\)\s*(?:{DASH}|:)?|[A-Z]{{2,6}}\)\s*+{DASH})
    | [A-ZА-ЯЁ][A-ZА-ЯЁ .,'’-]{{2,40}}(?:,\s++{_MONTH}\s++\d{{1,2}})?\s++{DASH}
    | {AGENCIES}\s*+(?:{DASH}|:)
    | date\s++\d{{4}}-\d\d-\d\d
    )\s++""",
    re.VERBOSE,
)

_CREDIT = re.compile(
    r"[(\[]?\s{0,20}\b(?:(?i:file )?(?:Photo|PHOTO|photo|Image|Фото|ФОТО|фото|Снимок)"
    r"(?:\s+(?:by|credit|courtesy|source))?\s*[:©/]|©\s*(?:AP|Getty|Reuters|РИА)|Getty Images)"
    r"[^\n.()]{0,60}[)\]]?\.?"
)
_CREDIT_WORDS = ("hoto", "Фото", "ФОТО", "Getty Images", "©", "Снимок:")
_CREDIT_REACH = (16, 100)
"""Characters before and behind such a word that its credit may take."""

_SALES_ANYWHERE = ("ADVERTISEMENT", "Читайте также", "ead more:", "EAD MORE", "continues below")
_SALES_AT_END = (
    "одписывайтесь", "одписывайся", "одписаться", "одпишитесь", "одпишись", "рислать новость",
    "тправить новость", "Читайте нас", "ЧИТАЙТЕ ТАКЖЕ", "Источник:", "ubscribe to ",
    "ubscribe now", "ign up for ", "ign up here", "ign up to ", "ead More", "ollow us on ",
    "opyright ©", "rights reserved", "lick here to ", "lick here for ", "Related:", "RELATED:",
    "aily Newsletters", "Content created by ",
)  # fmt: skip
"""Without their first letters where those come in both cases. A literal search of 3 kB takes
1 µs, so only the first few are looked for everywhere; a regex of all takes 160 µs."""
_END_LENGTH = 700
"""Characters at a text's end where the channel is sold."""
_LONGEST_SALE = 200
"""Characters around such a phrase that go at most, up to the ends of its sentence or line."""
_SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n")
_END_SIGNS = ("./.", "/./", "-0-", "###")
_LONGEST_CAPTION = 300
"""Characters of a first line that may be a photo's caption."""


def body(text: str) -> str:
    """Strips credits, sales lines, dateline and end sign from a plain text."""
    for word in _CREDIT_WORDS:
        if word in text:
            text = _without_credits(_without_caption(text), word)
    for phrase in _SALES_ANYWHERE:
        while (at := text.find(phrase)) >= 0:
            text = _without_sentence(text, at)
    end = text[-_END_LENGTH:]
    for phrase in _SALES_AT_END:
        if phrase in end:
            end = _without_sentence(end, end.find(phrase))
    end = end.rstrip()
    if end.endswith(_END_SIGNS):
        end = end[:-3]
    text = text[:-_END_LENGTH] + end
    if found := _DATELINE.match(text):
        text = text[found.end() :]
    return text


def _without_credits(text: str, word: str) -> str:
    at = text.find(word)
    while at >= 0:
        before, behind = _CREDIT_REACH
        found = _CREDIT.search(text, max(0, at - before), at + behind)
        if found and found.start() <= at < found.end():
            text, at = f"{text[: found.start()]} {text[found.end() :]}", found.start()
        else:
            at += len(word)
        at = text.find(word, at)
    return text


def _without_sentence(text: str, at: int) -> str:
    """``text`` without the sentence or line that holds position ``at``."""
    before = text[max(0, at - _LONGEST_SALE) : at]
    after = text[at : at + _LONGEST_SALE]
    ends = [found.end() for found in _SENTENCE_END.finditer(before)]
    end = _SENTENCE_END.search(after)
    start = at - len(before) + (ends[-1] if ends else 0)
    return f"{text[:start]} {text[at + (end.end() if end else len(after)) :]}"


def _without_caption(text: str) -> str:
    """Drops a first line that is a photo's caption, if the article goes on after it."""
    text = text.lstrip()
    end = text.find("\n", 0, _LONGEST_CAPTION)
    credit = _CREDIT.search(text, 0, end) if end > 0 else None
    is_caption = credit is not None and not text[credit.end() : end].strip()
    return text[end:] if is_caption and text[end:].strip() else text
