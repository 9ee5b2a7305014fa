"""What was missed is reckoned from what came to an end, so every end must be in the reckoning."""

import re
from importlib.resources import files
from typing import get_args

from workers.metrics.meter import Outcome
from workers.state.schema import Count, names_of

LUA = {
    each.name.removesuffix(".lua"): each.read_text("utf-8")
    for each in (files("workers.state") / "lua").iterdir()
}


def test_every_outcome_of_an_entry_is_reckoned_with() -> None:
    """One that is left out would look like an entry that somebody deleted."""
    reckoned = {
        names_of(Count)[name]
        for name in re.findall(r"\bCOUNT_([A-Z_]+)", LUA["missed"].partition("local found")[2])
    } - {Count.MISSED}

    assert reckoned == set(get_args(Outcome)) - {Count.RELEASED}


def test_who_acknowledges_counts() -> None:
    acknowledging = {name for name, text in LUA.items() if "'XACK'" in text}

    assert acknowledging == {"ended", "present"}
    assert "MISSED_BASE, more)" in LUA["present"]  # what it acknowledges comes again
    assert LUA["ended"].count("'XACK'") == 1
    assert (
        "redis.call('HINCRBY', ARGV[1] .. KEY_COUNTS, counted"
        in LUA["ended"].partition("'XACK'")[2]
    )


def test_who_ends_an_entry_says_how_it_is_counted() -> None:
    said = {name: set(re.findall(r"\bended\(.*?, (\S+),", text)) for name, text in LUA.items()}

    assert {name: counted for name, counted in said.items() if counted and name != "ended"} == {
        "bury": {"COUNT_DEAD"},
        "change": {"words[3]"},
        "register": {"COUNT_REPEATED"},
    }
