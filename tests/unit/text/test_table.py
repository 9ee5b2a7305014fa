"""Strings by number, and lists whose items are taken by number."""

import numpy as np

from service.text.table import ListAsArray, Table


def test_what_came_to_a_list_since_the_last_call_is_taken_too() -> None:
    array: ListAsArray[str] = ListAsArray()
    items = ["ferry"]
    first = array.taken(items, np.array([0, 0]))

    items += ["bridge", "harbour"]

    assert first == ["ferry", "ferry"]
    assert array.taken(items, np.array([2, 0, 1])) == ["harbour", "ferry", "bridge"]


def test_tuples_of_one_length_stay_tuples() -> None:
    array: ListAsArray[tuple[str, ...]] = ListAsArray()

    assert array.taken([("a", "b"), ("c", "d"), ()], np.array([1, 2])) == [("c", "d"), ()]


def test_a_table_that_started_over_spells_its_new_strings() -> None:
    table = Table()
    table.spelled(np.array([table["ferry"], table["bridge"]]))

    table.start_over()

    assert table.spelled(np.array([table["harbour"]])) == ["harbour"]
