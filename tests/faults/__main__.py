"""`python -m tests.faults --articles N --faults M --seed S`."""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.kinds import FAULTS
from tests.faults.memory import leaks
from tests.faults.report import line, table
from tests.faults.run import Outcome, run
from tests.faults.schedule import schedule
from tests.faults.world import world


def main() -> int:
    asked = _asked()
    wanted = asked.only.split(",") if asked.only else [""]
    kinds = [each for each in FAULTS if any(part in each for part in wanted)]
    slots = schedule(asked.seed, asked.articles, asked.faults, kinds)
    folder = Path(asked.folder or tempfile.mkdtemp(prefix="onestory-faults-"))
    folder.mkdir(exist_ok=True, parents=True)
    older = [_archived(asked.beside, folder)] if asked.beside else []
    shown = _Shown()
    with world(
        folder,
        seed=asked.seed,
        articles=asked.articles,
        workers=asked.workers,
        window_articles=asked.window,
        older=older,
    ) as made:
        outcome = run(made, slots, shown.show, checked_every=asked.checked_every)
        found = leaks(outcome)
        outcome.wrong += found.wrong
        print(f"\n{table(outcome, found)}\n\nWorkers' log: {folder / 'workers.log'}")
    return 1 if outcome.wrong else 0


class _Shown:
    """The line of progress: over the last one on a terminal, else one every ten seconds."""

    def __init__(self) -> None:
        self._last = 0.0

    def show(self, outcome: Outcome, said: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{line(outcome, said)}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._last > 10 or said.startswith(("checking", "wrong")):
            self._last = time.monotonic()
            print(line(outcome, said), file=sys.stderr, flush=True)


def _archived(revision: str, folder: Path) -> Path:
    """The code of an earlier revision, unpacked."""
    there = folder / f"at-{revision}"
    there.mkdir(exist_ok=True)
    archive = subprocess.run(
        ["git", "archive", revision],  # noqa: S607 - whichever git there is
        check=True,
        capture_output=True,
    ).stdout
    subprocess.run(
        ["tar", "-x", "-C", str(there)],  # noqa: S607
        input=archive,
        check=True,
    )
    return there


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000, help="lines of traffic")
    parser.add_argument("--faults", type=int, default=40, help="faults, spread over them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--window", type=int, default=20_000, help="articles in the window")
    parser.add_argument("--checked-every", type=int, default=10, help="slots between checks")
    parser.add_argument("--only", help="kinds of fault with one of these words, commas between")
    parser.add_argument("--beside", metavar="REV", help="a worker of that git revision runs too")
    parser.add_argument("--folder", help="for data and log; a new temporary one if absent")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
