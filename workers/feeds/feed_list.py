"""The poller's file: which feeds, how often.

```toml
[[feed]]
url = "https://courier.example/rss"
format = "rss"          # or another name of a format; auto if absent
interval_s = 300
source = "Eastern Courier"
lang = "ru"
speaks_for = ["feed:courier.example"]
```

``${NAME}`` in an address stands for a variable of the environment: a key or password that is not
to be in a file. The address as it is written is the feed's identity, so it outlives a new key.
"""

import os
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.stories.senders import FEED, named
from workers.errors import OnestoryError
from workers.feeds.fetch import origin_of
from workers.feeds.formats import AUTO, FORMATS
from workers.toml_file import read_toml
from workers.trust import SenderName

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _known(name: str) -> str:
    if name != AUTO and name not in FORMATS:
        raise ValueError(f"format {name!r}, expected {AUTO} or one of {', '.join(FORMATS)}")
    return name


class Feed(BaseModel):
    """One feed to poll."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    format: Annotated[str, AfterValidator(_known)] = AUTO
    interval_s: Annotated[float, Field(ge=5, le=86_400)] = 300.0
    """Seconds between two requests; five is more often than any wire changes."""
    source: str | None = None
    """In place of what the feed calls itself; also whose its items are."""
    lang: str | None = None
    """In place of what the feed says: many carry their software's default."""
    speaks_for: tuple[SenderName, ...] = ()
    """Whose items it may change beside its own, as a file of trust names them."""

    @property
    def sender(self) -> str:
        """Who speaks in its items: feeds of one source are one sender, else feeds of one host."""
        host = urlsplit(self.url).netloc.rpartition("@")[2]
        return named(FEED, self.source or host)

    @property
    def address(self) -> str:
        """``url`` with the variables of the environment that it names.

        Raises:
            OnestoryError: one is not set, or empty.
        """
        return _VARIABLE.sub(_value, self.url)


def _value(found: re.Match[str]) -> str:
    value = os.environ.get(found[1], "")
    if not value:
        raise OnestoryError(f"{found[0]} in a feed's address: no such variable is set")
    return quote(value, safe="")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    feed: Annotated[list[Feed], Field(min_length=1)]


def feeds_in(file: Path) -> list[Feed]:
    """The feeds of a file, in its order.

    Raises:
        OnestoryError: it is no TOML, names no feed, one twice, or something unknown.
    """
    feeds = read_toml(file, _File).feed
    for feed in feeds:
        _ = feed.address  # now, and not when it is due
    urls = [origin_of(feed.url) for feed in feeds]
    twice = next((url for url in urls if urls.count(url) > 1), None)
    if twice:
        raise OnestoryError(f"{file}: {twice} is there twice")
    return feeds
