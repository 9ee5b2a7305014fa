"""What title and lead say happened: denied, begun, won; one bit a cue."""

from collections.abc import Sequence


def cues(title: Sequence[str], lead: Sequence[str]) -> int:
    """Cues of the title's words in the low 32 bits, of the lead's in the high ones."""
    return 0
