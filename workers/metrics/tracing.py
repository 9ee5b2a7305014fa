"""Traces from the publisher to the story event, in W3C Trace Context.

An entry may carry its publisher's context: field ``traceparent`` beside the article, or that header
of FastStream's envelope. Its events carry a context on, as CloudEvents' attribute ``traceparent``:
that of the worker's span where the worker traces (``metrics/otel.py``), else the publisher's own.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from workers.errors import OnestoryError
from workers.metrics.meter import Outcome
from workers.metrics.traceparent import published, well_formed
from workers.settings import Settings
from workers.state.commit import Commit
from workers.state.entries import Entry

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


class Tracer(Protocol):
    """Follows entries from their batch to their commit."""

    def batch(self, entries: Sequence[Entry]) -> AbstractContextManager[None]:
        """A batch, as long as the context is open."""
        ...

    def traceparent(self, entry: Entry) -> str | None:
        """The context that the entry's events carry; None for none."""
        ...

    def committed(self, commits: Sequence[Commit], held: Sequence[bool]) -> None:
        """Steps were written, those that held."""
        ...

    def ended(self, entry_id: str, outcome: Outcome) -> None:
        """An entry came to its end without a step."""
        ...


class PassOn:
    """Traces nothing itself."""

    def batch(self, entries: Sequence[Entry]) -> AbstractContextManager[None]:
        del entries
        return nullcontext()

    def traceparent(self, entry: Entry) -> str | None:
        return published(entry)

    def committed(self, commits: Sequence[Commit], held: Sequence[bool]) -> None:
        pass

    def ended(self, entry_id: str, outcome: Outcome) -> None:
        pass


PASS_ON = PassOn()


@contextmanager
def tracer_of(settings: Settings) -> Iterator[Tracer]:
    """The tracer that the settings ask for; what is left is sent at the end.

    Raises:
        OnestoryError: OpenTelemetry is asked for and not installed.
    """
    if not settings.otel:
        yield PASS_ON
        return
    with _provided("onestory-worker") as provider:
        from workers.metrics.otel import OtelTracer

        yield OtelTracer(provider, settings.namespace)


@contextmanager
def publishing(settings: Settings, given: str | None = None) -> Iterator[Callable[[], str | None]]:
    """What to call for the ``traceparent`` of each article that is published: a span of its own
    where the settings ask for it, a child of ``given``; else ``given`` itself.

    Raises:
        OnestoryError: OpenTelemetry is asked for and not installed.
    """
    parent = well_formed(given or "")
    if not settings.otel:
        yield lambda: parent
        return
    with _provided("onestory-publish") as provider:
        from workers.metrics.otel import publisher

        yield publisher(provider, settings.streams.articles, parent)


@contextmanager
def _provided(service: str) -> "Iterator[TracerProvider]":
    try:
        from workers.metrics.otel import provider
    except ImportError as error:
        raise OnestoryError(
            f"ONESTORY_OTEL is set and {error.name} is not installed: pip install 'onestory[otel]'"
        ) from error
    made = provider(service)
    try:
        yield made
    finally:
        made.shutdown()
