"""Spans of OpenTelemetry, for `metrics.tracing`; imported only where ``ONESTORY_OTEL`` asks.

``place batch`` is one batch of entries, with a link to the publisher of each. ``place article`` is
one entry from its batch to its commit, a child of its publisher's span; an article that waits for
another worker keeps its span open. Where the spans go is said by the standard variables
(``OTEL_EXPORTER_OTLP_ENDPOINT``, ``OTEL_TRACES_SAMPLER``, ``OTEL_SERVICE_NAME``, …).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags

from contracts.events import Placement, Revision
from workers.metrics.meter import Outcome
from workers.metrics.traceparent import published
from workers.state.commit import Commit
from workers.state.entries import Entry

_MOST_LINKS = 128
"""Of a batch; the SDK keeps no more by default."""
_MOST_OPEN = 10_000
"""Articles that wait; beyond, the oldest spans are ended as they are."""


def provider(service: str, processor: SpanProcessor | None = None) -> TracerProvider:
    """Makes spans and hands them to an exporter, by default OTLP over HTTP; `shutdown` sends what
    is left.
    """
    named = Resource({SERVICE_NAME: service}).merge(OTELResourceDetector().detect())
    made = TracerProvider(resource=named, shutdown_on_exit=False)
    made.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter()))
    return made


@dataclass(slots=True)
class OtelTracer:
    """A `Tracer` of one worker."""

    provider: TracerProvider
    namespace: str
    _tracer: trace.Tracer = field(init=False)
    _batch: SpanContext | None = None
    _began_ns: int | None = None
    _open: dict[str, Span] = field(default_factory=dict)
    """Of articles that are on their way, by entry id."""

    def __post_init__(self) -> None:
        self._tracer = self.provider.get_tracer("onestory")

    @contextmanager
    def batch(self, entries: Sequence[Entry]) -> Iterator[None]:
        """A span with links to the publishers."""
        contexts = (_context(published(entry)) for entry in entries[:_MOST_LINKS])
        with self._tracer.start_as_current_span(
            "place batch",
            context=trace.set_span_in_context(trace.INVALID_SPAN),
            kind=SpanKind.CONSUMER,
            attributes=self._where | {"messaging.batch.message_count": len(entries)},
            links=[Link(context) for context in contexts if context is not None],
        ) as span:
            self._batch, self._began_ns = span.get_span_context(), time.time_ns()
            try:
                yield
            finally:
                self._batch = self._began_ns = None

    def traceparent(self, entry: Entry) -> str | None:
        """The context of the entry's span, which begins here if it has none yet."""
        span = self._open.get(entry.id) or self._started(entry)
        return written(span.get_span_context())

    def committed(self, commits: Sequence[Commit], held: Sequence[bool]) -> None:
        """Ends the spans of what was written."""
        for commit, is_held in zip(commits, held, strict=True):
            if is_held and (span := self._open.pop(commit.entry_id, None)) is not None:
                if span.is_recording():
                    _describe(span, commit)
                span.end()

    def ended(self, entry_id: str, outcome: Outcome) -> None:
        """Ends a span of which nothing came, if it had begun."""
        if (span := self._open.pop(entry_id, None)) is not None:
            span.set_attribute("onestory.outcome", outcome)
            span.end()

    def _started(self, entry: Entry) -> Span:
        publisher = _context(published(entry))
        parent = trace.INVALID_SPAN if publisher is None else NonRecordingSpan(publisher)
        span = self._tracer.start_span(
            "place article",
            context=trace.set_span_in_context(parent),
            kind=SpanKind.CONSUMER,
            attributes=self._where | {"messaging.message.id": entry.id},
            links=[Link(self._batch)] if self._batch is not None else None,
            start_time=self._began_ns,
        )
        while len(self._open) >= _MOST_OPEN:
            self._open.pop(next(iter(self._open))).end()
        self._open[entry.id] = span
        return span

    @property
    def _where(self) -> dict[str, str]:
        return {"messaging.system": "redis", "onestory.namespace": self.namespace}


def publisher(
    provider: TracerProvider, stream: str, parent: str | None
) -> Callable[[], str | None]:
    """Makes a span ``publish article`` with each call, and returns its context."""
    tracer = provider.get_tracer("onestory")
    above = _context(parent)
    context = trace.set_span_in_context(
        trace.INVALID_SPAN if above is None else NonRecordingSpan(above)
    )
    where = {"messaging.system": "redis", "messaging.destination.name": stream}

    def published_one() -> str | None:
        span = tracer.start_span(
            "publish article", context=context, kind=SpanKind.PRODUCER, attributes=where
        )
        span.end()
        return written(span.get_span_context())

    return published_one


def _describe(span: Span, commit: Commit) -> None:
    span.set_attribute("onestory.outcome", commit.counted)
    for event in commit.events:
        data = event.data
        if isinstance(data, Placement | Revision):
            about = {
                "onestory.event": event.id,
                "onestory.story": data.story_id,
                "onestory.article": data.article_id,
            }
            if data.relation is not None:
                about["onestory.relation"] = data.relation.value
            if data.repaired is not None:
                about["onestory.repaired"] = data.repaired
            span.set_attributes(about)


def _context(traceparent: str | None) -> SpanContext | None:
    if traceparent is None:
        return None
    _version, trace_id, span_id, flags = traceparent.split("-")
    return SpanContext(int(trace_id, 16), int(span_id, 16), True, TraceFlags(int(flags, 16)))


def written(context: SpanContext) -> str:
    """A context as W3C writes it."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
