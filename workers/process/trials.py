"""Which entries are tried together after workers died with them in hand, so that poison is found
soon and no innocent entry is buried with it.

A death says only that one of those in hand may be to blame. So entries whose worker died are
tried in groups, with nothing else in hand, and a group that kills its worker too comes back in
eighths: one poison among 500 is alone after three deaths (of 500, 63 and 8). Only from there on
is it counted, and an entry is given up after so many failures that were its own. What died by
chance, as by a kill of all workers, is done in eight groups.

Halves would need nine deaths, and a death takes long: the time until entries count as idle, and
the start of another worker, 18 s in all. A group more that does no harm takes 10 ms.

Redis keeps a record of each suspect (``lua/claim.lua``). An entry without one was in hand at one
death at most, and begins with an eighth of those that were.
"""

from collections.abc import Iterator, Sequence

from workers.state.tries import PARTS, Suspect

_TRIAL_COSTS = 20
"""Entries: a trial of one takes some 10 ms, as 20 more in a batch do."""

Trial = list[Suspect]
"""Those that are in hand together."""


def trials(suspects: Sequence[Suspect], most: int) -> list[Trial]:
    """Suspects in groups, none larger than the limit of any of its members.

    The least suspect come first, and what failed most often last: it may kill its worker once
    more, and all behind it would wait for the next one.

    Args:
        suspects: in the order of the stream, which is kept among equals.
        most: how many a worker has in hand at its first try of them.
    """
    unknown = sum(not each.record.limit for each in suspects)
    first = -(-min(unknown, most) // PARTS)

    def limit(suspect: Suspect) -> int:
        return suspect.record.limit or first

    groups: list[Trial] = []
    for suspect in sorted(
        suspects, key=lambda each: (-limit(each), each.record.limit > 0, each.record.failures)
    ):
        # The limits fall, so this one's is the smallest so far.
        if groups and len(groups[-1]) < limit(suspect):
            groups[-1].append(suspect)
        else:
            groups.append([suspect])
    return groups


def turns(groups: Sequence[Trial], worth: int) -> Iterator[list[Trial]]:
    """Trials that follow each other before fresh entries have their turn.

    With a turn for each, those of single entries would wait for a whole batch of fresh ones
    before each: a hundred of them for minutes.

    Args:
        groups: as `trials` makes them.
        worth: how many fresh entries take as long as a turn may.
    """
    turn: list[Trial] = []
    load = 0
    for group in groups:
        turn.append(group)
        load += len(group) + _TRIAL_COSTS
        if load >= worth:
            yield turn
            turn, load = [], 0
    if turn:
        yield turn
