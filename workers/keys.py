"""Every Redis key of a namespace, in one place, and the type of a stream's answer.

What the fields of the hashes are, and of the log, stands in ``state/schema.py``.

| key                      | type   | holds                                                        |
|--------------------------|--------|--------------------------------------------------------------|
| ``{NS}:articles``        | stream | articles in (contract)                                       |
| ``{NS}:stories``         | stream | story events out (contract)                                  |
| ``{NS}:dead``            | stream | dead letters (contract)                                      |
| ``{NS}:commands``        | stream | editors' rules in (contract)                                 |
| ``{NS}:rulings``         | stream | the answers to them (contract)                               |
| ``{NS}:log``             | stream | fingerprints by number (``N-0``), and what is gone           |
| ``{NS}:clock``           | hash   | last number, event clock, floor, revision of the rules, era  |
| ``{NS}:epochs``          | hash   | epoch → smallest and largest article number in it            |
| ``{NS}:lsh:SHARD``       | hash   | LSH buckets of the version before; see ``process/former.py`` |
| ``{NS}:a:ARTICLE``       | hash   | an article's record: number, version, story, what is pending |
| ``{NS}:s:STORY``         | hash   | a story's figures, a field a member, a field a merged story  |
| ``{NS}:rules``           | hash   | rule id → the accepted command, JSON                         |
| ``{NS}:held``            | hash   | article id → the article, JSON: under embargo or held back   |
| ``{NS}:would``           | hash   | the same → where it would go, JSON                           |
| ``{NS}:embargoes``       | zset   | the same, by the ms until which it is under embargo          |
| ``{NS}:purges``          | hash   | ids of killed articles whose text is still to be purged → of |
|                          |        | whose articles: a mandate, ``1`` of anybody's                |
| ``{NS}:counts``          | hash   | placed, repeated, dead, opened, joined, merged, …            |
| ``{NS}:errors``          | hash   | entry id → why its last attempt failed                       |
| ``{NS}:tries``           | hash   | entry id → how often it failed or died alone, and how many   |
|                          |        | may be in hand with it; see ``lua/claim.lua``                |
| ``{NS}:model``           | string | the model whose fingerprints this namespace holds            |
| ``{NS}:replay``          | hash   | of a namespace that a replay filled: what it was filled from |
| ``{NS}:switching``       | hash   | of one that is being switched: to which namespace, and the   |
|                          |        | stories that the switch has opened                           |
| ``{NS}:sweeper``         | string | lease of the worker that sweeps expired state                |
| ``{NS}:aside:STREAM``    | stream | its entries while ``lua/present.lua`` gives them other ids   |
| ``{NS}:editor``          | string | lease of the worker that applies editors' rules              |
| ``{NS}:feed:URL``        | hash   | what the poller knows of a feed (``feeds/memory.py``)        |
| ``{NS}:feeditems:URL``   | hash   | item id → version, hash of content and last sight of it      |
"""

from dataclasses import dataclass
from typing import Final

from contracts.streams import Streams

StreamEntries = list[tuple[bytes, dict[bytes, bytes]]]
"""What XRANGE and XCLAIM answer; redis-py's own type is a union over protocols and options."""

FORMER_SHARDS = 32_768
"""Hashes that the version before spread LSH buckets over."""


class Key:
    """What follows the prefix of a namespace in each key; scripts have them as ``KEY_LOG`` and so
    on. Those that end in a colon go on with an id: ``Key.ARTICLE + article_id``.
    """

    LOG: Final = "log"
    CLOCK: Final = "clock"
    EPOCHS: Final = "epochs"
    ARTICLE: Final = "a:"
    STORY: Final = "s:"
    RULES: Final = "rules"
    HELD: Final = "held"
    WOULD: Final = "would"
    EMBARGOES: Final = "embargoes"
    PURGES: Final = "purges"
    COUNTS: Final = "counts"
    ERRORS: Final = "errors"
    TRIES: Final = "tries"
    MODEL: Final = "model"
    REPLAY: Final = "replay"
    SWITCHING: Final = "switching"
    SWEEPER: Final = "sweeper"
    EDITOR: Final = "editor"
    FEED: Final = "feed:"
    FEED_ITEMS: Final = "feeditems:"
    ARTICLES: Final = "articles"
    STORIES: Final = "stories"
    DEAD: Final = "dead"
    COMMANDS: Final = "commands"
    RULINGS: Final = "rulings"
    ASIDE: Final = "aside:"


@dataclass(frozen=True, slots=True)
class Keys:
    """The internal keys of one namespace."""

    streams: Streams

    @property
    def prefix(self) -> str:
        """What every key starts with; the scripts build keys from it."""
        return f"{{{self.streams.namespace}}}:"

    @property
    def log(self) -> str:
        return self.prefix + Key.LOG

    @property
    def clock(self) -> str:
        return self.prefix + Key.CLOCK

    @property
    def epochs(self) -> str:
        return self.prefix + Key.EPOCHS

    @property
    def counts(self) -> str:
        return self.prefix + Key.COUNTS

    @property
    def errors(self) -> str:
        return self.prefix + Key.ERRORS

    @property
    def tries(self) -> str:
        return self.prefix + Key.TRIES

    @property
    def model(self) -> str:
        return self.prefix + Key.MODEL

    @property
    def replay(self) -> str:
        return self.prefix + Key.REPLAY

    @property
    def switching(self) -> str:
        return self.prefix + Key.SWITCHING

    @property
    def rules(self) -> str:
        return self.prefix + Key.RULES

    @property
    def held(self) -> str:
        return self.prefix + Key.HELD

    @property
    def would(self) -> str:
        return self.prefix + Key.WOULD

    @property
    def embargoes(self) -> str:
        return self.prefix + Key.EMBARGOES

    @property
    def purges(self) -> str:
        return self.prefix + Key.PURGES

    @property
    def editor(self) -> str:
        return self.prefix + Key.EDITOR

    @property
    def sweeper(self) -> str:
        return self.prefix + Key.SWEEPER

    def client(self, consumer: str) -> str:
        """Name of a worker's connection: by these is seen which workers run."""
        return f"onestory-worker:{self.streams.namespace}:{consumer}"

    def feed(self, url: str) -> str:
        return f"{self.prefix}{Key.FEED}{url}"

    def feed_items(self, url: str) -> str:
        return f"{self.prefix}{Key.FEED_ITEMS}{url}"

    def article(self, article_id: str) -> str:
        return f"{self.prefix}{Key.ARTICLE}{article_id}"

    def story(self, story_id: str) -> str:
        return f"{self.prefix}{Key.STORY}{story_id}"

    def former_shard(self, number: int) -> str:
        return f"{self.prefix}lsh:{number}"
