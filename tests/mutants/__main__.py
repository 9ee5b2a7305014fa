"""`python -m tests.mutants [module ...]`: survivors, and a table of all."""

import argparse
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.changes import Mutant, mutants
from tests.mutants.trials import TestsFail, survivors

TESTS = {
    "service/matching/guards.py": ["tests/unit/matching/test_guards.py"],
    "service/stories/book.py": ["tests/unit/stories/test_book.py"],
    "service/stories/decide.py": ["tests/unit/stories/test_decide.py"],
    "service/stories/ledger.py": ["tests/unit/stories/test_ledger.py"],
    "service/stories/rules.py": ["tests/unit/stories/test_rules.py"],
    "service/stories/withdrawn.py": ["tests/unit/stories/test_withdrawn.py"],
}
"""The unit tests of each module that is tried."""
_EQUIVALENT = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True, slots=True)
class Excuse:
    """A mutant that no test can tell from the module, or need not."""

    module: str
    within: str
    before: str
    after: str
    why: str

    def covers(self, module: str, mutant: Mutant) -> bool:
        """Whether it is about this mutant; lines move, so they don't count."""
        return (self.module, self.within, self.before, self.after) == (
            module,
            mutant.within,
            mutant.before,
            mutant.after,
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("modules", nargs="*", metavar="module", help=", ".join(TESTS))
    parser.add_argument("--jobs", type=int, default=2, help="mutants tried at once")
    asked = parser.parse_args()
    if unknown := set(asked.modules) - TESTS.keys():
        parser.error(f"no tests are named for {', '.join(sorted(unknown))}")
    excuses = [Excuse(**each) for each in tomllib.loads(_EQUIVALENT.read_text())["mutant"]]
    rows, is_well = [], True
    for module in asked.modules or TESTS:
        try:
            row, unexcused = _tried(module, excuses, asked.jobs)
        except TestsFail as error:
            sys.exit(f"the tests fail as it is: {error}")
        rows.append(row)
        is_well &= not unexcused
    print("\n| module | mutants | killed | equivalent | survived |\n|---|---|---|---|---|")
    print("\n".join(rows))
    return 0 if is_well else 1


def _tried(module: str, excuses: list[Excuse], jobs: int) -> tuple[str, int]:
    """A row of the table, and how much of it is wrong: survivors that nothing excuses, and
    excuses that nothing needs.
    """
    made = list(mutants(Path(module).read_text(), module))
    own = [each for each in excuses if each.module == module]
    needed: set[Excuse] = set()
    excused = unexcused = 0
    for mutant in survivors(Path(module), made, [Path(each) for each in TESTS[module]], jobs):
        covering = {each for each in own if each.covers(module, mutant)}
        needed |= covering
        if covering:
            excused += 1
            continue
        unexcused += 1
        where = f"{module}:{mutant.line} {mutant.within}"
        print(f"{where}: {mutant.before} -> {mutant.after}", flush=True)
    idle = [each for each in own if each not in needed]
    for each in idle:
        print(f"{_EQUIVALENT.name}: killed or gone: {module} {each.before} -> {each.after}")
    killed = len(made) - excused - unexcused
    row = f"| {module} | {len(made)} | {killed} | {excused} | {unexcused} |"
    return row, unexcused + len(idle)


if __name__ == "__main__":
    sys.exit(main())
