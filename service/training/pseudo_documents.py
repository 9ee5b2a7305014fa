"""Parallel news as articles: pseudo-documents of the WMT news tests of 2012 to 2018.

Lines of a file follow each other as they did in their articles, but where an article ends is
not told. Cut into documents of varying length they are what translations are made of: names,
numbers and quotes of real news, human translations, thousands of stories that no dev set holds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from service.training.labelled import Labelled
from service.training.parallel import DataSet, lines

NEWS = DataSet("C/wmt-newstest-2012-2018", 1.0, 1)
SHORTEST, LONGEST = 6, 32
"""Lines of a document: one to four paragraphs a line as its source has them."""
_START = datetime(2018, 6, 1, tzinfo=UTC)
_SPAN_H = 72.0
_LATEST_H = 10.0
"""Of a translation after its original; as dev's."""


def news(data: Path, rng: Random) -> Iterator[Labelled]:
    """Both languages of each document; group ``news-N``."""
    told, at, number = lines(data, NEWS), 0, 0
    while at + SHORTEST <= len(told):
        length = rng.randint(SHORTEST, LONGEST)
        document = told[at : at + length]
        moment = _START + timedelta(hours=rng.uniform(0, _SPAN_H))
        for side, lang in enumerate(("en", "ru")):
            title, *text = [line[side] for line in document]
            later = timedelta(hours=rng.uniform(0, _LATEST_H))
            group = f"news-{number}"
            yield Labelled(
                f"{group}-{lang}", lang, title, "\n".join(text), group, "news", group,
                moment + later,
            )  # fmt: skip
        at, number = at + length, number + 1
