"""The peer: datasketch's MinHashLSH on Redis storage, as its documentation sets it up.

Given every advantage that costs it nothing in function: signatures by its fast batch
update with xxhash, a unix socket, a server and both cores to itself; and it computes no
embedding, no verification, no events, and nothing exactly once. Its window is as full as
ours, since its queries slow down as its buckets fill.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence

import xxhash
from datasketch import MinHash, MinHashLSH

from workers.bench.measure import Throughput

PERMUTATIONS = 128
THRESHOLD = 0.5
SHINGLE_WORDS = 3
_BUFFER = 5_000
_REPORT = 1_000


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

    def fill(self, lines: Iterable[bytes], on_progress: Callable[[int], None]) -> None:
        """Insert articles by its buffered session, the fast way that answers no query."""
        with self._index.insertion_session(buffer_size=_BUFFER) as session:
            for count, line in enumerate(lines, start=1):
                article_id, signature = _signed(line)
                session.insert(article_id, signature, check_duplication=False)
                if count % _REPORT == 0:
                    on_progress(count)

    def insert_and_query(self, lines: Sequence[bytes]) -> Throughput:
        """Query, then insert, each article as a stream would."""
        start = time.perf_counter()
        for line in lines:
            article_id, signature = _signed(line)
            self._index.query(signature)
            self._index.insert(article_id, signature)
        return Throughput(len(lines), time.perf_counter() - start)


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
