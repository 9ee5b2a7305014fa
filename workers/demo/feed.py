"""The sample feed: Russian and English items, written for this project.

Every line is an article with one more field, ``group``: the story an editor would put
it in. The feed never shows it to the service; ``onestory evaluate`` and the demo's
last line judge by it.
"""

from importlib.resources import files

from service.evaluation.gold import GoldArticle, gold_articles, numbered_rows


def demo_lines() -> list[bytes]:
    """The feed's JSON lines, oldest article first."""
    return files("workers.demo").joinpath("feed.jsonl").read_bytes().splitlines()


def demo_gold() -> tuple[GoldArticle, ...]:
    """The feed's own gold labels."""
    return gold_articles(numbered_rows(demo_lines()))
