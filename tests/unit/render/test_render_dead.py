from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from contracts.dead_letter import DeadLetter, Reason
from workers.render.dead import DeadView, dead_panel, dead_reasons, dead_table

INVALID = DeadView(
    "1773734400000-0",
    DeadLetter(
        reason=Reason.INVALID_ARTICLE,
        detail="id: expected a non-empty text, got ''",
        remedy="Give the item an id in the feed and publish it again.",
        entry_id="1773734399000-0",
        deliveries=1,
        dead_at=datetime(2026, 3, 17, 8, 0, tzinfo=UTC),
        fields={"data": '{"id": "", "title": "[red]x\x1b[31m"}'},
    ),
)


def test_letters_are_listed_with_reason_and_remedy(printed: Callable[..., str]) -> None:
    assert (
        printed(dead_table([INVALID]))
        == """\
id               article  what is wrong, and what to do

1773734400000-0  -        invalid-article: id: expected a non-empty text, got
                          ''
                          → Give the item an id in the feed and publish it
                          again.
"""
    )


def test_reasons_are_told_with_an_example_each_the_most_frequent_first(
    printed: Callable[..., str],
) -> None:
    not_json = INVALID.letter.model_copy(
        update={
            "reason": Reason.NOT_JSON,
            "detail": "not JSON: Expecting value",
            "remedy": "Send JSON.",
            "fields": {"data": "id,title," + "x" * 5_000_000},
        }
    )
    first = {Reason.INVALID_ARTICLE: INVALID.letter, Reason.NOT_JSON: not_json}

    shown = printed(
        dead_reasons(Counter({Reason.INVALID_ARTICLE: 1, Reason.NOT_JSON: 1_200}), first)
    )

    assert (
        shown
        == """\
  bad  what is wrong, and what to do; the first of them
1,200  not-json: not JSON: Expecting value
       → Send JSON.
         id,title,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    1  invalid-article: id: expected a non-empty text, got ''
       → Give the item an id in the feed and publish it again.
         {"id": "", "title": "[red]x [31m"}"""
    )


def test_an_empty_list_is_said() -> None:
    assert str(dead_table([])) == "No dead letters."


def test_one_letter_is_shown_whole_but_harmless(printed: Callable[..., str]) -> None:
    assert (
        printed(dead_panel(INVALID))
        == """\
╭─ 1773734400000-0 · invalid-article ──────────────────────────────────────────╮
│ wrong       id: expected a non-empty text, got ''                            │
│ to do       Give the item an id in the feed and publish it again.            │
│ article     -                                                                │
│ entry       1773734399000-0                                                  │
│ deliveries  1                                                                │
│ since       2026-03-17 08:00:00 UTC                                          │
│ ─────────────────────── fields as they came (utf-8) ──────────────────────── │
│ data  {"id": "", "title": "[red]x [31m"}                                     │
╰──────────────────────────────────────────────────────────────────────────────╯"""
    )


def test_a_body_of_megabytes_is_cut_and_its_size_said(printed: Callable[..., str]) -> None:
    letter = INVALID.letter.model_copy(
        update={"fields": {"data": "x" * 5_000_000}, "article_id": "я" * 1024}
    )
    dead = DeadView("1-0", letter)

    shown = printed(dead_panel(dead))

    assert "(5,000,000 characters)" in shown
    assert len(shown.splitlines()) < 30
    assert len(printed(dead_table([dead])).splitlines()) < 8
