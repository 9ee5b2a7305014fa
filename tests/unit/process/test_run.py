"""What a run counts."""

from typing import Any, cast

from workers.process.run import Run


def test_lines_that_others_trimmed_are_accounted_for() -> None:
    """Else a run on a trimmed stream would wait for them for ever."""
    none = cast(Any, None)
    job = Run(none, none, none, lambda _totals: None)
    job._lines, job._counts = 8, {"placed": 3, "missed": 4, "dead": 1}

    totals = job.totals

    assert (totals.dead_lettered, totals.unaccounted) == (5, 0)
