"""The peer: datasketch's MinHashLSH on Redis storage, as its documentation sets it up.

Given every advantage that costs it nothing in function: signatures by its fast batch
update with xxhash, an empty store (each of its queries slows down as buckets fill), no
embedding, no verification, no events, no exactly-once.
"""

import json
import time
from collections.abc import Sequence

import xxhash
from datasketch import MinHash, MinHashLSH

from workers.bench.measure import Throughput

PERMUTATIONS = 128
THRESHOLD = 0.5
SHINGLE_WORDS = 3


def insert_and_query(socket_path: str, lines: Sequence[bytes]) -> Throughput:
    """Query, then insert, each article as a stream would; the server must be empty of others."""
    index = MinHashLSH(
        threshold=THRESHOLD,
        num_perm=PERMUTATIONS,
        storage_config={
            "type": "redis",
            "basename": b"bench-peer",
            "redis": {"unix_socket_path": socket_path},
        },
    )
    start = time.perf_counter()
    for line in lines:
        article = json.loads(line)
        signature = MinHash(num_perm=PERMUTATIONS, hashfunc=_xxh32)
        signature.update_batch(_shingles(f"{article['title']} {article['text']}"))
        index.query(signature)
        index.insert(article["id"], signature)
    return Throughput(len(lines), time.perf_counter() - start)


def _xxh32(data: bytes) -> int:
    return xxhash.xxh32_intdigest(data)


def _shingles(text: str) -> list[bytes]:
    words = text.casefold().split()
    return [
        " ".join(words[at : at + SHINGLE_WORDS]).encode()
        for at in range(max(1, len(words) - SHINGLE_WORDS + 1))
    ]
