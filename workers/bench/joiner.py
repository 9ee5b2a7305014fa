"""A worker that comes to a full window: what it takes until it is ready, and to file on.

``python -m workers.bench.joiner URL`` is asked by the benchmark (`beside`). It is put together as
any worker, follows the log to its end, and takes no article.
"""

import asyncio
import resource
import sys
import time

import uvloop

from workers.bench.beside import serve
from workers.process.build import build_worker
from workers.settings import Settings

NAMESPACE = "bench"


def main(url: str) -> None:
    """Answer with what each catching up took: ``articles``, ``cpu_us`` of each, ``seconds``."""
    worker = build_worker(Settings(REDIS_URL=url, namespace=NAMESPACE))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        model = worker.deduplicator.grounds.fingerprinter.model.version
        runner.run(worker.store.prepare(model))

        def caught_up() -> dict[str, float]:
            began, spent = time.perf_counter(), _cpu_s()
            articles = runner.run(worker.deduplicator.turns.catch_up())
            return {
                "articles": articles,
                "cpu_us": 1e6 * (_cpu_s() - spent) / max(1, articles),
                "seconds": time.perf_counter() - began,
            }

        serve(caught_up)


def _cpu_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
