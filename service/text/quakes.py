"""Magnitudes of earthquakes, which two agencies measure alike but not equally.

Beside its number a magnitude is two coarse keys, of grids 0.4 wide that lie 0.2 apart: two
that differ by 0.2 always share one, two that differ by 0.4 share none.
"""

import re
from collections.abc import Sequence

MAGNITUDES = frozenset(
    "magnitude magnitudes richter магнитуда магнитуды магнитуде магнитуду магнитудой рихтера"
    " рихтеру".split()
)
"""Words that say a number near them is one."""

_VALUE = re.compile(r"\d(?:\.\d)?")
_REACH = 4
"""Words: магнитуда толчка составила 5,2."""
_WIDTH = 4
"""Tenths."""


def magnitude(words: Sequence[str], at: int) -> tuple[str, list[str]]:
    """The figure that ``words[at]`` speaks of, behind it or before it, and its coarse keys.

    >>> magnitude("a 4.8 magnitude quake".split(), 2)
    ('4.8', ['quake 12', 'quake 12+'])
    >>> magnitude("магнитуда составила 5.0".split(), 0)
    ('5.0', ['quake 12', 'quake 13+'])
    """
    behind, before = words[at + 1 : at + 1 + _REACH], words[max(0, at - _REACH) : at][::-1]
    found = next((word for word in [*before[:1], *behind, *before] if _VALUE.fullmatch(word)), None)
    if found is None:
        return "", []
    tenths = round(10 * float(found))
    return found, [f"quake {tenths // _WIDTH}", f"quake {(tenths + _WIDTH // 2) // _WIDTH}+"]
