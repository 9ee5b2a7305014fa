"""An item that is damaged in one poll: U+FFFD stands for bytes that were no text."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from contracts.article import Article
from workers.feeds.changes import Changes
from workers.feeds.memory import Seen


@dataclass
class Feed:
    """Its polls, one after the other; each gives what is published."""

    states_versions: bool = False
    held: dict[str, Seen] = field(default_factory=dict)
    last: Changes | None = None

    def poll(self, *items: Article) -> list[tuple[str, int | None]]:
        changes = Changes(self.held, items, states_versions=self.states_versions, now_ms=1)
        sent = [sent for each in items for sent in changes.to_publish(each)]
        self.held |= changes.fresh
        self.last = changes
        return [(each.title, each.version) for each in sent]

    def waits(self) -> bool:
        return self.last is not None and self.last.waits


def item(title: str, name: str = "urn:x:1", **more: Any) -> Article:
    return Article.model_validate({"id": name, "title": title, **more})


def test_damage_of_one_poll_is_no_change() -> None:
    feed = Feed()
    feed.poll(item("Мост"))

    assert feed.poll(item("Мо\ufffdт")) == []
    assert feed.waits()
    assert feed.poll(item("Мост")) == []
    assert not feed.waits()
    assert feed.poll(item("Мост открыт")) == [("Мост открыт", 2)]


def test_damage_that_stays_is_what_the_outlet_says() -> None:
    feed = Feed()
    feed.poll(item("Мост"))

    assert feed.poll(item("Мост откры\ufffd")) == []
    assert feed.poll(item("Мост откры\ufffd")) == [("Мост откры\ufffd", 2)]
    assert not feed.waits()
    assert feed.poll(item("Мост откры\ufffd")) == []
    assert feed.poll(item("Мост закры\ufffd")) == [("Мост закры\ufffd", 3)]  # as usual by now
    assert feed.poll(item("Мост закрыт")) == [("Мост закрыт", 4)]
    assert feed.poll(item("Мост за\ufffdрыт")) == []


def test_a_server_of_two_of_which_one_is_broken_changes_nothing() -> None:
    feed = Feed()

    polls = [feed.poll(item(title)) for title in ("Мост", "М\ufffdст", "Мост", "М\ufffdст", "Мост")]

    assert polls == [[("Мост", None)], [], [], [], []]


def test_damage_that_differs_each_time_waits_on() -> None:
    feed = Feed()
    feed.poll(item("Мост"))

    assert [feed.poll(item(each)) for each in ("М\ufffdст", "Мо\ufffdт", "М\ufffdст")] == [[]] * 3
    assert feed.poll(item("М\ufffdст")) == [("М\ufffdст", 2)]


def test_a_new_item_is_published_as_it_is_and_mended_by_the_next_poll() -> None:
    feed = Feed()

    assert feed.poll(item("М\ufffdст")) == [("М\ufffdст", None)]
    assert feed.poll(item("М\ufffdст")) == []
    assert feed.poll(item("Мост")) == [("Мост", 2)]


def test_a_new_item_of_a_damaged_id_waits_since_it_may_be_a_known_one() -> None:
    feed = Feed()
    feed.poll(item("Мост", "мост"))

    assert feed.poll(item("Мост", "мо\ufffdт")) == []
    assert feed.poll(item("Мост", "мо\ufffdт")) == [("Мост", None)]
    assert feed.poll(item("Мост", "мо\ufffdт"), item("Мост", "мост")) == []


@pytest.mark.parametrize(
    "more", [{"status": "canceled"}, {"status": "withheld"}, {"signals": ["correction"]}]
)
def test_a_kill_a_hold_or_a_correction_never_waits(more: dict[str, Any]) -> None:
    feed = Feed()
    feed.poll(item("Мост"))

    assert [title for title, _ in feed.poll(item("М\ufffdст", **more))] == ["М\ufffdст"]


def test_a_version_of_the_wires_own_never_waits() -> None:
    feed = Feed(states_versions=True)
    feed.poll(item("Мост", version=1))

    assert feed.poll(item("М\ufffdст", version=1)) == []
    assert feed.poll(item("М\ufffdст", version=2)) == [("М\ufffdст", 2)]


def test_two_items_of_one_id_keep_what_waits() -> None:
    feed = Feed()
    feed.poll(item("Мост"), item("Паром"))

    assert feed.poll(item("М\ufffdст"), item("Паром")) == []
    assert feed.poll(item("М\ufffdст"), item("Паром")) == [("М\ufffdст", 2)]
