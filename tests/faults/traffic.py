"""What a wire sends: stories in two languages, and all that may become of an article.

Seeded: the same seed gives the same lines. With each line goes what must have come of its
article when all is quiet.
"""

import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from tests.faults.wording import Words, name, sentence, words

START = datetime(2026, 2, 9, tzinfo=UTC)
INTERVAL = timedelta(seconds=10)
"""Of event time between two articles."""
STAMP = b"@embargo@"
"""In the body of a line under embargo, until it is sent."""
_RECENT_STORIES = 40
_RECENT_ARTICLES = 150


class Fate(StrEnum):
    """What must have become of an article."""

    PLACED = "placed"
    KILLED = "killed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry to publish."""

    body: bytes
    stream: str = "articles"
    embargo_s: float = 0.0


@dataclass(slots=True)
class Expected:
    """Of one article."""

    fate: Fate
    version: int
    story: int
    words: Words


@dataclass(slots=True)
class Group:
    """A story as it is written, and whether its articles must end in one."""

    number: int
    words: Words
    articles: list[str] = field(default_factory=list)
    is_pure: bool = True
    """Only articles that nothing happened to."""


class Traffic:
    """Lines without end, and what is expected of them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"traffic {seed}")
        self.at = START
        self._articles = 0
        self._stories = 0
        self._rules = 0
        self._recent: deque[Group] = deque(maxlen=_RECENT_STORIES)
        self._ids: deque[str] = deque(maxlen=_RECENT_ARTICLES)
        self._lines: dict[str, Line] = {}
        self._lives: list[tuple[float, Callable[[str, Expected], list[Line]]]] = [
            (0.90, self._repeat),
            (0.93, self._version),
            (0.945, self._kill),
            (0.95, lambda *_: self._killed_ahead()),
            (0.965, lambda *_: self._held()),
            (0.98, lambda *_: self._embargoed()),
            (0.99, lambda *_: self._broken()),
            (1.0, lambda article_id, _: self._rule(article_id)),
        ]
        self.groups: dict[int, Group] = {}
        self.expected: dict[str, Expected] = {}
        self.spared: set[str] = set()
        """Ids of articles to which nothing more happens."""
        self.broken: dict[bytes, str] = {}
        """Bodies that must become dead letters, and why."""

    @property
    def articles(self) -> int:
        """Number of the last article."""
        return self._articles

    def take(self, count: int) -> list[Line]:
        """The next lines."""
        found: list[Line] = []
        while len(found) < count:
            found += self._next()
        return found

    def probe(self) -> tuple[str, Line]:
        """An article of a story of its own, and its id."""
        group = self._group()
        return (article_id := self._new_id()), self._article(group, article_id)

    def jump(self, windows: float, window: timedelta) -> list[Line]:
        """Event time goes on that much later; all that was there will be forgotten."""
        self.at += windows * window
        self._recent.clear()
        self._ids.clear()
        return self.take(2)

    def lying_dates(self) -> list[Line]:
        """Articles whose dates lie, none twice in a row."""
        found: list[Line] = []
        for at in (datetime(1970, 1, 2, tzinfo=UTC), None, datetime(2099, 1, 1, tzinfo=UTC)):
            group = self._group()
            self._recent.remove(group)
            found += [self._article(group, self._new_id(), at=at), *self.take(3)]
        return found

    def broken_lines(self, count: int) -> list[Line]:
        """What is no article."""
        return [line for _ in range(count) for line in self._broken()]

    def deadly_line(self) -> Line:
        """An article that kills the worker which reads it."""
        article_id = f"poison-{len(self.broken)}"
        body = json.dumps({"id": article_id, "text": "A text that kills its reader."}).encode()
        self.broken[body] = "too-many-deliveries"
        return Line(body)

    def _next(self) -> list[Line]:
        drawn = self.rng.random()
        if drawn < 0.52 or not self._recent or not self._ids:
            return [self._article(self._group(), self._new_id())]
        if drawn < 0.86:
            return [self._article(self.rng.choice(self._recent), self._new_id())]
        return self._life(drawn)

    def _life(self, drawn: float) -> list[Line]:
        """Something that happens to an article."""
        article_id = self.rng.choice(self._ids)
        if article_id in self.spared:
            return self._broken()
        known = self.expected[article_id]
        happens = next(what for below, what in self._lives if drawn < below)
        return happens(article_id, known)

    def _repeat(self, article_id: str, _known: Expected) -> list[Line]:
        line = self._lines.get(article_id)
        return [line] if line is not None else self._broken()

    def _group(self) -> Group:
        self._stories += 1
        group = Group(self._stories, words(self.rng))
        self._recent.append(group)
        self.groups[group.number] = group
        return group

    def _new_id(self) -> str:
        self._articles += 1
        return f"wire:{self._articles}"

    def _article(self, group: Group, article_id: str, at: Any = "now", **more: Any) -> Line:
        self.at += INTERVAL
        version = more.get("version", 1)
        said, rng = group.words, self.rng
        is_first = not group.articles
        body = {
            "id": article_id,
            "title": said.title if is_first else f"{said.title} - {name(rng, said.lang)}",
            "text": said.text,
            "lang": said.lang,
            "source": f"outlet {rng.randrange(40)}",
            "version": version,
            **more,
        }
        if at == "now":
            body["published_at"] = self.at.isoformat()
        elif at is not None:
            body["published_at"] = at.isoformat()
        group.articles.append(article_id)
        self.expected[article_id] = Expected(Fate.PLACED, version, group.number, said)
        self._ids.append(article_id)
        line = Line(_json(body))
        self._lines[article_id] = line
        if len(self._lines) > 2 * _RECENT_ARTICLES:
            self._lines.pop(next(iter(self._lines)))
        return line

    def _version(self, article_id: str, known: Expected) -> list[Line]:
        """With a sentence more, so it stays where it fits."""
        if known.fate is Fate.KILLED:
            return self._repeat(article_id, known)
        self._spoil(known.story)
        known.version += 1
        known.fate = Fate.PLACED
        self._lines.pop(article_id, None)
        self.at += INTERVAL
        said = known.words
        body = {
            "id": article_id,
            "version": known.version,
            "title": said.title,
            "text": f"{said.text} {sentence(self.rng, said.lang)}",
            "lang": said.lang,
            "published_at": self.at.isoformat(),
        }
        return [Line(_json(body))]

    def _kill(self, article_id: str, known: Expected) -> list[Line]:
        self._spoil(known.story)
        known.fate = Fate.KILLED
        return [Line(_json({"id": article_id, "version": known.version, "status": "canceled"}))]

    def _killed_ahead(self) -> list[Line]:
        group = self._group()
        article_id = self._new_id()
        article = self._article(group, article_id)
        return [*self._kill(article_id, self.expected[article_id]), article]

    def _held(self) -> list[Line]:
        group = self.rng.choice(self._recent)
        article_id = self._new_id()
        line = self._article(group, article_id, status="withheld")
        self._spoil(group.number)
        self.expected[article_id].fate = Fate.HELD
        return [line]

    def _embargoed(self) -> list[Line]:
        group = self.rng.choice(self._recent)
        line = self._article(group, article_id := self._new_id(), embargoed=STAMP.decode())
        self._spoil(group.number)
        # Sent again it would get another stamp.
        self._lines.pop(article_id, None)
        return [Line(line.body, embargo_s=self.rng.uniform(0.5, 4.0))]

    def _broken(self) -> list[Line]:
        number = len(self.broken)
        deep = b"[" * 20_000
        shapes: list[tuple[bytes, str]] = [
            (b"{broken %d" % number, "not-json"),
            (b'"%d"' % number, "not-json"),
            (b"\xff\xfe%d" % number, "not-json"),
            (deep + b"%d" % number, "not-json"),
            (_json({"text": f"without an id {number}"}), "invalid-article"),
            (_json({"id": "", "text": f"{number}"}), "invalid-article"),
            (_json({"id": f"b{number}", "version": "x", "title": "y"}), "invalid-article"),
            # Each of another size: by that it is known again, since its letter has no body.
            (_json({"id": f"b{number}", "text": "x" * (300_000 + number)}), "too-large"),
        ]
        body, why = self.rng.choice(shapes)
        self.broken[body] = why
        return [Line(body)]

    def _rule(self, article_id: str) -> list[Line]:
        other = self.rng.choice(self._ids)
        command = self.rng.choice(["together", "apart", "lead"])
        if command != "lead" and other == article_id:
            command = "lead"
        subject: dict[str, Any] = {"article": article_id}
        if command != "lead":
            subject = {"articles": [article_id, other]}
        for each in (article_id, other):
            self._spoil(self.expected[each].story)
        self._rules += 1
        said = {"id": f"r{self._rules}", "by": "anna", "reason": "a fault run"}
        return [Line(_json({"command": command, **said, **subject}), stream="commands")]

    def _spoil(self, story: int) -> None:
        self.groups[story].is_pure = False


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
