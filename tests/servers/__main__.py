"""``python -m tests.servers [BINARY …]``: the table of servers; by default, those that are here."""

import sys
from pathlib import Path

from tests.servers.trials import TRIALS, tried
from tests.support.redis.servers import named_binary, servers_here


def main() -> int:
    """1 if anything fails on any server."""
    given = [Path(each).absolute() for each in sys.argv[1:]]
    found = dict(map(named_binary, given)) if given else servers_here()
    print(f"| server | {' | '.join(TRIALS)} |\n|---|{'---|' * len(TRIALS)}")
    failed = False
    for name, binary in found.items():
        said = tried(binary)
        failed |= any(each.startswith("fails") for each in said)
        print(f"| {name} | {' | '.join(said)} |", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
