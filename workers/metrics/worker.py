"""Metrics of one worker process, for Prometheus.

Counted is what this process saw come to an end. A commit whose answer was lost with its connection
is in ``onestory_counts_total`` of the namespace and not here.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import get_args

from prometheus_client.core import Metric

from contracts.events import AnyEvent, Evidence, Placement, Relation, Revision
from service.fingerprints.embedding import Effort
from workers.metrics.families import Families
from workers.metrics.meter import Outcome, Stage
from workers.metrics.pulse import LOOPS, Pulse
from workers.metrics.tally import LONG_SECONDS, SECONDS, Histogram
from workers.state.commit import Commit

NEAR = 0.2
"""How far from the threshold a probability is in doubt."""
_MOST_LANGUAGES = 40
"""A feed may name any: so many have a series of their own."""
_OTHER = "other"
_TOLD = frozenset({"placed", "versions", "killed"})
"""Outcomes of entries that tell events, so that how long it took is a question."""
_EVENTS = ("opened", "joined", "revised", "merged", "split", "retracted", "closed")
_SUMS = {
    "cross_lingual_links": "Joins by translation.",
    "decisions": "Articles of which a probability decided.",
    "near_threshold": f"Decisions within {NEAR} of the threshold.",
    "unavailable": "Attempts that found Redis, or the encoder's endpoint, away.",
}


class _Timer:
    """Times one stage, each time it is entered; not within itself."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self._began = 0.0
        self.seconds = Histogram(SECONDS)

    def __enter__(self) -> None:
        self._pulse.progress()
        self._began = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.seconds.add(time.perf_counter() - self._began)
        self._pulse.progress()


class WorkerMetrics:
    """A `Meter`, and a collector of Prometheus."""

    def __init__(
        self, namespace: str, pulse: Pulse, clock: Callable[[], float] = time.time
    ) -> None:
        self._families = Families(namespace)
        self._pulse = pulse
        self._clock = clock
        self._ahead_s = 0.0
        self.window_articles: Callable[[], int] = lambda: 0
        self.effort = Effort()
        """Of the second encoder, where there is one."""
        self.model: dict[str, str] = {}
        """Version, sha256, operating point and encoder."""
        self._stages = {name: _Timer(pulse) for name in get_args(Stage)}
        self._entries = Counter[str](dict.fromkeys(get_args(Outcome), 0))
        self._events = Counter[str](dict.fromkeys(_EVENTS, 0))
        self._relations = Counter[str](dict.fromkeys((each.value for each in Relation), 0))
        self._languages = Counter[str]()
        self._sums = Counter[str](dict.fromkeys(_SUMS, 0))
        self._batches = Histogram((1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000))
        self._candidates = Histogram((0, 1, 2, 4, 8, 12, 16, 24))
        self._sizes = Histogram((2, 3, 4, 8, 16, 32, 64, 128, 512))
        self._took = Histogram(LONG_SECONDS)

    def stage(self, name: Stage) -> AbstractContextManager[None]:
        """Times a stage."""
        return self._stages[name]

    def slow(self) -> AbstractContextManager[None]:
        """Keeps the worker from looking dead."""
        return self._pulse.slow()

    def batch(self, articles: int) -> None:
        """Counts a batch."""
        self._batches.add(articles)

    def committed(self, commits: Sequence[Commit], held: Sequence[bool]) -> None:
        """Counts what was written."""
        now = self._clock() - self._ahead_s
        for commit, is_held in zip(commits, held, strict=True):
            if not is_held:
                continue
            if commit.entry_id and commit.counted in self._entries:
                self._entries[commit.counted] += 1
                if commit.counted in _TOLD:
                    self._took.add(max(0.0, now - int(commit.entry_id.split("-")[0]) / 1000))
            for event in commit.events:
                self._tell(event)

    def ended(self, outcome: Outcome, count: int) -> None:
        """Counts entries."""
        self._entries[outcome] += count

    def unavailable(self) -> None:
        """Counts an outage's attempts."""
        self._sums["unavailable"] += 1

    def clock_is_ahead(self, seconds: float) -> None:
        """Makes up for it."""
        self._ahead_s = seconds

    def _tell(self, event: AnyEvent) -> None:
        name = event.type.removeprefix("story.")
        self._events[name] += 1
        data = event.data
        if isinstance(data, Placement):
            known = data.lang in self._languages or len(self._languages) < _MOST_LANGUAGES
            self._languages[data.lang if known else _OTHER] += 1
            if name == "joined":
                self._sizes.add(data.article_count)
                if data.relation is not None:
                    self._relations[data.relation.value] += 1
                self._sums["cross_lingual_links"] += data.relation is Relation.TRANSLATION
        if isinstance(data, Placement | Revision) and data.evidence is not None:
            self._decided(data.score, data.evidence, data.rule)

    def _decided(self, score: float | None, evidence: Evidence, rule: str | None) -> None:
        self._candidates.add(evidence.candidates)
        self._sums["decisions"] += 1
        join = evidence.thresholds.get("join")
        if score is not None and join is not None and rule is None:
            self._sums["near_threshold"] += abs(score - join) < NEAR

    def collect(self) -> Iterator[Metric]:
        """All of it; called by another thread."""
        words = self._families
        stages = ((name, timer.seconds) for name, timer in self._stages.items())
        yield words.info("model", "The model at work.", self.model)
        yield words.histograms("stage_seconds", "Stages of a batch.", "stage", stages)
        yield words.histogram("batch_articles", "Entries in a batch.", self._batches)
        yield words.counters("entries", "What came of entries.", "outcome", self._entries)
        yield words.counters("articles", "Articles put into stories.", "lang", self._languages)
        yield words.counters("events", "Story events told.", "type", self._events)
        yield words.counters("relations", "Joins.", "relation", self._relations)
        for name, said in _SUMS.items():
            yield words.counter(name, said, self._sums[name])
        yield words.histogram("candidates", "Earlier articles compared.", self._candidates)
        yield words.histogram("story_size", "Articles in a story after a join.", self._sizes)
        yield words.histogram(
            "publish_to_event_seconds", "From an entry's arrival to its commit.", self._took
        )
        yield from self._opinions()
        yield words.gauge(
            "clock_ahead_seconds",
            "How far this machine's clock is ahead of the server's.",
            self._ahead_s,
        )
        yield words.gauge(
            "window_articles", "Articles in this worker's window.", self.window_articles()
        )
        ages = {name: age for name, age in self._pulse.ages().items() if name in LOOPS}
        yield words.gauges("loop_age_seconds", "Since a loop's last turn.", "loop", ages)

    def _opinions(self) -> Iterator[Metric]:
        words, effort = self._families, self.effort
        read, known = "Texts that the second encoder read.", "Texts that it had read lately."
        yield words.counter("opinion_texts", read, effort.texts)
        yield words.counter("opinion_known_texts", known, effort.known)
        yield words.counter("opinion_seconds", "What it took, by the clock.", effort.seconds)
        yield words.gauge("opinion_waiting_texts", "Texts that it has now.", effort.waiting)
