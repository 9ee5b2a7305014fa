"""What a namespace has told: where every article is, and why it was put there.

Read from the events alone, since only they hold the evidence. Stories whose window has passed
count too: a replay of a month tells of mostly such stories.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from redis import Redis

from contracts.consumer import Partition
from contracts.events import (
    STORY_EVENT,
    AnyEvent,
    Change,
    Evidence,
    Merger,
    Placement,
    Relation,
    Revision,
    Split,
    StoryClosed,
)
from contracts.streams import Streams
from workers.state.streams import read_after

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Account:
    """What was told last about an article."""

    article_id: str
    position: int
    lang: str
    title: str
    source: str | None
    url: str | None
    published_at: datetime | None
    version: int
    relation: Relation | None
    score: float | None
    matched_article_id: str | None
    rule: str | None
    evidence: Evidence | None
    moved: str = ""
    """Why it is in another story than this account says; empty if it is not."""


@dataclass(frozen=True, slots=True)
class Operating:
    """What decisions were made with."""

    model: str
    sha256: str
    thresholds: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class History:
    """All events of a namespace, summed up."""

    partition: Partition = field(default_factory=Partition)
    accounts: dict[str, Account] = field(default_factory=dict)
    """By article id; also of articles that were killed since."""
    operating: Counter[Operating] = field(default_factory=Counter)
    """Models and thresholds that were in force, by the articles that they placed."""

    def apply(self, event: AnyEvent) -> None:
        """Take in the next event; one that was taken in before has no effect."""
        # Not its closure: the articles of a story stay comparable when its window has passed.
        if isinstance(event, StoryClosed) or not self.partition.apply(event):
            return
        data = event.data
        match data:
            case Placement():
                self._account(_placed(data))
            case Revision(change=Change.VERSION):
                self._account(_revised(data))
            case Merger():
                self._moved(data, f"its story merged into {data.merged_into}")
            case Split():
                self._moved(data, f"it left {data.split_from} for {data.moved_to}")
            case _:
                pass

    def _account(self, account: Account) -> None:
        known = self.accounts.get(account.article_id)
        # An event that was told once more without its text comes late.
        if known is not None and known.position > account.position:
            return
        self.accounts[account.article_id] = account
        why = account.evidence
        if why is not None:
            thresholds = tuple(sorted(why.thresholds.items()))
            self.operating[Operating(why.model.version, why.model.sha256, thresholds)] += 1

    def _moved(self, data: Merger | Split, how: str) -> None:
        for article_id in data.article_ids:
            known = self.accounts.get(article_id)
            if known is not None and known.position < data.position:
                why = f"{how}, because of {data.because_of}"
                self.accounts[article_id] = replace(known, position=data.position, moved=why)


def history_of(redis: Redis, streams: Streams) -> History:
    """The history of a namespace, as far as its stream of events goes back."""
    history = History()
    for event in _events(redis, streams):
        history.apply(event)
    return history


def _events(redis: Redis, streams: Streams) -> Iterator[AnyEvent]:
    last = "0"
    while entries := read_after(redis, streams.stories, last, count=_CHUNK, block_ms=None):
        last = entries[-1][0].decode()
        for _, fields in entries:
            yield STORY_EVENT.validate_json(fields[b"data"])


def _placed(data: Placement) -> Account:
    return Account(
        article_id=data.article_id,
        position=data.position,
        lang=data.lang,
        title=data.title,
        source=data.source,
        url=data.url,
        published_at=data.published_at,
        version=data.version,
        relation=data.relation,
        score=data.score,
        matched_article_id=data.matched_article_id,
        rule=data.rule,
        evidence=data.evidence,
    )


def _revised(data: Revision) -> Account:
    return Account(
        article_id=data.article_id,
        position=data.position,
        lang=data.lang or "und",
        title=data.title,
        source=data.source,
        url=data.url,
        published_at=data.published_at,
        version=data.new_version or 1,
        relation=data.relation,
        score=data.score,
        matched_article_id=data.matched_article_id,
        rule=data.rule,
        evidence=data.evidence,
    )
