"""Words are found by their beginnings, whatever came and went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.archive import index as module
from workers.archive.index import WordIndex

_WORDS = st.text(alphabet="abё", min_size=1, max_size=4)
_CHANGES = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.lists(_WORDS, max_size=4)))


@pytest.mark.parametrize("most_unsorted", [0, 2, 1_000])
@given(changes=_CHANGES, prefixes=st.lists(_WORDS, min_size=1, max_size=5))
def test_it_finds_what_a_plain_list_of_words_holds(
    most_unsorted: int, changes: list[tuple[bool, int, list[str]]], prefixes: list[str]
) -> None:
    index, rows = WordIndex(), dict[int, set[str]]()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_UNSORTED", most_unsorted)
        for adds, row, words in changes:
            if adds:
                index.add(row, words)
                rows.setdefault(row, set()).update(words)
            else:
                index.remove(row, words)
                rows.get(row, set()).difference_update(words)
            for prefix in prefixes:
                assert index.holding(prefix) == {row for row in rows if prefix in rows[row]}
                assert index.beginning(prefix) == {
                    row for row in rows if any(word.startswith(prefix) for word in rows[row])
                }

    assert len(index) == len(set().union(*rows.values()))
