"""What a wire wants done with an item."""

from typing import Any

import pytest

from contracts.article import MAX_VERSION, Article
from service.stories.intent import Intent, Wish, intent


def wished(**fields: Any) -> Intent:
    return intent(Article.model_validate({"id": "a", "title": "Мост открыт", **fields}))


@pytest.mark.parametrize(
    ("fields", "wish"),
    [
        ({}, Wish.PUBLISH),
        ({"status": "withheld"}, Wish.HOLD),
        ({"status": "canceled"}, Wish.KILL),
        ({"status": "stat:canceled"}, Wish.KILL),
        ({"signals": ["sig:update"]}, Wish.PUBLISH),
        ({"signals": "KILL"}, Wish.KILL),
        ({"signals": ["hold"]}, Wish.HOLD),
        ({"slug": "BRIDGE-KOLA/KILL"}, Wish.KILL),
        ({"slug": "ROAD-KILL"}, Wish.PUBLISH),
        ({"title": "KILL: Bridge opens"}, Wish.KILL),
        ({"title": "STORY WITHDRAWN: Bridge opens"}, Wish.KILL),
        ({"title": "Аннулируется: открыт мост"}, Wish.KILL),
        ({"title": "АННУЛИРОВАНО. Открыт мост"}, Wish.KILL),
        ({"title": "<b>KILL:</b> Bridge opens"}, Wish.KILL),
        ({"title": "<i>АННУЛИРОВАНО.</i>"}, Wish.KILL),
        ({"title": "<p>HOLD: Bridge opens</p>", "signals": "update"}, Wish.HOLD),
        ({"title": "KILL: Bridge opens", "signals": "hold"}, Wish.KILL),
        ({"title": "Kill: Vol. 2 comes to cinemas"}, Wish.PUBLISH),
        ({"title": "Отозвано: 5000 автомобилей"}, Wish.PUBLISH),
        ({"title": "Мост открыт. KILL никто не говорил"}, Wish.PUBLISH),
        ({"title": "HOLD FOR RELEASE: Budget"}, Wish.HOLD),
        ({"title": "ЭМБАРГО: Бюджет"}, Wish.HOLD),
        ({"title": "Hold: how a habit forms"}, Wish.PUBLISH),
        ({"title": "ЭМБАРГО: Бюджет", "embargoed": "2026-03-02T10:00:00Z"}, Wish.PUBLISH),
    ],
)
def test_status_signals_slug_and_headline_say_it(fields: dict[str, Any], wish: Wish) -> None:
    assert wished(**fields).wish is wish


def test_a_kill_is_about_the_item_that_it_names() -> None:
    assert wished(status="canceled", replaces="b", version=3) == Intent(Wish.KILL, "b", MAX_VERSION)
    assert wished(status="canceled", version=3) == Intent(Wish.KILL, "a", 3)
    assert wished(status="canceled") == Intent(Wish.KILL, "a", MAX_VERSION)


def test_only_a_tag_that_names_nothing_is_a_guess() -> None:
    assert wished(title="KILL: Bridge").is_guess
    assert wished(signals=["kill"]).is_guess
    assert not wished(title="KILL: Bridge", replaces="b").is_guess
    assert not wished(status="canceled").is_guess
