from collections.abc import Callable

from workers.process.totals import RunTotals
from workers.render.summary import run_summary

WHOLE = RunTotals(
    lines=11_395, placed=11_390, repeated=3, dead_lettered=2, stories=10_725, seconds=7.5
)


def test_every_line_is_accounted_for(printed: Callable[..., str]) -> None:
    assert (
        printed(run_summary(WHOLE))
        == """\
╭─ Every line accounted for ────────────────────────────╮
│ lines          11,395  in 7.5 s, 1,519 articles/s     │
│ placed         11,390  10,725 stories, 665 duplicates │
│ repeated            3                                 │
│ dead-lettered       2  see onestory dead list         │
╰───────────────────────────────────────────────────────╯"""
    )


def test_a_lost_line_makes_the_run_incomplete(printed: Callable[..., str]) -> None:
    totals = RunTotals(lines=5, placed=3, repeated=1, dead_lettered=0, stories=3, seconds=0.0)

    shown = printed(run_summary(totals))

    assert totals.unaccounted == 1  # 5 - 3 - 1
    assert shown.startswith("╭─ Incomplete ─")
    assert "unaccounted    1  the run is not complete" in shown
    assert "in 0.0 s, 0 articles/s" in shown


def test_a_file_without_an_article_has_failed_and_one_with_some_bad_lines_has_not(
    printed: Callable[..., str],
) -> None:
    wrong = RunTotals(lines=2, placed=0, repeated=0, dead_lettered=2, stories=0, seconds=1.0)
    empty = RunTotals(lines=0, placed=0, repeated=0, dead_lettered=0, stories=0, seconds=1.0)

    shown = printed(run_summary(wrong, dead_hint="reasons below"))

    assert shown.startswith("╭─ No line is an article ─")
    assert "dead-lettered  2  reasons below" in shown
    assert [each.has_failed for each in (wrong, empty, WHOLE)] == [True, False, False]
