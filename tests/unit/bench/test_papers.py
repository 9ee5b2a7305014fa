"""The papers hold what was measured, and nothing else between their marks."""

from pathlib import Path

import pytest

from tests.support.builders.benchmark import figures
from workers.bench import papers as module
from workers.bench.figures import read, saved
from workers.bench.papers import BEGIN, END, MEASURED, main, papers, rewritten


def test_the_papers_hold_the_tables_that_the_figures_give() -> None:
    for path, found in papers(read(MEASURED)).items():
        text = path.read_text("utf-8")

        assert rewritten(text, found) == text, f"{path}: python -m workers.bench.papers"


def test_a_new_run_changes_what_stands_between_the_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme, capacity = tmp_path / "workers/bench/README.md", tmp_path / "deploy/CAPACITY.md"
    for page in (readme, capacity):
        page.parent.mkdir(parents=True)
        page.write_text(f"before\n{BEGIN}old\n{END}after\n", "utf-8")
    monkeypatch.setattr(module, "HERE", readme.parent)
    monkeypatch.setattr(module, "MEASURED", readme.parent / "measured.json")
    saved(figures(), module.MEASURED)

    main()

    for page, expected in ((readme, "| **2,000** (2,000–2,000) |"), (capacity, "| 100 | 24 | ")):
        text = page.read_text("utf-8")
        assert text.startswith(f"before\n{BEGIN}\n")
        assert text.endswith(f"\n\n{END}after\n")
        assert expected in text
        assert "old" not in text


def test_a_paper_without_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="marks"):
        rewritten("a paper", "tables")
