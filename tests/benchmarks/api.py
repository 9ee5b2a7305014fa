"""How quickly the API answers while a worker is busy.

``python -m tests.benchmarks.api [ARTICLES_PER_S] [SECONDS] [HELD]``: a private redis-server, a
worker and an API process; ``HELD`` articles are placed first, then so many a second are
published while one client after the other asks. Prints a table in milliseconds, and what the API
process weighs. All of it, client and publisher too, shares the machine's cores.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

import httpx
import numpy as np
from redis import Redis

from tests.support.redis.servers import connected, private_redis, wait_until
from workers.bench.corpus import corpus
from workers.bench.machine import memory, seen
from workers.bench.measure import feed
from workers.process.pool import WorkerPool
from workers.settings import Settings
from workers.state.streams import publish

RATE, SECONDS, HELD = 300, 20, 10_000
_PAUSE_S = 0.01
"""Between two requests of the client: it asks, it does not attack."""
_BATCH = 500


def main() -> None:
    """Measure and print."""
    given = [int(word) for word in sys.argv[1:4]]
    rate, seconds, held = [*given, *(RATE, SECONDS, HELD)[len(given) :]]
    with private_redis() as url, connected(url) as redis:
        settings = Settings(REDIS_URL=url, namespace="bench")
        total = held + rate * seconds
        lines = corpus(total, timedelta(milliseconds=settings.window_ms / (2 * total)))
        with WorkerPool(settings, 1) as pool:
            feed(redis, settings, pool, list(islice(lines, held)), lambda _: None)
            with serving(url, "bench") as (api, pid):
                print(f"API with {held:,} articles: {memory(pid).resident / 1e6:.0f} MB")
                took, published = under_load(redis, settings, api, list(lines), rate)
                print(f"published {published:,.0f} articles/s; load {os.getloadavg()[0]:.1f}")
                for name, each in took.items():
                    print(f"{name:32} {len(each):5} {_figures(each)}")
                for name, ask in asked_of(api).items():
                    print(f"{name:32} CPU {_cpu_ms(pid, ask):.1f} ms")
                before = memory(pid).resident
                first, then = _explained(api), _explained(api)
                more = (memory(pid).resident - before) / 1e6
                print(
                    f"GET /v1/explain: first {first:.0f} ms and {more:.0f} MB, then {then:.0f} ms"
                )
                print(f"batch of {_BATCH}: {_batches(api):,.0f} articles/s")
                print(f"API at the end: {memory(pid).resident / 1e6:.0f} MB")


@contextmanager
def serving(url: str, namespace: str) -> Iterator[tuple[httpx.Client, int]]:
    """An API process, ready; a client of it, and its process id."""
    command = ("-m", "workers", "serve", "--port", "0", "--redis-url", url)
    process = subprocess.Popen(
        [sys.executable, *command, "--namespace", namespace],
        stdout=subprocess.PIPE,
        env=os.environ | {"ONESTORY_LOG_LEVEL": "WARNING"},
    )
    assert process.stdout
    try:
        address = process.stdout.readline().decode().strip()
        with httpx.Client(base_url=address, timeout=60) as api:
            wait_until(lambda: api.get("/ready").status_code == 200, "it is ready", timeout_s=120)
            yield api, process.pid
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def asked_of(api: httpx.Client) -> dict[str, Callable[[], httpx.Response]]:
    """What the client asks in turn."""
    stories = [each["id"] for each in api.get("/v1/stories?limit=200").json()["stories"]]
    pick, number = random.Random(7), random.Random(time.time_ns())
    return {
        "GET /v1/stories": lambda: api.get("/v1/stories"),
        "GET /v1/stories?q=": lambda: api.get("/v1/stories?q=бар"),
        "GET /v1/stories/{id}": lambda: api.get(f"/v1/stories/{pick.choice(stories)}"),
        "POST /v1/articles": lambda: api.post(
            "/v1/articles", json=_article(number.randrange(10**9))
        ),
        "GET /live": lambda: api.get("/live"),
    }


def under_load(
    redis: Redis, settings: Settings, api: httpx.Client, lines: list[bytes], rate: int
) -> tuple[dict[str, list[float]], float]:
    """Milliseconds of each request while the lines are published; articles/s of those."""
    asked = asked_of(api)
    took: dict[str, list[float]] = {name: [] for name in asked}
    rates: list[float] = []
    publisher = threading.Thread(
        target=lambda: rates.append(_publish(redis, settings, lines, rate))
    )
    publisher.start()
    while publisher.is_alive():
        for name, ask in asked.items():
            begun = time.perf_counter()
            answer = ask()
            took[name].append((time.perf_counter() - begun) * 1000)
            assert answer.status_code < 300, answer.text
            time.sleep(_PAUSE_S)
    return took, rates[0]


def _publish(redis: Redis, settings: Settings, lines: list[bytes], rate: int) -> float:
    begun = time.perf_counter()
    for place, line in enumerate(lines):
        wait = begun + place / rate - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        publish(redis, settings.streams, [line])
    return len(lines) / (time.perf_counter() - begun)


def _cpu_ms(pid: int, ask: Callable[[], httpx.Response], count: int = 100) -> float:
    """Processor time of the API for one request, which other processes do not lengthen much."""

    before = seen()
    for _ in range(count):
        ask()
    return 1e3 * (seen().spent_s[pid] - before.spent_s[pid]) / count


def _explained(api: httpx.Client) -> float:
    """Milliseconds of a comparison of two articles that are held."""
    listed = api.get("/v1/stories?min_size=2&limit=1").json()["stories"][0]["id"]
    first, second = api.get(f"/v1/stories/{listed}").json()["members"][:2]
    begun = time.perf_counter()
    answer = api.get("/v1/explain", params={"a": first["article_id"], "b": second["article_id"]})
    assert answer.status_code == 200, answer.text
    return (time.perf_counter() - begun) * 1000


def _batches(api: httpx.Client, count: int = 20) -> float:
    """Articles a second over NDJSON, one batch after the other."""
    bodies = [
        b"\n".join(
            json.dumps(_article(10**6 + batch * _BATCH + each)).encode() for each in range(_BATCH)
        )
        for batch in range(count)
    ]
    begun = time.perf_counter()
    for body in bodies:
        answer = api.post(
            "/v1/articles", content=body, headers={"Content-Type": "application/x-ndjson"}
        )
        assert answer.json()["accepted"] == _BATCH, answer.text
    return count * _BATCH / (time.perf_counter() - begun)


def _article(number: int) -> dict[str, Any]:
    text = " ".join(f"word{(number * 31 + place) % 5_000}" for place in range(300))
    return {"id": f"http-{number}", "title": f"Item number {number}", "text": text}


def _figures(took: list[float]) -> str:
    p50, p99 = np.percentile(took, [50, 99])
    return f"p50 {p50:6.1f}  p99 {p99:6.1f}  longest {max(took):6.1f}"


if __name__ == "__main__":
    main()
