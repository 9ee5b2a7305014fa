"""Headlines and feeds in four languages and all encodings they come in: named by the server, by the
document, wrongly, or not at all. ``python -m tests.support.feeds.encodings`` prints the table.
"""

import pytest

from tests.support.feeds.encodings import WAYS, Cell, counted
from tests.support.feeds.headlines import ENCODINGS, HEADLINES

CELLS = [(language, encoding) for language, each in ENCODINGS.items() for encoding in each]
SHORT_AND_WRONG = {
    # Of five or six wrong names for each headline. One or two letters overrule nothing.
    ("ru", "cp866"): 117,  # of 120; "Дом" is „®¬ in western encodings
    ("ru", "mac-cyrillic"): 87,  # of 120; its small letters are those of windows-1251
    ("uk", "mac-cyrillic"): 80,  # of 90
    ("en", "windows-1252"): 31,  # of 40: a quotation mark, a pound sign
    ("en", "iso-8859-1"): 35,
}
SHORT_AND_UNNAMED = {("ru", "mac-cyrillic"): 17}  # of 20


@pytest.mark.parametrize(("language", "encoding"), CELLS)
def test_a_feed_is_read_right_whatever_is_said(language: str, encoding: str) -> None:
    for way in WAYS:
        cell = counted(encoding, way, (HEADLINES[language],))

        # The one pair that is not told apart: nobody has seen it since 2001.
        wrong = 1 if (way, encoding) == ("wrongly", "mac-cyrillic") else 0
        assert (way, cell.right) == (way, cell.total - wrong)


@pytest.mark.parametrize(("language", "encoding"), CELLS)
def test_a_headline_alone_is_read_right_where_its_encoding_is_named(
    language: str, encoding: str
) -> None:
    for way in ("by the server", "by the document"):
        cell = counted(encoding, way, alone(language))

        assert (way, cell.right) == (way, cell.total)


@pytest.mark.parametrize(("language", "encoding"), CELLS)
def test_a_headline_alone_is_read_as_well_as_its_few_letters_allow(
    language: str, encoding: str
) -> None:
    wrongly = counted(encoding, "wrongly", alone(language))
    unnamed = counted(encoding, "not at all", alone(language))

    cell = (language, encoding)
    assert wrongly.right == SHORT_AND_WRONG.get(cell, wrongly.total)
    assert unnamed.right == SHORT_AND_UNNAMED.get(cell, unnamed.total)


def test_a_cell_counts_what_is_wrong() -> None:
    assert counted("windows-1252", "wrongly", (("Storm closes port; £2m lost",),)) == Cell(2, 5)


def alone(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple((each,) for each in HEADLINES[language])
