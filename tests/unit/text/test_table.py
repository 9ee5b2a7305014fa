"""Strings by number."""

import numpy as np

from service.text.table import Table


def test_what_came_to_a_table_since_the_last_call_is_spelled_too() -> None:
    table = Table()
    ferry = table["ferry"]
    first = table.spelled(np.array([ferry, ferry]))

    bridge, harbour = table["bridge"], table["harbour"]

    assert first == ["ferry", "ferry"]
    assert table.spelled(np.array([harbour, ferry, bridge])) == ["harbour", "ferry", "bridge"]


def test_a_table_that_started_over_spells_its_new_strings() -> None:
    table = Table()
    table.spelled(np.array([table["ferry"], table["bridge"]]))

    table.start_over()

    assert table.spelled(np.array([table["harbour"]])) == ["harbour"]
