"""Names of items that no other feed gives to an item of its own."""

import re
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

_WEB = re.compile(r"(?i)https?://(?:[^\s/?#@]*+@)?(?!localhost(?:[\s:/?#]|\Z))[^\s/?#:@]")
"""An address with a host; ``localhost`` is another one for everybody."""
_GLOBAL = re.compile(
    r"(?ix)"
    r"[a-z][a-z0-9+.-]*+://(?:[^\s/?\#@]*+@)?[\w-]++\.[\w-] |"  # a host that DNS knows
    r"urn:[a-z0-9][a-z0-9-]{0,31}:\S |"  # RFC 8141
    r"tag:[^\s,:/]++,\d{4}(?:-\d\d)?(?:-\d\d)?:\S |"  # RFC 4151
    r"doi:10\.\d{4,9}/\S | info:[a-z0-9.+-]++/\S |"  # registries of their own; RFC 4452
    r"oai:[a-z0-9-]++\.[a-z0-9.-]++:\S |"  # the name of a host, and the item's there
    r"uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z"
)


_SHARED = frozenset(["http-post", "-"])
"""Where documents of all feeds come from."""
_LONGEST_TITLE = 80


def is_unique(name: str) -> bool:
    """Whether whoever gave this name could be sure that nobody else gives it.

    That takes an authority in the name: a host, or a registry of names. A scheme alone is none:
    ``post:17`` is an absolute URI by its syntax, and every second site has one.
    """
    if name[:4].lower() == "http":
        return bool(_WEB.match(name))
    return name[:5].lower() != "file:" and bool(_GLOBAL.match(name))


def unique(name: str, feed: str) -> str:
    """An item's name; behind that of its feed if it is unique there only.

    >>> unique("urn:x:17", "https://courier.example/"), unique("17", "https://courier.example/")
    ('urn:x:17', 'https://courier.example/#17')
    >>> unique("post:17", "https://courier.example/")
    'https://courier.example/#post:17'
    """
    return name if is_unique(name) else f"{feed}#{name}"


def provided(name: str, provider: str, origin: str) -> str:
    """A name that a wire's item has, behind its namer's if it is unique there only.

    >>> provided("17", "courier.example", "night.xml"), provided("17", "", "night.xml")
    ('courier.example#17', '17')
    """
    feed = namer(provider, origin)
    return unique(name, feed) if feed else name


def namer(provider: str, origin: str) -> str:
    """Who names a wire's items: their provider, else the feed. Empty in a file without any: its
    own name says nothing of whose names of items these are.
    """
    return provider or (feed_name(origin=origin) if "://" in origin else "")


def feed_name(*names: str, origin: str, title: str = "") -> str:
    """What a feed is called before its items' names: the first of the names that it gives itself
    which nobody else has, a relative one taken from where it came; else where it came from.

    A site that moves to https stays the same feed. What is posted, or piped in, all comes from one
    place: there a feed without any address is told from others by its ``title``.

    >>> feed_name("", "http://courier.example/", origin="https://feeds.example/17")
    'https://courier.example/'
    >>> feed_name("/", origin="https://courier.example/rss?key=*#5f0c81")
    'https://courier.example/'
    """
    made = (absolute(name, origin) for name in names if name)
    place = f"{origin}:{title[:_LONGEST_TITLE]}" if title and origin in _SHARED else origin
    name = next(filter(is_unique, made), place)
    return f"https{name[4:]}" if name[:7].lower() == "http://" else name


def absolute(link: str, *bases: str) -> str:
    """A link from the first base that is an address; as it is where none is (RFC 3986, 5).

    >>> absolute("/news/17", "", "https://courier.example/rss")
    'https://courier.example/news/17'
    """
    base = next(filter(_WEB.match, bases), "")
    try:
        return urljoin(base, link) if link and base and not urlsplit(link).scheme else link
    except ValueError:  # brackets that hold no address of a host
        return link


def address_key(link: str) -> str:
    """What of an address says which page it is: not http or https, ``www``, a last slash, and the
    parameters that count where readers come from.

    >>> address_key("http://www.courier.example/17/?utm_source=rss&id=5")
    'courier.example/17?id=5'
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    if parts.scheme not in {"http", "https"}:
        return link
    query = "&".join(each for each in parts.query.split("&") if not each.startswith("utm_"))
    host = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
    return "".join(
        [
            host,
            parts.path.rstrip("/"),
            f"?{query}" if query else "",
            f"#{parts.fragment}" if parts.fragment else "",
        ]
    )


def page(link: str) -> str | None:
    """The link, if it is one of the web."""
    return link if link.startswith(("http://", "https://")) else None


def hashed(words: str) -> str:
    """A name for words: 32 digits of their SHA-256."""
    return sha256(words.encode("utf-8", "replace")).hexdigest()[:32]


def damage(words: str) -> str:
    """What goes behind a hash of words in a name: U+FFFD if they hold it, so that the name says
    itself that it may be of an item that is known whole.
    """
    return "\ufffd" * ("\ufffd" in words)
