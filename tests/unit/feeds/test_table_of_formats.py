"""The room's README has a row for each format, and the document that it shows is read."""

import re
from pathlib import Path

import pytest

from tests.support.feeds.samples import articles
from workers.feeds.formats import FORMATS, as_document, detected

README = Path(__file__).parents[3] / "workers" / "feeds" / "README.md"
_ROW = re.compile(r"^\| `([\w-]+)`[^|]*\| (`[^`]+`).*\|$", re.MULTILINE)
_PICTURES = {0x2400 + code: code for code in range(32)} | {ord("⏎"): "\n", ord("⇥"): "\t"}


def table() -> dict[str, str]:
    """Format → the document that its row begins with."""
    rows = README.read_text("utf-8").partition("| `--format` |")[2].partition("\n\n")[0]
    return {name: document.strip("`") for name, document in _ROW.findall(rows)}


def document_in(row: str) -> bytes:
    """A telegram stands there with pictures of its control characters."""
    return (row if row[0] in "<{" else row.translate(_PICTURES)).encode()


def test_the_table_names_every_format_and_no_other() -> None:
    assert sorted(table()) == sorted(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_the_document_of_a_row_is_one_article(name: str) -> None:
    document = as_document(document_in(table()[name]), "wire")

    assert detected(document).name == name
    for format_ in (FORMATS[name], detected(document)):
        items = list(format_.read(document))
        assert len(articles(items)) == len(items) == 1
