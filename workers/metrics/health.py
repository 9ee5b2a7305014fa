"""Is this worker alive, and is it ready: what `Pulse` says, judged."""

from dataclasses import dataclass

from workers.metrics.pulse import Pulse

ANSWERS_WITHIN_S = 5.0
"""Ten batches long: while one is computed no answer is taken up."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A check that failed."""

    check: str
    detail: str
    """What was seen, and what was expected."""


def not_alive(pulse: Pulse, limit_s: float) -> list[Trouble]:
    """Why this process should be replaced; empty if it is alive."""
    found = [
        Trouble(f"loop {loop}", f"no sign of life for {age:.0f} s, expected within {limit_s:g} s")
        for loop, age in sorted(pulse.stuck(limit_s).items())
    ]
    if not pulse.has_group and not pulse.is_away:
        found.append(Trouble("consumer group", "it is gone, and could not be created anew"))
    return found


def not_ready(pulse: Pulse, limit_s: float, most_behind: int) -> list[Trouble]:
    """Why this process does no work yet, or none at the moment; empty if it is ready."""
    found = not_alive(pulse, limit_s)
    if not pulse.is_caught_up:
        found.append(Trouble("window", "the fingerprint log has not been followed to its end yet"))
    elif pulse.behind > most_behind:
        detail = f"{pulse.behind} entries of the log are missing, expected at most {most_behind}"
        found.append(Trouble("window", detail))
    if pulse.evicted:
        detail = f"the server evicted {pulse.evicted} keys since this worker started, expected none"
        found.append(Trouble("eviction", detail))
    if pulse.is_away:
        found.append(Trouble("redis", pulse.away_because))
    elif (silence_s := pulse.silence_s()) > ANSWERS_WITHIN_S:
        found.append(Trouble("redis", f"no answer for {silence_s:.0f} s"))
    return found
