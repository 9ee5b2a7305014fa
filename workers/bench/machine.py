"""What a machine and its processes spend, as Linux tells it in ``/proc``.

Processor time is counted in hundredths of a second, so what is measured should take a second of
it. A process' time is its own, that of its children, and of theirs: of those that live and of those
that have ended. The load of others is all that the machine was busy with but for our own tree of
processes; what a hypervisor gave to other guests (steal) is theirs too.
"""

import os
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_BUSY = (0, 1, 2, 7)
"""Columns of ``/proc/stat``: user, nice, system, steal."""
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Seen:
    """Processor time until one moment, seconds."""

    at_s: float
    busy_s: float
    """Of the machine, all cores together."""
    spent_s: Mapping[int, float]
    """By process; with that of its children that have ended."""
    parents: Mapping[int, int]

    def tree_s(self, root: int) -> float:
        """Of a process and all that came of it.

        Raises:
            KeyError: it is not there.
        """
        children = [pid for pid, parent in self.parents.items() if parent == root]
        return self.spent_s[root] + sum(map(self.tree_s, children))


def seen() -> Seen:
    """All processes as of now."""
    spent, parents = {}, {}
    for folder in _PROC.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            continue
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        spent[pid] = sum(map(int, fields[11:15])) / _TICKS
    columns = (_PROC / "stat").read_text("utf-8").split(maxsplit=9)[1:9]
    busy = sum(int(columns[place]) for place in _BUSY) / _TICKS
    return Seen(time.perf_counter(), busy, spent, parents)


def load_of_others(before: Seen, after: Seen) -> float:
    """Between two moments, of each core: what no process of this one's tree has spent."""
    own = after.tree_s(os.getpid()) - before.tree_s(os.getpid())
    others = after.busy_s - before.busy_s - own
    return max(0.0, others / (after.at_s - before.at_s) / (os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class Memory:
    """Of a process, bytes."""

    resident: int
    private: int
    """Of no file and no shared segment: however many others there are, none has it as well."""


def memory(pid: int) -> Memory:
    """Of a process of ours."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text("utf-8").splitlines()[1:]
    sizes = {
        name: int(rest.split()[0]) * 1024 for name, _, rest in (x.partition(":") for x in lines)
    }
    return Memory(sizes["Rss"], sizes["Anonymous"])


def machine() -> str:
    """Processor, cores and memory, in words."""
    info = (_PROC / "cpuinfo").read_text("utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in info if line.startswith("model name")]
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    name = names[0] if names else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {gigabytes:.0f} GB"
