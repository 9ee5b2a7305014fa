"""The payloads of some thousand articles in one file, which all workers of a host have mapped.

The file of numbers k·n to k·n + n - 1, little-endian:

    end      u4     bytes in use: the next payload begins here
    starts   u4[n]  where each number's payload begins; 0: it is not there yet
    payloads        one behind the other, as the log has them

Whoever comes to a number first writes its payload, under a lock that the kernel takes back from a
process that dies: payload first, then `end`, then its start. A kill in between leaves bytes that
nothing points to. Whoever comes later has the payload from the log, and compares: what differs is
no concern of the reader, who puts its own behind it. So numbers that a server gives anew, to
other articles, do no harm, and nothing in the file has to be believed.

What was compared once stays as it is: a payload is never moved, and nothing is written over but
its text, when the article is gone (``blank``). A file that is removed lives on in those who have
it mapped.
"""

import errno
import fcntl
import mmap
import os
import struct
import sys
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from service.fingerprints.layout import LENGTH_AT

FORMAT = 1
"""Of these files. Another one has other names, since versions work side by side."""
NUMBERS = 16_384
"""Of one file. It goes when all are below the floor: a sixth of a window of 100,000, at most, is
there beyond its time. Each takes two descriptors of every worker: 122 at a million articles."""
_WORD = 4
_HEAD = -(-_WORD * (1 + NUMBERS) // mmap.PAGESIZE) * mmap.PAGESIZE
_LARGEST = 1 << 30
"""Of address space, 64 kB an article; memory is taken as payloads come."""
_TRIES, _PAUSE_S = 20, 0.0005
"""A lock is held for a fraction of a millisecond. Who holds it and was stopped holds up nobody."""
_length = struct.Struct("<I").unpack_from


class PayloadFile:
    """One file; as long as this object lives it is mapped."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it.

        Raises:
            OSError: there is no room for it, or it may not be opened.
        """
        if sys.byteorder != "little":
            raise OSError(errno.ENOTSUP, "payload files are little-endian")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with self._alone():
                if os.fstat(self._file).st_size < _LARGEST:
                    # Room for the head is taken now: to touch a page that the disk has none for
                    # would end the process.
                    os.posix_fallocate(self._file, 0, _HEAD)
                    os.ftruncate(self._file, _LARGEST)
            self._bytes = mmap.mmap(self._file, _LARGEST)
        except OSError:
            os.close(self._file)
            raise
        self._words = memoryview(self._bytes)[:_HEAD].cast("I")
        weakref.finalize(self, os.close, self._file)

    def hold(self, slots: Sequence[int], payloads: Sequence[bytes]) -> list[int]:
        """Where these payloads begin, once they are there. A slot is a number less the file's
        first.

        Raises:
            OSError: there is no room, or somebody has the lock who does nothing. Nothing was done.
        """
        starts = self._found(slots, payloads)
        if all(starts):
            return starts
        with self._alone():
            starts = self._found(slots, payloads)  # by now another may have brought them
            missing = [place for place, start in enumerate(starts) if not start]
            written = self._written([payloads[place] for place in missing])
            for place, start in zip(missing, written, strict=True):
                self._words[1 + slots[place]] = starts[place] = start
        return starts

    def __getitem__(self, start: int) -> bytes:
        """The payload that begins there."""
        (length,) = _length(self._bytes, start + LENGTH_AT)
        return self._bytes[start : start + length]

    def change(self, start: int, payload: bytes) -> None:
        """Write one of the same length in place of the payload that begins there."""
        self._bytes[start : start + len(payload)] = payload

    def _found(self, slots: Sequence[int], payloads: Sequence[bytes]) -> list[int]:
        """Where they begin; 0 for those that are not there."""
        words, content = self._words, self._bytes
        used = words[0]  # beyond it there may be no memory to look at
        found = []
        for slot, payload in zip(slots, payloads, strict=True):
            start = words[1 + slot]
            stop = start + len(payload)
            is_there = start and stop <= used and content[start:stop] == payload
            found.append(start if is_there else 0)
        return found

    def _written(self, payloads: Sequence[bytes]) -> list[int]:
        start = self._words[0] or _HEAD
        joined = b"".join(payloads)
        if start + len(joined) > _LARGEST or os.pwrite(self._file, joined, start) < len(joined):
            raise OSError(errno.ENOSPC, "no room for more payloads")
        self._words[0] = start + len(joined)
        starts = []
        for payload in payloads:
            starts.append(start)
            start += len(payload)
        return starts

    @contextmanager
    def _alone(self) -> Iterator[None]:
        for _ in range(_TRIES):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_PAUSE_S)
        else:
            raise OSError(errno.EAGAIN, "somebody else has the payloads' lock and does nothing")
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
