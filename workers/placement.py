"""Plan the commits of a batch on one snapshot of the stories.

Articles are decided in the order of registration. Each decision is applied to a local
view, so a later article of the batch sees the story that an earlier one opened; the
commit script refuses whatever another worker has overtaken, and those are planned again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.evidence import evidence
from service.matching.guards import KNOWN_LANGUAGES
from service.matching.verify import Verifier
from service.stories.decide import Decision, JoinStory, Thresholds, decide, story_id_for
from service.stories.events import Placed, placed
from service.stories.state import Candidate, Match, StoryState
from workers.entries import Entry
from workers.settings import Settings
from workers.store import UNDECIDED, Commit, Snapshot
from workers.window import Window

NEAR_MISS = 0.05
"""Least probability of an earlier article that a ``story.opened`` tells of: below it there is
nothing an editor could doubt, and the event stays small."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A registered article with its verified candidates, best first."""

    entry: Entry
    article: Article
    fingerprint: Fingerprint
    number: int
    event_ms: int
    candidates: tuple[Candidate, ...]


class _View:
    """The snapshot with the decisions of this plan applied."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.places = dict(snapshot.places)
        self.stories = dict(snapshot.stories)
        self._merged: dict[str, str] = {}

    def place(self, article_id: str) -> str:
        story = self.places.get(article_id, "")
        while story in self._merged:
            story = self._merged[story]
        return story

    def apply(self, article_id: str, outcome: Placed, decision: Decision) -> None:
        if isinstance(decision, JoinStory):
            for absorbed in decision.absorbed:
                self._merged[absorbed.id] = outcome.story.id
                del self.stories[absorbed.id]
        self.stories[outcome.story.id] = outcome.story
        self.places[article_id] = outcome.story.id


@dataclass(frozen=True, slots=True)
class Planner:
    """Turns prepared articles and a snapshot into commits."""

    settings: Settings
    fingerprinter: Fingerprinter
    verifier: Verifier
    window: Window
    thresholds: Thresholds

    def article_ids(self, prepared: Sequence[Prepared]) -> list[str]:
        """The articles whose places a plan must know: all that a matched article was compared
        with, since the unlikely ones count against their stories.
        """
        return list(
            dict.fromkeys(
                candidate.article_id
                for item in prepared
                if self._is_match(item.candidates[:1])
                for candidate in item.candidates
            )
        )

    def plan(
        self, prepared: Sequence[Prepared], snapshot: Snapshot, now: datetime
    ) -> tuple[list[tuple[Prepared, Commit]], list[Prepared]]:
        """Commits in number order, and the articles that must wait for another worker.

        An article waits while something that it matches is registered and undecided:
        only then is it sure to find that article's story.
        """
        view = _View(snapshot)
        commits, waiting = [], []
        for item in prepared:
            matches = self._matches(item, view)
            if matches is None:
                waiting.append(item)
                continue
            decision = self._decide(item, matches, view)
            outcome = self._placed(item, decision, now)
            view.apply(item.article.id, outcome, decision)
            commits.append((item, _commit(item, decision, outcome)))
        return commits, waiting

    def _matches(self, item: Prepared, view: _View) -> list[Match] | None:
        """The candidates that are in stories; None while one that matches is undecided."""
        if not self._is_match(item.candidates[:1]):
            return []
        matches = []
        for candidate in item.candidates:
            place = view.place(candidate.article_id)
            if place == UNDECIDED and self._is_match([candidate]):
                return None
            if place not in ("", UNDECIDED) and candidate.article_id != item.article.id:
                matches.append(Match(candidate, place))
        return matches

    def _is_match(self, candidates: Sequence[Candidate]) -> bool:
        return any(each.probability >= self.thresholds.join for each in candidates)

    def _decide(self, item: Prepared, matches: Sequence[Match], view: _View) -> Decision:
        return decide(
            matches,
            view.stories,
            self._lead_probability(item, matches, view),
            self.thresholds,
            story_id_for(item.article.id, item.event_ms // self.settings.epoch_ms),
        )

    def _lead_probability(
        self, item: Prepared, matches: Sequence[Match], view: _View
    ) -> dict[str, float]:
        """By story that matches, the probability to its lead where that was not compared yet."""
        compared = {candidate.number for candidate in item.candidates}
        asked: list[str] = []
        pairs = []
        for story_id in {match.story_id for match in matches if self._is_match([match.candidate])}:
            lead = view.stories[story_id].lead_number
            if lead not in compared and (fingerprint := self.window.fingerprint(lead)):
                asked.append(story_id)
                pairs.append((item.fingerprint, fingerprint))
        verdicts = self.verifier.verdicts(pairs) if pairs else ()
        return {
            story_id: verdict.probability for story_id, verdict in zip(asked, verdicts, strict=True)
        }

    def _placed(self, item: Prepared, decision: Decision, now: datetime) -> Placed:
        joined = isinstance(decision, JoinStory)
        if isinstance(decision, JoinStory):
            compared: Candidate | None = decision.match.candidate
        else:
            best = item.candidates[0] if item.candidates else None
            compared = best if best and best.probability >= NEAR_MISS else None
        earlier = self.window.fingerprint(compared.number) if compared else None
        return placed(
            decision,
            item.article,
            item.fingerprint.lang,
            item.number,
            evidence(
                item.fingerprint,
                earlier,
                compared.verdict if compared and earlier else None,
                joined=joined,
                candidates=len(item.candidates),
                verifier=self.verifier,
                model=self.fingerprinter.model,
            ),
            nearest=None if joined else compared,
            source=f"/onestory/{self.settings.namespace}",
            time=now,
        )


def _commit(item: Prepared, decision: Decision, outcome: Placed) -> Commit:
    before: tuple[StoryState, ...] = ()
    if isinstance(decision, JoinStory):
        before = decision.absorbed
    return Commit(
        entry_id=item.entry.id,
        article_id=item.article.id,
        number=item.number,
        event_ms=item.event_ms,
        after=outcome.story,
        expected_sequence=outcome.story.sequence - 1,
        event_json=outcome.event.model_dump_json(),
        is_other_language=item.fingerprint.lang not in KNOWN_LANGUAGES,
        absorbed=tuple(
            (story.id, story.sequence, merger.model_dump_json())
            for story, merger in zip(before, outcome.mergers, strict=True)
        ),
    )
