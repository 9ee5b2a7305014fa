"""LSH bands: rows of a signature hashed together into the names of buckets.

Two articles share a bucket of r rows with probability J^r; of b bands at least one
is shared with probability 1 - (1 - J^r)^b:

    J                      0.2   0.3   0.4   0.5   0.6   0.8
    shingles, 16 x 4      0.03  0.12  0.34  0.64  0.89  1.00
    anchors,   8 x 3      0.06  0.20  0.41  0.66  0.86  1.00
"""

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_digest

SHINGLE_BAND_ROWS = 4
ANCHOR_BAND_ROWS = 3
KEY_BYTES = 8
ANCHOR_SEED = 1 << 32
"""Seeds of the two kinds are apart, so their keys never meet but by a hash collision."""


def band_keys(rows: NDArray[np.uint32], band_rows: int, first_seed: int = 0) -> bytes:
    """Bucket keys of one signature, ``KEY_BYTES`` each: xxh3_64, seeded by the band's number."""
    raw = rows.tobytes()
    step = 4 * band_rows
    return b"".join(
        [
            xxh3_64_digest(raw[start : start + step], first_seed + start)
            for start in range(0, len(raw), step)
        ]
    )
