"""The composition root of a worker: its parts, made and put together in one place."""

import os
import socket
from collections.abc import Callable

from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier
from service.stories.decide import Thresholds
from workers.connection.clients import connect
from workers.connection.guard import Guard
from workers.metrics.meter import NO_METER, Meter
from workers.metrics.metered_store import MeteredStore
from workers.metrics.pulse import Pulse, on_answer
from workers.metrics.tracing import PASS_ON, Tracer
from workers.models import models as models_of
from workers.placing.context import Grounds
from workers.placing.deduplicator import Deduplicator
from workers.process.former import FormerBuckets
from workers.process.reader import Reader
from workers.process.reclaim import Reclaimer
from workers.process.sweep import Sweeper
from workers.process.worker import Worker
from workers.rules.editor import Editor
from workers.settings import Settings
from workers.state.clock import Now, utc_now
from workers.state.era import greeting
from workers.trust import trust_of
from workers.window.neighbours import FaissNeighbours
from workers.window.payloads import Payloads
from workers.window.shared_folder import shared_folder
from workers.window.window import Window


def consumer_name() -> str:
    """Host and process: two workers must never share a name, or they share a pending list."""
    return f"{socket.gethostname()}-{os.getpid()}"


def build_worker(
    settings: Settings,
    *,
    consumer: str | None = None,
    pulse: Pulse | None = None,
    meter: Meter = NO_METER,
    tracer: Tracer = PASS_ON,
    models: Callable[[Settings], tuple[Fingerprinter, Verifier]] = models_of,
    now: Now = utc_now,
) -> Worker:
    """A worker with real parts.

    Args:
        settings: of the worker.
        consumer: its name in the group; by default host and process.
        pulse: takes its signs of life, ``meter`` what it does.
        meter: see ``pulse``.
        tracer: follows entries to their events.
        models: gives encoder and verifier.
        now: this machine's clock; events are dated by the server's.

    Raises:
        ValueError: the settings name no Redis server.
        BadRedisUrl: it can't be used.
        OnestoryError: encoder, verifier or the file of trust can't be used.
    """
    if settings.redis_url is None:
        raise ValueError("a worker needs settings.redis_url; the command line starts one if absent")
    consumer = consumer or consumer_name()
    pulse = pulse or Pulse()
    redis = connect(
        settings,
        name=settings.keys.client(consumer),
        redis_connect_func=greeting(settings.keys),
    )
    for command in ("EVALSHA", "EVAL", "XRANGE", "XTRIM"):
        on_answer(redis, command, pulse.answered)
    store = MeteredStore(redis, settings, meter, tracer)
    fingerprinter, verifier = models(settings)
    store.clock.own = now
    grounds = Grounds(
        settings,
        fingerprinter,
        verifier,
        Window(
            FaissNeighbours(with_opinions=fingerprinter.second is not None),
            Payloads(shared_folder(settings)),
        ),
        Thresholds(join=verifier.join_threshold, merge=verifier.merge_threshold),
        tracer,
        store.clock,
        trust=trust_of(settings),
    )
    deduplicator = Deduplicator(store, grounds, meter)
    return Worker(
        settings,
        redis,
        store,
        deduplicator,
        Reclaimer(redis, settings, store, deduplicator, consumer),
        Sweeper(redis, settings, store, consumer, FormerBuckets(redis, settings.keys), store.clock),
        Editor(redis, settings, store, deduplicator.turns, consumer),
        Reader(settings, store, consumer, pulse),
        Guard(redis, settings.allow_eviction),
        pulse,
        meter,
    )
