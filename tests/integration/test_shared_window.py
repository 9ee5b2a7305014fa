"""Worker processes of one host hold the window's fingerprints once."""

import json
from pathlib import Path

from redis import Redis

from tests.support.redis.servers import wait_until
from tests.support.wire.harness import await_handled, entries, send, settings_for
from workers.process.pool import WorkerPool
from workers.window import payload_file


def _lines(first: int, count: int) -> list[bytes]:
    places = "Murmansk Orvan Tver Kazan Sochi Minsk Riga Baku".split()
    return [
        json.dumps(
            {
                "id": f"wire:{number}",
                "title": f"{places[number % 8]} opens bridge number {number}",
                "text": f"Traffic started on bridge {number}. It is {number * 37} metres long.",
            }
        ).encode()
        for number in range(first, first + count)
    ]


def _bytes_held(parent: Path) -> int:
    """In the only file of payloads."""
    (file,) = parent.glob("onestory-*/*.0")
    with file.open("rb") as opened:
        return int.from_bytes(opened.read(4), "little") - payload_file._HEAD


def test_two_workers_hold_each_fingerprint_once_also_a_third_in_place_of_one_that_was_killed(
    redis_client: Redis, redis_url: str, namespace: str, tmp_path: Path
) -> None:
    settings = settings_for(redis_url, namespace, window_folder=tmp_path)

    with WorkerPool(settings, 2) as pool:
        send(redis_client, settings, _lines(1, 60))
        await_handled(redis_client, settings, 60, pool)
        pool.kill(0)
        send(redis_client, settings, _lines(61, 60))
        await_handled(redis_client, settings, 120, pool)

        logged = entries(redis_client, settings.keys.log)
        expected = sum(len(fields[b"p"]) for _, fields in logged)
        assert len(logged) == 120
        wait_until(lambda: _bytes_held(tmp_path) == expected, "all is there, once")

    assert list(tmp_path.glob("onestory-*/*")) == []
