"""Many failovers under load, by hand: ``python -m tests.faults.failovers --failovers 4``.

Prints what each cost, and ends with an error if anything is doubled, glued or left over.
"""

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from contracts.events import Placement
from tests.support.builders.corpora import samples, stories_of
from tests.support.redis.servers import wait_until
from tests.support.redis.topologies import watched_redis
from tests.support.wire import harness
from tests.support.wire.consistency import check
from tests.support.wire.desk import desk
from tests.support.wire.steady import steadily
from workers.connection.clients import client
from workers.process.pool import WorkerPool


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=4_000)
    options.add_argument("--failovers", type=int, default=4)
    given = options.parse_args()
    articles = samples(given.articles // 2, reprints=1, seed=63)
    lines = [each.line for each in articles]
    with tempfile.TemporaryDirectory() as folder, watched_redis(Path(folder)) as watched:
        settings = harness.settings_for(watched.url, "wire", batch_size=50)
        with client(settings) as redis, WorkerPool(settings, 2) as pool:
            with steadily(settings, lines) as sender:
                for number in range(given.failovers):
                    goal = len(lines) * (number + 1) // (given.failovers + 2)
                    harness.await_handled(redis, settings, goal, timeout_s=600)
                    dead = watched.master
                    began = time.monotonic()
                    watched.fail_over()
                    chosen_s = time.monotonic() - began
                    seen = harness.handled(redis, settings)
                    harness.await_handled(redis, settings, seen + 1)
                    print(
                        f"failover {number + 1}: a new master after {chosen_s:.1f} s, articles go "
                        f"on after {time.monotonic() - began:.1f} s"
                    )
                    dead.start()
                    wait_until(watched.is_whole, "the dead one is back as a replica", timeout_s=60)
                sender.join()
            wait_until(
                lambda: not redis.xlen(settings.streams.articles), "all is handled", timeout_s=600
            )
            told = harness.events(redis, settings)
            placed = Counter(
                event.data.article_id for event in told if isinstance(event.data, Placement)
            )
            print(f"{len(placed)} of {len(lines)} placed, {len(lines) - len(placed)} lost")
            assert set(placed.values()) == {1}
            harness.send(redis, settings, lines)
            wait_until(
                lambda: not redis.xlen(settings.streams.articles), "all is handled", timeout_s=600
            )
            pool.check()
            with desk(redis, settings) as wire:
                check(wire)
                assert wire.stories == stories_of(articles)
            print("sent once more, everything is placed once, in the right stories")


if __name__ == "__main__":
    main()
