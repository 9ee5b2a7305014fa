"""What outlets put around a headline: the name of the site behind it, the series before it.

"Olympics Latest: Rower wins | The Harbour Post" says "Rower wins". The same label stands on
hundreds of items of a site, so what it says is no news and must not make them alike.
"""

import re
from functools import lru_cache

from service.text.names import skeleton
from service.text.wire import DASH

_LONGEST_END = 48
"""Characters behind which no outlet's name begins."""
_LONGEST_BEGINNING = 80
_MAY_BEGIN = re.compile(rf"[:|]|\s{DASH}\s")
_MAY_END = re.compile(rf"\s{DASH}\s|[|(\[:/]")
FEWEST_WORDS = 2
"""Of a headline that may lose what is around it."""
_MOST_NAMES = 2
"""Names of sites behind one headline: "… | Sport - The Harbour Post"."""

_SERIES = (
    "live|live updates?|live blog|live coverage|latest|latest news|watch(?: live)?|video|photos?|"
    "pictures|in pictures|gallery|listen|podcast|exclusive|explained|explainer|opinion|analysis|"
    "comment|column|editorial|review|recap|interview|quiz|poll|report|reports|study|fact[ -]?check|"
    "feature|sponsored|breaking news|developing|just in|видео|фото|фоторепортаж|сми|источник|"
    "источники|эксклюзив|мнение|интервью|обзор|подкаст|опрос|тест|репортаж|колонка|главное|"
    "онлайн|прямой эфир|прямая трансляция|хроника"
)
_LABEL = re.compile(
    rf"[\W_]*+(?:(?i:{_SERIES})|(?:[^\s:|]++\s){{1,4}}(?:{DASH}\s(?i:live)|(?:{DASH}\s)?(?:Live|LIVE|"
    r"(?i:live (?:updates?|news|blog|coverage)|news live|latest(?: news| updates?)?|updates?|"
    r"хроника событий|последние новости|онлайн[- ]трансляция)(?: LIVE)?)))"
    rf"(?:\s*+[:|]|\s++{DASH})\s++"
)
_BEHIND = re.compile(
    rf"(?i)(?<!\s)(?:\s++{DASH}\s|\s*+[|(\[])\s*+(?:video|photos?|pictures|live(?: updates?)?|"
    r"live blog|as it happened|opinion|analysis|explained|sponsored|advertorial|видео|фото|"
    r"реклама|онлайн|хроника|на правах рекламы)\s*+[)\]]?\s*+$"
)
_SITE = re.compile(
    rf"(?<!\s)\s++(?:(?P<dash>{DASH})|\||::|//)\s++(?P<name>(?:(?!\s{DASH}\s)[^|]){{2,40}})$"
)
_DOMAIN = re.compile(r"(?i)[\w-]\.(?:com?|org|net|ru|uk|au|in|info|news|tv|pro|london|by|kz|ua)\b")
_OUTLET_WORD = re.compile(
    r"(?:News|Times|Post|Herald|Guardian|Tribune|Gazette|Journal|Telegraph|Express|Mail|Chronicle|"
    r"Observer|Independent|Standard|Today|Online|Daily|Weekly|Magazine|TV|Radio|Network|Sports?|Echo|"
    r"Record|Star|Sun|Mirror|Wire|Press|Review|Digest|Courier|Examiner|Inquirer|Bulletin|НОВОСТИ|"
    r"Новости|Вести|Газета|Известия|Ведомости|Правда|Спорт|Медиа|Журнал|Экспресс|Курьер|Вестник|"
    r"Комсомолец|Хроника|(?<=\s)(?:правда|газета|новости|спорт|вестник|хроника|курьер|дневник))$"
)
_SMALL_WORDS = frozenset("the of and on in a for de la на в и о".split())
_LONGEST_NAME = 5
"""Words of an outlet's name."""
_LONGEST_SOURCE = 200
"""Characters read of a source."""


def without_series(title: str) -> str:
    """A headline without the label before it, if something is left.

    >>> without_series("Olympics Latest: Rower wins first gold")
    'Rower wins first gold'
    """
    found = _MAY_BEGIN.search(title, 0, _LONGEST_BEGINNING) and _LABEL.match(title)
    return title[found.end() :] if found and _is_enough(title[found.end() :]) else title


@lru_cache(maxsize=1_024)
def without_site(title: str, source: str) -> str:
    """A headline without the outlet's name behind it.

    >>> without_site("Rower wins first gold | Sport - The Harbour Post", "harbourpost.com")
    'Rower wins first gold'
    """
    for _ in range(_MOST_NAMES):
        tail = max(0, len(title) - _LONGEST_END)
        if not _MAY_END.search(title, tail):
            break
        found = _BEHIND.search(title, tail) or _SITE.search(title, tail)
        if not found or not _is_enough(title[: found.start()]):
            break
        if found.re is _SITE and not _is_outlet(found, source):
            break
        title = title[: found.start()].rstrip()
    return title


def _is_enough(title: str) -> bool:
    return len(title.split()) >= FEWEST_WORDS


def _is_outlet(found: re.Match[str], source: str) -> bool:
    name = found["name"]
    words = name.split()
    if len(words) > _LONGEST_NAME:
        return False
    if _DOMAIN.search(name) or _is_of(name, source):
        return True
    is_titled = all(word[0].isupper() or word in _SMALL_WORDS for word in words[:-1] or words)
    return is_titled and (not found["dash"] or _OUTLET_WORD.search(name) is not None)


def _is_of(name: str, source: str) -> bool:
    """Whether a name is the source's, in any script and with or without its domain."""
    one, other = _sound(name), _sound(source[:_LONGEST_SOURCE])
    return min(len(one), len(other)) > 1 and (one.startswith(other) or other.startswith(one))


def _sound(name: str) -> str:
    name = re.sub(r"(?i)^(?:www\.|the )|\.(?:com?|org|net|ru|info|news)(?:\.[a-z]{2})?$", "", name)
    return "".join(skeleton(word) for word in re.findall(r"[^\W_]+", name.lower()))
