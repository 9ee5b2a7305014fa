"""Independent sources."""

import pytest

from contracts.events import Relation
from service.stories.sources import STEMS_FROM, origin, outlet
from service.stories.state import Member

WIRE = Member("w", 1, 1, 1, "ru", 1, outlet("Wire"), 0)
COURIER = Member("c", 2, 2, 1, "ru", 2, outlet("Courier"), 0)


@pytest.mark.parametrize(
    ("relation", "text", "stems"),
    [
        (Relation.COPY, 1.0, True),
        (Relation.TRANSLATION, 0.0, True),
        (Relation.REVISION, 0.1, True),
        (Relation.REWRITE, STEMS_FROM, True),
        (Relation.REWRITE, STEMS_FROM - 0.01, False),
        (None, 0.9, False),
    ],
)
def test_what_stems_from_a_report_has_its_origin(
    relation: Relation | None, text: float, stems: bool
) -> None:
    assert origin(9, outlet("Herald"), relation, text, WIRE, [WIRE, COURIER]) == (1 if stems else 9)


def test_an_outlet_is_one_source_however_often_it_reports() -> None:
    assert origin(9, outlet("COURIER "), Relation.REWRITE, 0.0, WIRE, [WIRE, COURIER]) == 2
    assert origin(9, outlet(None), Relation.REWRITE, 0.0, WIRE, [WIRE, COURIER]) == 9
