"""Vectors of any model brought to the width and the order that the rest counts on.

Fingerprints hold 256 dimensions, and retrieval, titles and leads make do with the leading
64 to 128 of them. The bundled encoder orders its dimensions by variance; another model's
may carry their meaning anywhere, so its vectors are rotated by a fixed random rotation
first, after which any k leading dimensions are a random projection (Johnson & Lindenstrauss
1984): a cosine c of a model with d dimensions is kept with a standard deviation of about

    (1 - c^2) * sqrt((1 - k / d) / k)      0.036 for d = 384, k = 256; 0.083 for 1,024 and 128

and exactly where d <= k. Narrower models are filled up with zeros, so that nothing after
the encoder need know; that costs their fingerprints nothing but the zeros' bytes.

The rotation must be the same in every process for as long as vectors are kept. It is drawn
from PCG64's raw bits, which numpy keeps stable between versions (not so ``Generator.normal``).
"""

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.model_rows import SMALLEST_NORM

DIMENSIONS = 256
NAME = f"rotated{DIMENSIONS}"
"""Goes into an encoder's version: to be changed with anything that changes a projection."""
_SEED = 20261122


def rotation(dimensions: int) -> NDArray[np.float32]:
    """Orthonormal columns, shape (dimensions, min(dimensions, 256)); always the same.

    Uniform over all such matrices: Q of a Gaussian matrix whose R has a positive diagonal
    (Stewart 1980). Half a second for 4,096 dimensions.
    """
    kept = min(dimensions, DIMENSIONS)
    raw = np.random.PCG64(_SEED).random_raw(2 * dimensions * kept)
    uniform = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    radius, angle = uniform.reshape(2, dimensions, kept)
    gaussian = np.sqrt(-2 * np.log(radius)) * np.cos(2 * np.pi * angle)  # Box & Muller 1958
    q, r = np.linalg.qr(gaussian)
    columns: NDArray[np.float32] = (q * np.sign(np.diag(r))).astype(np.float32)
    return columns


def projected(vectors: NDArray[np.float32], columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors (n, 256) of ``vectors`` (n, d) by ``rotation(d)``; a zero vector stays zero."""
    rotated = unit(unit(vectors) @ columns)
    missing = DIMENSIONS - rotated.shape[1]
    return np.pad(rotated, ((0, 0), (0, missing)))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows at length 1; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(norms, SMALLEST_NORM)
    return scaled.astype(np.float32)
