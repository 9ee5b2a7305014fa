"""What an article costs that was made to cost much, beside one of the demo.

``python -m tests.benchmarks.hostile [CHARACTERS]``: CPU time a byte of articles whose text, then
whose title, is one of the texts of ``tests/support/builders/hostile.py``, by a process that has
read nothing before. The demo's articles are read one after the other by such a process. The
costliest ten are printed.
"""

import sys
from collections.abc import Sequence
from functools import partial

from contracts.article import Article
from service.stories.intent import intent
from service.text.document import LONGEST_TEXT
from tests.support.builders.hostile import texts
from tests.unit.linear.growth import seconds
from tests.unit.linear.readers import article_with, fingerprinter, forget
from workers.demo.feed import demo_lines

MOST_TIMES = 10
"""That a byte may cost of an ordinary article's."""
_SHOWN = 10
_RUNS = 3


def main(size: int) -> int:
    """Measure and print; 1 if an article costs too much."""
    demo = [Article.model_validate_json(line) for line in demo_lines()]
    _seconds(demo)  # the model is loaded
    ordinary = min(_seconds(demo) for _ in range(_RUNS)) / sum(map(_bytes, demo))
    print(f"articles of the demo: {1e6 * ordinary:.2f} µs a byte\n")
    print("| text | field | bytes | ms | × ordinary a byte |\n|---|---|---|---|---|")
    rows: list[tuple[float, str]] = []
    for name, make in texts().items():
        for field in ("text", "title"):
            article = article_with(**{field: f"x {make(size)}"})
            length = _bytes(article)
            cost = _seconds([article])
            if cost > MOST_TIMES / 2 * ordinary * length:
                cost = min(cost, *(_seconds([article]) for _ in range(_RUNS)))
            times = cost / length / ordinary
            rows.append(
                (times, f"| {name} | {field} | {length} | {1e3 * cost:.0f} | {times:.1f} |")
            )
    for _, row in sorted(rows, reverse=True)[:_SHOWN]:
        print(row)
    return max(rows)[0] > MOST_TIMES


def _seconds(articles: Sequence[Article]) -> float:
    forget()
    return sum(seconds(partial(_read, article)) for article in articles)


def _read(article: Article) -> None:
    intent(article)
    fingerprinter().fingerprints([article])


def _bytes(article: Article) -> int:
    return len(f"{article.title}{article.text}".encode("utf-8", "replace"))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LONGEST_TEXT))
