"""Story events, added up: the articles of a namespace in their stories, each with its history.

The same partition as the reference consumer's (``contracts/consumer.py``): an article is where the
event with the greatest position put it, an event that comes twice changes nothing, and one that
comes again without its text takes the text away. Events are read as they are, without validation:
they are this service's own, and there are a hundred thousand of them at every start. What isn't
known is ignored, as every consumer must.
"""

import logging
from bisect import insort
from collections import deque
from operator import attrgetter
from sys import intern
from typing import Any

from workers.archive.catalogue import Catalogue
from workers.archive.reading import Packer, facts_of, shared
from workers.archive.records import (
    Article,
    Closed,
    Divided,
    Line,
    Merged,
    Placed,
    Retracted,
    Revised,
    Story,
    ms_of,
)
from workers.archive.series import Series

log = logging.getLogger("onestory.board")

EntryId = tuple[int, int]
LINES_KEPT = 1_000
"""Newest events of one story that its history tells: an item that comes in ten thousand versions
must not make an answer of ten thousand lines."""


def entry_key(entry_id: bytes) -> EntryId:
    """An entry's id as the stream orders it."""
    ms, _, number = entry_id.partition(b"-")
    return int(ms), int(number or 0)


class Shelf:
    """What the events so far say; not to be changed from outside."""

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}
        self.stories: dict[str, Story] = {}
        """Also ended ones whose ids resolve."""
        self.catalogue = Catalogue()
        self.series = Series()
        self.position = 0
        """The greatest so far."""
        self.killed: dict[str, Line] = {}
        """Article id → its last kill: what quotes it from before is withdrawn."""
        self._ended: deque[tuple[EntryId, str]] = deque()
        """Closed and retracted stories, in the order in which they ended."""
        self._tombs: deque[tuple[EntryId, str]] = deque()
        """Articles that were killed or held back, likewise."""
        self._packer = Packer()

    def apply(self, entry_id: bytes, event: Any) -> bool:
        """Take in one event, as JSON gives it; False if it was taken in before, or is not
        understood.
        """
        try:
            facts = facts_of(event["type"], event["data"])
            if facts is None:
                return False
            data = event["data"]
            line = Line(
                story_id=intern(data["story_id"]),
                sequence=data["sequence"],
                position=data.get("position", 0),
                entry_id=entry_id,
                type=intern(event["type"]),
                ms=ms_of(event["time"]),
                facts=facts,
            )
            ms_of(data.get("published_at") or event["time"])  # else half of it is taken in
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            log.warning("event in entry %s is not understood: %r", entry_id.decode(), error)
            return False
        return self._apply(line, data)

    def settle(self) -> None:
        """Bring the catalogue up to date; before it is read."""
        self.catalogue.settle()

    def resolve(self, story_id: str) -> str:
        """The id of the story that an id stands for today."""
        while (story := self.stories.get(story_id)) is not None and story.merged_into is not None:
            story_id = story.merged_into
        return story_id

    def is_withdrawn(self, article_id: str | None, position: int) -> bool:
        """Whether words of an article, quoted by the event at ``position``, may no longer be
        shown.
        """
        if article_id is None:
            return False
        kill = self.killed.get(article_id)
        if kill is not None and kill.position > position:
            return True
        article = self.articles.get(article_id)
        return article is not None and bool(article.gone)

    def forget_before(self, first: EntryId) -> None:
        """Forget what ended and has no event in the stream any more, whose first entry is this."""
        for _ in range(len(self._ended)):
            ended, story_id = self._ended[0]
            if ended >= first:
                break
            self._ended.popleft()
            story = self.stories.get(story_id)
            if story is not None and story.last_entry >= first:
                self._ended.append((story.last_entry, story_id))  # told again without its text
            elif story is not None:
                self._forget(story)
        while self._tombs and self._tombs[0][0] < first:
            _, article_id = self._tombs.popleft()
            self.killed.pop(article_id, None)
            article = self.articles.get(article_id)
            if article is not None and article.home is None:
                del self.articles[article_id]

    def _apply(self, line: Line, data: Any) -> bool:
        story = self._story(line.story_id)
        story.last_entry = max(story.last_entry, entry_key(line.entry_id))
        if not story.hears(line.sequence):
            if data.get("redacted"):
                self._redact(story, line, data)
            return False
        self.position = max(self.position, line.position)
        self._note(story, line)
        self.catalogue.changed(story)
        self._change(story, line, data)
        return True

    def _change(self, story: Story, line: Line, data: Any) -> None:
        match line.facts:
            case Placed() as placed:
                self._place(story, placed, line, data)
            case Revised() as revised:
                self._revise(story, revised, line, data)
            case Merged(into=into, because_of=because_of):
                self._lead(self._story(into), line, data)
                story.ruled |= self._is_rule(because_of)
                self._merge(story, into, line)
            case Divided() as divided:
                for article_id in divided.article_ids:
                    self._put(article_id, divided.moved_to, line)
                self._lead(story, line, data)
                story.ruled |= self._is_rule(divided.because_of)
                self._story(divided.moved_to).ruled |= story.ruled
            case Retracted(article_ids=ids, change=change):
                for article_id in ids:
                    self._drop(article_id, change, line)
                story.retracted = True
                self._ended.append((story.last_entry, story.id))
            case Closed():
                self._lead(story, line, data)
                story.closed = True
                self._ended.append((story.last_entry, story.id))

    def _note(self, story: Story, line: Line) -> None:
        """Into the story's history."""
        if not story.lines or line.position < story.lines[0].position:
            story.opened, story.opened_ms = line.position, line.ms
        insort(story.lines, line, key=_POSITION)
        if len(story.lines) > LINES_KEPT:
            del story.lines[0]
        if not isinstance(line.facts, Closed):
            self._touch(story, line)

    def _touch(self, story: Story, line: Line) -> None:
        if story.active <= line.position:
            story.active, story.active_ms = line.position, line.ms

    def _place(self, story: Story, placed: Placed, line: Line, data: Any) -> None:
        self._know(placed.article_id, line, data, data.get("version", 1))
        self._put(placed.article_id, story.id, line)
        self._lead(story, line, data)
        story.ruled |= placed.rule is not None
        matched = self.articles.get(placed.matched or "")
        evidence = data.get("evidence") or {}
        self.series.placed(
            line.ms,
            placed,
            evidence.get("thresholds", {}).get("join"),
            across=matched is not None and matched.told >= 0 and matched.lang != data.get("lang"),
        )

    def _revise(self, story: Story, revised: Revised, line: Line, data: Any) -> None:
        self._lead(story, line, data)
        story.ruled |= revised.rule is not None
        if revised.change == "version":
            self._know(revised.article_id, line, data, revised.new_version or 1)
            self.series.revised(line.ms)
        elif revised.change in ("retracted", "withheld"):
            self._drop(revised.article_id, revised.change, line)

    def _merge(self, ended: Story, into: str, line: Line) -> None:
        if self.resolve(into) == ended.id:
            log.warning("story %s can't merge into itself", ended.id)
            return  # whoever resolves its id would never end
        ended.merged_into = into
        survivor = self._story(self.resolve(into))
        for article in list(ended.members.values()):
            self._move(article, survivor)
        survivor.absorbed += [ended.id, *ended.absorbed]
        survivor.ruled |= ended.ruled
        ended.absorbed = []
        self._touch(survivor, line)
        self.catalogue.changed(survivor)

    def _is_rule(self, because_of: str) -> bool:
        """Whether what is named as the cause is a rule: it is no article, and no switch."""
        return because_of not in self.articles and not because_of.startswith("switch to ")

    def _lead(self, story: Story, line: Line, data: Any) -> None:
        """Who leads, and the figures that only the events know."""
        if story.lead_position < line.position:
            story.lead_position = line.position
            story.lead = intern(data.get("lead") or story.lead)
            story.sources = data.get("independent_sources", 0)

    def _put(self, article_id: str, story_id: str, line: Line) -> None:
        article = self._article(article_id)
        if article.position < line.position:
            article.position, article.placed_ms, article.gone = line.position, line.ms, ""
            self._move(article, self._story(self.resolve(story_id)))

    def _drop(self, article_id: str, change: str, line: Line) -> None:
        """Killed or held back: nothing of its text is kept."""
        article = self._article(article_id)
        if change == "retracted":
            kill = self.killed.get(article_id, line)
            self.killed[article_id] = max(line, kill, key=_POSITION)
        if article.position < line.position:
            article.position, article.gone = line.position, change
            self._move(article, None)
        if article.told < line.position:
            if article.home is not None:
                self.catalogue.loses(article.home, article)
            article.told = line.position
            article.forget_text()
        self._tombs.append((entry_key(line.entry_id), article_id))

    def _move(self, article: Article, home: Story | None) -> None:
        before = article.home
        if before is home:
            return
        if before is not None:
            del before.members[article.id]
            article.was = before.id
            self.catalogue.loses(before, article)
        article.home = home
        if home is not None:
            home.members[article.id] = article
            self.catalogue.joined(home, article)

    def _know(self, article_id: str, line: Line, data: Any, version: int) -> None:
        """What an event says of its article."""
        article = self._article(article_id)
        if article.told > line.position:
            return
        if article.home is not None:
            self.catalogue.loses(article.home, article)
        published = data.get("published_at")
        article.told = line.position
        article.lang = intern(data.get("lang") or "und")
        article.title = data.get("title") or ""
        article.source, article.url = shared(data.get("source")), data.get("url")
        article.published_ms = ms_of(published) if published else None
        article.version = version
        article.relation = shared(data.get("relation"))
        article.score, article.rule = data.get("score"), shared(data.get("rule"))
        article.matched = shared(data.get("matched_article_id"))
        article.why = self._packer.packed(data.get("evidence"))
        article.redacted = bool(data.get("redacted"))
        article.repaired = shared(data.get("repaired"))
        if article.home is not None:
            self.catalogue.gained(article.home, article)

    def _redact(self, story: Story, line: Line, data: Any) -> None:
        """The event was told once more, without text."""
        for known in story.lines:
            if known.sequence == line.sequence:
                known.entry_id = line.entry_id
        article = self.articles.get(data.get("article_id", ""))
        if article is not None and article.told == line.position and not article.gone:
            self._know(article.id, line, data, article.version or 1)

    def _forget(self, story: Story) -> None:
        """A story that is over, with its articles and the stories that merged into it."""
        self.catalogue.forget(story)
        for article_id, article in story.members.items():
            article.home = None  # a cycle would wait for the collector
            del self.articles[article_id]
        story.members.clear()
        for story_id in (story.id, *story.absorbed):
            gone = self.stories.pop(story_id, None)
            if gone is not None:
                self.catalogue.forget(gone)

    def _article(self, article_id: str) -> Article:
        article = self.articles.get(article_id)
        if article is None:
            article = self.articles[article_id] = Article(article_id)
        return article

    def _story(self, story_id: str) -> Story:
        story = self.stories.get(story_id)
        if story is None:
            story = self.stories[story_id] = Story(story_id)
        return story


_POSITION = attrgetter("position")
