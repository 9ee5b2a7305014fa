import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.fingerprints.anchors import (
    LAST_RANK,
    LEAD,
    LONGEST_SURFACE,
    MOST_NAMES,
    MOST_NUMBERS,
    MOST_SURFACES,
    RANK_SHIFT,
    AnchorTable,
    anchor_ids,
    anchor_tables,
)
from service.text.anchors import KEYS, Anchor, Kind, Place
from tests.support.builders.anchors import together


def anchor_id(kind: Kind, key: str) -> int:
    return int(anchor_ids(np.array([kind]), np.array([KEYS[key]]))[0])


anchors = st.builds(
    Anchor,
    kind=st.sampled_from(Kind),
    key=st.text("abcdefgh0123456789", min_size=1, max_size=6),
    surface=st.text(max_size=40),
    weight=st.integers(1, 3),
    place=st.sampled_from(Place),
    times=st.integers(1, 9),
)
anchor_lists = st.lists(anchors, max_size=90, unique_by=lambda anchor: anchor.key)


@given(anchor_lists)
def test_the_table_is_sorted_aligned_and_bounded(found: list[Anchor]) -> None:
    (table,) = anchor_tables(together([found]))

    assert table.names.tolist() == sorted(table.names.tolist())
    assert table.numbers.tolist() == sorted(table.numbers.tolist())
    assert len(table.names) == len(table.name_weights) <= MOST_NAMES
    assert len(table.numbers) == len(table.number_weights) <= MOST_NUMBERS
    assert len(table.surfaces) == len(table.names) + len(table.numbers)


@given(st.lists(anchor_lists, min_size=1, max_size=3))
def test_many_tables_at_once_are_those_made_one_by_one(found: list[list[Anchor]]) -> None:
    ranks = {"a": 1, "b": 2, "c": 40}

    tables = anchor_tables(together(found, ranks))

    assert [_rows(table) for table in tables] == [_one_by_one(one, ranks) for one in found]


def _rows(table: AnchorTable) -> list[tuple[int, int, str]]:
    ids = [*table.names.tolist(), *table.numbers.tolist()]
    weights = [*table.name_weights.tolist(), *table.number_weights.tolist()]
    return list(zip(ids, weights, table.surfaces, strict=True))


def _one_by_one(found: list[Anchor], ranks: dict[str, int]) -> list[tuple[int, int, str]]:
    rows: dict[bool, list[tuple[int, int, str]]] = {True: [], False: []}
    ranked = sorted(
        found,
        key=lambda one: (one.place < Place.BODY) * 16 + one.weight * 4 + min(one.times, 3),
        reverse=True,
    )
    for rank, (kind, key, surface, weight, place, _) in enumerate(ranked):
        is_name = kind is Kind.NAME
        flags = LEAD * (place < Place.BODY)
        flags |= min(ranks.get(key, 0), LAST_RANK) << RANK_SHIFT if is_name else 0
        shown = surface[:LONGEST_SURFACE] if rank < MOST_SURFACES else ""
        rows[is_name].append((anchor_id(kind, key), weight | flags, shown))
    return sorted(rows[True][:MOST_NAMES]) + sorted(rows[False][:MOST_NUMBERS])


def test_an_anchor_carries_weight_place_and_surface() -> None:
    in_lead = Anchor(Kind.NAME, "bzdtk", "Бездетко", 3, Place.LEAD, 1)
    in_body = Anchor(Kind.DATE, "02-09", "9 февраля", 2, Place.BODY, 1)

    (table,) = anchor_tables(together([[in_lead, in_body]]))

    assert table.names.tolist() == [anchor_id(Kind.NAME, "bzdtk")]
    assert table.name_weights.tolist() == [3 | LEAD]
    assert table.number_weights.tolist() == [2]
    assert table.surfaces == ("Бездетко", "9 февраля")


def test_a_name_carries_its_rank_in_the_title() -> None:
    names = [Anchor(Kind.NAME, key, key, 3, Place.TITLE, 1) for key in ("drn", "ldv", "klm")]

    (table,) = anchor_tables(together([names], {"drn": 2, "ldv": 99}))
    held = dict(zip(table.names.tolist(), table.name_weights.tolist(), strict=True))

    assert [held[anchor_id(Kind.NAME, key)] & ~LEAD for key in ("drn", "ldv", "klm")] == [
        3 | 2 << RANK_SHIFT,
        3 | LAST_RANK << RANK_SHIFT,
        3,
    ]


def test_dates_and_quantities_differ_in_the_lowest_bit() -> None:
    assert anchor_id(Kind.DATE, "2025") & 1 == 1
    assert anchor_id(Kind.NUMBER, "2025") & 1 == 0
