"""The table of targets: what is asked, what was reached.

    python -m service.training.targets --data ../shared/data

Prints the Markdown table of the model card. Its columns:

    out of fold        verifiers that never saw the story they judge, stories formed
                       offline: what to expect on new data of the same kind
    without doubts     the same stories, with the gold groups of ``doubts.py`` unlabelled
    as shipped         ``onestory evaluate``, the whole path through Redis, with the
                       bundled verifier: it was trained on these sets, so this shows
                       the path and not the model
"""

import argparse
import gzip
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from service.evaluation.targets import SAME_EVENT, Figures, Row, measured, table
from service.fingerprints.fingerprinter import Fingerprinter
from service.training.doubts import undoubted
from service.training.judged import Judged, judged
from service.training.simulation import evaluation

SETS = ("feed", "hard", "together")


def out_of_fold(found: dict[str, Judged]) -> tuple[dict[Row, float], dict[Row, float]]:
    """Figures by all labels, and without the doubtful ones."""
    labelled: dict[Row, float] = {}
    undoubtedly: dict[Row, float] = {}
    for name in SETS:
        articles, story = found[name].run.articles, found[name].story
        labelled |= measured(name, evaluation(articles, story).to_json())
        sure = [replace(article, group=undoubted(article.group)) for article in articles]
        undoubtedly |= measured(name, evaluation(sure, story).to_json())
    return labelled, undoubtedly


def as_shipped(onestory: Path, data: Path) -> dict[Row, float]:
    """Figures of the command line, run on each set."""
    dev = data / "dev"
    found: dict[Row, float] = {}
    with TemporaryDirectory() as folder:
        both = Path(folder) / "together.jsonl"
        both.write_text(_together(dev), encoding="utf-8")
        paths = (dev / "feed.jsonl.gz", dev / "hard.jsonl.gz", both)
        for name, path in zip(SETS, paths, strict=True):
            found |= measured(name, _evaluated(onestory, path))
    pairs = _evaluated(onestory, dev / "same_event_pairs.jsonl.gz")
    return found | {SAME_EVENT.row: pairs["f1"]}


def _together(dev: Path) -> str:
    """Both sets as JSON lines; articles of the feed get a suite, to be told apart."""
    lines = []
    for name in ("hard", "feed"):
        with gzip.open(dev / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [{"suite": name, **json.loads(line)} for line in file]
        lines += [json.dumps(row, ensure_ascii=False) for row in rows]
    return "\n".join(lines)


def _evaluated(onestory: Path, gold: Path) -> Figures:
    """What ``onestory evaluate --json`` prints.

    Raises:
        CalledProcessError: the command failed; what it said is on stderr.
    """
    command: Sequence[str | Path] = (onestory, "evaluate", gold, "--json")
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--onestory",
        type=Path,
        default=Path(sys.executable).with_name("onestory"),
        help="the command line to measure as shipped (default: beside this Python)",
    )
    parser.add_argument("--only-shipped", action="store_true", help="leave out the training")
    options = parser.parse_args()
    shipped = as_shipped(options.onestory, options.data)
    columns = {"as shipped": shipped}
    if not options.only_shipped:
        labelled, undoubtedly = out_of_fold(judged(options.data, Fingerprinter.load()))
        columns = {"out of fold": labelled, "without doubts": undoubtedly, **columns}
    print("\n".join(table(columns)))


if __name__ == "__main__":
    main()
