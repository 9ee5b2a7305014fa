"""`python -m tests.fuzz --inputs 100000`: the long run, with its count for each parser."""

import argparse
import os
import random
import sys
import time
import traceback

from tests.fuzz.edits import drawn
from tests.fuzz.targets import Target, targets

_SLOW_S = 1.0
_SHOWN = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    inputs = int(os.environ.get("ONESTORY_FUZZ_EXAMPLES", "100000"))
    parser.add_argument("--inputs", type=int, default=inputs, help="in all, over all parsers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="parsers with this in their name")
    asked = parser.parse_args()
    chosen = {name: each for name, each in targets().items() if asked.only in name}
    print("| parser | inputs | µs an input | longest, ms | failed |\n|---|---|---|---|---|")
    failed = 0
    for name, target in chosen.items():
        failed += _fed(name, target, asked.inputs // len(chosen), asked.seed)
    return 1 if failed else 0


def _fed(name: str, target: Target, inputs: int, seed: int) -> int:
    """Feed a target; how many inputs broke it."""
    rng = random.Random(f"{name} {seed}")
    failed, longest, began = 0, 0.0, time.perf_counter()
    for number in range(inputs):
        document = drawn(rng, target.samples)
        at = time.perf_counter()
        try:
            target.feed(document)
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            failed += 1
            if failed <= _SHOWN:
                print(f"{name}, input {number}: {document[:500]!r}", file=sys.stderr)
                traceback.print_exc()
        took = time.perf_counter() - at
        if took > _SLOW_S:
            print(f"{name}, input {number} took {took:.1f} s", file=sys.stderr)
        longest = max(longest, took)
    mean = (time.perf_counter() - began) / inputs * 1e6
    print(f"| {name} | {inputs} | {mean:.0f} | {longest * 1000:.0f} | {failed} |", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
