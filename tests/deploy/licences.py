"""Under which licence each pinned package comes: ``make licences``.

A package says so in one of three ways: as an SPDX expression, by classifiers, or in words. What
can't be read, or is not in the list of what is accepted, ends the command with exit code 1.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata

from packaging.requirements import Requirement

from tests.deploy.files import ROOT, all_requirements, requirements

ACCEPTED = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 PSF-2.0 Zlib".split()
)
"""They ask for no more than that their text and the names of the authors come along."""
ACCEPTED_IN_TESTS = ACCEPTED | {"MPL-2.0"}
"""MPL: who passes on a changed file passes on its source. None of it is passed on: what only the
tests need is in no image and no wheel."""
WORDS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",  # or with two clauses, which asks for less
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What classifiers and authors call them."""


@dataclass(frozen=True, slots=True)
class Licensed:
    """A pinned package."""

    name: str
    version: str
    licence: str
    """SPDX expression, or what is said instead."""
    is_shipped: bool
    """The service needs it."""

    @property
    def is_accepted(self) -> bool:
        """At least one of its alternatives."""
        accepted = ACCEPTED if self.is_shipped else ACCEPTED_IN_TESTS
        return any(
            all(part.strip("() ") in accepted for part in alternative.split(" AND "))
            for alternative in self.licence.split(" OR ")
        )


def licence(said: PackageMetadata) -> str:
    """An SPDX expression, or "unknown" with what is said."""
    if "License-Expression" in said:
        return said["License-Expression"]
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in said.get_all("Classifier") or []
        if each.startswith("License :: ") and each != "License :: OSI Approved"
    ]
    own = said["License"].partition("\n")[0] if "License" in said else "nothing"
    words = classifiers or [own]
    if all(each in WORDS for each in words):
        return " AND ".join(sorted({WORDS[each] for each in words}))
    return words[0] if len(words) == 1 else f"unknown: {', '.join(words)}"


def licensed() -> Iterator[Licensed]:
    """All pinned packages that are of this machine and this Python.

    Raises:
        PackageNotFoundError: one is not installed.
    """
    shipped = requirements(ROOT / "requirements.txt")
    for name, line in sorted(all_requirements().items()):
        pinned = Requirement(line.partition(" \\")[0])
        if pinned.marker is not None and not pinned.marker.evaluate():
            continue
        said = metadata(name)
        yield Licensed(name, said["Version"], licence(said), name in shipped)


def main() -> int:
    """The exit code."""
    try:
        found = list(licensed())
    except PackageNotFoundError as error:
        print(f"{error.name} is not installed: make check", file=sys.stderr)
        return 1
    for each in found:
        where = "service" if each.is_shipped else "tests"
        print(f"{each.name:42} {each.version:18} {where:8} {each.licence}")
    refused = [each.name for each in found if not each.is_accepted]
    if refused:
        print(f"not accepted (tests/deploy/licences.py): {', '.join(refused)}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
