"""The peer: datasketch's MinHashLSH on Redis storage, as its documentation sets it up.

Given every advantage that costs it nothing in function: signatures by its fast batch
update with xxhash, a unix socket, a server and both cores to itself; and it computes no
embedding, no verification, no events, and nothing exactly once. Its window is as full as
ours, since its queries slow down as its buckets fill.

``python -m workers.bench.peer SOCKET [FILE]`` is asked by the benchmark (`beside`). It is a process
of its own, so that it fills its window while ours is filled, and its processor time is told apart.
"""

import json
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path

import xxhash
from datasketch import MinHash, MinHashLSH

from workers.bench.articles import articles
from workers.bench.beside import serve

PERMUTATIONS = 128
THRESHOLD = 0.5
SHINGLE_WORDS = 3
_BUFFER = 5_000


class Peer:
    """An index on an empty server of its own."""

    def __init__(self, socket_path: str) -> None:
        self._index = MinHashLSH(
            threshold=THRESHOLD,
            num_perm=PERMUTATIONS,
            storage_config={
                "type": "redis",
                "basename": b"bench-peer",
                "redis": {"unix_socket_path": socket_path},
            },
        )

    def fill(self, lines: Sequence[bytes]) -> None:
        """Insert articles by its buffered session, the fast way that answers no query."""
        with self._index.insertion_session(buffer_size=_BUFFER) as session:
            for line in lines:
                session.insert(*_signed(line), check_duplication=False)

    def insert_and_query(self, lines: Sequence[bytes]) -> None:
        """Query, then insert, each article as a stream would."""
        for line in lines:
            article_id, signature = _signed(line)
            self._index.query(signature)
            self._index.insert(article_id, signature)


def main(socket_path: str, file: str | None = None) -> None:
    """Take the next ``count`` articles and answer with ``seconds`` and ``cpu_us`` of each."""
    peer = Peer(socket_path)
    lines = articles(Path(file) if file else None, timedelta(seconds=1))

    def take(count: int, *, is_filling: bool) -> dict[str, float]:
        given = list(islice(lines, count))
        began, spent = time.perf_counter(), time.process_time()
        (peer.fill if is_filling else peer.insert_and_query)(given)
        cpu_us = 1e6 * (time.process_time() - spent) / count
        return {"seconds": time.perf_counter() - began, "cpu_us": cpu_us}

    serve(take)


def _signed(line: bytes) -> tuple[str, MinHash]:
    article = json.loads(line)
    signature = MinHash(num_perm=PERMUTATIONS, hashfunc=_xxh32)
    signature.update_batch(_shingles(f"{article['title']} {article['text']}"))
    return article["id"], signature


def _xxh32(data: bytes) -> int:
    return xxhash.xxh32_intdigest(data)


def _shingles(text: str) -> list[bytes]:
    words = text.casefold().split()
    return [
        " ".join(words[at : at + SHINGLE_WORDS]).encode()
        for at in range(max(1, len(words) - SHINGLE_WORDS + 1))
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
